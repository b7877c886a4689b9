"""All writing of the frame of the plan."""

from datetime import date

from django.db import transaction
from django.db.models import F

from people.models import User
from priorities.models import PlanYear, ReachGroup, ReportingPeriod, Strategy
from strategy_portal import clock
from strategy_portal.editing import lock_as_seen


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


class NameTaken(Exception):
    """Another group is called so already."""


@transaction.atomic
def add_plus_group(*, by: User, strategy: Strategy, name: str, explanation: str, source: str) -> ReachGroup:
    """A group that is chosen here, the last of its kind. Raises NameTaken."""
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    number = 1 + strategy.reach_groups.plus().count()  # none is ever deleted
    made = ReachGroup(strategy=strategy, kind=ReachGroup.Kind.PLUS, code=f"PLUS-{number}", order=100 + number)
    made.name, made.explanation, made.source = name, explanation, source
    return save_plus_group(by, made)


@transaction.atomic
def change_plus_group(
    *, by: User, group: ReachGroup, seen: int, name: str, explanation: str, source: str, ended_on: date | None
) -> ReachGroup:
    """Renames it, or ends it from a day on. Deliverables that name it keep it. Raises NameTaken and editing.Overtaken."""
    wanted = {"name": name, "explanation": explanation, "source": source, "ended_on": ended_on}
    group.refresh_from_db()
    if all(getattr(group, field) == value for field, value in wanted.items()):
        return group
    Strategy.objects.select_for_update().get(pk=group.strategy_id)
    changed = lock_as_seen(group, seen=seen)
    for field, value in wanted.items():
        setattr(changed, field, value)
    return save_plus_group(by, changed)


def save_plus_group(by: User, group: ReachGroup) -> ReachGroup:
    """The strategy is locked, so that no two groups take one name at once."""
    namesakes = ReachGroup.objects.plus().filter(strategy=group.strategy_id, name__iexact=group.name).exclude(pk=group.pk)
    if namesakes.exists():
        raise NameTaken(f"There is a group called “{group.name}” already")
    group.full_clean()
    group._history_user = by
    group.save()
    return group
