"""Real programs that tests start, freeze and kill: each in a session of its own, so that nothing else is touched."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from select import select
from typing import Any


class Program:
    def __init__(self, command: list[str], environment: dict[str, str], log: Path, **options: Any) -> None:
        self.command, self.log = command, log
        self.options = options | {"env": environment, "stderr": subprocess.STDOUT, "start_new_session": True}
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        assert self.process is None, f"{self.command} runs already"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(self.command, text=True, **{"stdout": log} | self.options)

    def signal(self, number: int) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """kill -9, to it and to all that it started."""
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """As an operator would, with kill -9 if it does not listen."""
        if self.process is not None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill()

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Redis(Program):
    """A broker of the test's own: on a spare port of the loopback, keeping nothing."""

    def __init__(self, folder: Path) -> None:
        self.port = spare_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        super().__init__([*command, "--dir", str(folder)], dict(os.environ), folder / "redis.log")

    def start(self) -> None:
        super().start()
        eventually(lambda: listens(self.port), within=10, what="redis-server listens")


class Clerk(Program):
    """A process of the portal's, as a web worker is one, that does what it is told and says how long it took."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": (folder / "clerk.log").open("w")}
        super().__init__([sys.executable, "-m", "tests.faults.clerk"], environment, folder / "clerk.log")
        self.options |= pipes

    def ask(self, what: str, **arguments: Any) -> dict[str, Any]:
        assert self.process is not None and self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps([what, arguments]) + "\n")
        self.process.stdin.flush()
        assert select([self.process.stdout], [], [], 20)[0], f"the clerk still waits to {what}, after 20 seconds"
        answer = self.process.stdout.readline()
        assert answer, f"the clerk died:\n{self.said()}"
        return json.loads(answer)


def eventually(condition: Callable[[], object], *, within: float, what: str) -> float:
    """The seconds until it came true."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < within, f"not within {within:g} seconds: {what}"
        time.sleep(0.05)
    return time.monotonic() - started


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def spare_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
