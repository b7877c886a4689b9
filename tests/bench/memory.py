"""What `manage.py up` holds in memory, after a month's work: its demonstration on SQLite, served and rolled up."""

import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from tests.processes import Program, eventually, spare_port

PAGES = ("/", "/priorities/", "/deliverables/", "/deliverables/HW-1/", "/case-studies/", "/explain/", "/updates/")
VISITS = 60
BEHIND = """
    SELECT count(*) FROM priorities_reportingperiod p LEFT JOIN reports_rollup r
    ON r.period_id = p.id AND r.data_version = p.data_version WHERE p.opens_on <= ? AND r.id IS NULL
"""
TODAY = date(2025, 12, 2)


@dataclass(frozen=True)
class Process:
    name: str
    rss: float  # MB, with what it shares with others
    pss: float  # MB, with its part of what it shares


def measure(folder: Path) -> list[Process]:
    state, port = folder / "up", spare_port()
    portal = Program([sys.executable, "manage.py", "up"], environment(state, port), folder / "up.log")
    portal.start()
    try:
        return serve_and_weigh(portal, state, f"http://127.0.0.1:{port}")
    except AssertionError as late:
        raise SystemExit(f"{late}. What `manage.py up` said:\n{portal.said()}") from late
    finally:
        portal.stop()


def environment(state: Path, port: int) -> dict[str, str]:
    own = {"PORTAL_STATE": str(state), "PORTAL_PORT": str(port), "PORTAL_TODAY": str(TODAY), "PORTAL_DEMONSTRATION": "on"}
    inherited = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    return inherited | own | {"LOG_LEVEL": "WARNING", "PORTAL_HTTPS": "off", "SECRET_KEY": "only for measuring"}


def serve_and_weigh(portal: Program, state: Path, base: str) -> list[Process]:
    eventually(lambda: "is ready" in portal.said(), within=120, what="`manage.py up` is ready")
    browser = sign_in(base, (state / "demonstration-password").read_text().strip())
    eventually(lambda: not behind(state), within=60, what="the worker has rolled up every month")
    eventually(lambda: not unbuilt(state), within=180, what="the worker has built every board pack")
    for number in range(VISITS):
        browser.open(base + PAGES[number % len(PAGES)]).read()
    time.sleep(1)
    assert portal.process is not None
    return [process for pid in family(portal.process.pid) if (process := weigh(pid))]


def sign_in(base: str, password: str) -> OpenerDirector:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    sign_in_with(browser, base, "priya@example.org", password)
    return browser


def sign_in_with(browser: OpenerDirector, base: str, email: str, password: str) -> None:
    page = browser.open(f"{base}/account/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, "the sign-in page has its form"
    fields = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
    answer = browser.open(f"{base}/account/sign-in/", urlencode(fields).encode())
    assert answer.url == f"{base}/", f"{email} can sign in"


def behind(state: Path) -> int:
    with sqlite3.connect(state / "portal.sqlite3") as database:
        return database.execute(BEHIND, [str(TODAY)]).fetchone()[0]


def unbuilt(state: Path) -> int:
    with sqlite3.connect(state / "portal.sqlite3") as database:
        return database.execute("SELECT count(*) FROM reports_packfile WHERE built_at IS NULL").fetchone()[0]


def family(pid: int) -> Iterator[int]:
    """The process, and all that came from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from family(int(child))


def weigh(pid: int) -> Process | None:
    command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(value.split()[0]) for name, _, value in (line.partition(":") for line in lines)}
    return Process(name_of(command), kilobytes["Rss"] / 1000, kilobytes["Pss"] / 1000)


def name_of(command: str) -> str:
    parts = {"gunicorn": "web", " worker": "worker", "beat": "beat", "supervisor": "supervisor"}
    return next((name for part, name in parts.items() if part in command), command[:40])
