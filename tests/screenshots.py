"""Writes every page at 1280 and 375 pixels wide, as the person who uses it: make screenshots.

    python -m tests.screenshots http://127.0.0.1:8000 PASSWORD [folder]
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

WIDTHS = (1280, 375)
PAGES = {
    "bea@example.org": [
        "/",
        "/explain/",
        "/priorities/",
        "/priorities/frailty-and-complex-needs/",
        "/deliverables/",
        "/deliverables/?q=nothing-like-this",
        "/deliverables/FCN-2/",
        "/case-studies/",
        "/case-studies/end-of-life-together/",
        "/no-such-page/",
        "/outcomes-group/",
    ],
    "priya@example.org": ["/updates/", "/updates/FCN-2/"],
    "olu@example.org": ["/outcomes-group/", "/outcomes-group/?show=missing"],
    "ada@example.org": ["/design/"],
    "nina@example.org": ["/"],
    "": ["/account/sign-in/", "/account/password/reset/"],
}


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    page.goto(f"{base}/account/sign-in/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()


def name_of(email: str, address: str) -> str:
    return f"{email.partition('@')[0] or 'nobody'}-{re.sub('[^a-z0-9]+', '-', address.lower()).strip('-') or 'home'}"


def shoot(browser: Browser, base: str, email: str, password: str, folder: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    if email:
        sign_in(page, base, email, password)
    for address in PAGES[email]:
        page.goto(f"{base}{address}")
        for figure in page.locator("figure[data-chart]").all():
            figure.scroll_into_view_if_needed()
            page.wait_for_selector(f"figure[data-chart='{figure.get_attribute('data-chart')}'][data-drawn]", timeout=5000)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=folder / f"{name_of(email, address)}-{width}.png", full_page=True)
    page.close()


def main(base: str, password: str, folder: str = "var/screenshots") -> None:
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        for width in WIDTHS:
            for email in PAGES:
                shoot(browser, base, email, password, place, width)
        browser.close()
    print(f"{len(list(place.glob('*.png')))} pictures in {place}")


if __name__ == "__main__":
    main(*sys.argv[1:])
