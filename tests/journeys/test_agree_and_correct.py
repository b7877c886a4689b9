"""The group's third step: words are kept, a report is issued, a late truth corrects it, and someone outside reads it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.inspection import ask, inspect, violations
from tests.journeys.pages import Keyboard
from tests.journeys.places import OLU
from tests.journeys.stage import Stage, Visit
from tests.processes import eventually

pytestmark = pytest.mark.journey

GRACE = "grace@example.org"
AGREE = "/outcomes-group/agree/?month=2025-11"
NOTE = "Home devices need the board’s help. <b>The rest</b> stands as it did."
LINE = "The second supplier is the way back; O'Neill leads & reports."
LATE = "410 homes are connected. The count came in a day late."
REASON = "The supplier’s count came after the report was issued."


def test_the_group_issues_and_corrects_a_report_with_the_keyboard_alone(stage: Stage) -> None:
    olu = stage.visit(OLU, height=720)
    when_she_writes_to_the_board_and_asks_for_another_line_at_once(olu)
    when_she_leaves_the_page_with_the_last_key(olu)
    then_every_word_is_there_again(olu)
    when_she_issues_the_report(olu)
    when_she_corrects_home_devices(olu)
    then_the_second_version_stands_and_says_why(olu)


def when_she_writes_to_the_board_and_asks_for_another_line_at_once(olu: Visit) -> None:
    olu.open(AGREE)
    page, keys = olu.page, Keyboard(olu)
    keys.type_into(page.get_by_label("Covering note"), NOTE)
    keys.type_into(page.get_by_label("Write a line for another deliverable"), "hw-3")
    keys.press("Enter")
    expect(page.get_by_label("Jobs and skills through neighbourhood teams")).to_be_visible()
    expect(page.get_by_label("Covering note")).to_have_value(NOTE)


def when_she_leaves_the_page_with_the_last_key(olu: Visit) -> None:
    Keyboard(olu).type_into(olu.page.get_by_label("Home devices and sensors"), LINE)
    olu.open("/outcomes-group/")


def when_she_comes_back_to_the_line(olu: Visit) -> str:
    olu.open(AGREE)
    return olu.page.get_by_label("Home devices and sensors").input_value()


def then_every_word_is_there_again(olu: Visit) -> None:
    """Also the last: they go as the page is left, and nothing makes the next page wait for them."""
    eventually(lambda: when_she_comes_back_to_the_line(olu) == LINE, within=20, what="the last words are there")
    expect(olu.page.get_by_label("Covering note")).to_have_value(NOTE)
    assert_clean(olu.page)


def when_she_issues_the_report(olu: Visit) -> None:
    page, keys = olu.page, Keyboard(olu)
    keys.go_to(page.get_by_role("button", name="Save and look at the report"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Issue the November 2025 report?")
    expect(page.get_by_role("main")).to_contain_text(NOTE)
    expect(page.get_by_role("main")).to_contain_text(LINE)
    assert not (wrong := inspect(page)), "\n".join(wrong)
    keys.go_to(page.get_by_role("button", name="Issue the report"))
    keys.press("Enter")
    expect(page.get_by_role("alert", name="Success")).to_contain_text("The November 2025 report is issued.")
    assert_clean(page)


def when_she_corrects_home_devices(olu: Visit) -> None:
    page, keys = olu.page, Keyboard(olu)
    keys.go_to(page.get_by_role("link", name="Correct this report"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Correct the November 2025 report")
    keys.go_to(page.get_by_role("link", name="Correct what was reported on Home devices and sensors"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home devices and sensors")
    keys.go_to(page.get_by_role("radio", name="On track"))
    keys.press("Space")
    keys.type_into(page.get_by_label("What had been done?"), LATE)
    keys.go_to(page.get_by_role("button", name="Keep this for the correction"))
    keys.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="Home devices and sensors")).to_contain_text("To be corrected")
    keys.type_into(page.get_by_label("Why is the report corrected?"), REASON)
    assert_clean(page)
    keys.go_to(page.get_by_role("button", name="See what it changes"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Correct the November 2025 report?")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    assert not (wrong := inspect(page)), "\n".join(wrong)
    keys.go_to(page.get_by_role("button", name="Issue the correction"))
    keys.press("Enter")


def then_the_second_version_stands_and_says_why(olu: Visit) -> None:
    page = olu.page
    expect(page.get_by_role("alert", name="Success")).to_contain_text("Version 2 of the November 2025 report is issued.")
    expect(page.get_by_role("region", name="Why this was corrected")).to_contain_text(REASON)
    expect(page.get_by_role("article", name="Home devices and sensors")).to_contain_text(LATE)
    assert_clean(page)
    page.get_by_role("link", name="Version 1", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("This version has been superseded")
    expect(page.get_by_role("article", name="Home devices and sensors")).to_contain_text("No update was submitted")


def test_of_two_writers_neither_loses_a_word_and_a_report_is_issued_and_corrected_without_scripts(stage: Stage) -> None:
    olu, grace = stage.visit(OLU), stage.visit(GRACE, scripts=False)
    for visit in (olu, grace):
        visit.open(AGREE)
    olu.page.get_by_label("Covering note").fill("Olu’s words.")
    expect(olu.page.get_by_text("Draft saved")).to_be_visible()
    when_the_second_reads_both_and_chooses_hers(grace)
    then_the_first_is_told_and_keeps_hers(olu)
    when_she_issues_and_corrects_it(grace)


def when_the_second_reads_both_and_chooses_hers(grace: Visit) -> None:
    page = grace.page
    save = page.get_by_role("button", name="Save for later")
    page.get_by_label("Covering note").fill("Grace’s words.")
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("Olu’s words.")
    expect(page.get_by_label("Covering note")).to_have_value("Grace’s words.")
    save.click()
    expect(page.get_by_role("alert", name="Success")).to_contain_text("Your words are saved")


def then_the_first_is_told_and_keeps_hers(olu: Visit) -> None:
    olu.watch.expect(409)
    words = olu.page.get_by_label("Covering note")
    words.fill("Olu’s words, and more.")
    expect(olu.page.get_by_text("Grace Example has saved other words since you opened this page.")).to_be_visible()
    expect(words).to_have_value("Olu’s words, and more.")


def when_she_issues_and_corrects_it(grace: Visit) -> None:
    page = grace.page
    page.get_by_role("button", name="Save and look at the report").click()
    expect(page.get_by_role("main")).to_contain_text("Grace’s words.")
    page.get_by_role("button", name="Issue the report").click()
    page.get_by_role("link", name="Correct this report").click()
    page.get_by_role("button", name="See what it changes").click()
    expect(page.get_by_role("link", name="Say why the report is corrected")).to_be_visible()
    page.get_by_label("Why is the report corrected?").fill(REASON)
    page.get_by_label("Covering note").fill("Grace’s better words.")
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("button", name="Issue the correction").click()
    expect(page.get_by_role("region", name="Why this was corrected")).to_contain_text(REASON)
    expect(page.get_by_role("main")).to_contain_text("Grace’s better words.")


def test_words_typed_while_others_are_being_saved_are_not_taken_for_someone_elses(stage: Stage) -> None:
    """A save that takes long must not stand in the way of its own writer."""
    olu = stage.visit(OLU)
    olu.open(AGREE)
    held: list[object] = []
    olu.page.route(re.compile("/agree/"), lambda route: held.append(route), times=1)
    note = olu.page.get_by_label("Covering note")
    note.fill("The first words.")
    while not held:
        olu.page.wait_for_timeout(100)
    note.fill("The first words, and the second.")
    olu.page.wait_for_timeout(1200)  # longer than the pause after which it is saved
    held[0].continue_()  # type: ignore[attr-defined]
    expect(olu.page.get_by_text("Draft saved")).to_be_visible()
    olu.page.get_by_role("button", name="Save and look at the report").click()
    expect(olu.page.get_by_role("heading", level=1)).to_have_text("Issue the November 2025 report?")
    expect(olu.page.get_by_role("main")).to_contain_text("The first words, and the second.")


def test_a_reader_without_an_account_opens_a_link_until_it_is_revoked(stage: Stage) -> None:
    olu, reader = stage.visit(OLU), stage.visit()
    address = given_a_link(olu, "Chair of the Trust")
    reader.open(address)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("October 2025 progress report")
    assert not (wrong := inspect(reader.page)), "\n".join(wrong)
    reader.page.get_by_role("button", name="Read the report").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Position at 31 October 2025")
    expect(reader.page.get_by_text("Assurance of the second supplier takes six weeks longer than planned.").first).to_be_visible()
    assert not (wrong := inspect(reader.page)), "\n".join(wrong)
    when_it_is_revoked(olu)
    reader.watch.expect(404)
    reader.open(address)
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("This link does not work")
    expect(reader.page.get_by_text("Position at")).to_have_count(0)


def given_a_link(olu: Visit, who: str) -> str:
    """The path of the address that is shown this once."""
    olu.open("/reports/2025-10/")
    olu.page.get_by_role("link", name="Links for readers without an account").click()
    olu.page.get_by_label("Who is it for?").fill(who)
    olu.page.get_by_role("button", name="Make the link").click()
    return urlsplit(olu.page.get_by_label(f"The link for {who}").input_value()).path


def when_it_is_revoked(olu: Visit) -> None:
    olu.open("/reports/2025-10/links/")
    row = olu.page.get_by_role("row").filter(has_text="Chair of the Trust")
    expect(row).to_contain_text("1 time")
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("Revoked by Olu Example")


def assert_clean(page: Page) -> None:
    """At one width; these pages are inspected at every width elsewhere."""
    assert not (wrong := violations(page) + ask(page, "structure")), "\n".join(wrong)
