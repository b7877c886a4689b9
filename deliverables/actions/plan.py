"""Editing the plan's deliverables: added, changed, put in order, stopped, and deleted while they are nobody's promise."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError

from deliverables.actions.definitions import set_links, store_deliverable
from deliverables.definition import ATTRIBUTES, as_set
from deliverables.maturity import AGREED, BASELINED, DRAFTED
from deliverables.models import Deliverable
from deliverables.querysets.plan import FOLLOWED, PROMISED, REPORTED, WAS_AGREED
from people.models import User
from priorities.actions import lock_periods, mark_changed, owe_roll_ups
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal.editing import Refused, lock_as_seen

Links = Mapping[str, Collection[int]]


class NeedsTheGroup(Refused):
    """The definition is baselined, so the group is asked for a change of it. Nothing was saved."""

    def __init__(self) -> None:
        super().__init__("The definition is baselined, so a change of it is asked of the outcomes group. Nothing was saved.")


class CannotStop(Exception):
    """It goes on, or stays stopped. The sentence says why."""


WHY_IT_STAYS = {
    REPORTED: "is named in what was reported or told",
    PROMISED: "comes from the strategy",
    FOLLOWED: "is tied to another plan year",
    WAS_AGREED: "has a definition that the group has agreed",
}


class CannotDelete(Exception):
    """It stays. The sentence says why, and the way out."""

    def __init__(self, deliverable: Deliverable, why: str) -> None:
        super().__init__(
            f"{deliverable.name} {why}, so it stays. Stop it with a reason for readers, or let it end with the plan year."
        )


@transaction.atomic
def add_deliverable(*, by: User, plan_year: PlanYear, code: str, values: Mapping[str, Any], links: Links) -> Deliverable:
    """The last of its priority. `values` by their field, priority and lead as numbers. The same again is one.

    Raises ValidationError, also where the code is taken.
    """
    periods, given = lock_periods(plan_year=plan_year), as_set(values)
    twin = Deliverable.objects.filter(plan_year=plan_year, code=code).first()
    if twin is not None:
        if all(getattr(twin, name) == value for name, value in given.items()) and same_links(twin, links):
            return twin
        raise ValidationError({"code": f"There is a deliverable {code} already. Choose another code."})
    made = Deliverable(plan_year=plan_year, code=code, order=last_place(given["priority_id"]) + 1, **given)
    store_deliverable(made, by=by)
    owe_roll_ups(periods, since=None)
    if any(links.values()):
        set_links(made, links)
        store_deliverable(made, by=by)
    return made


def same_links(row: Deliverable, links: Links) -> bool:
    there = Deliverable.objects.tied_to(row)
    return all(there[name] == set(wanted) for name, wanted in links.items())


def last_place(priority: int) -> int:
    return Deliverable.objects.filter(priority=priority).aggregate(last=Max("order"))["last"] or 0


@transaction.atomic
def change_deliverable(*, by: User, deliverable: Deliverable, seen: int, values: Mapping[str, Any], links: Links) -> Deliverable:
    """What an administrator edits. Raises Overtaken, or NeedsTheGroup where it would change a baselined definition.

    Words that the group has agreed and that differ now have to be agreed again. The same again changes nothing.
    """
    periods = lock_periods(plan_year=deliverable.plan_year)
    standing, given = Deliverable.objects.get(pk=deliverable.pk), as_set(values)
    changed = {name for name, value in given.items() if getattr(standing, name) != value}
    if not changed and same_links(standing, links):
        return standing
    row = lock_as_seen(deliverable, seen=seen)
    if changed & ATTRIBUTES:
        if row.maturity == BASELINED:
            raise NeedsTheGroup
        row.maturity = DRAFTED if row.maturity == AGREED else row.maturity
    if "priority_id" in changed:
        row.order = last_place(given["priority_id"]) + 1
    for name in changed:
        setattr(row, name, given[name])
    set_links(row, links)
    owe_roll_ups(periods, since=None)
    return store_deliverable(row, by=by)


@transaction.atomic
def move_deliverable(*, by: User, deliverable: Deliverable, up: bool, place: int) -> bool:
    """One place up or down in its priority, unless it has left the place at which the mover saw it, counted from 1."""
    periods = lock_periods(plan_year=deliverable.plan_year)
    rows = list(Deliverable.objects.select_for_update().filter(priority=deliverable.priority_id).order_by("order", "code"))
    here = next(number for number, row in enumerate(rows) if row.pk == deliverable.pk)
    there = here - 1 if up else here + 1
    if here + 1 != place or not 0 <= there < len(rows):
        return False
    rows[here], rows[there] = rows[there], rows[here]
    owe_roll_ups(periods, since=None)
    for number, row in enumerate(rows, start=1):
        if row.order != number:
            row.order = number
            store_deliverable(row, by=by)
    return True


@transaction.atomic
def stop_deliverable(*, by: User | None, deliverable: Deliverable, on: date, reason: str) -> Deliverable:
    """It is no longer part of the plan from that day on. What was reported of it stays; `reason` is for readers.

    Raises CannotStop for a day that a report has told of already: there it was going on.
    """
    periods = lock_periods(plan_year=deliverable.plan_year)
    stopped = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if (stopped.stopped_on, stopped.stop_reason) == (on, reason):
        return stopped
    if refusal := told_otherwise(periods.values(), stopped.stopped_on, on):
        raise CannotStop(refusal)
    stopped.stopped_on, stopped.stop_reason = on, reason
    owe_roll_ups(periods, since=None)
    return store_deliverable(stopped, by=by)


def told_otherwise(periods: Iterable[ReportingPeriod], before: date | None, on: date | None) -> str:
    """Why the day on which it stops cannot become another one, where an issued report tells of it; empty where it can.

    None is a deliverable that is not stopped.
    """
    if before == on:
        return ""
    first = on if before is None or (on is not None and on < before) else before
    told = [period for period in periods if period.closed_at and first and period.ends_on >= first]
    if not told:
        return ""
    last = max(told, key=lambda period: period.starts_on)
    if on is None:
        return f"The report for {last} is issued without it, so the stop stays."
    if first == before:
        return f"The report for {last} is issued without it. Choose no later day."
    return f"The report for {last} is issued and counts it. Choose a day after {last.ends_on:%-d %B %Y}."


@transaction.atomic
def take_stop_back(*, by: User, deliverable: Deliverable) -> Deliverable:
    """It goes on as if it had not been stopped. Raises CannotStop once a report has been issued without it."""
    periods = lock_periods(plan_year=deliverable.plan_year)
    going = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if going.stopped_on is None:
        return going
    if refusal := told_otherwise(periods.values(), going.stopped_on, None):
        raise CannotStop(refusal)
    going.stopped_on, going.stop_reason = None, ""
    owe_roll_ups(periods, since=None)
    return store_deliverable(going, by=by)


def why_it_stays(deliverable: Deliverable) -> str:
    """What keeps it from being deleted, in words. Empty where it was added by hand and nothing refers to it."""
    kept_for = Deliverable.objects.with_what_keeps_it().values_list("kept_for", flat=True).get(pk=deliverable.pk)
    return WHY_IT_STAYS[kept_for or REPORTED] if kept_for or is_told_of(deliverable) else ""


def is_told_of(deliverable: Deliverable) -> bool:
    """Whether an app above this one tells of it, such as a case study."""
    names = [link.get_accessor_name() for link in Deliverable._meta.related_objects if link.many_to_many and not link.hidden]
    return any(getattr(deliverable, name).exists() for name in names)


@transaction.atomic
def delete_deliverable(*, by: User, deliverable: Deliverable) -> None:
    """With its milestones. Raises CannotDelete where it is a promise: of the strategy, of the group, or of a report."""
    mark_changed(plan_year=deliverable.plan_year)
    gone = Deliverable.objects.select_for_update().filter(pk=deliverable.pk).first()
    if gone is None:
        return
    if why := why_it_stays(gone):
        raise CannotDelete(gone, why)
    try:
        with transaction.atomic():
            for milestone in gone.milestones.order_by("pk"):
                milestone._history_user = by
                milestone.delete()
            gone._history_user = by
            gone.delete()
    except ProtectedError as used:  # by something above this app, such as what was asked of the board
        raise CannotDelete(gone, WHY_IT_STAYS[REPORTED]) from used
