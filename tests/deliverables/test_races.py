"""Two at once, on PostgreSQL, where they really meet. Each test fails when its wall is taken away: see take_walls_away.py."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from deliverables.actions import Overtaken
from deliverables.models import StatusUpdate
from priorities.actions import PeriodClosed, close_period
from priorities.models import ReportingPeriod
from reports.gather import work_out
from tests import factories

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def together(*works):
    """Starts all at the same moment, each with a connection of its own. Returns what each returned or raised."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            barrier.wait()
            return work()
        except (Overtaken, PeriodClosed) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_a_double_click_is_one_update():
    priya, deliverable, november = factories.person("programme_manager"), factories.deliverable(), factories.november()
    key = uuid4()
    results = together(*[lambda: factories.update(deliverable, by=priya, month=november, key=key)] * 8)
    assert StatusUpdate.objects.count() == 1
    assert {result.pk for result in results} == {StatusUpdate.objects.get().pk}


def test_of_two_editors_one_is_told_and_nothing_is_overwritten():
    deliverable, november = factories.deliverable(), factories.november()
    people = [factories.person("programme_manager", name) for name in ("Priya", "Sam")]
    works = [lambda by=by: factories.update(deliverable, by=by, month=november, done=f"By {by.name}.") for by in people]
    results = together(*works)
    assert sorted(type(result).__name__ for result in results) == ["Overtaken", "StatusUpdate"]
    stored = StatusUpdate.objects.get()
    assert stored.done == f"By {stored.submitted_by.name}."


def test_twenty_people_at_once_lose_nothing_and_double_nothing():
    november, lead = factories.november(), factories.organisation()
    people = [factories.person("programme_manager", f"Manager{n}", lead) for n in range(20)]
    deliverables = [factories.deliverable(f"D-{n}", lead=lead) for n in range(20)]
    version = november.data_version
    works = [
        lambda by=by, of=of: factories.update(of, by=by, month=november) for by, of in zip(people, deliverables, strict=True)
    ]
    assert all(isinstance(result, StatusUpdate) for result in together(*works))
    assert StatusUpdate.objects.count() == 20
    assert factories.november().data_version == version + 20
    assert work_out(factories.november()).content["plan"]["reported"] == 20


def test_what_is_closed_is_exactly_what_is_stored():
    """Closing counts the updates under its lock; none may slip in behind it."""
    november, olu = factories.november(), factories.person("outcomes_group", "Olu")
    people = [factories.person("programme_manager", f"Manager{n}") for n in range(6)]
    deliverables = [factories.deliverable(f"D-{n}") for n in range(6)]

    def close() -> int:
        close_period(by=olu, period=november)
        return StatusUpdate.objects.filter(period=november).count()

    works = [
        lambda by=by, of=of: factories.update(of, by=by, month=november) for by, of in zip(people, deliverables, strict=True)
    ]
    counted, *results = together(close, *works)
    taken = [result for result in results if isinstance(result, StatusUpdate)]
    assert len(taken) == counted == StatusUpdate.objects.count()
    assert all(isinstance(result, (StatusUpdate, PeriodClosed)) for result in results)
    assert ReportingPeriod.objects.get(pk=november.pk).closed_by == olu


def test_updates_of_different_months_do_not_wait_for_each_other_for_ever():
    priya, deliverable = factories.person("programme_manager"), factories.deliverable()
    months = [factories.october(), factories.november()] * 5
    others = [factories.deliverable(f"D-{n}") for n in range(10)]
    works = [
        lambda of=of, month=month: factories.update(of, by=priya, month=month) for of, month in zip(others, months, strict=True)
    ]
    assert all(isinstance(result, StatusUpdate) for result in together(*works))
    assert deliverable.updates.count() == 0
