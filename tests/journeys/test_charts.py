"""The page first, the chart later: fetched when it comes into view, drawn with its marks, and equal to its table."""

import re
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.pages import GroupPage, Overview
from tests.journeys.places import BEA, OLU
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey

REQUESTS, KILOBYTES = 8, 60  # of a first load, at most


def test_the_first_load_is_small_and_fetches_no_chart(stage: Stage) -> None:
    visit = stage.visit(BEA, height=700)
    visit.page.goto(f"{visit.address}/", wait_until="networkidle")
    asked = [request for request in visit.watch.asked if not request.url.startswith("data:")]
    assert len(asked) <= REQUESTS, [request.url for request in asked]
    assert not plotly_in(asked)
    sizes = {request.url: request.sizes()["responseBodySize"] + request.sizes()["responseHeadersSize"] for request in asked}
    assert sum(sizes.values()) <= KILOBYTES * 1024, sizes


def test_the_charts_are_drawn_when_they_come_into_view_and_fetched_once(stage: Stage) -> None:
    page = GroupPage(stage.visit(OLU, height=400)).open()
    page.page.wait_for_load_state("networkidle")
    assert not plotly_in(page.visit.watch.asked)
    milestones, months = drawn(page.page, "milestones-figure"), drawn(page.page, "months-figure")
    assert milestones.locator(".scatterlayer .point").count() > 0
    assert months.locator(".barlayer .point").count() > 0
    assert len(plotly_in(page.visit.watch.asked)) == 1


def test_the_plan_on_a_page_brings_the_burn_down_when_it_comes_into_view(stage: Stage) -> None:
    visit = stage.visit(BEA, height=700)
    visit.open("/priorities/")
    section = visit.page.get_by_role("region", name="How definitions matured over the first quarter")
    expect(section.get_by_role("table")).to_have_count(0)
    section.scroll_into_view_if_needed()
    figure = drawn(visit.page, "definitions-figure")
    assert figure.locator(".barlayer .point").count() > 0
    weeks = section.get_by_role("table", name="Definitions by maturity at the end of each week").get_by_role("row")
    assert next(cell.inner_text() for cell in weeks.last.locator("th, td").all()) == "30 June"


def test_the_bars_are_those_of_the_table(stage: Stage) -> None:
    page = Overview(stage.visit(BEA)).open().page
    figure = drawn(page, "months-figure")
    page.get_by_text("Table of status by month").click()
    table = numbers_of(figure.get_by_role("table"))
    assert {trace["name"]: trace["y"] for trace in data_of(figure)} == table
    high = "paths => paths.filter((path) => path.getBBox().height > 0).length"
    bars = figure.locator(".barlayer .point path").evaluate_all(high)
    assert bars == sum(1 for numbers in table.values() for number in numbers if number)


def test_every_rating_has_its_colour_in_the_bars(stage: Stage) -> None:
    figure = drawn(Overview(stage.visit(BEA)).open().page, "months-figure")
    assert {trace["name"]: trace["paint"] for trace in painted(figure)} == COLOURS


def test_the_marks_of_the_milestones_are_those_of_the_table(stage: Stage) -> None:
    page = GroupPage(stage.visit(OLU)).open()
    figure = drawn(page.page, "milestones-figure")
    rows = [[cell.inner_text() for cell in row.get_by_role("cell").all()] for row in figure.get_by_role("row").all()[1:]]
    days = {trace["name"]: trace["x"] for trace in data_of(figure)}
    assert [iso(row[1]) for row in rows] == days["Baseline"]
    assert [iso(row[2]) for row in rows] == days["Forecast"]
    assert figure.locator(".scatterlayer .point").count() == 2 * len(rows)


MOVES = [("/", "months-figure"), ("/outcomes-group/", "milestones-figure")]


@pytest.mark.parametrize(("path", "name"), MOVES)
def test_drawing_a_chart_moves_nothing(stage: Stage, path: str, name: str) -> None:
    visit = stage.visit(OLU, height=400)
    visit.open(path)
    page, before = visit.page, height(visit.page)
    drawn(page, name)
    assert height(page) == before


def test_nothing_moves_for_someone_who_asked_for_that(stage: Stage) -> None:
    page = GroupPage(stage.visit(OLU, reduced_motion="reduce")).open()
    drawn(page.page, "months-figure")
    page.page.get_by_role("link", name="Overview").hover()
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return parseFloat(style.transitionDuration) > 0 && style.transitionProperty !== "none" || style.animationName !== "none";
    }).map((element) => element.outerHTML.slice(0, 100))"""
    assert page.page.evaluate(moving) == []
    assert page.page.evaluate("() => document.getAnimations().length") == 0
    chart = page.page.locator("figure[data-chart=months-figure] [data-drawing]")
    assert chart.evaluate("chart => chart.layout.transition.duration") == 0


def test_a_chart_that_cannot_be_drawn_leaves_its_table(stage: Stage) -> None:
    visit = stage.visit(OLU)
    visit.page.route(re.compile("plotly"), lambda route: route.abort())
    page = GroupPage(visit).open()
    figure = page.page.locator("figure[data-chart=milestones-figure]")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-drawn", "false")
    expect(figure.locator("[data-drawing]")).to_be_hidden()
    expect(figure.get_by_role("table")).to_be_visible()
    visit.watch.wrong = [line for line in visit.watch.wrong if "plotly" not in line and "is not drawn" not in line]


# Not the words of a style, but what can be seen: the fill itself, or what lies under a pattern.
PAINT = """chart => [...chart.querySelectorAll(".barlayer .trace")].map((trace, at) => {
  const fill = getComputedStyle(trace.querySelector(".point path")).fill;
  const pattern = fill.startsWith("url") ? document.getElementById(fill.slice(6, -2)) : null;
  const ground = pattern ? pattern.querySelector("rect") : null;
  return { name: chart.data[at].name, paint: pattern ? ground && getComputedStyle(ground).fill : fill };
})"""
COLOURS = {
    "Complete": "rgb(0, 94, 184)",
    "On track": "rgb(0, 127, 59)",
    "At risk": "rgb(255, 184, 28)",
    "Off track": "rgb(213, 40, 27)",
    "Not reported": "rgb(174, 183, 189)",
}


def painted(figure: Locator) -> list[dict[str, str]]:
    return list(figure.locator("[data-drawing]").evaluate(PAINT))


def drawn(page: Page, name: str) -> Locator:
    figure = page.locator(f"figure[data-chart={name}]")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-drawn", "true")
    return figure


def data_of(figure: Locator) -> list[dict[str, Any]]:
    """What plotly itself holds, not what the page gave it."""
    held = "chart => chart.data.map(({ name, x, y }) => ({ name, x: [...x], y: [...y] }))"
    return list(figure.locator("[data-drawing]").evaluate(held))


def numbers_of(table: Locator) -> dict[str, list[int]]:
    """By column; a row a month."""
    names = table.get_by_role("columnheader").all_inner_texts()[1:]
    rows = [row.get_by_role("cell").all_inner_texts() for row in table.get_by_role("row").all()[1:]]
    return {name: [int(row[at]) for row in rows] for at, name in enumerate(names)}


def iso(text: str) -> str:
    return datetime.strptime(" ".join(text.split()[:3]), "%d %B %Y").date().isoformat()


def height(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.scrollHeight"))


def plotly_in(asked: list) -> list[str]:
    return [request.url for request in asked if "plotly" in request.url]
