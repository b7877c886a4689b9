"""Whatever stops between a person's save and the stored roll-up: the save succeeds, the figures are right at once,
and the stored roll-up becomes current by itself once the fault is over."""

import os
import signal
from functools import partial

import pytest

from deliverables.models import Deliverable
from people.models import User
from priorities.models import ReportingPeriod
from reports import gather
from reports.querysets import periods_behind
from tests import factories
from tests.faults.locks import cannot_be_written, somebody_waits_to_write
from tests.processes import Clerk, Program, Redis, eventually

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

TABLE = "reports_rollup"
A_SAVE = 1.0  # seconds at most
HEALED = 30.0  # seconds after the fault is over, at most


class Plan:
    """One deliverable to report on, and what is known of its month."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk, self.saves = clerk, 0
        self.manager: User = factories.person("programme_manager")
        self.deliverable: Deliverable = factories.deliverable(lead=factories.organisation())
        self.period_id: int = factories.november().pk

    @property
    def period(self) -> ReportingPeriod:
        return ReportingPeriod.objects.select_related("plan_year__strategy").get(pk=self.period_id)

    def save(self, rating: str) -> None:
        answer = self.clerk.ask(
            "submit",
            by=self.manager.pk,
            deliverable=self.deliverable.pk,
            period=self.period_id,
            seen=self.saves,
            rating=rating,
        )
        self.saves += 1
        assert answer["seconds"] < A_SAVE

    def shown(self) -> str:
        """What the dashboard shows now, from wherever it takes it."""
        month = gather.current(self.period)["content"]["months"][-1]
        [rating] = [code for code in ("on_track", "complete", "not_reported") if month[code]]
        return rating

    def is_stored(self) -> bool:
        return not periods_behind().exists()


@pytest.fixture
def plan(clerk: Clerk, worker: Program, beat: Program) -> Plan:
    """All is well: every roll-up is stored, and one more save reaches the store through the worker."""
    plan = Plan(clerk)
    clerk.ask("send", task="reports.heal", arguments=[])
    eventually(plan.is_stored, within=HEALED, what="the first roll-ups are stored")
    plan.save("on_track")
    eventually(plan.is_stored, within=HEALED, what="a roll-up is stored while nothing is wrong")
    assert plan.shown() == "on_track"
    return plan


def saved_but_not_stored(plan: Plan) -> None:
    plan.save("complete")
    assert plan.shown() == "complete"
    assert not plan.is_stored()


def heals(plan: Plan) -> None:
    eventually(plan.is_stored, within=HEALED, what="the stored roll-up is current again")
    assert plan.shown() == "complete"


def test_a_worker_that_is_stopped(plan: Plan, worker: Program) -> None:
    worker.stop()
    saved_but_not_stored(plan)
    worker.start()
    heals(plan)


def test_a_broker_that_is_stopped(plan: Plan, redis: Redis) -> None:
    redis.stop()
    saved_but_not_stored(plan)
    redis.start()
    heals(plan)


def test_a_broker_that_hangs(plan: Plan, redis: Redis) -> None:
    redis.freeze()
    saved_but_not_stored(plan)
    redis.thaw()
    heals(plan)


def test_a_worker_that_is_killed_in_the_middle_of_a_roll_up(plan: Plan, worker: Program) -> None:
    with cannot_be_written(TABLE):
        saved_but_not_stored(plan)
        eventually(partial(somebody_waits_to_write, TABLE), within=HEALED, what="the worker is in the middle of a roll-up")
        worker.kill()
    worker.start()
    heals(plan)


def test_a_task_whose_process_is_killed_is_done_by_the_next_without_waiting_for_beat(
    plan: Plan, worker: Program, beat: Program
) -> None:
    beat.stop()
    with cannot_be_written(TABLE):
        saved_but_not_stored(plan)
        eventually(partial(somebody_waits_to_write, TABLE), within=HEALED, what="the worker is in the middle of a roll-up")
        os.kill(the_process_in_the_pool(worker), signal.SIGKILL)
    heals(plan)


def the_process_in_the_pool(worker: Program) -> int:
    assert worker.process is not None
    with open(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children") as children:
        [child] = children.read().split()
    return int(child)
