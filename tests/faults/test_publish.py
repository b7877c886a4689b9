"""Telling the worker never makes a person wait, and never fails what she did."""

import pytest

from tests.processes import Clerk, Redis

pytestmark = pytest.mark.faults


A_SAVE = 1.0  # seconds at most for the whole save, also on a busy machine; the timeouts of half a second leave room for it


def seconds(clerk: Clerk) -> float:
    return clerk.ask("send", task="reports.heal", arguments=[])["seconds"]


def test_a_broker_that_answers_costs_milliseconds(redis: Redis, clerk: Clerk) -> None:
    seconds(clerk)  # the first one finds out who it talks to
    assert max(seconds(clerk) for _ in range(20)) < A_SAVE
    assert "was not sent" not in clerk.said()


def test_a_broker_that_refuses_costs_next_to_nothing(redis: Redis, clerk: Clerk) -> None:
    redis.stop()
    assert max(seconds(clerk) for _ in range(5)) < A_SAVE
    assert "reports.heal() was not sent to the worker" in clerk.said()


def test_a_broker_that_hangs_costs_half_a_second(redis: Redis, clerk: Clerk) -> None:
    redis.freeze()
    assert max(seconds(clerk) for _ in range(3)) < A_SAVE
    assert "reports.heal() was not sent to the worker" in clerk.said()
    redis.thaw()
    assert seconds(clerk) < A_SAVE
