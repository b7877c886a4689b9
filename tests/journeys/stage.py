"""What a journey begins from: a state of the portal, and people who sit down at browsers of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from people.models import User
from priorities.models import ReportingPeriod
from strategy_portal import clock
from tests.journeys.browsing import WIDE, Watch
from tests.journeys.databases import in_use
from tests.journeys.house import DEMONSTRATION, House


class Visit:
    """One person at one browser."""

    def __init__(self, page: Page, watch: Watch, address: str) -> None:
        self.page, self.watch, self.address = page, watch, address

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)


class Stage:
    def __init__(self, browser: Browser, house: House) -> None:
        self.browser, self.house = browser, house
        self.visits: list[Visit] = []
        self.stands, self.changed = "", False

    def begin(self, copy: str = DEMONSTRATION) -> None:
        """The portal as the copy keeps it; left as it is when nobody has changed it since."""
        if self.changed or self.stands != copy:
            self.house.database.go_back_to(copy)
        self.stands, self.changed = copy, False

    @contextmanager
    def behind(self) -> Iterator[None]:
        """Models of this process read and write what the web program works on."""
        self.changed = True
        with in_use(self.house.database):
            yield

    @staticmethod
    def november() -> ReportingPeriod:
        """The month that is open, from behind the stage."""
        return ReportingPeriod.objects.select_related("plan_year__strategy").get(starts_on="2025-11-01")

    def visit(self, email: str = "", *, width: int = WIDE, height: int = 900, scripts: bool = True, **more: Any) -> Visit:
        """Someone sits down, and is signed in already when an e-mail is given."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="en-GB", **more
        )
        context.set_default_timeout(20_000)
        visit = Visit(context.new_page(), Watch(context, self.house.address), self.house.address)
        self.visits.append(visit)
        if email:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": self.session_of(email)}
            context.add_cookies([{**cookie, "url": self.house.address}])
        return visit

    def session_of(self, email: str) -> str:
        """Signed in without the page for it, which has journeys of its own."""
        with in_use(self.house.database):
            client = Client()
            client.force_login(User.objects.get(email=email))
            session = client.session
            session["signed_in"] = session["seen"] = int(clock.elapsed())
            session.save()
            return str(session.session_key)

    def end(self) -> list[str]:
        """Everyone leaves. What went wrong behind their pages."""
        for visit in self.visits:
            if visit.page.locator("form[data-update], form[data-autosave]").count():
                self.changed = True  # what was typed last is saved as the page is left, and nobody tells of that: let it be over
                visit.page.goto("about:blank")
                visit.page.wait_for_timeout(300)
        wrong = [line for visit in self.visits for line in visit.watch.wrong]
        self.changed = self.changed or any(visit.watch.sent for visit in self.visits)
        for visit in self.visits:
            visit.page.context.close()
        self.visits = []
        return wrong
