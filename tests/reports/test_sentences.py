"""Figures in plain sentences, as the board reads them."""

from datetime import date

import pytest
from plotly.graph_objects import Figure

from deliverables.ratings import NAMES
from reports import sentences
from reports.charts import STACK, draw, forecast_mark, months
from reports.explanation import because
from reports.gather import Live, position_of
from reports.rollup import WORST_FIRST, headline
from tests import factories


def content(**counts):
    spread = dict.fromkeys(WORST_FIRST, 0) | counts
    nothing = {"lines": [], "total": 0}
    return {
        "plan": {"distribution": spread, "expected": sum(spread.values())},
        "before": {"short": "October"},
        "worse": nothing,
        "better": nothing,
        "attention": {"lines": []},
        "months": [{"short": "October", **spread}, {"short": "November", **spread}],
        "milestones": {"rows": []},
        "period": {"ends_on": "2025-11-30"},
    }


@pytest.mark.parametrize(
    ("counts", "lead", "rest"),
    [
        (
            {"on_track": 5, "complete": 1, "at_risk": 2, "off_track": 1},
            "5 of 9 deliverables are on track.",
            "One is complete, two are at risk and one is off track.",
        ),
        ({"on_track": 1}, "1 of 1 deliverable is on track.", ""),
        ({"not_reported": 9}, "0 of 9 deliverables are on track.", "Nine have not reported."),
        ({"on_track": 1, "not_reported": 1}, "1 of 2 deliverables is on track.", "One has not reported."),
        ({"on_track": 8000, "at_risk": 2000}, "8,000 of 10,000 deliverables are on track.", "2,000 are at risk."),
        ({}, "No deliverables are planned yet.", ""),
    ],
)
def test_the_first_sentence_and_those_after_it(counts, lead, rest):
    said = sentences.position(content(**counts))
    assert (said["lead"], said["rest"]) == (lead, rest)


def test_what_fell_silent_is_not_said_to_have_moved():
    made = content(on_track=1, not_reported=1)
    made["worse"] = {"lines": [{"name": "Sensors", "rating": "not_reported", "before": "off_track"}], "total": 1}
    assert "moved" not in sentences.position(made)["rest"]


def test_what_has_long_been_off_track_is_said():
    made = content(off_track=1)
    made["attention"] = {"lines": [{"name": "Sensors", "rating": "off_track", "running": 3}]}
    assert "Sensors has been off track for three months." in sentences.position(made)["rest"]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"off_track": 1, "at_risk": 3}, "The headline is off track because one is off track."),
        (
            {"at_risk": 2, "not_reported": 1},
            "The headline is at risk because two are at risk and one has not been reported, and none is off track.",
        ),
        ({"not_reported": 2}, "The headline is at risk because two have not been reported, and none is off track."),
        ({"complete": 2}, "The headline is complete because every deliverable is complete."),
        ({"on_track": 2, "complete": 1}, "The headline is on track because none is off track, at risk or unreported."),
        ({}, "There is no deliverable to count."),
    ],
)
def test_each_headline_explains_itself(counts, expected):
    spread = dict.fromkeys(WORST_FIRST, 0) | counts
    assert because({"distribution": spread, "headline": headline(spread)}) == expected


def test_the_chart_of_months_holds_the_figures_of_its_table():
    made = content(on_track=5, off_track=1)
    chart = months(made)
    assert [bar["name"] for bar in chart["data"]] == [NAMES[code] for code in STACK]
    for bar, code in zip(chart["data"], STACK, strict=True):
        assert bar["y"] == [month[code] for month in made["months"]]
    assert "template" not in chart["layout"]


def test_a_milestone_is_marked_by_shape_as_well_as_colour():
    marks = [
        forecast_mark(row) for row in ({"overdue": True, "slip": 9}, {"overdue": False, "slip": 9}, {"overdue": False, "slip": 0})
    ]
    assert len({shape for shape, _ in marks}) == len({colour for _, colour in marks}) == 3


def test_plotly_knows_every_figure_of_a_report(db):
    """What it does not know it refuses: a property that was misspelt, a pattern that there is not."""
    factories.milestone(factories.deliverable(principles=("EQUITY",)), baseline=date(2025, 12, 5))
    made = position_of(Live(factories.november()))[0]
    for name, figure in draw(made).items():
        checked = Figure(figure).to_plotly_json()
        assert checked["layout"].keys() - {"template"} == figure["layout"].keys(), name
    with pytest.raises(ValueError):
        Figure({"data": [{"type": "bar", "colour": "red"}]})
