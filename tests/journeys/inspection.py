"""What every page owes everyone, whoever opens it and however wide their screen is."""

import json
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page, expect

from tests.journeys.browsing import NARROW, NARROWEST, WIDE

QUESTIONS = Path(__file__).with_suffix(".js").read_text()
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# All of axe's rules that are on by default, and these three, which are not.
RULES = {name: {"enabled": True} for name in ("target-size", "identical-links-same-purpose", "label-content-name-mismatch")}
# Only words come back from the browser: axe's whole answer has hundreds of kilobytes.
RUN_AXE = f"""async () => {{
  const found = await axe.run({json.dumps({"resultTypes": ["violations"], "rules": RULES})});
  return found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html]));
}}"""
# nhsuk-frontend's own script names the button of a file upload by its label and its words in an order that axe does not take.
THEIRS = ("label-content-name-mismatch", "nhsuk-file-upload__drop-button")


def inspect(page: Page) -> list[str]:
    """Everything that is wrong with a page at three widths: as it opens, and with all its details open and its charts drawn."""
    draw_charts(page)
    wrong = ask(page, "structure") + overflow(page) + violations(page) + ask(page, "focus")
    ask(page, "open_details")
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    wrong += [f"{NARROWEST} wide: {line}" for line in overflow(page)]
    page.set_viewport_size({"width": NARROW, "height": 800})
    wrong += [f"{NARROW} wide: {line}" for line in overflow(page) + ask(page, "structure") + violations(page)]
    page.set_viewport_size({"width": WIDE, "height": 900})
    return list(dict.fromkeys(wrong))


def lost_words(page: Page) -> list[str]:
    """What cannot be read any more once text is spaced as some readers need it."""
    return ask(page, "spacing") + overflow(page) + ask(page, "cut_off") + violations(page)


def ask(page: Page, question: str) -> list[str]:
    return list(page.evaluate(f"{QUESTIONS}.{question}()"))


def draw_charts(page: Page) -> None:
    for figure in page.locator("figure[data-chart]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-drawn", "true")


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways, once the menu has found its new width."""
    for _ in range(20):
        if not (wrong := ask(page, "overflow")):
            break
        page.wait_for_timeout(100)
    return wrong


def violations(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    rule_of_theirs, class_of_theirs = THEIRS
    found = [(rule, html) for rule, html in page.evaluate(RUN_AXE) if rule != rule_of_theirs or class_of_theirs not in html]
    return [f"{rule}: {html[:160]}" for rule, html in found]
