"""Whatever people do in whatever order (submit, correct, take back, agree, return, move a date, close), the log stays true."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from deliverables.actions import CannotTakeBack, MilestoneReport, agree_update, return_update, take_back_update
from deliverables.models import Decision, Milestone, MilestoneMove, StatusUpdate
from deliverables.ratings import NOT_REPORTED, TAKEN_BACK
from priorities.actions import close_period
from reports.gather import work_out
from strategy_portal import clock
from tests import factories
from tests.reports.second_opinion import both

RATINGS = st.sampled_from(["on_track", "at_risk", "off_track", "complete"])
NOON = clock.on(date(2025, 12, 2))


class Cycle(RuleBasedStateMachine):
    """One deliverable with one milestone in November; beside it, a plain model of what should be."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.priya, self.olu = factories.person("programme_manager"), factories.person("outcomes_group", "Olu")
        self.deliverable = factories.deliverable()
        self.milestone = factories.milestone(self.deliverable, baseline=date(2025, 12, 15))
        self.month = factories.november()
        self.rows: list[str] = []  # the rating of each row
        self.standing: StatusUpdate | None = None
        self.agreed_since = False
        self.closed = False

    def teardown(self) -> None:
        try:
            from_tables, from_logs = both(factories.november())
            assert from_tables == from_logs  # however it came about
        finally:
            self.undo()

    def undo(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def expected_on(self) -> date:
        return Milestone.objects.get(pk=self.milestone.pk).expected_on

    @precondition(lambda self: not self.closed)
    @rule(rating=RATINGS, days=st.sampled_from([0, 0, 5, 29, 31, 60, -10]))
    def submit(self, rating: str, days: int) -> None:
        stands = self.expected_on()
        said = MilestoneReport(self.milestone.pk, stands, stands + timedelta(days=days), "data", "Late.")
        given = {"rating": rating, "seen": len(self.rows), "milestones": (said,)}
        self.standing = factories.update(self.deliverable, by=self.priya, month=self.month, **given)
        self.rows.append(rating)

    @precondition(lambda self: self.standing is not None and not self.closed)
    @rule()
    def take_back(self) -> None:
        before = Milestone.objects.get(pk=self.milestone.pk)
        try:
            with clock.fixed(NOON):
                take_back_update(by=self.priya, update=self.standing, key=uuid4())
        except CannotTakeBack:
            assert self.agreed_since
            now = Milestone.objects.get(pk=self.milestone.pk)
            assert (now.forecast_on, now.proposed_on) == (before.forecast_on, before.proposed_on)
            return
        assert not self.agreed_since
        self.rows.append(TAKEN_BACK)
        self.standing = None

    @precondition(lambda self: self.standing is not None and not self.closed)
    @rule()
    def agree(self) -> None:
        with clock.fixed(NOON):
            agree_update(by=self.olu, update=self.standing)
        self.agreed_since = True
        assert Milestone.objects.get(pk=self.milestone.pk).proposed_on is None

    @precondition(lambda self: self.standing is not None and not self.closed)
    @rule()
    def give_back(self) -> None:
        with clock.fixed(NOON):
            return_update(by=self.olu, update=self.standing, reason="Which supplier?")

    @precondition(lambda self: len(self.rows) > 4)
    @rule()
    def close(self) -> None:
        with clock.fixed(NOON):
            close_period(by=self.olu, period=self.month)
        self.closed = True

    @invariant()
    def every_row_is_kept_in_order(self) -> None:
        rows = list(self.deliverable.updates.order_by("number").values_list("number", "rating"))
        assert rows == list(enumerate(self.rows, start=1))

    @invariant()
    def one_update_counts_or_none(self) -> None:
        counted = list(StatusUpdate.objects.standing())
        assert [one.pk for one in counted] == ([self.standing.pk] if self.standing else [])
        spread = work_out(factories.november()).content["plan"]["distribution"]
        assert {code for code, n in spread.items() if n} == {self.standing.rating if self.standing else NOT_REPORTED}

    @invariant()
    def the_moves_tell_how_the_milestone_came_to_stand_where_it_stands(self) -> None:
        milestone = Milestone.objects.get(pk=self.milestone.pk)
        moves = list(MilestoneMove.objects.order_by("pk"))
        assert milestone.baseline_on == date(2025, 12, 15)
        in_force = milestone.baseline_on
        for move in moves:
            if move.counts:
                in_force = move.to_on
        if not any(move.kind == "taken_back" for move in moves):
            assert milestone.forecast_on == in_force
        assert sum(move.counts for move in moves) >= 0
        if not self.rows or (self.rows[-1] == TAKEN_BACK and not self.agreed_since):
            assert (milestone.forecast_on, milestone.proposed_on) == (milestone.baseline_on, None)
            assert sum(move.counts for move in moves) == 0

    @invariant()
    def nobody_has_agreed_her_own(self) -> None:
        assert not Decision.objects.filter(decided_by=self.priya).exists()


Cycle.TestCase.settings = settings(
    max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)


class TestCycle(Cycle.TestCase, TestCase):  # type: ignore[misc, valid-type]
    pass
