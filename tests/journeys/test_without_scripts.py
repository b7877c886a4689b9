"""Everything but the drawing of charts works in a browser that runs no scripts."""

import pytest
from playwright.sync_api import expect

from tests.journeys.pages import DeliverablePage, GroupPage, Overview, SignIn, UpdatePage, Updates
from tests.journeys.places import BEA, OLU, PRIYA
from tests.journeys.stage import Stage, Visit

pytestmark = pytest.mark.journey


@pytest.fixture
def visitor(stage: Stage) -> Visit:
    return stage.visit(scripts=False)


def test_the_main_job(visitor: Visit, stage: Stage) -> None:
    visitor.open(Updates.path)
    SignIn(visitor).sign_in(PRIYA)
    Updates(visitor).link("Home devices and sensors").click()
    page = UpdatePage(visitor)
    when_she_forgets_the_reason(page)
    page.sees_mistakes("Choose a reason for the new date of “Second supplier contracted”")
    page.milestone("Second supplier contracted").reason.select_option("supplier")
    page.submit.click()
    expect(Updates(visitor).banner).to_contain_text("Your update on Home devices and sensors for November 2025 is in.")
    group = GroupPage(stage.visit(OLU, scripts=False)).open()
    expect(group.lede).to_contain_text("6 of 9 updates are in.")
    expect(group.milestone("Second supplier contracted")).to_contain_text("20 January 2026")


def when_she_forgets_the_reason(page: UpdatePage) -> None:
    page.fill_in("410 homes.", rating="Off track", why="No installers.", route="New installers.", by_when="27 3 2026")
    row = page.milestone("Second supplier contracted")
    row.forecast.fill("20 January 2026")
    row.words.fill("The supplier's board meets in January.")
    page.submit.click()


def test_all_that_an_answer_may_ask_for_is_in_sight_with_a_hint_when_it_is_needed(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA, scripts=False)).open()
    for box in (page.why, page.route, page.by_when, page.evidence, page.milestone("800 homes connected").reason):
        expect(box).to_be_visible()
    expect(page.page.get_by_text("Needed when it is at risk or off track.")).to_be_visible()
    expect(page.page.get_by_text("Needed if you change the forecast.").first).to_be_visible()


def test_tables_stand_in_place_of_the_charts(stage: Stage) -> None:
    group = GroupPage(stage.visit(OLU, scripts=False)).open()
    for drawing in group.page.locator("[data-drawing]").all():
        expect(drawing).to_be_hidden()
    expect(group.table("Milestones not done at 30 November 2025")).to_be_visible()
    group.page.get_by_text("Table of status by month").click()
    expect(group.table("Deliverables by rating, a row a month").get_by_role("row")).to_have_count(9)


def test_filters_and_the_choice_of_a_month(stage: Stage) -> None:
    page = Overview(stage.visit(BEA, scripts=False)).open().page
    expect(page.get_by_role("heading", level=1)).to_have_text("Position at 31 October 2025")  # the last report that was issued
    page.get_by_label("Month", exact=True).select_option("September 2025")
    page.get_by_role("button", name="Change month").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Position at 30 September 2025")
    page.get_by_role("link", name="Deliverables").click()
    page.get_by_label("Rating").select_option("On track")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("row")).to_have_count(6)
    page.get_by_label("Words").fill("frailty")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_label("Rating")).to_have_value("on_track")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Eating and moving with frailty").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eating and moving with frailty")


def test_details_open_and_signing_out_works(stage: Stage) -> None:
    visitor = stage.visit(BEA, scripts=False)
    row = DeliverablePage(visitor).open().milestone("Second supplier contracted")
    row.get_by_text("2 times, 76 days").click()
    expect(row.get_by_text("Only one bid met the standard.")).to_be_visible()
    visitor.page.get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Sign in")
