"""The main job: Priya reports, the group sees it, the board sees it, and the deliverable keeps it."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.house import PASSWORD
from tests.journeys.pages import DeliverablePage, GroupPage, Keyboard, Overview, SignIn, UpdatePage, Updates
from tests.journeys.places import BEA, OLU, PRIYA
from tests.journeys.stage import Stage, Visit

pytestmark = pytest.mark.journey

DONE = "410 homes are connected, up from 355. The second supplier passed assurance."
WHY = "The contract waits for a signature."
ROUTE = "The contract is signed in January. Then 90 homes a week are connected."
ASK = "Release the contingency for a second supplier."
LINE = "The group sees no way back without the board."
MOVE = "The supplier's board meets on 19 January."


def test_priya_reports_by_keyboard_and_everyone_sees_it(stage: Stage) -> None:
    priya = stage.visit(height=720)
    given_she_signs_in_by_keyboard(priya)
    given_she_opens_home_devices_from_her_list(priya)
    when_she_reports_that_it_is_off_track(priya)
    when_she_moves_the_second_supplier_to_20_january(priya)
    when_she_submits(priya)
    then_her_list_says_that_it_is_in(priya)
    olu = stage.visit()
    then_the_group_sees_her_words_and_the_moved_milestone(olu)
    then_the_board_reads_the_last_report_still(stage.visit(BEA))
    when_the_group_issues_the_report_with_an_ask(olu)
    then_the_board_sees_what_is_off_track_and_why(stage.visit(BEA))
    then_the_deliverable_keeps_what_she_said_and_every_move(stage.visit(BEA))


def given_she_signs_in_by_keyboard(priya: Visit) -> None:
    priya.open(Updates.path)
    page, keys = SignIn(priya), Keyboard(priya)
    keys.type_into(page.email, PRIYA)
    keys.type_into(page.password, PASSWORD)
    keys.press("Enter")
    expect(Updates(priya).heading).to_be_visible()


def given_she_opens_home_devices_from_her_list(priya: Visit) -> None:
    updates = Updates(priya)
    expect(updates.row("Home devices and sensors")).to_contain_text("Start")
    Keyboard(priya).go_to(updates.link("Home devices and sensors"))
    priya.page.keyboard.press("Enter")
    expect(priya.page).to_have_title("Update on Home devices and sensors, November 2025 – Strategy portal")


def when_she_reports_that_it_is_off_track(priya: Visit) -> None:
    page, keys = UpdatePage(priya), Keyboard(priya)
    expect(page.page.get_by_role("region", name="Last month (October)")).to_contain_text("355 homes are connected.")
    expect(page.why).to_be_hidden()
    keys.go_to(page.rating("On track"))
    keys.press("ArrowDown", "ArrowDown")
    expect(page.rating("Off track")).to_be_checked()
    keys.type_into(page.done, DONE)
    keys.type_into(page.why, WHY)
    keys.type_into(page.route, ROUTE)
    for part, value in (("Day", "27"), ("Month", "3"), ("Year", "2026")):
        keys.type_into(page.date_box(part), value)


def when_she_moves_the_second_supplier_to_20_january(priya: Visit) -> None:
    row, keys = UpdatePage(priya).milestone("Second supplier contracted"), Keyboard(priya)
    expect(row.reason).to_be_hidden()
    keys.type_into(row.forecast, "20 January 2026")
    keys.go_to(row.reason)
    keys.press("S", "Tab")
    expect(row.reason).to_have_value("supplier")
    expect(row.words).to_be_focused()
    priya.page.keyboard.type(MOVE)


def when_she_submits(priya: Visit) -> None:
    keys = Keyboard(priya)
    expect(priya.page.get_by_text("“Second supplier contracted” has moved 3 times")).to_be_visible()
    keys.go_to(UpdatePage(priya).submit)
    keys.press("Enter")


def then_her_list_says_that_it_is_in(priya: Visit) -> None:
    updates = Updates(priya)
    expect(updates.banner).to_contain_text("Your update on Home devices and sensors for November 2025 is in.")
    expect(updates.banner).to_be_focused()  # so that it is read out
    row = updates.row("Home devices and sensors")
    expect(row).to_contain_text("Off track")
    expect(row).to_contain_text("Submitted 2 December")


def then_the_group_sees_her_words_and_the_moved_milestone(olu: Visit) -> None:
    olu.open(GroupPage.path)
    SignIn(olu).sign_in(OLU)
    page = GroupPage(olu)
    expect(page.lede).to_contain_text("6 of 9 updates are in.")
    expect(page.update("Home devices and sensors")).to_contain_text("Off track")
    expect(page.update("Home devices and sensors")).to_contain_text("Milestone moved 3 times")
    # 36 days later is for the group to agree: until then the date of the last report holds.
    expect(page.milestone("Second supplier contracted")).to_contain_text("20 January 2026 proposed")
    expect(page.milestone("Second supplier contracted")).to_contain_text("2 times, 76 days")
    page.page.get_by_role("link", name="Review Home devices and sensors").click()
    expect(page.page.get_by_role("region", name="November")).to_contain_text(DONE)


def then_the_board_reads_the_last_report_still(bea: Visit) -> None:
    """What is not issued is for the group."""
    page = Overview(bea).open("2025-11")
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Position at 31 October 2025")
    expect(page.page.get_by_text(WHY)).to_have_count(0)


def when_the_group_issues_the_report_with_an_ask(olu: Visit) -> None:
    olu.open("/outcomes-group/agree/?month=2025-11")
    page = olu.page
    expect(page.get_by_label("Covering note")).to_have_value(re.compile("2 of 9 deliverables are on track"))
    page.get_by_role("button", name="Ask the board for a decision").click()
    page.get_by_label("What is it about?").select_option("FCN-2")
    page.get_by_label("What is the board asked to decide?").fill(ASK)
    for part, value in (("Day", "18"), ("Month", "12"), ("Year", "2025")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("Who will act on it?").fill("Director of finance")
    page.get_by_role("button", name="Put it into the report").click()
    page.get_by_label("Home devices and sensors").fill(LINE)
    expect(page.get_by_text("Draft saved")).to_be_visible()  # as it was typed
    page.get_by_role("button", name="Save and look at the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue the November 2025 report?")
    page.get_by_role("button", name="Issue the report").click()
    expect(page.get_by_role("alert", name="Success")).to_contain_text("The November 2025 report is issued.")


def then_the_board_sees_what_is_off_track_and_why(bea: Visit) -> None:
    page = Overview(bea).open()
    expect(page.lede).to_contain_text("2 of 9 deliverables are on track.")
    expect(page.lede).to_contain_text("One is complete, two are at risk and one is off track. Three have not reported.")
    expect(page.lede).to_contain_text("Home devices and sensors has been off track for four months.")
    first = page.attention.get_by_role("row").nth(1)
    said = ("Off track", "Home devices and sensors", "Off track for 4 months", WHY, ROUTE, "By 27 March 2026.")
    asked = (LINE, f"Decision asked by 18 December 2025: {ASK}", "Second look")
    for words in (*said, *asked):
        expect(first).to_contain_text(words)
    expect(page.matrix.get_by_role("cell").filter(has_text="Home devices and sensors")).to_contain_text("Off track")


def then_the_deliverable_keeps_what_she_said_and_every_move(bea: Visit) -> None:
    page = DeliverablePage(bea).open()
    for words in (DONE, WHY, ROUTE, "By 27 March 2026.", "Priya Example"):
        expect(page.month("November 2025")).to_contain_text(words)
    row = page.milestone("Second supplier contracted")
    expect(row.get_by_role("cell").first).to_have_text("30 September 2025")
    row.get_by_text("2 times, 76 days").click()
    expect(row).to_contain_text("30 September 2025 to 31 October 2025, agreed by the group.")
    expect(row).to_contain_text(f"15 December 2025 to 20 January 2026, proposed to the group. Supplier or contract: {MOVE}")
