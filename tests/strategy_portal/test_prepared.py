"""Statements that are put together once answer as the querysets that they were written as."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from deliverables.models import Deliverable
from people.models import Organisation
from priorities.models import ReportingPeriod
from reports.gather import work_out
from strategy_portal import clock, prepared
from strategy_portal.prepared import filled_up, one_or_404
from tests import factories
from tests.test_queries import PAGES, grow, make_people, signed_in

pytestmark = pytest.mark.django_db


def ask(written: Callable[..., QuerySet], model: Any, *values: Any) -> list[Any]:
    return prepared.prepared(written)(model.objects.all(), *values)


def in_months(rows, *starts: list[date]) -> QuerySet:
    return rows.filter(starts_on__in=starts[0]).order_by("starts_on")


def test_it_is_put_together_once_and_answers_for_the_values_of_now():
    factories.plan_year()
    made = []

    def opened_by(rows, on: date) -> QuerySet:
        made.append(on)
        return rows.filter(opens_on__lte=on).order_by("starts_on").annotate(year=F("plan_year__code"))

    asked = prepared.prepared(opened_by)
    for on in (date(2025, 5, 20), date(2025, 12, 2), date(2024, 1, 1), date(2025, 12, 2)):
        found = asked(ReportingPeriod.objects.all(), on)
        assert found == list(ReportingPeriod.objects.filter(opens_on__lte=on).order_by("starts_on"))
        assert {period.year for period in found} <= {"2025-26"}
    assert len(made) == 1


def test_what_may_be_none_or_a_condition_makes_another_statement():
    lead = factories.organisation("icb")
    led, other = factories.deliverable("D-1", lead=lead), factories.deliverable("D-2")

    def led_by(rows, lead: int | None, named: bool) -> QuerySet:
        return rows.filter(lead=lead).order_by("code") if named else rows.order_by("code")

    assert ask(led_by, Deliverable, lead.pk, True) == [led]
    assert ask(led_by, Deliverable, None, True) == [other]
    assert ask(led_by, Deliverable, None, False) == [led, other]


@given(numbers=st.lists(st.integers(0, 11), max_size=40))
def test_a_list_of_any_length_is_the_same_as_in_a_plain_queryset(numbers):
    factories.plan_year()
    starts = [date(2025 + (month > 8), (month + 3) % 12 + 1, 1) for month in numbers]
    assert ask(in_months, ReportingPeriod, starts) == list(
        ReportingPeriod.objects.filter(starts_on__in=starts).order_by("starts_on")
    )


@given(st.lists(st.integers(), max_size=100))
def test_lists_are_filled_up_to_few_lengths_with_what_they_hold(values):
    found = filled_up(values)
    assert found[: len(values)] == values and set(found) == set(values)
    assert len(found) in {0, 1, 2, 4, 8, 16, 32, 64, 128} and len(found) < 2 * max(1, len(values))


def test_values_named_and_plain_and_joined_rows_come_as_they_would():
    lead = factories.organisation("icb")
    factories.deliverable("D-1", lead=lead)

    def columns(rows, code: str) -> QuerySet:
        return rows.filter(code=code).values("code", place=F("lead__name"))

    def tuples(rows, code: str) -> QuerySet:
        return rows.filter(code=code).values_list("code", Value("x"))

    def one_column(rows, code: str) -> QuerySet:
        return rows.filter(code=code).values_list("code", flat=True)

    def joined(rows, code: str) -> QuerySet:
        return rows.filter(code=code).select_related("lead").defer("summary")

    assert ask(columns, Deliverable, "D-1") == [{"code": "D-1", "place": lead.name}]
    assert ask(tuples, Deliverable, "D-1") == [("D-1", "x")] and ask(one_column, Deliverable, "D-1") == ["D-1"]
    (found,) = ask(joined, Deliverable, "D-1")
    with CaptureQueriesContext(connection) as asked:
        assert found.lead == lead
    assert len(asked) == 0 and found.get_deferred_fields() == {"summary"}


def test_a_value_that_means_something_in_sql_is_a_value():
    factories.organisation("icb")

    def named(rows, name: str) -> QuerySet:
        return rows.filter(name=name)

    for name in ("' OR 1=1 --", "%s", "\ue0000", "Ünï ☃"):
        assert ask(named, Organisation, name) == []


def test_it_is_asked_of_all_rows():
    factories.plan_year()
    with pytest.raises(TypeError, match="asked of all rows"):
        prepared.prepared(in_months)(ReportingPeriod.objects.filter(closed_at=None), [date(2025, 4, 1)])


def test_what_it_cannot_prepare_is_refused_when_it_is_written():
    def prefetches(rows, code: str) -> QuerySet:
        return rows.filter(code=code).prefetch_related("aims")

    def locks(rows, code: str) -> QuerySet:
        return rows.filter(code=code).select_for_update()

    def loses(rows, code: str, other: int) -> QuerySet:
        return rows.filter(code=code)[: other % 3 + 1]

    def searches(rows, word: str) -> QuerySet:
        return rows.filter(title__icontains=word)

    for written, values in ((prefetches, ["D-1"]), (locks, ["D-1"]), (loses, ["D-1", 3]), (searches, ["a"])):
        with pytest.raises(TypeError, match="prepared"):
            ask(written, Deliverable, *values)
    for value in (clock.now(), 1.5, object()):
        with pytest.raises(TypeError, match="takes no"):
            ask(searches, Deliverable, value)


def test_no_more_than_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 3)
    prepared.made.clear()
    for length in range(7):
        ask(in_months, ReportingPeriod, [date(2025, 4, 1)] * 2**length)
        assert len(prepared.made) <= 3


def test_a_list_too_long_to_be_worth_it_is_read_as_ever():
    factories.plan_year()
    prepared.made.clear()
    assert len(ask(in_months, ReportingPeriod, [date(2025, 4, 1) + timedelta(days=day) for day in range(1500)])) == 12
    assert prepared.made == {}


def test_a_number_that_no_column_holds_finds_nothing():
    factories.deliverable("D-1")

    def placed(rows, order: int) -> QuerySet:
        return rows.filter(order__gte=order)

    for number in (2**15, 2**31, 2**63, 10**30):
        assert ask(placed, Deliverable, number) == []
    assert len(ask(placed, Deliverable, -(10**30))) == 1


def test_nothing_found_is_not_found():
    with pytest.raises(Http404):
        one_or_404([])
    assert one_or_404([3]) == 3


def test_every_page_is_read_as_if_nothing_were_prepared_and_nothing_is_kept_of_the_moment(monkeypatch):
    """All that the pages prepare: beside the plain queryset, and put together where neither clock nor settings answer."""
    people, seen = make_people(), set()
    grow(1, people)
    plain = prepared.statement_of

    def beside(written, rows, values):
        with monkeypatch.context() as deaf:
            for place in ("strategy_portal.clock.today", "strategy_portal.clock.now"):
                deaf.setattr(place, not_now)
            deaf.setattr("people.querysets.settings", None)
            statement = plain(written, rows, values)
        seen.add(written.__name__)
        return Both(statement, written, rows, values)

    prepared.made.clear()
    monkeypatch.setattr(prepared, "statement_of", beside)
    for address, person, _ in PAGES:
        assert signed_in(people[person]).get(address.format(priya=people["Priya"].pk)).status_code == 200
    work_out(factories.november())
    assert len(seen) > 40 and {"said_of", "newest_of", "placed", "first_ahead"} <= seen


def not_now(*_: Any) -> None:
    raise AssertionError("What is prepared asked for the time.")


class Both:
    def __init__(self, statement, written, rows, values) -> None:
        self.statement, self.plain = statement, written(rows, *values)

    def ask(self, values: list[Any]) -> list[Any]:
        found = self.statement.ask(values)
        assert list(map(held, found)) == list(map(held, self.plain))
        return found


def held(row: Any) -> Any:
    return {name: value for name, value in vars(row).items() if name != "_state"} if hasattr(row, "_meta") else row
