"""Keeping the live position of a period."""

from django.db import transaction

from priorities.models import ReportingPeriod
from reports.gather import work_out
from reports.models import RollUp
from reports.rollup import RULES_VERSION
from strategy_portal import clock


def store_roll_up(*, period_id: int) -> RollUp:
    """Works out the period's roll-up and keeps it. Safe to run twice, late, or beside another: an older one never wins.

    The data version is read before the data. A change that comes in between leaves the row behind, so it is made again.
    """
    period = ReportingPeriod.objects.select_related("plan_year__strategy").get(pk=period_id)
    if current := RollUp.objects.current_for(period).first():
        return current
    position = work_out(period)
    with transaction.atomic():
        ReportingPeriod.objects.select_for_update().get(pk=period_id)
        stored = RollUp.objects.filter(period=period).only("data_version", "rules_version").first()
        if stored and (stored.rules_version, stored.data_version) > (RULES_VERSION, period.data_version):
            return stored
        row, _ = RollUp.objects.update_or_create(
            period=period,
            defaults={
                "content": position.content,
                "charts": position.charts,
                "lines": position.lines,
                "rules_version": RULES_VERSION,
                "data_version": period.data_version,
                "computed_at": clock.now(),
            },
        )
        return row
