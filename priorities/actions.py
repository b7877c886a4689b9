"""All writing of the frame of the plan."""

from datetime import date

from django.db.models import F

from priorities.models import PlanYear, ReportingPeriod


class PeriodClosed(Exception):
    """The period's report is issued, or the period has not opened: nothing can be added to it."""


def lock_open_period(*, period_id: int, on: date) -> ReportingPeriod:
    """The period's row, locked until the transaction ends, so that what is issued is exactly what is stored."""
    period = ReportingPeriod.objects.select_for_update().get(pk=period_id)
    if period.closed_at is not None:
        raise PeriodClosed(f"The report for {period} has been issued, so it takes no more updates.")
    if period.opens_on > on:
        raise PeriodClosed(f"{period} opens for updates on {period.opens_on:%-d %B %Y}.")
    return period


def mark_changed(*, plan_year: PlanYear | int, since: date | None = None) -> None:
    """Owes the roll-ups of every period not yet issued that depends on what changed: it and those after it."""
    periods = ReportingPeriod.objects.filter(plan_year=plan_year, closed_at=None)
    if since is not None:
        periods = periods.filter(starts_on__gte=since)
    periods.update(data_version=F("data_version") + 1)
