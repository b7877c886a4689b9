"""Ada edits the plan: a priority by the keyboard alone, and what a leaver leaves behind."""

import pytest
from playwright.sync_api import expect

from deliverables.models import Deliverable
from people.models import User
from priorities.models import Priority
from tests.journeys.pages import Keyboard
from tests.journeys.places import ADA, CARA, PRIYA
from tests.journeys.stage import Stage, Visit

pytestmark = pytest.mark.journey

STATEMENT = "Help people with their health, so that they can stay in work."


def test_ada_edits_a_priority_with_the_keyboard_alone(stage: Stage) -> None:
    visit = stage.visit(ADA)
    page, keyboard = visit.page, Keyboard(visit)
    visit.open("/plan/")
    follow(keyboard, visit, "Edit priorities")
    follow(keyboard, visit, "Health and work")
    keyboard.type_into(page.get_by_label("Statement"), STATEMENT)
    press(keyboard, visit, "See what changes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at what changes")
    expect(page.locator("ins").first).to_contain_text("added:")
    with stage.behind():
        assert Priority.objects.get(code="P1").statement != STATEMENT
    press(keyboard, visit, "Publish")
    expect(page.get_by_role("alert")).to_contain_text("Health and work is published")
    expect(page.get_by_role("alert")).to_be_focused()
    with stage.behind():
        assert Priority.objects.get(code="P1").statement == STATEMENT
    follow(keyboard, visit, "Health and work")
    follow(keyboard, visit, "History of changes")
    expect(page.locator(".edits__one").first).to_contain_text("by Ada Example")
    expect(page.locator(".edits__one").first).to_contain_text("stay in work.")


def test_ada_moves_a_priority_without_scripts(stage: Stage) -> None:
    visit = stage.visit(ADA, scripts=False)
    visit.open("/plan/priorities/")
    visit.page.get_by_role("button", name="Move up Frailty and complex needs").click()
    expect(visit.page.get_by_role("alert")).to_contain_text("Frailty and complex needs is now number 2 of 3")
    expect(visit.page.locator(".places__name")).to_have_text(
        ["Health and work", "Frailty and complex needs", "Children and young people"]
    )


def test_ada_hands_over_a_leavers_work_and_deactivates_her(stage: Stage) -> None:
    priya, ada = stage.visit(PRIYA), stage.visit(ADA)
    page = ada.page
    ada.open("/plan/people/?q=priya")
    page.get_by_role("link", name="Priya Example").click()
    page.get_by_role("link", name="Deactivate Priya Example").click()
    expect(page.get_by_text("nobody else can report it").first).to_be_visible()
    page.get_by_role("link", name="Hand them over first").click()
    page.get_by_label("Who takes it over?").select_option(label="Cara Example, Project manager")
    page.get_by_role("button", name="See what moves").click()
    expect(page.locator("del").first).to_have_text("removed: Priya Example")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("alert")).to_contain_text("Cara Example now manages 4 deliverables in the place of Priya Example")
    page.get_by_role("button", name="Deactivate").click()
    expect(page.get_by_role("alert")).to_contain_text("Priya Example can no longer sign in")
    priya.open("/updates/")
    assert priya.path.startswith("/account/sign-in/")
    then_cara_manages_what_priya_did(stage)


def then_cara_manages_what_priya_did(stage: Stage) -> None:
    with stage.behind():
        assert not Deliverable.objects.filter(managers__email=PRIYA).exists()
        assert Deliverable.objects.filter(managers__email=CARA).count() >= 4
        assert not User.objects.get(email=PRIYA).is_active


def test_what_is_typed_into_a_priority_is_there_when_she_comes_back(stage: Stage) -> None:
    visit = stage.visit(ADA)
    visit.open("/plan/priorities/P1/")
    visit.page.get_by_label("Why it matters").fill("Half a sentence")
    expect(visit.page.get_by_text("not sent yet")).to_be_visible()
    visit.open("/plan/")
    visit.open("/plan/priorities/P1/")
    expect(visit.page.get_by_label("Why it matters")).to_have_value("Half a sentence")
    expect(visit.page.get_by_text("These are your words, kept for you")).to_be_visible()
    with stage.behind():
        assert Priority.objects.get(code="P1").why != "Half a sentence"


def follow(keyboard: Keyboard, visit: Visit, name: str) -> None:
    keyboard.go_to(visit.page.get_by_role("main").get_by_role("link", name=name, exact=True))
    with visit.page.expect_navigation():
        keyboard.press("Enter")


def press(keyboard: Keyboard, visit: Visit, name: str) -> None:
    keyboard.go_to(visit.page.get_by_role("button", name=name, exact=True))
    with visit.page.expect_navigation():
        keyboard.press("Enter")
