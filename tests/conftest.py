"""What all tests share: the clock, a database that can be emptied, and which tests this machine can run."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseOperations

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs an event loop in the thread of the test

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
ON_POSTGRESQL = "postgresql" in settings.DATABASES["default"]["ENGINE"]

# A marker, whether this machine can run it, and what is said aloud when it cannot.
NEEDS = {
    "journey": (bool(CHROMIUM), "NOT RUN: browser journeys need chromium (Debian: apt install chromium fonts-liberation)"),
    "postgresql": (ON_POSTGRESQL, "NOT RUN: needs PostgreSQL: DATABASE_URL=postgresql://user@127.0.0.1:5432/name make test"),
    "faults": (
        ON_POSTGRESQL and shutil.which("redis-server") is not None,
        "NOT RUN: fault tests need PostgreSQL (DATABASE_URL) and the redis-server program",
    ),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for marker, (possible, reason) in NEEDS.items():
            if item.get_closest_marker(marker) and not possible:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def set_today(settings) -> Callable[[date], None]:
    """Moves the portal's date, which stands at 2 December 2025, for one test."""

    def move(day: date) -> None:
        settings.PORTAL_TODAY = day

    return move


@pytest.fixture(autouse=True)
def forget_guesses(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests that commit leave their wrong passwords in the cache, where the next test would be slowed by them."""
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (marker and marker.kwargs.get("transaction"))
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        cache.clear()


# Between tests that commit, Django empties the tables: by TRUNCATE on PostgreSQL, by DELETE on SQLite, which the
# append-only tables refuse. Their triggers are taken down for that moment, and put back as they were.
empty_tables = DatabaseOperations.sql_flush


def empty_append_only_tables_too(self: DatabaseOperations, *args: object, **kwargs: object) -> list[str]:
    with connections[self.connection.alias].cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%append_only%'")
        triggers = cursor.fetchall()
    statements = empty_tables(self, *args, **kwargs)
    return [f'DROP TRIGGER "{name}"' for name, _ in triggers] + statements + [sql for _, sql in triggers] if statements else []


DatabaseOperations.sql_flush = empty_append_only_tables_too
