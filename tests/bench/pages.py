"""What each page costs beside the floor."""

from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from people.models import User
from strategy_portal import clock
from tests.bench.fill import Frame
from tests.bench.measure import Cost, counting, side_by_side

FLOOR = "/floor/"
ROUNDS = 15
LIST, ITEM = 8, 10  # statements that a dashboard or a list, and a page of one thing, may take


@dataclass(frozen=True)
class Page:
    address: str
    most: int
    reader: str = "viewer"
    needs: int = 0  # deliverables, for the address to be the case that it is meant to be
    of_report: bool = False  # it reads one issued report
    judged: bool = True  # else measured alone: more rows than any other page shows


PAGES = (
    Page("/", LIST, of_report=True),
    Page("/reports/", LIST, of_report=True),
    Page("/reports/2025-12/", ITEM, of_report=True),
    Page("/reports/2025-12/history/", ITEM, of_report=True),
    Page("/outcomes-group/agree/", ITEM, "group", judged=False),
    Page("/outcomes-group/", LIST, "group"),
    Page("/outcomes-group/?show=missing", LIST, "group"),
    Page("/deliverables/", LIST),
    Page("/deliverables/?rating=off_track", LIST),
    Page("/deliverables/?q=establish+health", LIST),
    Page("/deliverables/?page=3", LIST, needs=51),
    Page("/deliverables/HW-1/", ITEM),
    Page("/updates/", LIST, "manager"),
    Page("/updates/?due=50", LIST, "busy", needs=50, judged=False),
    Page("/updates/HW-1/", ITEM, "manager"),
    Page("/outcomes-group/collect/", ITEM, "group"),
    Page("/outcomes-group/challenge/HW-3/", ITEM, "group"),
    Page("/priorities/", ITEM),  # one thing: the plan of the year
    Page("/priorities/definitions/", ITEM, judged=False),
    Page("/priorities/health-and-work/", ITEM),
    Page("/case-studies/", LIST),
    Page("/case-studies/family-mentors/", ITEM),
    Page("/explain/", ITEM, of_report=True),
)


@dataclass(frozen=True)
class PageCost:
    page: Page
    statements: int
    rows: int
    page_cost: Cost
    floor: Cost
    size: int

    @property
    def times(self) -> float:
        return self.page_cost.cpu / self.floor.cpu


def measure_pages(frame: Frame, size: int) -> list[PageCost]:
    clients = {reader: sign_in(getattr(frame, reader)) for reader in ("viewer", "group", "manager", "busy")}
    return [measure_page(page, clients[page.reader]) for page in PAGES if size >= page.needs]


def sign_in(user: User) -> Client:
    """A session such as signing in makes, without the page for it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    now = int(clock.elapsed())
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["signed_in"] = session["seen"] = now
    session.save()
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_ENCODING="gzip")
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def measure_page(page: Page, client: Client) -> PageCost:
    fetch(client, page.address)
    with counting() as count:
        size = fetch(client, page.address)
    cost, floor = side_by_side(lambda: fetch(client, page.address), lambda: fetch(client, FLOOR), ROUNDS)
    return PageCost(page, count.statements, count.rows, cost, floor, size)


def fetch(client: Client, address: str) -> int:
    response = client.get(address)
    if response.status_code != HTTPStatus.OK:
        raise SystemExit(f"{address} answered {response.status_code}, so nothing was measured.")
    return len(response.content)
