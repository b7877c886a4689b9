"""What someone manages goes to somebody else in one step."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables.actions.hand_over import hand_over
from deliverables.models import Deliverable
from people.models import User
from reports.actions import check_reports
from strategy_portal.editing import Refused, edits_of
from tests import factories
from tests.reports.test_issue import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    made = {name: factories.person("programme_manager", name) for name in ("Priya", "Sam", "Tara")}
    return made | {"Ada": factories.person("administrator", "Ada")}


def managed(*managers: User, code: str = "HW-1", **more) -> Deliverable:
    made = factories.deliverable(code, principles=("EQUITY",), lead=factories.organisation(), **more)
    made.managers.set(managers)
    return made


def act(people, *works: Deliverable, to: str = "Sam") -> list[Deliverable]:
    numbers = [work.pk for work in works]
    return hand_over(by=people["Ada"], leaver=people["Priya"], successor=people[to].pk, deliverables=numbers)[1]


def names(work: Deliverable) -> set[str]:
    return {person.name for person in work.managers.all()}


def test_the_successor_stands_where_the_leaver_stood_and_the_history_keeps_both(people):
    alone, beside, both = (
        managed(people["Priya"]),
        managed(people["Priya"], people["Tara"], code="HW-2"),
        managed(people["Priya"], people["Sam"], code="HW-3"),
    )
    assert act(people, alone, beside, both) == [alone, beside, both]
    assert [names(work) for work in (alone, beside, both)] == [{"Sam"}, {"Sam", "Tara"}, {"Sam"}]
    newest, before, *_ = edits_of(alone.history.all())
    assert (newest.by, newest.reason) == ("Ada", "Handed over by Priya to Sam")
    assert [(change.label, change.before, change.after) for change in newest.changes] == [("Managers", "Priya", "Sam")]
    assert before.what == "Changed"


def test_the_history_of_what_moved_is_dated_by_the_portals_clock(people, set_today):
    work = managed(people["Priya"])
    set_today(date(2026, 2, 10))
    act(people, work)
    assert edits_of(work.history.all())[0].at.date() == date(2026, 2, 10)


def test_what_is_not_hers_or_not_named_or_over_stays(people):
    hers, other, not_named, stopped = (
        managed(people["Priya"]),
        managed(people["Tara"], code="HW-2"),
        managed(people["Priya"], code="HW-3"),
        managed(people["Priya"], code="HW-4", stopped_on="2025-11-01", stop_reason="Done."),
    )
    assert act(people, hers, other, stopped) == [hers]
    assert [names(work) for work in (other, not_named, stopped)] == [{"Tara"}, {"Priya"}, {"Priya"}]


def test_handing_over_twice_moves_once(people):
    work = managed(people["Priya"])
    act(people, work)
    edits = work.history.count()
    assert act(people, work) == [] and work.history.count() == edits


@pytest.mark.parametrize("to", ["Priya", "Ada"])
def test_a_successor_is_somebody_else_who_can_report(people, to):
    work = managed(people["Priya"])
    with pytest.raises(Refused, match="can report progress") as refused:
        act(people, work, to=to)
    assert refused.value.field == "successor" and names(work) == {"Priya"}


def test_issued_reports_stay_and_are_proved_from_the_log(people):
    work = managed(people["Priya"])
    factories.update(work, by=people["Priya"], month=factories.october())
    report = factories.issue(factories.october())
    before = stored(report)
    act(people, work)
    report.refresh_from_db()
    assert stored(report) == before and check_reports().faults == []
    later = factories.issue(factories.november())
    assert check_reports().faults == []
    assert [line.content["principles"] for line in later.lines.all()] == [["EQUITY"]]


def test_many_cost_no_more_statements_than_one(people):
    counts = []
    for number in (1, 12):
        works = [managed(people["Priya"], code=f"D-{number}-{n}") for n in range(number)]
        with CaptureQueriesContext(connection) as captured:
            act(people, *works)
        asked = [one["sql"] for one in captured if not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", one["sql"])]
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12, "with session, person and leaver no more than a save may cost"


def test_what_a_leaver_leaves_is_what_she_manages_and_what_nobody_else_could_report(people):
    lone = factories.person("programme_manager", "Lone", factories.organisation("small"))
    hers = managed(people["Priya"])
    hers_alone = factories.deliverable("HW-2")
    hers_alone.managers.add(people["Priya"])
    managed(code="HW-3")
    by_lead = factories.deliverable("HW-4", lead=factories.organisation("small"))
    left = {work: work.has_others for work in Deliverable.objects.not_over().left_by(people["Priya"])}
    assert left == {hers: True, hers_alone: False}
    assert list(Deliverable.objects.left_by(lone)) == [by_lead]
