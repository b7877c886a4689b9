"""Whatever is edited, asked, decided, put into force late or never, and issued: each month keeps the words in force in it."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from deliverables.actions import (
    AlreadyAsked,
    CannotAsk,
    CannotDecide,
    ask_definition_change,
    change_deliverable,
    decide_definition_change,
    put_all_into_force,
)
from deliverables.models import DefinitionChange, Deliverable
from priorities.models import ReportingPeriod
from reports.actions import check_reports, store_roll_up
from reports.gather import Live, current_lines
from reports.querysets import periods_behind
from strategy_portal import clock
from strategy_portal.editing import seen_of
from tests import factories
from tests.reports.second_opinion import both

TITLES = st.sampled_from(["One", "Two", "Three", "Four"])


class Definitions(RuleBasedStateMachine):
    """A baselined deliverable and a free one, from November on; beside them, a plain model of what each month calls the first."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.ada, self.priya = factories.person("administrator", "Ada"), factories.person("programme_manager")
        self.olu = factories.person("outcomes_group", "Olu")
        self.leads = [factories.organisation("icb"), factories.organisation("trust")]
        self.fixed = factories.deliverable("A-1", lead=self.leads[0], maturity="baselined", short_title="One")
        self.free = factories.deliverable("B-1", lead=self.leads[0], in_priority="P2")
        self.periods = list(ReportingPeriod.objects.order_by("starts_on"))
        self.month = 7  # November is open
        self.agreed: list[tuple[int, str]] = []  # from which month on, what it is called
        self.waiting: str | None = None
        self.issued: dict[int, tuple[str, str, object]] = {}

    def teardown(self) -> None:
        try:
            with self.today():
                for number in range(max(0, self.month - 2), self.month + 1):
                    from_tables, from_logs = both(self.period(number))
                    assert from_tables == from_logs
                assert check_reports().faults == []
                for period, stood in self.issued.items():
                    assert self.kept(period) == stood  # byte for byte
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def today(self):
        return clock.fixed(clock.on(self.periods[self.month].ends_on))

    def kept(self, number: int) -> tuple[str, str, object]:
        report = self.periods[number].reports.get()
        return report.sha256, str(report.content), list(report.lines.in_order().values_list("content", flat=True))

    def called(self, month: int) -> str:
        return next((title for since, title in reversed(self.agreed) if since <= month), "One")

    def row(self, which: Deliverable) -> Deliverable:
        return Deliverable.objects.select_related("plan_year").get(pk=which.pk)

    @rule(title=TITLES, lead=st.integers(0, 1), ahead=st.integers(-1, 3))
    def ask(self, title: str, lead: int, ahead: int) -> None:
        since = min(self.month + ahead, 11)
        row, values = self.row(self.fixed), {"short_title": title, "lead": self.leads[lead].pk}
        given = {"values": values, "why": f"{title} {lead} {since}", "effect": "y", "takes_effect": self.periods[since]}
        with self.today(), suppress(CannotAsk, AlreadyAsked, ValidationError), transaction.atomic():
            ask_definition_change(by=self.priya, deliverable=row, seen=seen_of(row), **given)
            self.waiting = title

    @precondition(lambda self: self.waiting is not None)
    @rule(agreed=st.booleans())
    def decide(self, agreed: bool) -> None:
        change = DefinitionChange.objects.waiting().select_related("deliverable__plan_year").get()
        with self.today(), suppress(CannotDecide), transaction.atomic():
            decided = decide_definition_change(by=self.olu, change=change, agreed=agreed, answer="No.")
            if agreed:
                since = next(n for n, period in enumerate(self.periods) if period.pk == decided.takes_effect_id)
                self.agreed.append((since, change.asked.get("short_title", self.called(11))))
            self.waiting = None

    @rule()
    def sweep(self) -> None:
        with self.today():
            put_all_into_force()
            for period in periods_behind():
                store_roll_up(period_id=period.pk)

    @precondition(lambda self: self.month < 11)
    @rule()
    def a_month_goes_by(self) -> None:
        self.month += 1

    @rule(title=TITLES, lead=st.integers(0, 1))
    def edit(self, title: str, lead: int) -> None:
        """Freely, what is free; of the other what is not its definition."""
        with self.today():
            free, fixed = self.row(self.free), self.row(self.fixed)
            values = {"short_title": title, "lead": self.leads[lead].pk}
            change_deliverable(by=self.ada, deliverable=free, seen=seen_of(free), values=values, links={})
            links = {"partners": [self.leads[lead].pk], "managers": [self.priya.pk][:lead]}
            change_deliverable(by=self.ada, deliverable=fixed, seen=seen_of(fixed), values={}, links=links)

    @rule(rating=st.sampled_from(["on_track", "off_track"]))
    def report(self, rating: str) -> None:
        period = next(one for n, one in enumerate(self.periods) if n not in self.issued)
        if period.opens_on <= self.periods[self.month].ends_on:
            seen = self.fixed.updates.filter(period=period).count()
            factories.update(self.row(self.fixed), by=self.priya, month=period, rating=rating, seen=seen)

    @rule()
    def issue(self) -> None:
        number = next(n for n in range(12) if n not in self.issued)
        if number <= self.month:
            with self.today():
                factories.issue(self.periods[number], by=self.olu)
            self.issued[number] = self.kept(number)

    def period(self, number: int) -> ReportingPeriod:
        return factories.period_of(str(self.periods[number].starts_on))

    @invariant()
    def each_month_keeps_its_words(self) -> None:
        with self.today():
            for number in range(max(0, self.month - 2), self.month + 1):
                period = self.period(number)
                assert next(line.name for line in Live(period).lines()) == self.called(number)
                assert current_lines(period)[1][0]["name"] == self.called(number)


Definitions.TestCase.settings = settings(
    max_examples=6, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


class TestDefinitions(Definitions.TestCase, TestCase):  # type: ignore[misc, valid-type]
    pass
