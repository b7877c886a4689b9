"""The month as people live it: nine updates on one page, a red one, a lost session, a lost connection; then the group's side."""

import pytest
from playwright.sync_api import Page, expect

from deliverables.models import Deliverable, StatusUpdate, UpdateDraft
from people.models import User
from priorities.models import ReportingPeriod
from tests import factories
from tests.journeys.browsing import NARROW
from tests.journeys.house import STRATEGY
from tests.journeys.pages import GroupPage, SignIn, UpdatePage, Updates
from tests.journeys.places import OLU, PRIYA
from tests.journeys.stage import Stage, Visit

pytestmark = pytest.mark.journey
NAME = "Home devices and sensors"


# Nine on-track updates


class Hands:
    """Counts every click and every key but Tab, and every page that is loaded."""

    def __init__(self, page: Page) -> None:
        self.page, self.used, self.loaded = page, 0, 0
        page.on("load", lambda _: setattr(self, "loaded", self.loaded + 1))

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.used += key != "Tab"


@pytest.fixture
def nine(stage: Stage) -> Stage:
    """The strategy's nine deliverables, all led by Priya's organisation and on track in October."""
    stage.begin(STRATEGY)
    with stage.behind():
        icb = factories.organisation()
        priya = factories.person("programme_manager", org=icb)
        Deliverable.objects.update(lead=icb)
        october = ReportingPeriod.objects.select_related("plan_year__strategy").get(starts_on="2025-10-01")
        for made in Deliverable.objects.select_related("plan_year"):
            factories.update(made, by=priya, month=october, done=f"October's news of {made.code}.")
    return stage


def in_november() -> int:
    return StatusUpdate.objects.filter(period__starts_on="2025-11-01").standing().count()


def test_nine_on_track_updates_take_one_page_no_reload_and_at_most_twenty_clicks_by_keyboard_alone(nine: Stage) -> None:
    visit = nine.visit(PRIYA)
    visit.open(Updates.path)
    page, hands = visit.page, Hands(visit.page)
    expect(page.get_by_text("9 to do, 0 done.", exact=True)).to_be_visible()
    first = page.get_by_role("button", name="Still on track").first
    while not first.evaluate("element => element === document.activeElement"):
        hands.press("Tab")
    for number in range(1, 10):
        hands.press("Enter")
        expect(page.get_by_text(f"{9 - number} to do, {number} done.", exact=True)).to_be_visible()
    assert hands.used == 9 <= 20 and hands.loaded == 0
    with nine.behind():
        assert in_november() == 9


def test_the_same_without_scripts(nine: Stage) -> None:
    visit = nine.visit(PRIYA, scripts=False)
    visit.open(Updates.path)
    for number in range(1, 10):
        visit.page.get_by_role("button", name="Still on track").first.click()
        expect(visit.page.get_by_text(f"{9 - number} to do, {number} done.", exact=True)).to_be_visible()
    with nine.behind():
        assert in_november() == 9


def test_a_sentence_may_be_added_and_an_undo_takes_it_back(nine: Stage) -> None:
    visit = nine.visit(PRIYA)
    visit.open(Updates.path)
    row = Updates(visit).row("Health and Work Collaborative")
    row.get_by_label("Anything to add?").fill("A lead is named for each initiative.")
    visit.page.keyboard.press("Enter")
    expect(row).to_contain_text("A lead is named for each initiative.")
    row.get_by_role("button", name="Undo").click()
    expect(visit.page.get_by_text("9 to do, 0 done.", exact=True)).to_be_visible()
    expect(row).to_contain_text("Draft")


# One red, with a moved date, in its row


@pytest.mark.parametrize("width", [1280, NARROW])
def test_a_red_update_with_a_moved_date_is_reported_in_its_row(stage: Stage, width: int) -> None:
    visit = stage.visit(PRIYA, width=width)
    visit.open(Updates.path)
    hands = Hands(visit.page)
    row = Updates(visit).row(NAME)
    row.get_by_role("link", name="Start").click()
    fill_in_red(row)
    expect(row.get_by_text("Before you submit")).to_be_visible()
    expect(row.get_by_text("has moved 3 times")).to_be_visible()
    row.get_by_label("Your answer").fill("A second supplier has signed.")
    row.get_by_role("button", name="Submit").click()
    expect(row).to_contain_text("410 homes are connected.")
    assert hands.loaded == 0
    with stage.behind():
        stored = StatusUpdate.objects.get(deliverable__code="FCN-2", period=stage.november())
        assert (stored.rating, stored.answer) == ("off_track", "A second supplier has signed.")
        assert "moved" in {flag["code"] for flag in stored.flags}
        assert stored.moves.get().kind == "proposed"


def fill_in_red(row) -> None:
    row.get_by_role("radio", name="Off track").check()
    row.get_by_label("What has been done since October?").fill("410 homes are connected.")
    row.get_by_label("Why is it not on track?").fill("The installers are late.")
    row.get_by_label("How will it get back on track?").fill("A second supplier starts in January.")
    for part, value in (("Day", "27"), ("Month", "3"), ("Year", "2026")):
        row.get_by_label(part, exact=True).fill(value)
    row.get_by_text("Milestones (").click()
    step = row.get_by_role("group", name="800 homes connected", exact=True)
    step.get_by_label("Forecast", exact=True).fill("30 April 2026")
    step.get_by_label("Main reason for the new date").select_option("supplier")
    step.get_by_label("Why the date moves").fill("The second supplier starts later.")


def test_a_mistake_in_a_row_is_said_there_and_other_rows_stay_open(stage: Stage) -> None:
    visit = stage.visit(PRIYA)
    visit.open(Updates.path)
    updates = Updates(visit)
    other, row = updates.row("Health and Work Collaborative"), updates.row(NAME)
    other.get_by_role("link", name="Something changed").click()
    other.get_by_label("What has been done since October?").fill("Typed in another row.")
    row.get_by_role("link", name="Start").click()
    row.get_by_role("radio", name="Off track").check()
    row.get_by_role("button", name="Submit").click()
    summary = visit.page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Say why it is off track").click()
    expect(row.get_by_label("Why is it not on track?")).to_be_focused()
    expect(other.get_by_label("What has been done since October?")).to_have_value("Typed in another row.")


# Nothing typed is lost


def drafted(visit: Visit) -> None:
    expect(visit.page.get_by_text("Draft saved").first).to_be_visible()


def test_a_draft_saves_as_one_types_and_survives_leaving_and_signing_out(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.done.press_sequentially("Half a sent")
    drafted(page.visit)
    page.page.get_by_role("button", name="Sign out").click()
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    again = UpdatePage(stage.visit(PRIYA)).open()
    expect(again.done).to_have_value("Half a sent")


def test_the_browsers_back_button_brings_the_words_back(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.done.press_sequentially("Typed and left.")
    page.page.get_by_role("link", name="All updates on FCN-2").click()
    expect(page.page.get_by_role("heading", level=1)).to_have_text(NAME)
    page.page.go_back()
    expect(page.done).to_have_value("Typed and left.")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_session_that_ends_while_she_types_costs_no_word(stage: Stage, scripts: bool) -> None:
    page = UpdatePage(stage.visit(PRIYA, scripts=scripts)).open()
    page.page.context.clear_cookies(name="sessionid")
    page.rating("On track").check()
    page.done.fill("Typed while the session ended.")
    page.submit.click()
    expect(page.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    SignIn(page.visit).sign_in(PRIYA)
    expect(page.page).to_have_title("Update on Home devices and sensors, November 2025 – Strategy portal")
    expect(page.done).to_have_value("Typed while the session ended.")
    expect(page.rating("On track")).to_be_checked()


def test_a_lost_connection_keeps_the_words_on_the_device_and_saves_them_when_it_is_back(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.page.context.set_offline(True)
    page.done.press_sequentially("Typed on a train.")
    expect(page.page.get_by_text("Kept on this device")).to_be_visible()
    page.page.context.set_offline(False)
    drafted(page.visit)
    page.visit.watch.wrong.clear()  # that the connection was lost is what this is about
    with stage.behind():
        assert UpdateDraft.objects.get().fields["done"] == "Typed on a train."


# The group's side


def test_the_group_chases_returns_and_agrees(stage: Stage) -> None:
    group = GroupPage(stage.visit(OLU)).open()
    page = group.page
    page.get_by_role("button", name="Remind").click()
    page.locator("main").get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("on their way")
    group.open()
    page.get_by_role("button", name="Go to the next flag").click()
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Return").click()
    expect(page.locator(".nhsuk-error-summary")).to_contain_text("Say what its author should look at again")
    page.get_by_label("What should its author look at again?").fill("Which milestone is at risk?")
    page.get_by_role("button", name="Return").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{name} is returned.")
    second = page.get_by_role("heading", level=1).inner_text()
    assert second != name
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text(f"{second} is agreed.")
    group.open()
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("Returned")
    expect(page.get_by_role("row").filter(has_text=second)).to_contain_text("Agreed")
    then_the_author_sees_it(stage, name)


def then_the_author_sees_it(stage: Stage, name: str) -> None:
    with stage.behind():
        update = StatusUpdate.objects.filter(decisions__reason="Which milestone is at risk?").get()
        author: User = update.submitted_by
    hers = stage.visit(author.email)
    hers.open(Updates.path)
    expect(Updates(hers).row(name)).to_contain_text("The group asks: Which milestone is at risk?")
