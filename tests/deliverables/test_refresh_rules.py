"""What becomes of each promise: the rules, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.refresh.rules import ENDS, FATES, MOST_PARTS, Choice, Decided, Promise, decide

P1, P2 = Promise("p1", "P1", "Work", "Say."), Promise("p2", "P2", "Children", "Say.")
P3 = Promise("p3", "P3", "Homes", "Say.")
A1 = Promise("d1", "A-1", "First", "Words.", "Short", under="p1")
A2, B1 = Promise("d2", "A-2", "Second", "", under="p1"), Promise("d3", "B-1", "Third", "", under="p2")
C1, C2 = Promise("c1", "C-1", "", "We will.", under="t1"), Promise("c2", "C-2", "", "We shall.", under="t1")
GONE = Promise("d4", "B-2", "Fourth", "", under="p2", stopped="No money.")
ALL = [P1, A1, A2, P2, B1, GONE, C1, C2]


def decided(*more: Promise, **choices: Choice) -> Decided:
    return decide([*ALL, *more], choices)


def said(*more: Promise, **choices: Choice) -> list[tuple[str, str]]:
    return [(problem.key, problem.field) for problem in decided(*more, **choices).problems]


def test_whatever_is_left_alone_is_carried_on_and_what_was_stopped_stays_stopped():
    found = decided()
    assert found.problems == []
    assert list(found.goings) == ["p1", "p2", "d1", "d2", "d3", "c1", "c2"]
    assert (found.fates["d4"].fate, found.fates["d4"].reason, found.becomes["d4"]) == ("stopped", "No money.", [])


def test_what_is_reworded_has_its_new_words():
    going = decided(d1=Choice("reworded", name=" New ", words="Other\r\nwords.", short="")).goings["d1"]
    assert (going.code, going.name, going.words, going.short) == ("A-1", "New", "Other\nwords.", "")


def test_a_short_title_that_was_left_alone_goes_with_the_old_title():
    for choice, short in (
        (Choice("reworded", name="New", words="Words.", short="Short"), ""),
        (Choice("reworded", name="New", words="Words.", short="Brief"), "Brief"),
        (Choice("reworded", name="First", words="Other words.", short="Short"), "Short"),
    ):
        assert decided(d1=choice).goings["d1"].short == short


def test_where_a_priority_ends_its_deliverables_go_where_there_is_one_natural_place():
    def homes(*more: Promise, **choices: Choice) -> list[str]:
        goings = decided(*more, **choices).goings
        return [goings[key].under for key in ("d1", "d2")]

    parts, stopped = Choice("split", parts="One\nTwo"), Choice("stopped", reason="Why.")
    assert homes(p1=parts) == ["p1.1", "p1.1"]
    assert homes(p1=parts, d1=Choice(under="p1.2"), d2=Choice(under="p2")) == ["p1.2", "p2"]
    assert homes(p1=stopped) == ["p2", "p2"]
    assert homes(P3, p1=stopped) == ["", ""]


def test_what_is_split_gets_the_codes_that_follow_past_those_that_are_taken():
    taken = Promise("d9", "A-1B", "Taken", "", under="p1")
    found = decide([*ALL, taken], {"d1": Choice("split", parts="- One\n\n2. Two\n* Three")})
    assert [(found.goings[key].code, found.goings[key].name) for key in found.becomes["d1"]] == [
        ("A-1A", "One"),
        ("A-1C", "Two"),
        ("A-1D", "Three"),
    ]


def test_what_is_merged_goes_where_the_other_goes():
    found = decided(d1=Choice("merged", into="b-1 Third"), d3=Choice("reworded", name="Both"))
    assert found.becomes["d1"] == found.becomes["d3"] == ["d3"]
    assert found.goings["d3"].merged == (A1,) and "d1" not in found.goings


def test_the_deliverables_of_a_merged_priority_go_with_it():
    found = decided(p1=Choice("merged", into="P2"))
    assert found.problems == [] and {found.goings[key].under for key in ("d1", "d2", "d3")} == {"p2"}


@pytest.mark.parametrize(
    ("key", "choice", "field"),
    [
        ("d1", Choice("nonsense"), "fate"),
        ("d1", Choice("reworded", name=" "), "name"),
        ("d1", Choice("reworded", name="First", words="Words.", short="Short"), "name"),
        ("d1", Choice("reworded", name="x" * 201), "name"),
        ("d1", Choice("reworded", name="New", short="x" * 81), "short"),
        ("c1", Choice("reworded", name="Title only"), "words"),
        ("d1", Choice("merged"), "into"),
        ("d1", Choice("merged", into="Z-9"), "into"),
        ("d1", Choice("merged", into="A-1"), "into"),
        ("d1", Choice("merged", into="B-2"), "into"),
        ("d1", Choice("merged", into="C-1"), "into"),
        ("d1", Choice("split", parts="One"), "parts"),
        ("d1", Choice("split", parts="One\none"), "parts"),
        ("d1", Choice("split", parts="\n".join("abcdefghij")), "parts"),
        ("p1", Choice("split", parts=f"One\n{'x' * 121}"), "parts"),
        ("d1", Choice("stopped", reason=" \n"), "reason"),
        ("c1", Choice("completed"), "reason"),
        ("c1", Choice("completed", reason="x" * 1001), "reason"),
    ],
)
def test_what_is_missing_is_said_beside_its_row(key, choice, field):
    assert (key, field) in said(**{key: choice})


@pytest.mark.parametrize(
    ("key", "choice"),
    [
        ("d1", Choice("reworded", name="x" * 200, short="x" * 80, words="x" * 4000)),
        ("p1", Choice("split", parts=f"One\n{'x' * 120}")),
        ("d1", Choice("split", parts="\n".join("abcdefghi"))),
        ("c1", Choice("completed", reason="x" * 1000)),
    ],
)
def test_what_fits_to_the_last_letter_is_taken(key, choice):
    assert {field for _, field in said(**{key: choice})} <= {"under"}  # which is said of others


def test_a_promise_is_called_by_its_code_and_the_shortest_words_that_it_has():
    assert [one.label for one in (A1, A2, C1)] == ["A-1 Short", "A-2 Second", "C-1 We will."]


def test_nothing_is_merged_into_what_is_merged_itself():
    assert said(d1=Choice("merged", into="A-2"), d2=Choice("merged", into="A-1")) == [("d1", "into"), ("d2", "into")]


def test_deliverables_of_a_priority_that_ends_or_is_split_say_where_they_go_on():
    ends = Choice("stopped", reason="Done.")
    assert said(P3, p1=ends) == [("d1", "under"), ("d2", "under")]
    assert said(P3, p1=ends, d1=Choice(under="p1"), d2=Choice("stopped", reason="Too.")) == [("d1", "under")]
    found = decided(p1=Choice("split", parts="One\nTwo"), d1=Choice(under="p1.2"), d2=Choice("split", parts="x\ny", under="p2"))
    assert found.problems == []
    assert [found.goings[key].under for key in ("d1", "d2.1", "d2.2")] == ["p1.2", "p2", "p2"]


words = st.text("ab \n-", max_size=6)
choices = st.builds(
    Choice,
    fate=st.sampled_from([*FATES, "", "other"]),
    name=words,
    words=words,
    into=st.sampled_from(["", "P1", "P2", "A-1", "A-2", "B-1", "B-2", "C-1", "C-2", "?"]),
    parts=st.lists(words, max_size=MOST_PARTS + 2).map("\n".join),
    reason=words,
    under=st.sampled_from(["", "p1", "p2", "p1.1", "p2.2", "d1", "?"]),
)


@given(st.dictionaries(st.sampled_from([one.key for one in ALL]), choices))
def test_whatever_is_typed_each_promise_has_one_fate_and_nothing_vanishes(typed):
    found = decide(ALL, typed)
    assert set(found.fates) == {one.key for one in ALL}
    if found.problems:
        return
    for one in ALL:
        fate, became = found.fates[one.key].fate, found.becomes[one.key]
        assert fate in FATES and (fate in ENDS) == (became == [])
        assert all(key in found.goings for key in became)
        assert len(became) == 1 or fate == "split" or fate in ENDS
    held = [key for became in found.becomes.values() for key in became]
    assert set(held) == set(found.goings)
    for going in found.goings.values():
        assert held.count(going.key) == 1 + len(going.merged)
        assert going.kind != "d" or found.goings[going.under].kind == "p"
    codes = [(going.kind, going.code) for going in found.goings.values()]
    assert len(set(codes)) == len(codes)
