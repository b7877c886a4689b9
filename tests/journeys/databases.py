"""One database that the web program works on, and copies of it to go back to: in milliseconds, while the program runs."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import psycopg2
from django.conf import settings
from django.db import connections
from psycopg2 import sql


class Database(Protocol):
    name: str
    url: str

    def keep(self, copy: str) -> None: ...

    def go_back_to(self, copy: str) -> None: ...

    def throw_away(self) -> None: ...


class SqliteDatabase:
    """Files in a folder. SQLite's own backup writes under its locks, so a reader sees the old or the new, never a part."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = str(self.file("portal"))
        self.url = f"sqlite:///{self.name}"

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def keep(self, copy: str) -> None:
        self.copy(self.file("portal"), self.file(copy))

    def go_back_to(self, copy: str) -> None:
        self.copy(self.file(copy), self.file("portal"))

    def copy(self, source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target, timeout=20)) as new:
            new.execute("PRAGMA synchronous=OFF")
            old.backup(new)

    def throw_away(self) -> None:
        """The folder goes with the run."""


class PostgresqlDatabase:
    """Databases beside the one that DATABASE_URL names. Going back ends all connections; the web program makes new ones."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.stem = f"{given['NAME']}_browser"
        self.name = f"{self.stem}_portal"
        who = quote(given["USER"] or "") + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
        self.url = f"postgresql://{who}@{given['HOST'] or '127.0.0.1'}:{given['PORT'] or 5432}/{self.name}"
        self.copies: set[str] = set()
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        self.run("CREATE DATABASE {}", self.name)

    def run(self, statement: str, *names: str) -> None:
        at = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        where = {key: self.given[name] for key, name in at.items() if self.given[name]}
        with closing(psycopg2.connect(dbname="postgres", **where)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def keep(self, copy: str) -> None:
        self.copies.add(copy)
        self.replace(f"{self.stem}_{copy}", self.name)

    def go_back_to(self, copy: str) -> None:
        self.replace(self.name, f"{self.stem}_{copy}")

    def replace(self, target: str, source: str) -> None:
        self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", target)
        self.run("CREATE DATABASE {} TEMPLATE {}", target, source)

    def throw_away(self) -> None:
        for name in (self.name, *(f"{self.stem}_{copy}" for copy in self.copies)):
            self.run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def make_database(folder: Path) -> Database:
    given = settings.DATABASES["default"]
    return PostgresqlDatabase(given) if "postgresql" in given["ENGINE"] else SqliteDatabase(folder)


@contextmanager
def in_use(database: Database) -> Iterator[None]:
    """Lets models in this process read and write the database that the web program works on."""
    before, own = connections["default"], connections.create_connection("default")
    own.settings_dict = own.settings_dict | {"NAME": database.name}
    connections["default"] = own
    try:
        yield
    finally:
        own.close()
        connections["default"] = before
