"""The steps of a definition: drafted by those who report on it, agreed and baselined by the group, or sent back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from deliverables.actions.definitions import store_deliverable
from deliverables.actions.milestones import CannotDecide
from deliverables.actions.plan import NeedsTheGroup
from deliverables.definition import DRAFTED_BY_MANAGERS
from deliverables.maturity import (
    AGREED,
    BASELINED,
    DRAFTED,
    EXPECTED,
    NAMES,
    Check,
    facts_of,
    missing,
    next_step,
)
from deliverables.models import DefinitionReturn, Deliverable
from people.actions import write_letter
from people.models import User
from priorities.actions import lock_periods
from strategy_portal import clock
from strategy_portal.editing import lock_as_seen


class NotReady(Exception):
    """Something stands between the definition and its next step. Nothing was changed."""

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__(" ".join(check.words for check in checks))
        self.checks = checks


@transaction.atomic
def draft_definition(*, by: User, deliverable: Deliverable, seen: int, values: Mapping[str, Any], ready: bool) -> Deliverable:
    """The words of a manager. `ready` sends them to the group. Words that the group has agreed and that differ wait for it again.

    Raises Overtaken, NeedsTheGroup once it is baselined, or NotReady. The same again changes nothing.
    """
    lock_periods(plan_year=deliverable.plan_year)
    given = {name: values[name] for name in DRAFTED_BY_MANAGERS}
    standing = Deliverable.objects.get(pk=deliverable.pk)
    changed = {name for name, value in given.items() if getattr(standing, name) != value}
    to = after_drafting(standing.maturity, changed=bool(changed), ready=ready)
    if not changed and to == standing.maturity:
        return standing
    row = lock_as_seen(deliverable, seen=seen)
    if row.maturity == BASELINED:
        raise NeedsTheGroup
    for name in changed:
        setattr(row, name, given[name])
    if ready:
        refuse_unready(row, DRAFTED)
    row.maturity = to
    return store_deliverable(row, by=by)


def after_drafting(maturity: str, *, changed: bool, ready: bool) -> str:
    if maturity == EXPECTED:
        return DRAFTED if ready else EXPECTED
    return DRAFTED if maturity == AGREED and changed else maturity


def refuse_unready(row: Deliverable, to: str) -> None:
    """By what the row would say, beside what stands in the tables."""
    read = Deliverable.objects.with_readiness().get(pk=row.pk)
    for name in (*DRAFTED_BY_MANAGERS, "maturity"):
        setattr(read, name, getattr(row, name))
    if checks := missing(facts_of(read), to):
        raise NotReady(checks)


@transaction.atomic
def advance_definition(*, by: User, deliverable: Deliverable, to: str, seen: int) -> Deliverable:
    """The group agrees a drafted definition, or baselines an agreed one. A second click changes nothing.

    Raises CannotDecide, NotReady, or Overtaken where the words have changed since they were read.
    """
    lock_periods(plan_year=deliverable.plan_year)
    standing = Deliverable.objects.get(pk=deliverable.pk)
    if standing.maturity == to:
        return standing
    row = lock_as_seen(deliverable, seen=seen)
    if next_step(row.maturity) != to or to not in (AGREED, BASELINED):
        raise CannotDecide(f"The definition is {NAMES[row.maturity].lower()} now. Look at it again.")
    if by.pk in Deliverable.objects.wrote_definitions([row.pk])[row.pk]:
        raise CannotDecide("You have worded this definition yourself, so somebody else has to agree it.")
    refuse_unready(row, to)
    row.maturity = to
    return store_deliverable(row, by=by)


@transaction.atomic
def return_definition(*, by: User, deliverable: Deliverable, reason: str) -> DefinitionReturn:
    """Back to those who report on it, who get the reason by e-mail. A second click changes nothing. Raises CannotDecide."""
    lock_periods(plan_year=deliverable.plan_year)
    row = Deliverable.objects.select_for_update(of=("self",)).get(pk=deliverable.pk)
    last = row.definition_returns.order_by("-pk").first()
    if row.maturity == EXPECTED and last and (last.reason, last.returned_by_id) == (reason, by.pk):
        return last
    if row.maturity not in (DRAFTED, AGREED):
        raise CannotDecide(f"The definition is {NAMES[row.maturity].lower()}, so there is nothing to send back.")
    sent = DefinitionReturn.objects.create(deliverable=row, reason=reason, returned_at=clock.now(), returned_by=by)
    writers = Deliverable.objects.wrote_definitions([row.pk])[row.pk]
    row.maturity = EXPECTED
    store_deliverable(row, by=by, reason="Sent back by the group")
    tell_drafters(sent, writers)
    return sent


def tell_drafters(sent: DefinitionReturn, writers: set[int]) -> None:
    """Those who have worded it, and those who are named as its managers."""
    named = set(sent.deliverable.managers.values_list("pk", flat=True))
    for person in User.objects.able_to("report_progress").filter(pk__in=writers | named):
        write_letter(
            to=person,
            kind="returned",
            by=sent.returned_by,
            key=f"definition {sent.pk} {person.pk}",
            template="deliverables/letters/definition_returned",
            context={"sent": sent, "deliverable": sent.deliverable},
        )
