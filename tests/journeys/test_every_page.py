"""Every page, for everyone who opens it: axe finds nothing, nothing sticks out, and structure, words and focus are sound."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, expect

from priorities.actions import close_period
from tests import factories
from tests.journeys.browsing import NARROW
from tests.journeys.house import NOTHING, STRATEGY
from tests.journeys.inspection import ask, inspect, lost_words, overflow
from tests.journeys.pages import SignIn, UpdatePage
from tests.journeys.places import EMPTY, PAGES, PRIYA, REFUSED, UNREPORTED
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey


def every(table: dict[str, tuple]) -> list[tuple]:
    return [(email, page) for email, pages in table.items() for page in pages]


@pytest.mark.parametrize(("email", "path"), every(PAGES))
def test_a_page_serves_everyone_at_every_width(
    stage: Stage, titles: dict[str, str], inspected: set[int], email: str, path: str
) -> None:
    visit = stage.visit(email)
    visit.open(path)
    here = visit.path.partition("?")[0]
    assert titles.setdefault(visit.page.title(), here) == here, "two pages have one title"
    parts = frame_and_content(visit.page)
    if (
        parts <= inspected
    ):  # word for word what somebody else was shown, in a frame that she was shown: only both together are new
        assert_sound(ask(visit.page, "structure") + overflow(visit.page))
    else:
        assert_sound(inspect(visit.page))
        inspected |= parts


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """Which page a title belongs to."""
    return {}


@pytest.fixture(scope="module")
def inspected() -> set[int]:
    """The frames and the contents of the pages that were inspected at every width."""
    return set()


def frame_and_content(page: Page) -> set[int]:
    """The header, menu and footer of a page, and what stands between them, without what differs each time it is asked for."""
    content, frame = page.evaluate(PARTS)
    return {hash(("content", content)), hash(("frame", frame))}


PARTS = """() => {
  const page = document.body.cloneNode(true);
  for (const token of page.querySelectorAll("[name=csrfmiddlewaretoken]")) token.value = "";
  const content = page.querySelector("main").parentElement; // with the way back that stands before it
  content.remove();
  return [content.outerHTML, page.outerHTML];
}"""


@pytest.mark.parametrize(("email", "answer"), every(REFUSED))
def test_a_refusal_is_a_page_like_any_other(stage: Stage, email: str, answer: tuple[str, int]) -> None:
    path, status = answer
    visit = stage.visit(email)
    visit.watch.expect(status)
    response = visit.page.goto(f"{visit.address}{path}")
    assert response is not None and response.status == status
    assert_sound(inspect(visit.page))


@pytest.mark.parametrize(("email", "path"), every(EMPTY))
def test_a_portal_with_nothing_in_it_says_so_on_every_page(stage: Stage, email: str, path: str) -> None:
    given_people_but_no_demonstration(stage, NOTHING)
    visit = stage.visit(email)
    visit.open(path)
    expect(visit.page.locator(".empty")).not_to_have_count(0)
    assert_sound(inspect(visit.page))


@pytest.mark.parametrize(("email", "path"), every(UNREPORTED))
def test_a_strategy_that_nobody_has_reported_on_can_be_read(stage: Stage, email: str, path: str) -> None:
    given_people_but_no_demonstration(stage, STRATEGY)
    visit = stage.visit(email)
    visit.open(path)
    assert_sound(inspect(visit.page))


@pytest.mark.parametrize("path", ["/updates/", "/updates/FCN-2/"])
def test_between_two_months_nothing_is_asked(stage: Stage, path: str) -> None:
    with stage.behind():
        close_period(by=factories.person(name="Closer"), period=stage.november())
    visit = stage.visit(PRIYA)
    visit.open(path)
    expect(visit.page.get_by_text("No month is open for updates")).to_be_visible()
    assert_sound(inspect(visit.page))


def test_a_form_with_every_mistake_is_a_page_like_any_other(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.rating("Off track").check()
    page.date_box("Day").fill("31")
    page.date_box("Month").fill("2")
    page.date_box("Year").fill("2026")
    page.milestone("800 homes connected").forecast.fill("31 March 2026")
    page.milestone("Second supplier contracted").forecast.fill("soon")
    page.submit.click()
    expect(page.page).to_have_title(re.compile("^Error: "))
    assert_sound(inspect(page.page))


def test_a_refused_sign_in_is_a_page_like_any_other(stage: Stage) -> None:
    visit = stage.visit()
    visit.open(SignIn.path)
    SignIn(visit).sign_in(PRIYA, "wrong")
    expect(visit.page).to_have_title(re.compile("^Error: "))
    assert_sound(inspect(visit.page))


@pytest.mark.parametrize("width", [1280, NARROW])
def test_text_spaced_as_a_reader_needs_it_loses_nothing_on_the_update_page(stage: Stage, width: int) -> None:
    page = UpdatePage(stage.visit(PRIYA, width=width)).open()
    page.rating("Off track").check()
    page.milestone("800 homes connected").forecast.fill("31 March 2026")
    assert_sound(lost_words(page.page))


LEADS_ELSEWHERE = {
    *("/account/password/set/", "/outcomes-group/challenge/", "/updates/submit/", "/updates/excel/", "/updates/upload/apply/"),
    "/outcomes-group/agree/issue/",  # asks for a covering note first; test_agree_and_correct.py looks at it
    *("/plan/exchange/apply/", "/plan/next-year/undo/"),  # need a file, or a published year: test_plan_file.py, test_refresh.py
}


def test_no_page_is_left_out() -> None:
    """An address without parameters that the site map has, and that these journeys do not open."""
    opened = {path.partition("?")[0] for pages in PAGES.values() for path in pages} | LEADS_ELSEWHERE
    assert {path for path in addresses(get_resolver(), "/") if not path.startswith("/admin/")} <= opened


def addresses(resolver: URLResolver, before: str) -> set[str]:
    found: set[str] = set()
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= addresses(pattern, path)
        elif isinstance(pattern, URLPattern) and not re.search(r"[<(]", path):
            found.add(path)
    return found


def given_people_but_no_demonstration(stage: Stage, copy: str) -> None:
    stage.begin(copy)
    with stage.behind():
        factories.person("programme_manager", "Priya")
        factories.person("outcomes_group", "Olu")
        factories.person("viewer", "Bea")


def assert_sound(wrong: list[str]) -> None:
    assert not wrong, "\n".join(wrong)
