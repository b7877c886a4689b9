"""The stored roll-up and the one worked out on the spot are the same, whatever has happened."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from deliverables.actions import MilestoneReport
from deliverables.models import Milestone
from deliverables.ratings import RATINGS
from priorities.actions import mark_changed
from priorities.models import ReportingPeriod
from reports.actions import store_roll_up
from reports.gather import current, current_lines, work_out
from reports.models import RollUp
from reports.querysets import periods_behind
from tests import factories
from tests.reports.second_opinion import both

step = st.tuples(
    st.integers(0, 3),  # which deliverable
    st.integers(0, 7),  # which month, April to November
    st.sampled_from(list(RATINGS)),
    st.sampled_from(["", "move", "done"]),
    st.booleans(),  # whether the worker runs after it
)


class StoredEqualsComputed(TestCase):
    def setUp(self):
        self.priya = factories.person("programme_manager")
        self.made = [
            factories.deliverable("A-1", principles=("PREVENTION",)),
            factories.deliverable("A-2", principles=("PREVENTION", "EQUITY")),
            factories.deliverable("B-1", in_priority="P2"),
            factories.deliverable("B-2", in_priority="P2", principles=("INTEGRATION",)),
        ]
        for number, deliverable in enumerate(self.made):
            factories.milestone(deliverable, baseline=date(2025, 5, 20) + timedelta(days=50 * number))
        self.months = list(ReportingPeriod.objects.select_related("plan_year__strategy").order_by("starts_on")[:8])

    def report(self, which: int, month: int, rating: str, move: str) -> None:
        deliverable, period = self.made[which], self.months[month]
        seen = deliverable.updates.filter(period=period).count()
        milestone = Milestone.objects.get(deliverable=deliverable)
        later = milestone.expected_on + timedelta(days=20) if move == "move" else milestone.expected_on
        done_on = period.ends_on if move == "done" else milestone.done_on
        said = MilestoneReport(milestone.pk, milestone.expected_on, later, "supplier", "The supplier is late.", done_on)
        factories.update(deliverable, by=self.priya, month=period, rating=rating, seen=seen, milestones=(said,) if move else ())

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(step, max_size=8))
    def test_over_random_histories(self, history):
        for which, month, rating, move, worker_runs in history:
            self.report(which, month, rating, move)
            if worker_runs:
                for period in periods_behind():
                    store_roll_up(period_id=period.pk)
        for period in ReportingPeriod.objects.begun():
            computed = work_out(period)
            assert current(period) == {"content": computed.content, "charts": computed.charts}
            assert current_lines(period) == (computed.content, computed.lines)
            from_tables, from_logs = both(period)
            assert from_tables == from_logs


@pytest.mark.django_db
def test_an_edit_of_the_plan_owes_the_roll_ups_again():
    year = factories.plan_year()
    factories.deliverable()
    for period in periods_behind():
        store_roll_up(period_id=period.pk)
    assert not periods_behind()
    mark_changed(plan_year=year)
    assert len(periods_behind()) == 8  # April to November; December has not opened


@pytest.mark.django_db
def test_a_row_that_is_behind_is_not_believed():
    priya, deliverable, november = factories.person("programme_manager"), factories.deliverable(), factories.november()
    store_roll_up(period_id=november.pk)
    factories.update(deliverable, by=priya, month=november, rating="off_track")
    now = factories.november()
    assert RollUp.objects.get(period=now).content["plan"]["headline"] == "at_risk"  # what the worker knew: not reported
    assert current(now)["content"]["plan"]["headline"] == "off_track"


@pytest.mark.django_db
def test_a_slow_worker_never_puts_an_older_roll_up_over_a_newer_one():
    priya, deliverable, november = factories.person("programme_manager"), factories.deliverable(), factories.november()
    factories.update(deliverable, by=priya, month=november)
    store_roll_up(period_id=november.pk)
    newest = RollUp.objects.get(period=november).data_version
    RollUp.objects.filter(period=november).update(data_version=newest + 5)  # what a quicker worker stored meanwhile
    store_roll_up(period_id=november.pk)
    assert RollUp.objects.get(period=november).data_version == newest + 5
