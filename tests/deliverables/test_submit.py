"""What submitting an update promises, below the page."""

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import Error, IntegrityError, transaction

from deliverables.actions import MilestoneReport, Overtaken, submit_update
from deliverables.models import Deliverable, Milestone, MilestoneMove, StatusUpdate
from deliverables.ratings import RATINGS
from people.models import User
from priorities.actions import PeriodClosed, close_period
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.clock import LONDON
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya() -> User:
    return factories.person("programme_manager")


@pytest.fixture
def deliverable() -> Deliverable:
    return factories.deliverable(lead=factories.organisation())


@pytest.fixture
def november() -> ReportingPeriod:
    return factories.november()


def said(milestone: Milestone, **more) -> MilestoneReport:
    return MilestoneReport(milestone.pk, **{"seen_on": milestone.forecast_on, "forecast_on": milestone.forecast_on} | more)


def test_an_update_keeps_who_and_when(priya, deliverable, november):
    made = factories.update(deliverable, by=priya, month=november, rating="at_risk")
    made.refresh_from_db()
    assert (made.submitted_by, made.number, made.rating) == (priya, 1, "at_risk")
    assert made.submitted_at == datetime(2025, 11, 30, tzinfo=LONDON)


def test_a_second_submission_supersedes_the_first_and_both_stay(priya, deliverable, november):
    first = factories.update(deliverable, by=priya, month=november)
    second = factories.update(deliverable, by=priya, month=november, rating="off_track", seen=1)
    assert list(deliverable.updates.order_by("number")) == [first, second]
    assert list(StatusUpdate.objects.standing()) == [second]


def test_the_same_form_sent_twice_is_one_update(priya, deliverable, november):
    key = uuid4()
    first = factories.update(deliverable, by=priya, month=november, key=key)
    assert factories.update(deliverable, by=priya, month=november, key=key) == first
    assert StatusUpdate.objects.count() == 1


def test_a_form_opened_before_someone_else_reported_is_not_believed(priya, deliverable, november):
    theirs = factories.update(deliverable, by=factories.person("programme_manager", "Sam"), month=november)
    with pytest.raises(Overtaken) as overtaken:
        factories.update(deliverable, by=priya, month=november, rating="off_track")
    assert overtaken.value.theirs == theirs
    assert StatusUpdate.objects.count() == 1


def test_an_update_is_refused_once_the_period_is_closed(priya, deliverable, november):
    close_period(by=factories.person("outcomes_group", "Olu"), period=november)
    with pytest.raises(PeriodClosed, match="November 2025 has been issued"):
        factories.update(deliverable, by=priya, month=november)
    assert not StatusUpdate.objects.exists()


def test_an_update_is_refused_before_the_period_opens(priya, deliverable, november):
    december = ReportingPeriod.objects.get(starts_on="2025-12-01")
    with clock.fixed(clock.on(date(2025, 12, 2))), pytest.raises(PeriodClosed, match="opens for updates on 26 December 2025"):
        submit_update(by=priya, deliverable=deliverable, period=december, key=uuid4(), seen=0, report=factories.report())


@pytest.mark.parametrize("rating", RATINGS)
def test_every_rating_may_move_a_date(priya, deliverable, november, rating):
    milestone = factories.milestone(deliverable)
    moved = said(milestone, forecast_on=date(2025, 12, 15), reason="supplier", words="A second supplier is needed.")
    update = factories.update(deliverable, by=priya, month=november, rating=rating, milestones=(moved,))
    milestone.refresh_from_db()
    assert (milestone.baseline_on, milestone.forecast_on) == (date(2025, 11, 15), date(2025, 12, 15))
    move = MilestoneMove.objects.get()
    assert (move.update, move.from_on, move.to_on, move.moved_by) == (update, date(2025, 11, 15), date(2025, 12, 15), priya)
    assert milestone.history.first().history_user == priya


def test_a_milestone_that_moved_meanwhile_stops_the_whole_update(priya, deliverable, november):
    milestone = factories.milestone(deliverable)
    stale = said(milestone, seen_on=date(2025, 10, 1), forecast_on=date(2026, 1, 1), reason="data", words="Late data.")
    with pytest.raises(Overtaken):
        factories.update(deliverable, by=priya, month=november, milestones=(stale,))
    assert not StatusUpdate.objects.exists() and not MilestoneMove.objects.exists()


def test_a_milestone_is_done_and_can_be_undone(priya, deliverable, november):
    milestone = factories.milestone(deliverable)
    factories.update(deliverable, by=priya, month=november, milestones=(said(milestone, done_on=date(2025, 11, 14)),))
    milestone.refresh_from_db()
    assert milestone.done_on == date(2025, 11, 14)
    factories.update(deliverable, by=priya, month=november, seen=1, milestones=(said(milestone),))
    milestone.refresh_from_db()
    assert milestone.done_on is None


def test_an_update_owes_the_roll_ups_from_its_month_on(priya, deliverable):
    october = factories.october()
    before = dict(ReportingPeriod.objects.values_list("starts_on", "data_version"))
    factories.update(deliverable, by=priya, month=october)
    after = dict(ReportingPeriod.objects.values_list("starts_on", "data_version"))
    assert {day for day in after if after[day] > before[day]} == {day for day in after if day >= date(2025, 10, 1)}


def test_a_done_milestone_owes_every_month_of_the_year(priya, deliverable, november):
    milestone = factories.milestone(deliverable, baseline=date(2025, 5, 1))
    factories.update(deliverable, by=priya, month=november, milestones=(said(milestone, done_on=date(2025, 5, 1)),))
    assert not ReportingPeriod.objects.filter(data_version=1).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"done": ""},
        {"rating": "green"},
        {"rating": "not_reported"},
        {"number": 0},
        {"rating": "off_track", "why": "", "route": "Help.", "route_on": date(2026, 1, 1)},
        {"rating": "at_risk", "why": "Late.", "route": "", "route_on": date(2026, 1, 1)},
        {"rating": "at_risk", "why": "Late.", "route": "Help.", "route_on": None},
        {"rating": "complete", "evidence": ""},
    ],
)
def test_the_database_refuses_an_update_that_breaks_the_rules(priya, deliverable, november, wrong):
    good = {"rating": "on_track", "done": "Work.", "number": 1}
    fixed = {"deliverable": deliverable, "period": november, "submitted_at": clock.now(), "submitted_by": priya}
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusUpdate.objects.create(**fixed, key=uuid4(), **good | wrong)


def test_the_database_refuses_two_updates_of_one_number_and_two_of_one_key(priya, deliverable, november):
    made = factories.update(deliverable, by=priya, month=november)
    same = {field.name: getattr(made, field.name) for field in StatusUpdate._meta.concrete_fields if field.name != "id"}
    for clash in ({"key": uuid4()}, {"number": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StatusUpdate.objects.create(**same | clash)


@pytest.mark.parametrize("change", [lambda rows: rows.update(done="Rewritten."), lambda rows: rows._raw_delete("default")])
def test_the_database_refuses_to_rewrite_what_was_submitted(priya, deliverable, november, change):
    milestone = factories.milestone(deliverable)
    moved = said(milestone, forecast_on=date(2026, 2, 28), reason="supplier", words="Late.")
    factories.update(deliverable, by=priya, month=november, milestones=(moved,))
    with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
        change(StatusUpdate.objects.all())
    with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
        MilestoneMove.objects.update(words="Rewritten.")


def test_a_submission_at_a_weekend_at_the_months_end_belongs_to_its_own_period(priya, deliverable):
    january = ReportingPeriod.objects.select_related("plan_year__strategy").get(starts_on="2026-01-01")
    factories.update(deliverable, by=priya, month=january)  # Saturday 31 January 2026
    february = ReportingPeriod.objects.get(starts_on="2026-02-01")
    assert not StatusUpdate.objects.filter(period=february).exists()
    assert StatusUpdate.objects.get().period == january


def test_a_late_update_is_taken_until_the_period_is_closed_and_is_marked(priya, deliverable, november):
    with clock.fixed(datetime(2025, 12, 5, 23, 59, tzinfo=LONDON)):
        on_the_day = submit_update(
            by=priya, deliverable=deliverable, period=november, key=uuid4(), seen=0, report=factories.report()
        )
    with clock.fixed(datetime(2025, 12, 6, 0, 1, tzinfo=LONDON)):
        after = submit_update(by=priya, deliverable=deliverable, period=november, key=uuid4(), seen=1, report=factories.report())
    assert (on_the_day.is_late, after.is_late) == (False, True)
