"""The group's word on what was reported."""

from django.db import transaction

from deliverables.actions.milestones import CannotDecide, agree_moves
from deliverables.models import Decision, Deliverable, StatusUpdate
from people.actions import write_letter
from people.models import User
from priorities.actions import lock_periods, owe_roll_ups, refuse_unless_open
from priorities.models import ReportingPeriod
from strategy_portal import clock


@transaction.atomic
def agree_update(*, by: User, update: StatusUpdate) -> Decision:
    """Agrees what the update says, and puts into force the dates that it proposes. Agreeing twice is agreeing once."""
    return decide(by=by, update=update, kind=Decision.Kind.AGREE, reason="")


@transaction.atomic
def return_update(*, by: User, update: StatusUpdate, reason: str) -> Decision:
    """Asks the author to look again. She gets the reason by e-mail, and sees it until she submits anew."""
    return decide(by=by, update=update, kind=Decision.Kind.RETURN, reason=reason)


@transaction.atomic
def agree_unchanged(*, by: User, period: ReportingPeriod) -> list[Decision]:
    """Agrees all that need no talk: on track as last month, nothing flagged, no date moved. Her own are left to others."""
    lock_periods(plan_year=period.plan_year)
    updates = StatusUpdate.objects.unchanged_on_track(period).exclude(submitted_by=by).order_by("pk")
    return [agree_update(by=by, update=update) for update in updates]


def decide(*, by: User, update: StatusUpdate, kind: str, reason: str) -> Decision:
    periods = lock_periods(plan_year=update.deliverable.plan_year)
    refuse_unless_open(periods[update.period_id], on=clock.today())
    if update.submitted_by_id == by.pk:
        raise CannotDecide("You reported this yourself, so somebody else has to agree or return it.")
    standing = StatusUpdate.objects.standing().filter(deliverable=update.deliverable, period=update.period).first()
    if standing is None or standing.pk != update.pk:
        raise CannotDecide("The update has changed since you opened this page. Look at the new one first.")
    last = update.decisions.order_by("-pk").first()
    if last and (last.kind, last.reason) == (kind, reason):
        return last
    made = Decision.objects.create(update=update, kind=kind, reason=reason, decided_at=clock.now(), decided_by=by)
    moved = agree_moves(by=by, update=update) if kind == Decision.Kind.AGREE else []
    owe_roll_ups(periods, since=None if moved else update.period.starts_on)
    if kind == Decision.Kind.RETURN:
        tell_author(made)
    return made


def tell_author(decision: Decision) -> None:
    update = decision.update
    write_letter(
        to=update.submitted_by,
        kind="returned",
        by=decision.decided_by,
        key=f"returned {decision.pk}",
        template="deliverables/letters/returned",
        context={"decision": decision, "update": update, "deliverable": Deliverable.objects.get(pk=update.deliverable_id)},
    )
