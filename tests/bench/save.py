"""Submitting an update beside the least that a save can be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from itertools import count as counter
from uuid import uuid4

from django.http import HttpResponse

from deliverables.actions import MilestoneReport, Report, submit_update
from deliverables.models import Deliverable, Milestone, StatusUpdate
from deliverables.ratings import AT_RISK
from people.models import User
from priorities.models import ReportingPeriod
from strategy_portal import clock
from tests.bench.fill import TEXTS, Frame
from tests.bench.measure import Cost, Count, counting, side_by_side
from tests.bench.pages import sign_in

ROUNDS = 21


@dataclass(frozen=True)
class SaveCost:
    """The whole of a POST, as a browser sends it, beside the least that a POST which saves can be."""

    action: Count
    page: Count
    submitted: Cost
    least: Cost

    @property
    def times(self) -> float:
        return self.submitted.cpu / self.least.cpu


def measure_save(frame: Frame, period: ReportingPeriod) -> SaveCost:
    """Each time a correction of the last; the first also moves a milestone, and is counted."""
    deliverable, other = Deliverable.objects.select_related("plan_year").order_by("pk")[:2]
    page = count_post(frame.manager, deliverable, period)
    with counting() as action:
        submit(frame.manager, deliverable, period)
    submitted, least = side_by_side(
        poster(frame.manager, deliverable, period), least_poster(frame.manager, other, period), ROUNDS
    )
    return SaveCost(action, page, submitted, least)


def submit(by: User, deliverable: Deliverable, period: ReportingPeriod) -> None:
    """The action alone, with a milestone that moves."""
    number = StatusUpdate.objects.last_word(deliverable=deliverable, period=period).number
    milestone = deliverable.milestones.in_order().last()
    before = milestone.expected_on
    after = before + timedelta(days=1)
    moved = MilestoneReport(milestone.pk, seen_on=before, forecast_on=after, reason="supplier", words=TEXTS[1])
    report = Report(rating=AT_RISK, done=TEXTS[0], why=TEXTS[1], route=TEXTS[2], route_on=after, milestones=(moved,))
    submit_update(by=by, deliverable=deliverable, period=period, key=uuid4(), seen=number, report=report)


def poster(by: User, deliverable: Deliverable, period: ReportingPeriod) -> Callable[[], object]:
    client, address = sign_in(by), f"/updates/{deliverable.code}/"
    numbers = counter(StatusUpdate.objects.last_word(deliverable=deliverable, period=period).number)
    stand = [answers_on(milestone, moves=False) for milestone in deliverable.milestones.to_report(period)]

    def post() -> None:
        answers = {"key": uuid4(), "seen": next(numbers), "month": period.month, "rating": "on_track", "done": TEXTS[0]}
        answers["looked"] = "overdue moved words step due"
        for milestone in stand:
            answers |= milestone
        found(client.post(address, answers), address)

    return post


def least_poster(by: User, deliverable: Deliverable, period: ReportingPeriod) -> Callable[[], object]:
    client = sign_in(by)
    numbers = counter(StatusUpdate.objects.filter(deliverable=deliverable, period=period).count() + 1)
    of = {"deliverable": deliverable.pk, "period": period.pk, "rating": "on_track", "done": TEXTS[0]}
    return lambda: found(client.post("/least/", {"key": uuid4(), "number": next(numbers), **of}), "/least/")


def found(response: HttpResponse, address: str) -> None:
    if response.status_code != HTTPStatus.FOUND:
        raise SystemExit(f"POST {address} answered {response.status_code}, so it saved nothing.")


def count_post(by: User, deliverable: Deliverable, period: ReportingPeriod) -> Count:
    client, address = sign_in(by), f"/updates/{deliverable.code}/"
    answers = {"key": uuid4(), "seen": 0, "month": period.month, "rating": "on_track", "done": TEXTS[0]}
    answers["looked"] = "overdue moved words step due"
    for number, milestone in enumerate(deliverable.milestones.to_report(period)):
        answers |= answers_on(milestone, moves=number == 0)
    with counting() as count:
        response = client.post(address, answers)
    found(response, address)
    return count


def answers_on(milestone: Milestone, *, moves: bool) -> dict[str, object]:
    said: dict[str, object] = {"seen_on": milestone.expected_on, "forecast_on": milestone.expected_on}
    if moves:
        said |= {"forecast_on": milestone.expected_on + timedelta(days=1), "reason": "supplier", "words": TEXTS[3]}
    if milestone.done_on and milestone.done_on <= clock.today():
        said |= {"done": "on", "done_on": milestone.done_on}
    return {f"milestone-{milestone.pk}-{name}": value for name, value in said.items()}
