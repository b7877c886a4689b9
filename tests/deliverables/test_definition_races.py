"""Two at once over one definition, on PostgreSQL, where they really meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from deliverables.actions import (
    AlreadyAsked,
    CannotAsk,
    CannotDecide,
    advance_definition,
    ask_definition_change,
    change_deliverable,
    decide_definition_change,
    draft_definition,
    put_all_into_force,
)
from deliverables.models import DefinitionChange, Deliverable
from reports.actions import CannotIssue, check_reports
from strategy_portal import clock
from strategy_portal.editing import Overtaken, seen_of
from tests import factories

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
WORDS = {"summary": "Homes.", "measure": "800 homes", "starts_on": date(2025, 4, 1), "due_on": date(2026, 3, 31)}
REFUSALS = (AlreadyAsked, CannotAsk, CannotDecide, CannotIssue, Overtaken)


def together(*works):
    """All at the same moment, each with a connection of its own. What each returned, or how it was refused."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            barrier.wait()
            return work()
        except REFUSALS as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def people():
    return [factories.person("programme_manager"), factories.person("outcomes_group", "Olu"), factories.person("viewer", "Bea")]


def baselined(code: str = "HW-1") -> Deliverable:
    made = factories.deliverable(code, lead=factories.organisation(), maturity="baselined", measure="800 homes")
    return Deliverable.objects.select_related("plan_year").get(pk=made.pk)


def ask(row, by, title: str, since: str = "2025-12-01") -> DefinitionChange:
    given = {"values": {"title": title}, "takes_effect": factories.period_of(since), "why": "Why.", "effect": "What."}
    return ask_definition_change(by=by, deliverable=row, seen=seen_of(row), **given)


def test_of_two_who_ask_at_once_one_is_told_that_a_change_waits(people):
    row = baselined()
    results = together(*[lambda by=by: ask(row, by, f"By {by.name}") for by in people[:2]])
    assert sorted(type(result).__name__ for result in results) == ["AlreadyAsked", "DefinitionChange"]
    assert DefinitionChange.objects.count() == 1


def test_accepting_and_declining_at_once_leaves_one_word(people):
    priya, *group = people
    for n in range(4):
        row = baselined(f"D-{n}")
        change = DefinitionChange.objects.select_related("deliverable__plan_year").get(pk=ask(row, priya, "New").pk)
        words = [{"agreed": True}, {"agreed": False, "answer": "No."}]
        works = [
            lambda by=by, word=word: decide_definition_change(by=by, change=change, **word)  # noqa: B023
            for by, word in zip(group, words, strict=True)
        ]
        assert len({(one.agreed, one.decided_by_id) for one in together(*works)}) == 1
        change.refresh_from_db()
        assert change.is_in_force is bool(change.agreed)
        assert Deliverable.objects.get(pk=row.pk).title == ("New" if change.agreed else f"Deliverable D-{n}")


def test_four_sweeps_at_once_put_it_into_force_once(people):
    row = baselined()
    change = DefinitionChange.objects.select_related("deliverable__plan_year").get(pk=ask(row, people[0], "New", "2026-01-01").pk)
    decide_definition_change(by=people[1], change=change, agreed=True)

    def sweep() -> int:
        with clock.fixed(clock.on(date(2026, 1, 1))):
            return put_all_into_force()

    assert sorted(together(*[sweep] * 4)) == [0, 0, 0, 1]
    change.refresh_from_db()
    assert change.was == {"title": "Deliverable HW-1"} and row.history.filter(title="New").count() == 1


def test_words_are_agreed_as_they_were_read_or_not_at_all(people):
    priya, olu, _ = people
    for n in range(4):
        made = factories.deliverable(f"D-{n}", lead=factories.organisation())
        row = Deliverable.objects.select_related("plan_year").get(pk=made.pk)
        draft_definition(by=priya, deliverable=row, seen=seen_of(row), values=WORDS, ready=True)
        seen = seen_of(row)
        later = {"values": WORDS | {"measure": "900 homes"}, "ready": True}
        together(
            lambda: draft_definition(by=priya, deliverable=row, seen=seen, **later),  # noqa: B023
            lambda: advance_definition(by=olu, deliverable=row, to="agreed", seen=seen),  # noqa: B023
        )
        row.refresh_from_db()
        assert (row.maturity, row.measure) in (("agreed", "800 homes"), ("drafted", "900 homes"))


def test_two_administrators_at_once_write_over_nobody(people):
    row = baselined()
    Deliverable.objects.filter(pk=row.pk).update(maturity="drafted")
    seen = seen_of(row)
    works = [
        lambda by=by: change_deliverable(by=by, deliverable=row, seen=seen, values={"title": f"By {by.name}"}, links={})
        for by in people[:2]
    ]
    assert sorted(type(result).__name__ for result in together(*works)) == ["Deliverable", "Overtaken"]
    assert row.history.filter(title__startswith="By ").count() == 1


def test_a_change_agreed_while_its_month_is_issued_is_proved_either_way(people):
    priya, olu, bea = people
    row = baselined()
    asked = ask(row, priya, "New", "2025-11-01")
    change = DefinitionChange.objects.select_related("deliverable__plan_year").get(pk=asked.pk)
    together(
        lambda: factories.issue(factories.november(), by=olu),
        lambda: decide_definition_change(by=bea, change=change, agreed=True),
    )
    assert check_reports().faults == []
    change.refresh_from_db()
    names = [line.content["name"] for report in factories.november().reports.all() for line in report.lines.all()]
    assert names in ([], ["New" if str(change.takes_effect) == "November 2025" else "Deliverable HW-1"])
