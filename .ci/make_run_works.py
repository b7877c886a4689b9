"""Does in a fresh clone what the README promises: `make run`, sign in, look round, Ctrl-C, and again.

Usage: make_run_works.py folder-of-the-clone
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path

MEMORY = 450  # MB, of all processes together
OURS = ("PORTAL_", "EMAIL_", "DATABASE_URL", "BROKER_URL", "SECRET_KEY", "DEBUG", "PYTHON")


class Run:
    """One `make run`, as someone would type it."""

    def __init__(self, clone: Path) -> None:
        self.clone, self.log, self.started = clone, clone.parent / "make-run.log", time.monotonic()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment | {"PORTAL_PORT": str(spare_port())},
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def said(self) -> str:
        return self.log.read_text()

    def ready(self) -> float:
        until(lambda: "Ctrl-C stops it" in self.said() or self.process.poll() is not None, 600, "the portal is ready")
        if self.process.poll() is not None:
            sys.exit(f"FAILED: make run ended\n{self.said()}")
        time.sleep(1)
        return time.monotonic() - self.started

    def processes(self) -> dict[int, str]:
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (folder / "cwd").resolve().is_relative_to(self.clone):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ").strip()
            except OSError:
                continue
        return {pid: command for pid, command in found.items() if command}

    def ctrl_c(self) -> float:
        """To all that a terminal would send it to."""
        started = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)
        until(lambda: not self.processes(), 5, f"nothing is left of {self.processes()}")
        return time.monotonic() - started

    def end(self) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Visitor:
    def __init__(self, address: str) -> None:
        self.address = address
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address and words of the page that one ends at."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            page = self.browser.open(urllib.parse.urljoin(self.address, path), data, timeout=20)
        except urllib.error.HTTPError as error:
            page = error
        with page:
            return page.status, page.url, page.read().decode()

    def sign_in(self, email: str, password: str) -> tuple[int, str]:
        _, place, words = self.open("/")  # is sent on to the page to sign in
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', words)
        assert token, f"no form at {place}"
        status, _, words = self.open(place, {"csrfmiddlewaretoken": token[1], "login": email, "password": password})
        assert "Sign out" in words, f"{email} is not signed in: {words}"
        return status, words

    def look_round(self, words: str) -> int:
        """Opens every page that this one links to."""
        paths = {path for path in re.findall(r'<a [^>]*href="(/[^"#]*)', words) if not path.startswith(("/admin", "/static"))}
        for path in sorted(paths):
            status, _, _ = self.open(path)
            assert status == 200, f"{path} answers {status}"
        return len(paths)


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"FAILED: not within {seconds:g} seconds: {what}")
        time.sleep(0.1)


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def memory(pids: list[int]) -> tuple[float, float]:
    """MB, all processes together: what each has in memory, and the same with what they share counted once."""
    texts = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
    rss, pss = (sum(int(re.search(rf"^{kind}:\s+(\d+)", text, re.M)[1]) for text in texts) for kind in ("Rss", "Pss"))
    return rss / 1024, pss / 1024


def visit(said: str) -> None:
    address = re.search(r"is ready at (\S+)", said)[1]
    password = re.search(r"with the password (\S+)", said)[1]
    people = re.findall(r"^  (\S.*?)  +(\S+@\S+)  +(.+)$", said, re.MULTILINE)
    assert people, "no sign-ins were printed"
    for name, email, role in people:
        visitor = Visitor(address)
        status, page = visitor.sign_in(email, password)
        if role == "No role":
            assert status == 403, f"{name} has no role, and gets {status}"
            print(f"{name} ({role}) signs in, and is told what to do next")
        else:
            print(f"{name} ({role}) signs in and opens {visitor.look_round(page)} pages")


def first_run(run: Run) -> None:
    print(f"make run on a fresh clone: ready after {run.ready():.0f} s")
    visit(run.said())
    pids = [pid for pid, command in run.processes().items() if not command.startswith("make")]
    rss, pss = memory(pids)
    print(f"Memory of {len(pids)} processes after these pages: {rss:.0f} MB, {pss:.0f} MB with shared pages counted once")
    print(f"Ctrl-C: nothing left after {run.ctrl_c():.1f} s")
    if rss > MEMORY:
        sys.exit(f"FAILED: that is more than {MEMORY} MB")


def second_run(run: Run) -> None:
    print(f"make run again: ready after {run.ready():.0f} s")
    said = run.said()
    assert "Installing" not in said and "Database: nothing to do" in said, said
    print(f"Ctrl-C: nothing left after {run.ctrl_c():.1f} s")


def main(clone: Path) -> None:
    for look in (first_run, second_run):
        run = Run(clone)
        try:
            look(run)
        finally:
            run.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
