"""Editing the frame of the plan, its people and its partners: the pages under /plan/ and the Django admin both come here.

Names and dates are part of what an issued report is proved from. So each edit is made under the lock of every year's periods,
which issuing holds too, and owes the roll-ups anew: no edit can fall between what a report says and its marks.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from simple_history.utils import bulk_update_with_history

from people.joining.actions import lock_administrators, tell_old_address
from people.models import Organisation, User
from priorities.actions import lock_periods
from priorities.models import PlanYear, ReportingPeriod
from priorities.plan.rules import check_period, check_row, uses_of
from strategy_portal.editing import Overtaken, Refused, lock_as_seen

DAYS = ("opens_on", "due_on", "meeting_on")


def lock_every_year() -> None:
    """The periods of all years, in the order in which priorities.actions.lock_periods locks those of one."""
    list(ReportingPeriod.objects.select_for_update().order_by("plan_year", "pk").values_list("pk"))


def owe_every_roll_up() -> None:
    ReportingPeriod.objects.update(data_version=F("data_version") + 1)


@transaction.atomic
def edit_row(*, by: User | None, row: Any, values: Mapping[str, Any], seen: int | None = None) -> Any:
    """Gives a row of the plan, a person or an organisation these values.

    What is the same already changes nothing, as after two clicks. `seen` is the newest edit that the editor has read, None where
    nobody could tell. Raises Overtaken or Refused, with nothing changed.
    """
    lock_every_year()
    if isinstance(row, Organisation):
        lock_administrators()
    locked = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    changed = {name: value for name, value in values.items() if getattr(locked, name) != value}
    if not changed:
        return locked
    if seen is not None:
        lock_as_seen(locked, seen=seen)
    before = {name: getattr(locked, name) for name in changed}
    for name, value in changed.items():
        setattr(locked, name, value)
    check_row(locked)
    locked.clean_fields(exclude=[field.name for field in locked._meta.concrete_fields if field.is_relation])
    locked._history_user = by
    locked.save(update_fields=list(changed))
    if isinstance(locked, User) and "email" in before:
        tell_old_address(by=by, user=locked, address=before["email"])
    owe_every_roll_up()
    return locked


@transaction.atomic
def add_row(*, by: User | None, row: Any, same: tuple[str, ...] = ()) -> Any:
    """Saves a row that is new. One with the same values in `same` is there already after two clicks: then it is that one."""
    lock_every_year()
    twin = type(row)._default_manager.filter(**{name: getattr(row, name) for name in same}).first() if same else None
    if twin is not None:
        return twin
    check_row(row)
    row.full_clean(validate_constraints=False)
    row._history_user = by
    row.save(force_insert=True)
    owe_every_roll_up()
    return row


@transaction.atomic
def delete_row(*, by: User, row: Any) -> None:
    """Of a row that nothing leans on. What has been used is ended instead, so that what was reported keeps its name."""
    lock_every_year()
    locked = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if locked is None:
        return
    uses = uses_of(locked)
    if uses:
        raise Refused(f"{locked} cannot be deleted. It has {', '.join(uses)}. Let it end instead.")
    locked._history_user = by
    locked.delete()
    owe_every_roll_up()


def place(row: Any) -> tuple[int, str]:
    return row.order, row.code


@transaction.atomic
def move_row(*, by: User, row: Any, siblings: QuerySet, was: int, to: int) -> int:
    """Moves the row from one place among its siblings to another, counted from 1. Returns its place now.

    Where it is not at `was` any more, as after a second click or another's move, nothing moves.
    """
    lock_every_year()
    rows = sorted(siblings.select_for_update(of=("self",)), key=place)
    now = next(number for number, other in enumerate(rows, start=1) if other.pk == row.pk)
    if now != was or to == was or not 1 <= to <= len(rows):
        return now
    rows.insert(to - 1, rows.pop(now - 1))
    moved = [other for number, other in enumerate(rows, start=1) if other.order != number]
    for number, other in enumerate(rows, start=1):
        other.order = number
    bulk_update_with_history(moved, type(row), ["order"], default_user=by)
    owe_every_roll_up()
    return to


@transaction.atomic
def plan_periods(
    *, by: User, plan_year: PlanYear, days: Mapping[int, Mapping[str, date | None]], seen: int | None = None
) -> list[ReportingPeriod]:
    """Gives the year's months their dates: by a period's id, those of DAYS. Returns the months that changed.

    A month whose report is issued does not move. `seen` is the newest edit of any of the year's months that the editor has read.
    """
    periods = lock_periods(plan_year=plan_year)
    moved = [
        period for pk, period in periods.items() if any(getattr(period, name) != on for name, on in days.get(pk, {}).items())
    ]
    if not moved:
        return []
    newest = ReportingPeriod.history.filter(plan_year=plan_year).select_related("history_user").order_by("-history_id").first()
    if seen is not None and newest is not None and newest.history_id != seen:
        raise Overtaken(newest)
    for period in moved:
        if period.closed_at is not None:
            raise Refused(f"The report for {period} has been issued, so its dates stay as they are.")
        for name, on in days[period.pk].items():
            setattr(period, name, on)
        check_period(period)
    bulk_update_with_history(moved, ReportingPeriod, list(DAYS), default_user=by)
    ReportingPeriod.objects.filter(plan_year=plan_year).update(data_version=F("data_version") + 1)
    return moved
