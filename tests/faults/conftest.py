"""The portal's own worker and beat on PostgreSQL, with a broker of the test's own."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.db import connection

from strategy_portal.management.commands.up import programs
from tests.processes import Clerk, Program, Redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    yield server
    server.thaw() if server.process else None
    server.kill()


@pytest.fixture
def environment(transactional_db: None, redis: Redis, tmp_path: Path) -> dict[str, str]:
    """Settings as an installation has them; the database is the one that this test fills and empties."""
    own = {
        "DJANGO_SETTINGS_MODULE": "strategy_portal.settings",
        "DATABASE_URL": database_url(),
        "BROKER_URL": redis.url,
        "PORTAL_STATE": str(tmp_path),
        "SECRET_KEY": "only for tests",
        "PORTAL_TODAY": "2025-12-02",
        "PORTAL_HTTPS": "off",
    }
    return dict(os.environ) | own


def database_url() -> str:
    at = connection.settings_dict
    who = quote(at["USER"] or "") + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    return f"postgresql://{who}@{at['HOST'] or '127.0.0.1'}:{at['PORT'] or 5432}/{at['NAME']}"


def portal_program(name: str, environment: dict[str, str], folder: Path) -> Iterator[Program]:
    """Run by the very command that `manage.py up` runs it with."""
    program = Program(programs()[name], environment, folder / f"{name}.log")
    program.start()
    yield program
    program.stop()


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Program]:
    yield from portal_program("worker", environment, tmp_path)


@pytest.fixture
def beat(environment: dict[str, str], settings: LazySettings, tmp_path: Path) -> Iterator[Program]:
    settings.VAR_DIR = tmp_path
    yield from portal_program("beat", environment, tmp_path)


@pytest.fixture
def clerk(environment: dict[str, str], tmp_path: Path) -> Iterator[Clerk]:
    program = Clerk(environment, tmp_path)
    program.start()
    program.ask("wake")
    yield program
    program.kill()
