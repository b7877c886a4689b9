"""Writes every page at 1280 and 375 pixels wide, as the person who uses it: make screenshots.

Brings its own portal, with the demonstration, with the strategy alone and with nothing. One argument: the folder.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs an event loop in this thread
django.setup()

from playwright.sync_api import expect  # noqa: E402

from priorities.actions import close_period  # noqa: E402
from tests import factories  # noqa: E402
from tests.journeys.browsing import NARROW, WIDE, launch  # noqa: E402
from tests.journeys.house import DEMONSTRATION, NOTHING, STRATEGY, open_house  # noqa: E402
from tests.journeys.inspection import ask, draw_charts  # noqa: E402
from tests.journeys.pages import DeliverablePage, SignIn, UpdatePage, Updates  # noqa: E402
from tests.journeys.places import BEA, CARA, EMPTY, OLU, PAGES, PRIYA, REFUSED, UNREPORTED  # noqa: E402
from tests.journeys.stage import Stage, Visit  # noqa: E402

FOLDER = Path("var/screenshots")


class Camera:
    def __init__(self, stage: Stage, folder: Path, width: int) -> None:
        self.stage, self.folder, self.width = stage, folder, width

    def visit(self, email: str = "") -> Visit:
        return self.stage.visit(email, width=self.width)

    def shoot(self, visit: Visit, name: str) -> None:
        """The whole page in a window as high as it is, so that what sticks to the window's edge is at the page's."""
        visit.page.wait_for_load_state("networkidle")
        draw_charts(visit.page)
        height = visit.page.evaluate("() => document.documentElement.scrollHeight")
        visit.page.set_viewport_size({"width": self.width, "height": height})
        visit.page.evaluate("() => { window.scrollTo(0, 0); document.activeElement.blur(); }")
        visit.page.screenshot(path=self.folder / f"{name}-{self.width}.png", full_page=True)
        visit.page.set_viewport_size({"width": self.width, "height": 900})


def every_page(camera: Camera) -> None:
    for email, paths in PAGES.items():
        visit = camera.visit(email)
        for path in paths:
            visit.open(path)
            camera.shoot(visit, name_of(email, path))


def refusals(camera: Camera) -> None:
    for email, answers in REFUSED.items():
        visit = camera.visit(email)
        for path, status in answers:
            visit.open(path)
            camera.shoot(visit, name_of(email, path, str(status)))


def a_form_with_mistakes(camera: Camera) -> None:
    page = UpdatePage(camera.visit(PRIYA)).open()
    page.rating("Off track").check()
    page.date_box("Day").fill("31")
    page.date_box("Month").fill("2")
    page.date_box("Year").fill("2026")
    page.milestone("800 homes connected").forecast.fill("31 March 2026")
    page.milestone("Second supplier contracted").forecast.fill("soon")
    page.submit.click()
    camera.shoot(page.visit, "priya-update-with-mistakes")


def a_form_filled_in(camera: Camera) -> None:
    page = UpdatePage(camera.visit(PRIYA)).open()
    page.fill_in("410 homes are connected.", rating="Off track", why="No installers.", route="New ones.", by_when="27 3 2026")
    page.milestone("800 homes connected").forecast.fill("31 March 2026")
    page.milestone("Second supplier contracted").done.check()
    camera.shoot(page.visit, "priya-update-filled-in")


def two_editors(camera: Camera) -> None:
    priya, cara = UpdatePage(camera.visit(PRIYA)).open(), UpdatePage(camera.visit(CARA)).open()
    priya.fill_in("410 homes are connected.", rating="Off track", why="No installers.", route="New ones.", by_when="27 3 2026")
    priya.send()
    expect(Updates(priya.visit).banner).to_be_visible()
    camera.shoot(priya.visit, "priya-updates-after-submitting")
    cara.fill_in("409 homes are connected.")
    cara.send()
    camera.shoot(cara.visit, "cara-update-overtaken")
    cara.submit.click()
    page = DeliverablePage(camera.visit(BEA)).open()
    ask(page.page, "open_details")
    camera.shoot(page.visit, "bea-deliverable-with-two-versions")


def a_month_that_closed(camera: Camera) -> None:
    page = UpdatePage(camera.visit(PRIYA)).open()
    page.fill_in("410 homes are connected.")
    with camera.stage.behind():
        close_period(by=factories.person(name="Closer"), period=camera.stage.november())
    page.submit.click()
    camera.shoot(page.visit, "priya-update-too-late")
    for path in ("/updates/", "/updates/FCN-2/"):
        page.visit.open(path)
        camera.shoot(page.visit, name_of(PRIYA, path, "no-month-open"))


def a_refused_sign_in(camera: Camera) -> None:
    visit = camera.visit()
    visit.open(SignIn.path)
    SignIn(visit).sign_in(PRIYA, "wrong")
    camera.shoot(visit, "nobody-sign-in-refused")


def on_paper(camera: Camera) -> None:
    for email, path in ((BEA, "/"), (OLU, "/outcomes-group/"), (BEA, "/deliverables/FCN-2/")):
        visit = camera.visit(email)
        visit.open(path)
        visit.page.emulate_media(media="print")
        camera.shoot(visit, name_of(email, path, "on-paper"))


def without_scripts(camera: Camera) -> None:
    for email, path in ((OLU, "/outcomes-group/"), (PRIYA, "/updates/FCN-2/")):
        visit = camera.stage.visit(email, width=camera.width, scripts=False)
        visit.open(path)
        name = name_of(email, path, "without-scripts")
        visit.page.screenshot(path=camera.folder / f"{name}-{camera.width}.png", full_page=True)


def with_people_only(pages: dict[str, tuple[str, ...]], called: str) -> Callable[[Camera], None]:
    def shoot(camera: Camera) -> None:
        with camera.stage.behind():
            for role, name in (("programme_manager", "Priya"), ("outcomes_group", "Olu"), ("viewer", "Bea")):
                factories.person(role, name)
        for email, paths in pages.items():
            visit = camera.visit(email)
            for path in paths:
                visit.open(path)
                camera.shoot(visit, name_of(email, path, called))

    return shoot


SERIES: tuple[tuple[str, Callable[[Camera], None]], ...] = (
    (DEMONSTRATION, every_page),
    (DEMONSTRATION, refusals),
    (DEMONSTRATION, a_form_filled_in),
    (DEMONSTRATION, a_form_with_mistakes),
    (DEMONSTRATION, two_editors),
    (DEMONSTRATION, a_month_that_closed),
    (DEMONSTRATION, a_refused_sign_in),
    (DEMONSTRATION, on_paper),
    (DEMONSTRATION, without_scripts),
    (STRATEGY, with_people_only(UNREPORTED, "strategy-only")),
    (NOTHING, with_people_only(EMPTY, "nothing")),
)


def name_of(email: str, path: str, state: str = "") -> str:
    words = [email.partition("@")[0] or "nobody", re.sub("[^a-z0-9]+", "-", path.lower()).strip("-") or "home", state]
    return "-".join(filter(None, words))


def series(stage: Stage, folder: Path) -> Iterator[int]:
    """Shot by shot; gives how many pictures there are so far."""
    for copy, shoot in SERIES:
        for width in (WIDE, NARROW):
            stage.begin(copy)
            shoot(Camera(stage, folder, width))
            stage.end()
            yield len(list(folder.glob("*.png")))


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with TemporaryDirectory(prefix="portal-pictures-") as state, open_house(Path(state), say=print) as house, launch() as browser:
        for count in series(Stage(browser, house), folder):
            print(f"\r{count} pictures", end="", flush=True)
    print(f" in {folder}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
