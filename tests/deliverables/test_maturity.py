"""What stands between one step of a definition and the next: pure."""

from dataclasses import replace
from datetime import date

import pytest

from deliverables.definition import Agreed, differing, otherwise
from deliverables.maturity import LADDER, NAMES, Facts, checklist, in_the_way, missing, next_step, wrote
from deliverables.models import Deliverable

DAY = date(2025, 4, 1)
WHOLE = Facts("expected", "Words.", True, True, "800 homes", DAY, date(2026, 3, 31), 3, 0)


def test_the_ladder_is_that_of_the_rows():
    assert tuple(Deliverable.Maturity.values) == LADDER and list(NAMES.values()) == Deliverable.Maturity.labels
    assert [next_step(step) for step in LADDER] == ["drafted", "agreed", "baselined", ""]


def test_nothing_stands_in_the_way_of_what_is_whole():
    for step in LADDER:
        assert in_the_way(replace(WHOLE, maturity=step)) == []
    assert all(check.done for check in checklist(WHOLE))


@pytest.mark.parametrize(
    "gap, missed_by",
    [
        ({"summary": ""}, {"drafted": ["summary"], "agreed": ["summary"], "baselined": ["summary"]}),
        ({"measure": ""}, {"drafted": ["measure"], "agreed": ["measure"], "baselined": ["measure"]}),
        ({"lead": False}, {"drafted": [], "agreed": ["lead"], "baselined": ["lead"]}),
        ({"reporters": False}, {"drafted": [], "agreed": ["manager"], "baselined": ["manager"]}),
        ({"starts_on": None}, {"drafted": [], "agreed": ["dates"], "baselined": ["dates"]}),
        ({"due_on": None}, {"drafted": [], "agreed": ["dates"], "baselined": ["dates"]}),
        ({"milestones": 0}, {"drafted": [], "agreed": [], "baselined": ["milestones"]}),
        ({"late_milestones": 1}, {"drafted": [], "agreed": [], "baselined": ["milestones"]}),
    ],
)
def test_each_gap_stands_before_the_step_that_needs_it(gap, missed_by):
    facts = replace(WHOLE, **gap)
    assert {step: [check.code for check in missing(facts, step)] for step in LADDER[1:]} == missed_by


def test_it_says_what_is_to_be_done():
    words = {check.code: check.words for check in checklist(Facts("expected", "", False, False, "", None, None, 0, 0))}
    assert words["manager"] == "Nobody who can sign in reports on it. An administrator names a manager."
    assert words["milestones"] == "Set at least one dated milestone."
    assert {check.words for check in checklist(WHOLE)} == {"Set.", "3 milestones are set."}
    late = {check.code: check.words for check in checklist(replace(WHOLE, late_milestones=2))}
    assert late["milestones"] == "2 milestones are after the day on which it is due. Change one date or the other."


ADA, PRIYA, OLU = 1, 2, 3


@pytest.mark.parametrize(
    "records, writers",
    [
        ([], set()),
        ([(None, "expected", "a")], set()),  # the portal set it up
        ([(None, "expected", "a"), (PRIYA, "expected", "b")], {PRIYA}),
        ([(None, "expected", "a"), (PRIYA, "drafted", "a")], {PRIYA}),  # she sent what another had worded
        ([(None, "expected", "a"), (PRIYA, "drafted", "b"), (OLU, "agreed", "b"), (OLU, "baselined", "b")], {PRIYA}),
        ([(None, "expected", "a"), (ADA, "expected", "a")], set()),  # something else than the definition
        ([(ADA, "expected", "a"), (PRIYA, "drafted", "b"), (OLU, "expected", "b")], {ADA, PRIYA}),
    ],
)
def test_who_has_worded_it(records, writers):
    assert wrote(records) == writers


OLD, NEW, NEWEST = {"title": "Old"}, {"title": "New"}, {"title": "Newest"}


@pytest.mark.parametrize(
    "changes, reads",
    [
        ([], {}),
        ([Agreed(NEW, OLD, has_begun=True, is_in_force=True)], {}),
        ([Agreed(NEW, OLD, has_begun=False, is_in_force=True)], OLD),
        ([Agreed(NEW, OLD, has_begun=True, is_in_force=False)], NEW),
        ([Agreed(NEW, OLD, has_begun=False, is_in_force=False)], {}),
        ([Agreed(NEW, OLD, False, True), Agreed(NEWEST, NEW, False, True)], OLD),
        ([Agreed(NEW, OLD, True, True), Agreed(NEWEST, NEW, False, True)], NEW),
        ([Agreed(NEW, OLD, True, False), Agreed(NEWEST, NEW, True, False)], NEWEST),
        ([Agreed(NEW, OLD, True, True), Agreed({"measure": "b"}, {"measure": "a"}, False, True)], {"measure": "a"}),
    ],
)
def test_which_wording_is_in_force(changes, reads):
    assert otherwise(changes) == reads


def test_what_differs_is_what_the_second_says_otherwise():
    assert differing({"a": 1, "b": 2}, {"a": 1, "b": 3}) == {"b": 3}
