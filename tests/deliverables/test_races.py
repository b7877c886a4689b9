"""Two at once, on PostgreSQL, where they really meet. Each test fails when its wall is taken away: see take_walls_away.py."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from deliverables.actions import (
    CannotDecide,
    CannotTakeBack,
    DraftIsNewer,
    MilestoneReport,
    Overtaken,
    agree_update,
    save_draft,
    take_back_update,
)
from deliverables.models import Decision, DeliverableSuccession, MilestoneMove, StatusUpdate, UpdateDraft
from priorities.actions import PeriodClosed, close_period
from priorities.models import PlanYear, ReportingPeriod
from reports.gather import work_out
from strategy_portal import clock
from tests import factories
from tests.deliverables.refreshing import make_plan, publish

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def together(*works):
    """Starts all at the same moment, each with a connection of its own. Returns what each returned or raised."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            barrier.wait()
            return work()
        except (Overtaken, PeriodClosed, DraftIsNewer, CannotDecide, CannotTakeBack) as refusal:
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


def test_two_who_publish_the_next_year_at_once_publish_it_once():
    make_plan()
    ada = factories.person("administrator", "Ada")
    years = together(*[lambda: publish(ada)] * 4)
    assert len({year.pk for year in years}) == 1 and PlanYear.objects.count() == 2
    assert DeliverableSuccession.objects.count() == 5


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


def test_twenty_savings_of_one_draft_lose_none_silently():
    """Each either stands or is told that another was first."""
    priya, deliverable, november = factories.person("programme_manager"), factories.deliverable(), factories.november()
    works = [
        lambda n=n: save_draft(by=priya, deliverable=deliverable, period=november, fields={"done": f"Text {n}"}, version=0)
        for n in range(20)
    ]
    results = together(*[partial(at_the_months_end, work, november) for work in works])
    stored = UpdateDraft.objects.get()
    saved = [result for result in results if isinstance(result, UpdateDraft)]
    assert [one.fields for one in saved] == [stored.fields]
    assert sum(isinstance(result, DraftIsNewer) for result in results) == 19


def test_an_update_is_agreed_or_corrected_but_never_agreed_unseen():
    priya, olu = factories.person("programme_manager"), factories.person("outcomes_group", "Olu")
    november = factories.november()
    for n in range(6):
        deliverable = factories.deliverable(f"D-{n}")
        first = factories.update(deliverable, by=priya, month=november)
        correct = partial(factories.update, deliverable, by=priya, month=november, rating="off_track", seen=1)
        agree = partial(at_the_months_end, partial(agree_update, by=olu, update=first), november)
        corrected, agreed = together(correct, agree)
        assert corrected.number == 2
        assert isinstance(agreed, CannotDecide) or agreed.decided_at <= corrected.submitted_at
        assert not Decision.objects.filter(update=corrected).exists()


def test_agreeing_and_taking_back_at_once_leaves_one_of_the_two():
    priya, olu = factories.person("programme_manager"), factories.person("outcomes_group", "Olu")
    november = factories.november()
    for n in range(6):
        update = factories.update(factories.deliverable(f"D-{n}"), by=priya, month=november)
        agree = partial(at_the_months_end, partial(agree_update, by=olu, update=update), november)
        back = partial(at_the_months_end, partial(take_back_update, by=priya, update=update, key=uuid4()), november)
        agreed, taken = together(agree, back)
        assert isinstance(agreed, Decision) != (isinstance(taken, StatusUpdate) and taken.rating == "taken_back")


def test_agreeing_twice_at_once_moves_a_date_once():
    priya, olu = factories.person("programme_manager"), factories.person("outcomes_group", "Olu")
    deliverable, november = factories.deliverable(), factories.november()
    milestone = factories.milestone(deliverable, baseline=date(2025, 12, 15))
    said = MilestoneReport(milestone.pk, date(2025, 12, 15), date(2026, 2, 27), "data", "Late.")
    update = factories.update(deliverable, by=priya, month=november, milestones=(said,))
    agree = partial(at_the_months_end, partial(agree_update, by=olu, update=update), november)
    together(*[agree] * 6)
    assert Decision.objects.count() == 1
    assert MilestoneMove.objects.filter(kind="agreed").count() == 1


def at_the_months_end(work, month):
    with clock.fixed(clock.on(month.ends_on)):
        return work()
