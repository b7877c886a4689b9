"""Keeps a few programs running: starts again what dies, and leaves nothing behind when it ends, however it ends.

`become` turns the process that made things ready into this one, which imports the standard library alone: it lives as long
as the portal does, so it should not hold the portal in memory a fifth time.
"""

import ctypes
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from types import FrameType
from typing import NoReturn

log = logging.getLogger("supervisor")

TICK = 0.2  # seconds between two looks
GRACE = 8.0  # seconds to finish what is in hand, once told to stop
STEADY = 10.0  # seconds after which a start counts as good
LONGEST_WAIT = 30.0  # seconds between two starts of a program that keeps dying
PATIENCE = 60.0  # seconds for the first answer, before something is said
PR_SET_PDEATHSIG = 1

# Loaded here, since a process between fork and exec should do as little as possible.
libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Plan:
    """What to run, where; which port answers when all is well, and what is said then."""

    programs: dict[str, list[str]]
    folder: str
    environment: dict[str, str]
    host: str
    port: int
    words: str


def become(plan: Plan) -> NoReturn:
    """The plan goes through a pipe: it holds a password, and other people can read command lines."""
    read, write = os.pipe()
    with os.fdopen(write, "w") as stream:
        json.dump(asdict(plan), stream)
    os.set_inheritable(read, True)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-P", __file__, str(read)])


class Child:
    """One running program, in a session of its own, so that Ctrl-C reaches the supervisor alone."""

    def __init__(self, name: str, command: list[str], plan: Plan) -> None:
        self.name, self.command, self.plan = name, command, plan
        self.wait = 0.0
        self.start()

    def start(self) -> None:
        self.started, self.start_at = time.monotonic(), 0.0
        self.process = subprocess.Popen(
            self.command,
            cwd=self.plan.folder,
            env=os.environ | self.plan.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with(os.getpid()),
        )

    def look_after(self) -> None:
        """Starts it again if it died: at once if it had been steady, later and later if it keeps dying."""
        if self.start_at:
            if time.monotonic() >= self.start_at:
                self.start()
        elif self.process.poll() is not None:
            self.signal(signal.SIGKILL)
            steady = time.monotonic() - self.started > STEADY
            self.wait = 0.0 if steady else min(max(2 * self.wait, 0.5), LONGEST_WAIT)
            self.start_at = time.monotonic() + self.wait
            log.warning("%s ended (%s); it starts again in %g s", self.name, self.ending, self.wait)

    @property
    def ending(self) -> str:
        code = self.process.returncode
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"

    def signal(self, number: int) -> None:
        """To the program and to all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def stop(self, until: float) -> None:
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop when asked, so it is ended", self.name)
        self.signal(signal.SIGKILL)
        self.process.wait()


def end_with(supervisor: int) -> Callable[[], None] | None:
    """What a child does before it runs: asks Linux for SIGTERM when the supervisor dies, even by kill -9."""
    if libc is None:
        return None

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            os._exit(0)

    return prepare


class Announcement:
    """Said once, as soon as the port answers."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.said, self.late_at = plan, False, time.monotonic() + PATIENCE

    def try_to_make(self) -> None:
        if self.said:
            return
        if answer := first_line(self.plan.host, self.plan.port):
            self.said = True
            print(self.plan.words, flush=True)
            if answer.split()[1:2] >= [b"500"]:
                log.warning("it answers with an error, though: the lines above say why")
        elif time.monotonic() > self.late_at:
            self.late_at += PATIENCE
            log.warning("port %s still does not answer: the lines above may say why", self.plan.port)


def first_line(host: str, port: int) -> bytes:
    """The beginning of what the web answers; nothing while it does not."""
    with suppress(OSError), socket.create_connection((host, port), timeout=1) as client:
        client.sendall(f"GET / HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
        return client.recv(12)
    return b""


def supervise(plan: Plan) -> None:
    """Runs until SIGINT, SIGTERM or SIGHUP."""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    announcement = Announcement(plan)
    children: list[Child] = []
    try:
        children.extend(Child(name, command, plan) for name, command in plan.programs.items())
        while not stopping:
            time.sleep(TICK)
            for child in children:
                child.look_after()
            announcement.try_to_make()
    finally:
        stop_all(children)


def stop_all(children: list[Child]) -> None:
    until = time.monotonic() + GRACE
    for child in children:
        child.process.terminate()
    for child in children:
        child.stop(until)


if __name__ == "__main__":
    logging.basicConfig(format="{asctime} {levelname} {name}: {message}", style="{")
    with os.fdopen(int(sys.argv[1])) as stream:
        plan = Plan(**json.load(stream))
    supervise(plan)
    print("Stopped.")
