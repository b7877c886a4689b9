"""The portal's own web program, on the real strategy with the demonstration, with the strategy alone, or with nothing."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from strategy_portal.management.commands.up import programs
from strategy_portal.supervisor import first_line
from tests.journeys.databases import Database, make_database
from tests.processes import Program, eventually, spare_port

PASSWORD = "correct horse battery staple"
NOTHING, STRATEGY, DEMONSTRATION = "nothing", "strategy", "demonstration"


class House:
    """The web program with its database and its folder of state."""

    def __init__(self, folder: Path, database: Database, **more: str) -> None:
        self.folder, self.database, self.port = folder, database, spare_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = environment(folder, database) | more
        with override_settings(WEB_PORT=self.port):
            self.web = Program(programs()["web"], self.environment, folder / "web.log")

    def open(self) -> None:
        self.web.start()
        eventually(lambda: first_line("127.0.0.1", self.port), within=30, what=f"the web answers\n{self.web.said()}")

    def manage(self, *command: str) -> None:
        done = subprocess.run([sys.executable, "manage.py", *command], env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, f"manage.py {' '.join(command)}\n{done.stdout}{done.stderr}"

    def build(self) -> None:
        """Each copy from the one before it, with the portal's own commands."""
        for name in ("queue", "control", "done"):
            (self.folder / "broker" / name).mkdir(parents=True, exist_ok=True)
        password = self.folder / "password"
        password.write_text(PASSWORD)
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("migrate", "--verbosity", "0")
        self.manage("createcachetable", "--verbosity", "0")
        self.database.keep(NOTHING)
        self.manage("load_strategy")
        self.database.keep(STRATEGY)
        self.manage("load_demonstration", "--password-file", str(password))
        self.database.keep(DEMONSTRATION)

    def letters(self) -> list[str]:
        """What the portal has written to people, oldest first."""
        return [file.read_text() for file in sorted((self.folder / "mail").glob("*"), key=lambda file: file.stat().st_mtime)]


def environment(folder: Path, database: Database) -> dict[str, str]:
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "DATABASE_URL": database.url,
        "BROKER_URL": "filesystem://",
        "PORTAL_STATE": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "PORTAL_TODAY": "2025-12-02",
        "PORTAL_DEMONSTRATION": "on",
        "PORTAL_HTTPS": "off",
        "DEBUG": "off",
        "LOG_LEVEL": "WARNING",
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")} | own


@contextmanager
def open_house(folder: Path, say: Callable[[str], None] = lambda words: None) -> Iterator[House]:
    database = make_database(folder)
    house = House(folder, database)
    try:
        say("Loading the strategy and the demonstration")
        house.build()
        house.open()
        yield house
    finally:
        house.web.stop()
        database.throw_away()
