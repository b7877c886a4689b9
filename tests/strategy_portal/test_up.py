"""`manage.py up` with real processes: on SQLite and a broker in files, as on a fresh machine."""

import os
import re
import signal
import socket
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.urls import reverse

from strategy_portal.management.commands.up import new_password
from strategy_portal.supervisor import Child, Plan
from tests.processes import Program, eventually, spare_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="NOT RUN: looks for processes in /proc")

STARTS = 60.0  # seconds, on a machine that does other things too
ENDS = 20.0


class Portal(Program):
    def __init__(self, folder: Path, state: Path | None = None, **environment: str) -> None:
        self.state, self.port, self.first_words = state or folder / "state", spare_port(), ""
        own = {
            "DJANGO_SETTINGS_MODULE": "strategy_portal.settings",
            "SECRET_KEY": "only for tests",
            "PORTAL_STATE": str(self.state),
            "PORTAL_PORT": str(self.port),
            "PORTAL_HTTPS": "off",
        }
        away = {"DATABASE_URL": "", "BROKER_URL": "", "PORTAL_DEMONSTRATION": "off"}
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "up"]
        super().__init__(command, os.environ | away | own | environment, folder / f"up-{self.port}.log")

    def start(self) -> None:
        self.log.unlink(missing_ok=True)
        super().start()
        assert self.process is not None
        process = self.process
        eventually(lambda: "is ready at" in self.said() or process.poll() is not None, within=STARTS, what="the portal is ready")
        assert "is ready at" in self.said(), self.said()
        self.first_words = self.first_words or self.said()

    def exit_code(self) -> int:
        """Of a portal that does not stay up."""
        Program.start(self)
        assert self.process is not None
        return self.process.wait(STARTS)

    def processes(self) -> dict[int, str]:
        """Whatever runs with this portal's state folder, wherever it now hangs in the tree of processes."""
        mine = f"PORTAL_STATE={self.state}\0".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mine in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue  # it ended meanwhile, or belongs to someone else
        return found

    def named(self, words: str) -> set[int]:
        return {pid for pid, command in self.processes().items() if words in command}

    def end_by(self, number: int) -> int:
        """The exit code of the supervisor, which alone gets the signal."""
        assert self.process is not None
        process, self.process = self.process, None
        process.send_signal(number)
        return process.wait(ENDS)


@pytest.fixture(scope="module")
def the_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    portal = Portal(tmp_path_factory.mktemp("up"))
    yield portal
    portal.stop()
    for pid in portal.processes():
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def running(the_portal: Portal) -> Portal:
    """One portal for all these tests, started again if the test before ended it."""
    if the_portal.process is None:
        the_portal.start()
    return the_portal


def test_it_starts_from_nothing_and_answers(running: Portal) -> None:
    assert re.search(r"Database: \d+ migrations made", running.first_words)
    assert "Static files: collected" in running.first_words
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}{reverse('account_login')}", timeout=10) as page:
        assert page.status == 200


def test_it_runs_web_worker_and_beat(running: Portal) -> None:
    assert len(running.named("gunicorn")) == 3  # the one that listens, and two that answer
    assert len(running.named(" worker ")) == 2  # the one that takes tasks, and one that does them
    assert len(running.named("strategy_portal.beat")) == 1


def test_a_worker_that_is_killed_is_started_again(running: Portal) -> None:
    before = running.named(" worker ")
    os.kill(min(before), signal.SIGKILL)
    eventually(lambda: len(running.named(" worker ") - before) == 2, within=15, what="another worker runs")
    assert not running.named(" worker ") & before
    assert "worker ended (killed by signal 9); it starts again" in running.said()


def test_a_second_portal_on_the_same_folder_is_refused_in_a_sentence(running: Portal, tmp_path: Path) -> None:
    second = Portal(tmp_path, state=running.state)
    assert second.exit_code() == 1
    assert second.said() == (
        f"CommandError: A portal already runs from {running.state}. Stop it, or set PORTAL_STATE to another folder.\n"
    )


def test_a_taken_port_is_said_in_a_sentence_before_anything_is_done(tmp_path: Path) -> None:
    portal = Portal(tmp_path)
    with socket.create_server(("127.0.0.1", portal.port)):
        assert portal.exit_code() == 1
    [sentence] = portal.said().splitlines()
    assert f"Port {portal.port} on 127.0.0.1 cannot be used (Address already in use)." in sentence
    assert f"choose another port: PORTAL_PORT={portal.port + 1} make run" in sentence
    assert list(portal.state.iterdir()) == []


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    portal = Portal(tmp_path, DATABASE_URL=f"postgresql://portal@127.0.0.1:{spare_port()}/portal")
    assert portal.exit_code() == 1
    assert "The database does not answer" in portal.said()
    assert "correct DATABASE_URL" in portal.said()
    assert "Traceback" not in portal.said()


def test_nothing_is_left_when_it_is_told_to_stop(running: Portal) -> None:
    assert running.end_by(signal.SIGTERM) == 0
    assert running.processes() == {}
    assert running.said().endswith("Stopped.\n")


def test_a_second_start_skips_what_is_done_and_ctrl_c_leaves_nothing(running: Portal) -> None:
    running.stop()
    running.start()
    assert "Database: nothing to do" in running.said()
    assert "Static files: nothing to do" in running.said()
    assert running.end_by(signal.SIGINT) == 0
    assert running.processes() == {}


def test_nothing_is_left_when_it_is_killed(running: Portal) -> None:
    running.end_by(signal.SIGKILL)
    eventually(lambda: not running.processes(), within=ENDS, what=f"nothing is left of {running.processes()}")


def test_a_program_that_keeps_dying_is_started_later_and_later(caplog: pytest.LogCaptureFixture) -> None:
    plan = Plan({}, str(settings.BASE_DIR), {}, "127.0.0.1", 0, "")
    child = Child("worker", [sys.executable, "-c", "raise SystemExit(3)"], plan)
    waits = []
    for _ in range(3):
        child.process.wait()
        child.look_after()
        waits.append(child.wait)
        child.start()
    child.process.wait()
    assert waits == [0.5, 1.0, 2.0]
    assert "worker ended (exit code 3); it starts again in 2 s" in caplog.text


def test_what_a_program_leaves_behind_goes_with_it(tmp_path: Path) -> None:
    """A killed web or worker process has children of its own, which would go on beside those of the next one."""
    leave = "import pathlib, subprocess; pathlib.Path('left').write_text(str(subprocess.Popen(['sleep', '60']).pid))"
    child = Child("worker", [sys.executable, "-c", leave], Plan({}, str(tmp_path), {}, "127.0.0.1", 0, ""))
    child.process.wait()
    left = int((tmp_path / "left").read_text())
    assert is_running(left)
    child.look_after()
    eventually(lambda: not is_running(left), within=5, what="what it left has ended")


def is_running(pid: int) -> bool:
    """Not counting what has ended, and only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_program_is_told_what_the_plan_says_and_what_the_environment_says(tmp_path: Path) -> None:
    plan = Plan({}, str(tmp_path), {"TMPDIR": "here"}, "127.0.0.1", 0, "")
    script = "import os, pathlib; pathlib.Path('said').write_text(os.environ['TMPDIR'] + ' ' + os.environ['PATH'])"
    child = Child("worker", [sys.executable, "-c", script], plan)
    assert child.process.wait() == 0
    assert (tmp_path / "said").read_text() == f"here {os.environ['PATH']}"


def test_a_demonstration_password_is_hard_to_guess_and_easy_to_type() -> None:
    first, second = new_password(), new_password()
    validate_password(first)
    assert first != second
    assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}", first)
