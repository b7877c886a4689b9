"""The rule, case by case, and what must hold for any lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.ratings import direction
from reports.rollup import NOTHING_PLANNED, WORST_FIRST, Line, headline, summarise

RATINGS = list(WORST_FIRST)


def spread(**counts: int) -> dict[str, int]:
    return dict.fromkeys(WORST_FIRST, 0) | counts


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({}, NOTHING_PLANNED),
        ({"on_track": 9}, "on_track"),
        ({"complete": 9}, "complete"),
        ({"complete": 8, "on_track": 1}, "on_track"),
        ({"on_track": 999, "off_track": 1}, "off_track"),
        ({"on_track": 999, "at_risk": 1}, "at_risk"),
        ({"on_track": 999, "not_reported": 1}, "at_risk"),
        ({"complete": 3, "not_reported": 1}, "at_risk"),
        ({"not_reported": 9}, "at_risk"),
        ({"off_track": 1, "not_reported": 8}, "off_track"),
    ],
)
def test_the_headline_is_the_worst_and_silence_is_never_green(counts, expected):
    assert headline(spread(**counts)) == expected


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ("on_track", None, "new"),
        ("on_track", "on_track", "same"),
        ("at_risk", "on_track", "worse"),
        ("off_track", "at_risk", "worse"),
        ("complete", "on_track", "better"),
        ("on_track", "off_track", "better"),
        ("not_reported", "on_track", "worse"),
        ("not_reported", "at_risk", "worse"),
        ("not_reported", "off_track", "worse"),
        ("not_reported", "not_reported", "same"),
        ("on_track", "not_reported", "better"),
        (NOTHING_PLANNED, "on_track", "new"),
        ("on_track", NOTHING_PLANNED, "new"),
    ],
)
def test_direction_compares_with_the_period_before(now, before, expected):
    assert direction(now, before) == expected


def line(number: int, rating: str, before: str | None, priority: str, principles: tuple[str, ...], due: int, done: int) -> Line:
    return Line(number, f"D-{number}", f"Deliverable {number}", priority, principles, rating, before, due, done)


principles = st.lists(st.sampled_from(["PREVENTION", "EQUITY", "INTEGRATION"]), unique=True).map(tuple)
some_lines = st.lists(
    st.tuples(
        st.sampled_from(RATINGS),
        st.none() | st.sampled_from(RATINGS),
        st.sampled_from(["P1", "P2", "P3"]),
        principles,
        st.integers(0, 5),
    ),
    max_size=40,
).map(lambda rows: [line(n, r, b, p, q, due, due // 2) for n, (r, b, p, q, due) in enumerate(rows)])


def of(lines: list[Line]):
    return summarise(lines, ["P1", "P2", "P3"], ["PREVENTION", "EQUITY", "INTEGRATION"])


@given(some_lines)
def test_each_deliverable_counts_once_in_its_priority_and_once_in_each_principle(lines):
    summary = of(lines)
    assert summary.plan.expected == len(lines) == sum(g.expected for g in summary.priorities.values())
    for code, group in summary.principles.items():
        assert group.expected == sum(code in line.principles for line in lines)
    assert summary.untagged.total == sum(not line.principles for line in lines)


@given(some_lines)
def test_nothing_is_on_track_while_one_deliverable_is_silent_or_worse(lines):
    for group in (of(lines).plan, *of(lines).priorities.values()):
        bad = sum(group.distribution[code] for code in ("off_track", "at_risk", "not_reported"))
        assert (group.headline in ("on_track", "complete")) == (group.expected > 0 and bad == 0)
        assert group.reported + group.distribution["not_reported"] == group.expected


def test_a_headline_is_not_better_because_the_worst_fell_silent():
    group = of([line(1, "not_reported", "off_track", "P1", (), 0, 0), line(2, "on_track", "on_track", "P1", (), 0, 0)]).plan
    assert (group.headline, group.headline_before, group.direction) == ("at_risk", "off_track", "same")


@given(some_lines)
def test_nothing_is_better_while_someone_is_silent(lines):
    summary = of(lines)
    for group in (summary.plan, *summary.priorities.values(), *summary.principles.values()):
        assert not (group.direction == "better" and group.distribution["not_reported"])


@given(some_lines)
def test_the_plan_is_as_bad_as_its_worst_priority(lines):
    summary = of(lines)
    worst = [g.headline for g in summary.priorities.values() if g.headline != NOTHING_PLANNED]
    for code in ("off_track", "at_risk"):
        assert (summary.plan.headline == code) == (code in worst and not (code == "at_risk" and "off_track" in worst))


@given(some_lines)
def test_what_is_put_before_the_board_is_worst_first_and_nothing_is_dropped_unsaid(lines):
    shown = of(lines).attention
    ranks = [WORST_FIRST.index(line.rating) for line in shown.lines]
    assert ranks == sorted(ranks)
    assert shown.total == sum(line.rating in ("off_track", "at_risk", "not_reported") for line in lines)
    assert len(shown.lines) == min(10, shown.total)


@given(some_lines, st.randoms())
def test_the_order_of_the_lines_changes_no_figure(lines, random):
    mixed = random.sample(lines, len(lines))
    assert of(lines).plan == of(mixed).plan
    assert of(lines).priorities == of(mixed).priorities
