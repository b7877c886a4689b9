"""Signing in, signing out, coming back, and being told what one may not see."""

import re
from contextlib import closing

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

from tests.journeys.house import PASSWORD
from tests.journeys.pages import DeliverablePage, Overview, SignIn, UpdatePage, Updates
from tests.journeys.places import ADA, BEA, NINA, PRIYA
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey

PAPER, MARGIN = 718, 8  # pixels across an A4 page as Chromium prints it; what may reach into the margin


@pytest.mark.parametrize(("email", "password"), [(PRIYA, "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_sign_in_does_not_tell_what_was_wrong(stage: Stage, email: str, password: str) -> None:
    visit = stage.visit()
    visit.open(SignIn.path)
    page = SignIn(visit)
    page.sign_in(email, password)
    expect(visit.page).to_have_title("Error: Sign in – Strategy portal")
    expect(visit.page.locator(".nhsuk-error-summary")).to_be_focused()
    visit.page.get_by_role("link", name="The email address or the password is not right").click()
    expect(page.email).to_be_focused()
    expect(page.email).to_have_value(email)


def test_a_password_can_be_shown_and_pasted(stage: Stage) -> None:
    visit = stage.visit()
    visit.open(SignIn.path)
    page = SignIn(visit)
    page.password.fill(PASSWORD)
    visit.page.get_by_role("button", name="Show password").click()
    expect(page.password).to_have_attribute("type", "text")
    assert page.password.get_attribute("autocomplete") == "current-password"


def test_after_signing_out_the_way_back_shows_nothing(stage: Stage) -> None:
    visit = stage.visit(BEA)
    Overview(visit).open()
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page).to_have_title("Sign in – Strategy portal")
    visit.page.go_back()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_session_that_ended_leads_back_to_the_page_after_signing_in(stage: Stage) -> None:
    visit = stage.visit(BEA)
    page = Overview(visit).open().page
    given_her_session_is_older_than_20_hours(stage)
    page.get_by_role("table").get_by_role("link", name="Home devices and sensors", exact=True).first.click()
    expect(page).to_have_title("Sign in – Strategy portal")
    SignIn(visit).sign_in(BEA)
    expect(page.get_by_role("heading", level=1)).to_have_text("Home devices and sensors")
    assert visit.path == f"/2025-26{DeliverablePage(visit).path}"


def given_her_session_is_older_than_20_hours(stage: Stage) -> None:
    with stage.behind():
        for row in Session.objects.all():
            said = row.get_decoded()
            row.session_data = Session.get_session_store_class()().encode(said | {"signed_in": said["signed_in"] - 20 * 3600 - 1})
            row.save()


def test_someone_without_a_role_is_told_how_to_get_one(stage: Stage) -> None:
    visit = stage.visit()
    visit.watch.expect(403)
    visit.open(SignIn.path)
    SignIn(visit).sign_in(NINA)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("You do not have a role yet")
    expect(visit.page.get_by_role("main")).to_contain_text(NINA)
    expect(visit.page.get_by_role("main").get_by_role("link", name="portal.support@example.org")).to_be_visible()
    expect(visit.page.get_by_role("navigation", name="Menu")).to_have_count(0)
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page).to_have_title("Sign in – Strategy portal")


def test_a_forgotten_password_is_reset_by_e_mail(stage: Stage) -> None:
    visit = stage.visit()
    visit.open(SignIn.path)
    page = visit.page
    page.get_by_role("link", name="I have forgotten my password").click()
    page.get_by_label("Email address").fill(BEA)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    visit.page.goto(link_in(stage.house.letters()[-1]))
    page.get_by_label("New password").fill("three random words")
    page.locator("main form").get_by_role("button", name="new password").click()
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    SignIn(visit).sign_in(BEA, "three random words")
    expect(page.get_by_role("heading", level=1)).to_have_text("Position at 31 October 2025")


def link_in(letter: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/account/password/reset/key/\S+", letter)
    assert found, letter
    return found[0]


def test_the_menu_shows_the_doors_that_a_person_may_open(stage: Stage) -> None:
    for email, doors in {PRIYA: {"My updates"}, BEA: set(), ADA: {"Plan", "Health"}}.items():
        menu = Overview(stage.visit(email)).open().page.get_by_role("navigation", name="Menu")
        names = {name.strip() for name in menu.get_by_role("link").all_inner_texts()}
        assert names == {"Overview", "Priorities", "Deliverables", "Case studies", "Reports"} | doors


def test_on_a_phone_the_rest_of_the_menu_opens_and_closes_by_keyboard(stage: Stage) -> None:
    page = Updates(stage.visit(PRIYA, width=375)).page
    page.goto(f"{stage.house.address}/updates/")
    more = page.get_by_role("button", name="Browse More")
    more.focus()
    page.keyboard.press("Enter")
    expect(more).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link", name="My updates")).to_be_visible()
    page.keyboard.press("Escape")
    expect(more).to_have_attribute("aria-expanded", "false")


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(stage: Stage) -> None:
    page = Overview(stage.visit(BEA)).open().page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#maincontent")).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/deliverables/", "/deliverables/FCN-2/", "/updates/FCN-2/"])
def test_a_printed_page_has_its_words_and_none_of_its_controls(stage: Stage, path: str) -> None:
    visit = stage.visit(PRIYA, width=PAPER)
    visit.open(path)
    page = visit.page
    page.emulate_media(media="print")
    for control in [control for role in ("navigation", "button", "search") for control in page.get_by_role(role).all()]:
        expect(control).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PAPER + MARGIN


def test_the_plan_on_a_page_prints_on_two_sheets_at_most(stage: Stage) -> None:
    visit = stage.visit(BEA)
    visit.open("/priorities/")
    with closing(PdfDocument(visit.page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed) <= 2


def test_the_cookies_of_a_session_are_out_of_reach_of_scripts(stage: Stage) -> None:
    visit = stage.visit()
    visit.open(SignIn.path)
    SignIn(visit).sign_in(BEA)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Position at 31 October 2025")
    cookies = {cookie["name"]: cookie for cookie in visit.page.context.cookies()}
    assert cookies[settings.SESSION_COOKIE_NAME]["httpOnly"] and cookies[settings.SESSION_COOKIE_NAME]["sameSite"] == "Lax"
    assert visit.page.evaluate("document.cookie") == ""
    assert UpdatePage(visit).path  # nothing of the session is in an address
    assert cookies[settings.SESSION_COOKIE_NAME]["value"] not in visit.page.url
