"""Reads what differs between places. A wrong or missing value is named with its cure."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def refuse(name: str, problem: str, cure: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {problem}. {cure}")


def load_file(path: Path) -> None:
    """Takes NAME=value lines from a file; what the environment already says wins."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise refuse(f"{path.name} line {number}", "is not NAME=value", "Write one setting a line.")
        os.environ.setdefault(name.strip(), value.strip())


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    return one_of(name, ["on", "off"], "on" if default else "off") == "on"


def one_of(name: str, choices: list[str], default: str) -> str:
    if (value := text(name, default)) not in choices:
        raise refuse(name, f"is '{value}'", f"Set it to one of {', '.join(choices)}.")
    return value


def number(name: str, default: int, most: int = 65535) -> int:
    value = text(name, str(default))
    if not value.isdecimal() or not 1 <= int(value) <= most:
        raise refuse(name, f"is '{value}'", f"Set it to a whole number from 1 to {most}, such as {default}.")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def day(name: str) -> date | None:
    value = text(name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise refuse(name, f"is '{value}'", "Set it to a date such as 2025-12-02, or leave it out.") from None


def folder(name: str, default: Path) -> Path:
    """Made if it is missing, for its owner alone."""
    path = Path(text(name, str(default)))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise refuse(name, f"is '{path}', which cannot be made ({error.strerror})", "Set it to a folder that can.") from None
    return path.resolve()


def secret(name: str) -> str:
    """The key itself from NAME, or from the file NAME_FILE, which is made with a new key if it is missing."""
    if value := text(name):
        return value
    if not (file := text(f"{name}_FILE")):
        raise refuse(name, "is missing", f"Set {name} to 50 random characters, or {name}_FILE to a file to keep them in.")
    try:
        value = kept(Path(file), lambda: secrets.token_urlsafe(50)).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise refuse(f"{name}_FILE", f"is '{file}', which fails: {error.strerror}", "Name a file that can be written.") from None
    if not value:
        raise refuse(f"{name}_FILE", f"is '{file}', which is empty", "Delete the file, and a new key is made.")
    return value


def kept(path: Path, make: Callable[[], str]) -> Path:
    """A file that only its owner may read, made with what `make` returns if it is missing. Two that make it at once agree."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as stream:
            stream.write(make())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path


def database(name: str, sqlite: Path) -> dict:
    """SQLite in `sqlite` by default, PostgreSQL when NAME holds its address."""
    value = text(name, f"sqlite:///{quote(str(sqlite))}")
    scheme = value.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise refuse(name, f"starts with '{scheme}:'", "Use postgresql://user:password@host:5432/name, or leave it out.")
    try:
        config = dict(dj_database_url.parse(value, conn_max_age=60, conn_health_checks=True))
    except (dj_database_url.ParseError, ValueError) as error:
        raise refuse(name, f"cannot be read ({error})", "Use postgresql://user:password@host:5432/name.") from None
    if scheme == "sqlite":
        # WAL and IMMEDIATE together let web, worker and beat write to one file without "database is locked".
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    return config
