"""A browser that forgives nothing: what goes wrong behind a page is kept, and fails the journey at its end."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, Response, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, NARROW, NARROWEST = 1280, 375, 320  # pixels; the last is what 400% zoom leaves of the first (WCAG 1.4.10)


@contextmanager
def launch() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Watch:
    """Everything that the browser asked for, and everything that went wrong: errors, violations of the policy, failed requests.

    `expect` names the one answer, such as 404, that the journey is about.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.wrong: list[str] = []
        self.asked: list[Request] = []
        self.expected: set[int] = set()
        context.on("console", self.said)
        context.on("weberror", lambda error: self.wrong.append(f"error on {error.page and error.page.url}: {error.error}"))
        context.on("request", self.requested)
        context.on("requestfailed", self.failed)
        context.on("response", self.answered)

    def expect(self, status: int) -> None:
        self.expected.add(status)

    def said(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if any(f"the server responded with a status of {status} " in message.text for status in self.expected):
            return
        self.wrong.append(f"{message.type} on {message.location.get('url')}: {message.text}")

    def requested(self, request: Request) -> None:
        self.asked.append(request)
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"asked another host: {request.url}")

    def failed(self, request: Request) -> None:
        """Aborted is what becomes of a request when its page is left before the answer comes."""
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"{request.url} failed: {request.failure}")

    def answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.wrong.append(f"{response.status} from {response.url}")

    @property
    def sent(self) -> bool:
        """Whether a form was sent, so that the portal may have changed."""
        return any(request.method != "GET" for request in self.asked)
