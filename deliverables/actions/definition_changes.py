"""Changing a baselined definition: asked for, decided by the group, and put into force when its month begins."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from deliverables.actions.definitions import store_deliverable
from deliverables.actions.milestones import FOLLOWED, AlreadyAsked, CannotDecide
from deliverables.definition import Wording, as_set, differing, plain, wording_of
from deliverables.maturity import BASELINED, DRAFTED, EXPECTED
from deliverables.models import DefinitionChange, Deliverable
from deliverables.models.succession import Fate
from people.models import User
from priorities.actions import lock_periods, owe_roll_ups
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal import clock
from strategy_portal.editing import Refused, lock_as_seen


class CannotAsk(Refused):
    """The group was not asked. The sentence says why."""


def wording_to_come(deliverable: Deliverable) -> Wording:
    """What the definition will say once all that is agreed is in force."""
    found = wording_of(deliverable)
    for change in deliverable.definition_changes.to_come():
        found |= change.asked
    return found


@transaction.atomic
def ask_definition_change(
    *,
    by: User,
    deliverable: Deliverable,
    seen: int,
    values: Mapping[str, Any],
    takes_effect: ReportingPeriod,
    why: str,
    effect: str,
) -> DefinitionChange:
    """Asks the group for other words of a baselined definition, from a reporting period on. A double click asks once.

    `values` are all or some of the fields of deliverables.definition. Raises CannotAsk, AlreadyAsked or Overtaken.
    """
    periods = lock_periods(plan_year=deliverable.plan_year)
    standing = Deliverable.objects.get(pk=deliverable.pk)
    asked = differing(wording_to_come(standing), plain(values))
    waiting = standing.definition_changes.waiting().first()
    if waiting is not None:
        if (waiting.asked_by_id, waiting.asked, waiting.why) == (by.pk, asked, why):
            return waiting
        raise AlreadyAsked("A change of this definition waits for the group already. It has to be decided first.")
    row = lock_as_seen(deliverable, seen=seen)
    refuse_change(row, asked, periods.get(takes_effect.pk))
    change = DefinitionChange(
        deliverable=row, asked=asked, why=why, effect=effect, takes_effect=takes_effect, asked_at=clock.now(), asked_by=by
    )
    return store(change, by=by)


def refuse_change(row: Deliverable, asked: Wording, takes_effect: ReportingPeriod | None) -> None:
    if row.maturity != BASELINED:
        raise CannotAsk("The definition is not baselined, so it can be edited without asking the group.")
    if not asked:
        raise CannotAsk("Nothing in the definition would be different. Change something first.")
    if takes_effect is None or takes_effect.closed_at is not None:
        raise CannotAsk("Choose a month of this plan year whose report is not issued yet.")
    last = row.definition_changes.agreed().select_related("takes_effect").last()
    if last and takes_effect.starts_on < last.takes_effect.starts_on:  # in force or not: each builds on the one before
        raise CannotAsk(f"A change is agreed from {last.takes_effect} on. Choose that month or a later one.")
    for name, value in as_set(wording_to_come(row) | asked).items():
        setattr(row, name, value)
    row.full_clean()


@transaction.atomic
def decide_definition_change(*, by: User, change: DefinitionChange, agreed: bool, answer: str = "") -> DefinitionChange:
    """The group's word. A second decision changes nothing. What takes effect from a month that has begun is in force at once.

    If the report of the stated month has been issued meanwhile, it takes effect from the next month. Raises CannotDecide.
    """
    year = change.deliverable.plan_year
    periods = lock_periods(plan_year=year)
    decided = DefinitionChange.objects.select_for_update(of=("self",)).select_related("deliverable").get(pk=change.pk)
    if decided.agreed is not None:
        return decided
    if decided.asked_by_id == by.pk:
        raise CannotDecide("You asked for this change yourself, so somebody else has to agree or decline it.")
    if agreed:
        decided.takes_effect = first_not_issued(periods, decided.takes_effect_id)
    stands = wording_to_come(decided.deliverable)
    decided.was = {name: stands[name] for name in decided.asked}
    decided.agreed, decided.answer, decided.decided_at, decided.decided_by = agreed, answer, clock.now(), by
    store(decided, by=by)
    if agreed:
        owe_roll_ups(periods, since=decided.takes_effect.starts_on)
        follow(decided, by=by)
        put_due_into_force(plan_year=year)
        decided.refresh_from_db()
    return decided


@transaction.atomic
def withdraw_definition_change(*, by: User, deliverable: Deliverable) -> bool:
    """She asks no more, and the history keeps that she did. Whether hers still waited: what the group has decided stays."""
    lock_periods(plan_year=deliverable.plan_year)
    hers = deliverable.definition_changes.waiting().filter(asked_by=by).select_for_update(of=("self",)).first()
    if hers is None:
        return False
    hers._history_user, hers._history_date = by, clock.now()
    hers.delete()
    return True


def follow(change: DefinitionChange, *, by: User) -> None:
    """Where the next plan year is published already, what goes on in it says so too, as long as it still says what the group has
    changed and is not agreed itself. Its dates are those of another year."""
    asked = {name: value for name, value in change.asked.items() if name not in ("starts_on", "due_on")}
    goes_on = Deliverable.objects.filter(came__was=change.deliverable_id, came__fate__in=(Fate.CARRIED, Fate.REWORDED))
    for row in goes_on.filter(maturity__in=(EXPECTED, DRAFTED)).select_related("plan_year"):
        periods, stands = lock_periods(plan_year=row.plan_year), wording_of(row)
        changed = {name: value for name, value in asked.items() if stands[name] == change.was[name]}
        for name, value in as_set(changed).items():
            setattr(row, name, value)
        if changed:
            owe_roll_ups(periods, since=None)
            store_deliverable(row, by=by, reason=FOLLOWED)


def first_not_issued(periods: Mapping[int, ReportingPeriod], stated: int) -> ReportingPeriod:
    wanted = periods[stated]
    coming = [one for one in periods.values() if one.closed_at is None and one.starts_on >= wanted.starts_on]
    if not coming:
        raise CannotDecide("The last report of the plan year is issued, so the change cannot take effect. Decline it.")
    return min(coming, key=lambda one: one.starts_on)


def put_all_into_force() -> int:
    """In every plan year. Safe to run twice, late, or beside another. Returns how many were put into force."""
    years = PlanYear.objects.filter(pk__in=DefinitionChange.objects.due().values("deliverable__plan_year")).order_by("pk")
    return sum(put_due_into_force(plan_year=year) for year in years)


@transaction.atomic
def put_due_into_force(*, plan_year: PlanYear) -> int:
    """Writes into its row each agreed change whose month has begun, and keeps what stood there. Readers see no difference."""
    periods = lock_periods(plan_year=plan_year)
    due = DefinitionChange.objects.due().filter(deliverable__plan_year=plan_year).select_for_update(of=("self",))
    changes = list(due.select_related("decided_by"))
    for change in changes:
        row = Deliverable.objects.select_for_update(of=("self",)).get(pk=change.deliverable_id)
        stood = wording_of(row)
        change.was, change.is_in_force = {name: stood[name] for name in change.asked}, True
        for name, value in as_set(change.asked).items():
            setattr(row, name, value)
        store_deliverable(row, by=change.decided_by, reason="Change that the group agreed")
        store(change, by=change.decided_by)
    if changes:  # a roll-up that read the row before and the change after it is made again
        owe_roll_ups(periods, since=None)
    return len(changes)


def store(change: DefinitionChange, *, by: User | None) -> DefinitionChange:
    change.full_clean(exclude=["deliverable", "takes_effect", "asked_by", "decided_by"])
    change._history_user, change._history_date = by, clock.now()
    change.save()
    return change
