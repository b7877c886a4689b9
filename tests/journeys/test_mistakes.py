"""What the form refuses: said at the top and at the box, the focus led there, and nothing typed lost."""

import re

import pytest
from playwright.sync_api import Locator, expect

from deliverables.models import StatusUpdate
from tests.journeys.pages import DeliverablePage, GroupPage, Overview, UpdatePage, Updates
from tests.journeys.places import OLU, PRIYA
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey

STRANGE = "<script>alert(1)</script> <b>bold</b> &amp; {{ 7 }} “שלום” مرحبا 👩🏽‍⚕️ £5 % O'Neill"


def test_an_empty_form_is_refused_and_each_mistake_leads_to_its_box(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.submit.click()
    then_the_refusal_has_the_focus(page)
    page.sees_mistakes("Choose where it is now", "Say what has been done")
    then_the_link_leads_to(page, "Choose where it is now", page.rating("On track"))
    then_the_link_leads_to(page, "Say what has been done", page.done)


def test_what_an_answer_asks_for_is_refused_when_it_is_missing_and_what_was_typed_is_kept(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    moved, unclear = page.milestone("800 homes connected"), page.milestone("Second supplier contracted")
    page.fill_in("410 homes are connected.", rating="Off track")
    page.route.fill("")  # carried forward from October
    page.date_box("Day").fill("31")
    page.date_box("Month").fill("February")
    page.date_box("Year").fill("2026")
    moved.forecast.fill("31 March 2026")
    moved.words.fill("The installers need longer.")
    unclear.forecast.fill("soon")
    page.submit.click()

    then_the_refusal_has_the_focus(page)
    for message, box in {
        "Say why it is off track": page.why,
        "Say how it will get back on track": page.route,
        "The date must be a real date": page.date_box("Day"),
        "Enter the forecast as a date, such as 15 December 2025": unclear.forecast,
        "Choose a reason for the new date of “800 homes connected”": moved.reason,
    }.items():
        then_the_link_leads_to(page, message, box)
    expect(page.rating("Off track")).to_be_checked()
    for box, words in {
        page.done: "410 homes are connected.",
        page.date_box("Month"): "February",
        page.date_box("Year"): "2026",
        moved.forecast: "31 March 2026",
        moved.words: "The installers need longer.",
        unclear.forecast: "soon",
    }.items():
        expect(box).to_have_value(words)


def test_evidence_is_asked_for_when_it_is_complete(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    expect(page.evidence).to_be_hidden()
    page.fill_in("All homes are connected.", rating="Complete")
    page.submit.click()
    page.sees_mistakes("Say what shows that it is complete, or why there is no evidence")
    then_the_link_leads_to(page, "Say what shows that it is complete, or why there is no evidence", page.evidence)


def test_ten_thousand_characters_are_refused_and_all_kept(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    words = ("ten letters " * 900)[:10_000].strip()
    page.fill_in(words)
    expect(page.page.locator("[id$=-done-info] ~ .nhsuk-character-count__status")).to_contain_text("characters too many")
    page.submit.click()
    then_the_refusal_has_the_focus(page)
    expect(page.summary).to_contain_text("600 characters")
    expect(page.done).to_have_value(words)


def test_a_mistake_in_a_box_that_the_answer_does_not_ask_for_can_be_seen_and_reached(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.rating("Off track").check()
    page.why.fill("too long " * 60)
    page.fill_in("Work went on.", rating="On track")
    page.submit.click()
    then_the_link_leads_to(page, re.compile("400 characters"), page.why)


def test_a_character_that_no_text_has_is_refused_in_words(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.rating("On track").check()
    page.done.evaluate("box => { box.value = 'before' + String.fromCharCode(0) + 'after'; }")
    page.submit.click()
    then_the_refusal_has_the_focus(page)
    expect(page.done).to_have_value(re.compile("before.?after"))
    with stage.behind():
        assert not StatusUpdate.objects.filter(deliverable__code="FCN-2", period=stage.november()).exists()


def test_whatever_is_typed_is_shown_as_it_was_typed(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.fill_in(f"{STRANGE}\nsecond line", rating="At risk", why=STRANGE, route=STRANGE, by_when="1 March 2026")
    page.send()
    expect(Updates(page.visit).row("Home devices and sensors")).to_contain_text(STRANGE)
    group = GroupPage(stage.visit(OLU)).open()
    group.page.get_by_role("link", name="Review Home devices and sensors").click()
    expect(group.page.get_by_role("region", name="November")).to_contain_text(STRANGE)
    overview = Overview(stage.visit(OLU)).open("2025-11")
    expect(overview.needs_attention("Home devices and sensors").get_by_text(STRANGE)).to_have_count(2)
    month = DeliverablePage(overview.visit).open().month("November 2025")
    expect(month).to_contain_text(STRANGE)
    assert "\nsecond line" in month.inner_text()


def then_the_refusal_has_the_focus(page: UpdatePage) -> None:
    expect(page.page).to_have_title("Error: Update on Home devices and sensors, November 2025 – Strategy portal")
    expect(page.summary).to_be_focused()


def then_the_link_leads_to(page: UpdatePage, message: str | re.Pattern[str], box: Locator) -> None:
    page.summary.get_by_role("link", name=message).click()
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
