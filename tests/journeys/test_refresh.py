"""Ada starts the next plan year with the keyboard, sees where each promise went, and takes it back without losing a word."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.pages import Keyboard
from tests.journeys.places import ADA
from tests.journeys.stage import Stage, Visit

pytestmark = pytest.mark.journey

TITLE, WHY = "Map what the system does for health and work", "The national programme takes it over in April."
# What she touches of each row: a choice among the buttons is one thing, and so is a box that she fills in.
COUNTS = """() => {
  window.touched = {};
  document.addEventListener("input", ({ target }) => {
    const row = target.closest("fieldset.fate");
    if (row) (window.touched[row.id] ??= new Set()).add(target.name);
  });
}"""


class NextYear:
    path = "/plan/next-year/"

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.said = self.page.locator("[data-said]")
        self.title = self.page.get_by_label("Title of HW-1 in 2026/27", exact=True)

    def open(self) -> "NextYear":
        self.visit.open(self.path)
        self.page.evaluate(COUNTS)
        return self

    def row(self, code: str) -> Locator:
        return self.page.get_by_role("group").filter(has=self.page.locator("legend .small", has_text=code))

    def radio(self, code: str, name: str) -> Locator:
        return self.row(code).get_by_role("radio", name=name, exact=True)

    def box(self, code: str, name: str) -> Locator:
        return self.row(code).get_by_label(name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)

    def most_touched(self) -> int:
        return int(self.page.evaluate("() => Math.max(...Object.values(window.touched).map((names) => names.size))"))


def test_she_refreshes_the_year_with_the_keyboard_and_undoes_it(stage: Stage) -> None:
    page = NextYear(stage.visit(ADA)).open()
    hands = Keyboard(page.visit)
    expect(page.title).to_be_hidden()
    when_she_chooses(page, hands, "HW-1", "Reworded", steps=1)
    hands.type_into(page.title, TITLE)
    when_she_chooses(page, hands, "HW-2", "Merged", steps=2)
    hands.type_into(page.box("HW-2", "Code of the deliverable"), "HW-1")
    when_she_chooses(page, hands, "CYP-1", "Stopped", steps=-1)
    hands.type_into(page.box("CYP-1", "Why"), WHY)
    when_she_chooses(page, hands, "FCN-2", "Split", steps=3)
    hands.type_into(page.box("FCN-2", "Its parts"), "Devices at home")
    hands.press("Enter")
    page.page.keyboard.type("Sensors in care homes")
    expect(page.said).to_contain_text("Draft saved")
    assert page.most_touched() <= 2
    given_the_preview_she_publishes(page, hands)
    then_each_promise_says_where_it_went(page.page, stage)
    when_she_undoes_it_no_word_is_lost(page, hands)


def when_she_chooses(page: NextYear, hands: Keyboard, code: str, name: str, *, steps: int) -> None:
    """Among the choices with the arrows, as in any group of buttons."""
    hands.go_to(page.radio(code, "Carried on"))
    hands.press(*["ArrowRight" if steps > 0 else "ArrowLeft"] * abs(steps))
    expect(page.radio(code, name)).to_be_checked()


def given_the_preview_she_publishes(page: NextYear, hands: Keyboard) -> None:
    hands.go_to(page.button("See what would come"))
    hands.press("Enter")
    expect(page.page.get_by_role("heading", name="Preview of plan year 2026/27")).to_be_visible()
    expect(page.page.locator("main")).to_contain_text(WHY)
    hands.go_to(page.button("Publish 2026/27"))
    hands.press("Enter")
    expect(page.page.get_by_role("heading", name="Plan year 2026/27 is published")).to_be_visible()


def then_each_promise_says_where_it_went(page: Page, stage: Stage) -> None:
    bea = stage.visit("bea@example.org")
    bea.open("/2026-27/deliverables/HW-1/")
    expect(bea.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    for address, words in (
        ("/2026-27/deliverables/", TITLE),
        ("/2026-27/priorities/", TITLE),
        ("/promises/?year=2026-27&q=HW-1", TITLE),
        ("/2026-27/deliverables/HW-1/", "Was HW-1 in 2025/26 (reworded since) and HW-2 in 2025/26 (merged into this)."),
        ("/deliverables/FCN-2/", "Split into FCN-2A in 2026/27 and FCN-2B in 2026/27."),
        ("/promises/?outcome=stopped", WHY),
    ):
        bea.open(address)
        expect(bea.page.locator("main")).to_contain_text(words)
    bea.open("/")
    expect(bea.page.locator("main")).not_to_contain_text("2026/27")


def when_she_undoes_it_no_word_is_lost(page: NextYear, hands: Keyboard) -> None:
    page.visit.open("/plan/next-year/undo/")
    hands.go_to(page.button("Undo 2026/27"))
    hands.press("Enter")
    expect(page.page.get_by_role("heading", name="Start plan year 2026/27")).to_be_visible()
    expect(page.title).to_have_value(TITLE)
    expect(page.box("CYP-1", "Why")).to_have_value(WHY)


def test_without_scripts_what_a_choice_needs_still_appears_with_it(stage: Stage) -> None:
    visit = stage.visit(ADA, scripts=False)
    page = NextYear(visit)
    visit.open(page.path)
    page.radio("HW-1", "Stopped").check()
    page.button("See what would come").click()
    expect(page.page.get_by_role("link", name="Say why HW-1")).to_be_visible()
    page.box("HW-1", "Why").fill(WHY)
    page.button("See what would come").click()
    expect(page.page.locator("main")).to_contain_text(WHY)


@pytest.mark.parametrize("scripts", [True, False])
def test_where_a_priority_ends_the_box_for_another_is_there_with_the_choice(stage: Stage, scripts: bool) -> None:
    visit = stage.visit(ADA, scripts=scripts)
    page = NextYear(visit)
    visit.open(page.path)
    box = page.page.get_by_label("Priority in 2026/27 of FCN-2")
    page.radio("FCN-2", "Split").check()
    expect(box).to_be_hidden()
    page.radio("P3", "Stopped").check()
    expect(box).to_be_visible()
    page.radio("FCN-2", "Stopped").check()
    expect(box).to_be_hidden()


def test_of_two_administrators_the_second_reads_both_and_chooses(stage: Stage) -> None:
    ada, other = NextYear(stage.visit(ADA)).open(), NextYear(stage.visit(ADA)).open()
    ada.radio("HW-1", "Stopped").check()
    ada.box("HW-1", "Why").fill(WHY)
    expect(ada.said).to_contain_text("Draft saved")
    other.visit.watch.expect(409)
    other.radio("HW-1", "Completed").check()
    other.box("HW-1", "Why").fill("It is done.")
    expect(other.said).to_contain_text("Somebody else has chosen for HW-1 too")
    other.button("Save the draft").click()
    expect(other.row("HW-1")).to_contain_text(WHY)
    expect(other.box("HW-1", "Why")).to_have_value("It is done.")
