"""Submitting an update beside the least that a save can be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from itertools import count as counter
from uuid import uuid4

from django.db import connection, transaction

from deliverables.actions import MilestoneReport, Report, submit_update
from deliverables.models import Deliverable, Milestone, StatusUpdate
from deliverables.ratings import AT_RISK
from people.models import User
from priorities.models import ReportingPeriod
from strategy_portal import clock
from tests.bench.fill import TEXTS, Frame, uuid_text
from tests.bench.measure import Cost, Count, counting, side_by_side
from tests.bench.pages import sign_in

ROUNDS = 21


@dataclass(frozen=True)
class SaveCost:
    action: Count
    page: Count
    submitted: Cost
    least: Cost


def measure_save(frame: Frame, period: ReportingPeriod) -> SaveCost:
    """By the action alone, and by the whole of a POST, with a milestone that moves."""
    deliverable, other = Deliverable.objects.select_related("plan_year").order_by("pk")[:2]
    page = count_post(frame.manager, deliverable, period)
    submit = submitter(frame.manager, deliverable, period)
    with counting() as action:
        submit()
    submitted, least = side_by_side(submit, inserter(frame.manager, other, period), ROUNDS)
    return SaveCost(action, page, submitted, least)


def submitter(by: User, deliverable: Deliverable, period: ReportingPeriod) -> Callable[[], object]:
    """Each time a correction of the last, moving one milestone by a day more."""
    numbers = counter(StatusUpdate.objects.last_word(deliverable=deliverable, period=period).number)
    milestone = deliverable.milestones.in_order().last()
    days = counter()

    def submit() -> None:
        before = milestone.forecast_on + timedelta(days=next(days))
        after = before + timedelta(days=1)
        moved = MilestoneReport(milestone.pk, seen_on=before, forecast_on=after, reason="supplier", words=TEXTS[1])
        report = Report(rating=AT_RISK, done=TEXTS[0], why=TEXTS[1], route=TEXTS[2], route_on=after, milestones=(moved,))
        submit_update(by=by, deliverable=deliverable, period=period, key=uuid4(), seen=next(numbers), report=report)

    return submit


def inserter(by: User, deliverable: Deliverable, period: ReportingPeriod) -> Callable[[], object]:
    """The same words in one INSERT."""
    fields = "deliverable_id, period_id, number, key, rating, done, why, route, route_on, evidence, submitted_at, submitted_by_id"
    statement = f"INSERT INTO deliverables_statusupdate ({fields}, is_demonstration) VALUES ({', '.join(['%s'] * 13)})"
    numbers = counter(StatusUpdate.objects.filter(deliverable=deliverable, period=period).count() + 1)

    def insert() -> None:
        words = (AT_RISK, TEXTS[0], TEXTS[1], TEXTS[2], "2026-03-31", "", "2026-01-29 09:00:00", by.pk, False)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, (deliverable.pk, period.pk, next(numbers), uuid_text(uuid4()), *words))

    return insert


def count_post(by: User, deliverable: Deliverable, period: ReportingPeriod) -> Count:
    client, address = sign_in(by), f"/updates/{deliverable.code}/"
    answers = {"key": uuid4(), "seen": 0, "month": period.month, "rating": "on_track", "done": TEXTS[0]}
    answers["looked"] = "overdue moved words step due"
    for number, milestone in enumerate(deliverable.milestones.to_report(period)):
        answers |= answers_on(milestone, moves=number == 0)
    with counting() as count:
        response = client.post(address, answers)
    if response.status_code != HTTPStatus.FOUND:
        raise SystemExit(f"POST {address} answered {response.status_code}, so it saved nothing.")
    return count


def answers_on(milestone: Milestone, *, moves: bool) -> dict[str, object]:
    said: dict[str, object] = {"seen_on": milestone.forecast_on, "forecast_on": milestone.forecast_on}
    if moves:
        said |= {"forecast_on": milestone.forecast_on + timedelta(days=1), "reason": "supplier", "words": TEXTS[3]}
    if milestone.done_on and milestone.done_on <= clock.today():
        said |= {"done": "on", "done_on": milestone.done_on}
    return {f"milestone-{milestone.pk}-{name}": value for name, value in said.items()}
