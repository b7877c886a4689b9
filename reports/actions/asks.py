"""Decisions asked of the board, and what it decided."""

from datetime import date

from django.db import transaction

from deliverables.models import Deliverable
from people.models import User
from priorities.actions import lock_periods, refuse_unless_open
from priorities.models import ReportingPeriod
from reports.models import Ask, AskDecision
from strategy_portal import clock


class AskFrozen(Exception):
    """It has been put before the board in these words, or has not been put yet. The sentence says which."""


@transaction.atomic
def put_ask(
    *, by: User, period: ReportingPeriod, deliverable: Deliverable | None, wording: str, wanted_on: date, owner: str
) -> Ask:
    """Asks the board for a decision with the period's report. The same ask again is the one that is there."""
    refuse_unless_open(lock_periods(plan_year=period.plan_year)[period.pk], on=clock.today())
    said = {"deliverable": deliverable, "wording": wording, "wanted_on": wanted_on, "owner": owner}
    if known := Ask.objects.filter(period=period, **said).first():
        return known
    ask = Ask(period=period, asked_at=clock.now(), asked_by=by, **said)
    return keep(ask, by=by)


@transaction.atomic
def change_ask(*, by: User, ask: Ask, deliverable: Deliverable | None, wording: str, wanted_on: date, owner: str) -> Ask:
    changing = not_yet_put(ask)
    changing.deliverable, changing.wording, changing.wanted_on, changing.owner = deliverable, wording, wanted_on, owner
    return keep(changing, by=by)


@transaction.atomic
def withdraw_ask(*, by: User, ask: Ask) -> None:
    """It is not asked after all. Its history keeps it."""
    gone = not_yet_put(ask)
    gone._history_user = by
    gone.delete()


def not_yet_put(ask: Ask) -> Ask:
    period = lock_periods(plan_year=ask.period.plan_year)[ask.period_id]
    if period.closed_at is not None:
        raise AskFrozen(f"This was put before the board with the report for {period}, so its words stay as they are.")
    return Ask.objects.select_for_update(of=("self",)).get(pk=ask.pk)


def keep(ask: Ask, *, by: User) -> Ask:
    ask.full_clean(exclude=["period", "deliverable"])
    ask._history_user = by
    ask.save()
    return ask


@transaction.atomic
def record_decision(*, by: User, ask: Ask, kind: str, words: str, decided_on: date) -> AskDecision:
    """What the board decided. Recorded again in other words, the last one counts; both are kept."""
    period = lock_periods(plan_year=ask.period.plan_year)[ask.period_id]
    if period.closed_at is None:
        raise AskFrozen(f"The board is asked with the report for {period}, which has not been issued yet.")
    last = ask.decisions.order_by("-pk").first()
    if last and (last.kind, last.words, last.decided_on) == (kind, words, decided_on):
        return last
    decision = AskDecision(ask=ask, kind=kind, words=words, decided_on=decided_on, recorded_at=clock.now(), recorded_by=by)
    decision.full_clean(exclude=["ask"])
    decision.save()
    return decision
