"""All writing of the frame of the plan."""

from datetime import date

from django.db import transaction
from django.db.models import F

from people.models import User
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal import clock


class PeriodClosed(Exception):
    """The period's report is issued, or the period has not opened: nothing can be added to it."""


def lock_periods(*, plan_year: PlanYear) -> dict[int, ReportingPeriod]:
    """The year's periods, locked until the transaction ends: always all and in one order, so that no two writers
    wait for each other, and what is issued is exactly what is stored."""
    return {
        period.pk: period for period in ReportingPeriod.objects.select_for_update().filter(plan_year=plan_year).order_by("pk")
    }


def refuse_unless_open(period: ReportingPeriod, *, on: date) -> None:
    if period.closed_at is not None:
        raise PeriodClosed(f"The report for {period} has been issued, so it takes no more updates.")
    if period.opens_on > on:
        raise PeriodClosed(f"{period} opens for updates on {period.opens_on:%-d %B %Y}.")


@transaction.atomic
def mark_changed(*, plan_year: PlanYear, since: date | None = None) -> None:
    """Owes again the roll-up of every period from `since` on, or of the whole year: see ReportingPeriod.data_version."""
    owe_roll_ups(lock_periods(plan_year=plan_year), since=since)


def owe_roll_ups(locked: dict[int, ReportingPeriod], *, since: date | None) -> None:
    """As mark_changed, for whoever holds the lock already."""
    owed = [pk for pk, period in locked.items() if since is None or period.starts_on >= since]
    ReportingPeriod.objects.filter(pk__in=owed).update(data_version=F("data_version") + 1)


@transaction.atomic
def close_period(*, by: User, period: ReportingPeriod) -> ReportingPeriod:
    """Takes no more updates from now on. Closing a closed period changes nothing."""
    closing = lock_periods(plan_year=period.plan_year)[period.pk]
    if closing.closed_at is None:
        closing.closed_at, closing.closed_by = clock.now(), by
        closing._history_user = by
        closing.save()
    return closing


@transaction.atomic
def plan_meeting(*, by: User, period: ReportingPeriod, meeting_on: date | None) -> ReportingPeriod:
    """Sets the day on which the group takes the period's report."""
    planned = lock_periods(plan_year=period.plan_year)[period.pk]
    planned.meeting_on = meeting_on
    planned._history_user = by
    planned.save(update_fields=["meeting_on"])
    return planned
