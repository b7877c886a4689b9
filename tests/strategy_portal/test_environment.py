"""What differs between places comes from the environment. A wrong value is named with its cure."""

import ast
import os
import re
import runpy
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from strategy_portal import env

SOURCE = settings.BASE_DIR / "strategy_portal" / "settings.py"
EXAMPLE = settings.BASE_DIR / ".env.example"


def names_read() -> set[str]:
    """The first argument of each env.something("NAME") in settings.py; a secret may also stand in a file."""
    calls = [node for node in ast.walk(ast.parse(SOURCE.read_text())) if isinstance(node, ast.Call)]
    read = [
        (call.func.attr, call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.func.attr not in {"refuse", "load_file"}
        and isinstance(call.args[0], ast.Constant)
    ]
    return {name for _, name in read} | {f"{name}_FILE" for kind, name in read if kind == "secret"}


def names_in_example() -> list[str]:
    return re.findall(r"^(\w+)=", EXAMPLE.read_text(), re.MULTILINE)


def settings_from(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """The settings of an installation that has this environment and no other, and no .env."""
    copy = tmp_path / "strategy_portal" / "settings.py"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(SOURCE, copy)
    with patch.dict(os.environ, environment, clear=True):
        return runpy.run_path(str(copy))


def manage(*arguments: str, folder: Path = settings.BASE_DIR, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
        env={"PATH": os.environ["PATH"]} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_the_example_names_each_setting_once_and_no_other() -> None:
    assert sorted(names_in_example()) == sorted(names_read())


def test_the_example_says_one_line_about_each_setting() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for number, line in enumerate(lines):
        if "=" in line and not line.startswith("#"):
            assert lines[number - 1].startswith("# "), line


def test_nothing_but_the_settings_reads_the_environment() -> None:
    files = [path for app in settings.BASE_DIR.glob("*/apps.py") for path in app.parent.rglob("*.py")]
    reads = re.compile(r"os\.environ(?!\.setdefault\(.DJANGO_SETTINGS_MODULE.)")
    reading = {path.name for path in files if reads.search(path.read_text())}
    assert reading == {"env.py", "supervisor.py"}  # the supervisor hands all of it to its children


def test_the_example_itself_makes_a_portal(tmp_path: Path) -> None:
    pairs = dict(line.split("=", 1) for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#"))
    made = settings_from(tmp_path, **pairs | {"SECRET_KEY_FILE": str(tmp_path / "key")})
    assert made["HTTPS"] and not made["DEBUG"] and made["PORTAL_TODAY"] is None


def test_what_is_left_out_is_safe(tmp_path: Path) -> None:
    made = settings_from(tmp_path, SECRET_KEY="secret")
    assert made["DEBUG"] is False
    assert made["SESSION_COOKIE_SECURE"] and made["CSRF_COOKIE_SECURE"] and made["SECURE_SSL_REDIRECT"]
    assert made["WEB_BIND"] == "127.0.0.1"
    assert not made["PORTAL_DEMONSTRATION"]
    assert made["DATABASES"]["default"]["NAME"] == str(tmp_path / "var" / "portal.sqlite3")


WRONG = {
    "DEBUG": ("yes", "one of on, off"),
    "PORTAL_HTTPS": ("1", "one of on, off"),
    "PORTAL_DEMONSTRATION": ("true", "one of on, off"),
    "PORTAL_TODAY": ("2 December 2025", "such as 2025-12-02"),
    "PORTAL_PORT": ("http", "such as 8000"),
    "PORTAL_WEB_WORKERS": ("0", "from 1 to 64"),
    "EMAIL_PORT": ("99999", "from 1 to 65535"),
    "DATABASE_URL": ("mysql://localhost/portal", "Use postgresql://"),
    "BROKER_URL": ("amqp://localhost", "Use redis://"),
    "PORTAL_STATE": ("/proc/portal", "Set it to a folder that can"),
    "LOG_LEVEL": ("LOUD", "one of DEBUG, INFO"),
    "SECRET_KEY": ("", "Set SECRET_KEY to"),
    "SECRET_KEY_FILE": ("/proc/portal/key", "Name a file that can be written"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_named_with_its_cure(name: str, tmp_path: Path) -> None:
    value, cure = WRONG[name]
    secret = {} if name.startswith("SECRET_KEY") else {"SECRET_KEY": "secret"}
    with pytest.raises(ImproperlyConfigured) as refused:
        settings_from(tmp_path, **secret | {name: value})
    assert str(refused.value).startswith(f"{name} ")
    assert cure in str(refused.value)


def test_a_database_address_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read"):
        settings_from(tmp_path, SECRET_KEY="secret", DATABASE_URL="postgresql://portal@host:port/portal")


def test_a_missing_secret_is_one_sentence_and_no_list_of_calls() -> None:
    result = manage("check", SECRET_KEY="")
    assert result.returncode == 1
    assert result.stderr.startswith("SECRET_KEY is missing. Set SECRET_KEY to")
    assert len(result.stderr.splitlines()) == 1


def test_a_secret_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "state" / "secret-key"
    first, second = (settings_from(tmp_path, SECRET_KEY_FILE=str(file))["SECRET_KEY"] for _ in range(2))
    assert first == second == file.read_text()
    assert len(first) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret-key"]


def test_an_empty_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY_FILE is .* empty"):
        settings_from(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key"))


def test_a_file_of_settings_gives_way_to_the_environment(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# a comment\n\nPORTAL_SERVICE=From the file\nPORTAL_PORT = 8001\n")
    with patch.dict(os.environ, {"PORTAL_SERVICE": "From the environment"}, clear=True):
        env.load_file(file)
        assert env.text("PORTAL_SERVICE") == "From the environment"
        assert env.number("PORTAL_PORT", 8000) == 8001


def test_a_line_that_sets_nothing_is_refused_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DEBUG=off\nPORTAL_PORT 8001\n")
    with patch.dict(os.environ, {}, clear=True), pytest.raises(ImproperlyConfigured, match=r"\.env line 2 is not NAME=value"):
        env.load_file(file)


def test_a_folder_with_unusual_letters_in_its_name_holds_a_database(tmp_path: Path) -> None:
    odd = tmp_path / "My #1 100%20 é folder"
    assert env.database("NOT_SET", odd / "portal.sqlite3")["NAME"] == str(odd / "portal.sqlite3")
