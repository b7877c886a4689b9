"""What every page owes everyone, whoever opens it and however wide their screen is."""

import json
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page, expect

from tests.journeys.browsing import NARROW, NARROWEST, WIDE

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# All of axe's rules that are on by default, and these three, which are not.
# nhsuk-frontend's own script names the button of a file upload by its label and its words in an order that axe does not take.
RULES = {name: {"enabled": True} for name in ("target-size", "identical-links-same-purpose", "label-content-name-mismatch")}
THEIRS = ("label-content-name-mismatch", True)

STRUCTURE = """() => {
  const wrong = [];
  const text = (element) => (element.getAttribute("aria-label") || element.textContent).replace(/\\s+/g, " ").trim();
  const seen = (element) => element.checkVisibility();
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen);
  const ones = headings.filter((heading) => heading.tagName === "H1");
  if (ones.length !== 1) wrong.push(`${ones.length} h1`);
  for (const one of ones) if (text(one).length > 65) wrong.push(`h1 of ${text(one).length} characters: ${text(one)}`);
  let level = 0;
  for (const heading of headings) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1 && level) wrong.push(`${heading.tagName} after h${level}: ${text(heading)}`);
    if (!text(heading)) wrong.push(`empty ${heading.tagName}`);
    level = own;
  }
  const targets = {};
  for (const link of [...document.querySelectorAll("a[href]")].filter(seen)) {
    const words = text(link);
    if (!words) wrong.push(`a link without words to ${link.href}`);
    if (/^(click here|here|more|read more|link)$/i.test(words)) wrong.push(`a link that says only “${words}”`);
    if (link.getAttribute("href") !== "#") (targets[words] ??= new Set()).add(link.href); // "#" stands for a page on /design/
  }
  for (const [words, places] of Object.entries(targets)) if (places.size > 1) wrong.push(`“${words}” leads to ${[...places].join(" and ")}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`the id ${id} twice`);
  for (const link of document.querySelectorAll('a[href^="#"]:not([href="#"])'))
    if (!document.getElementById(link.hash.slice(1))) wrong.push(`${link.hash} leads nowhere`);
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"])
    for (const element of document.querySelectorAll(`[${name}]`))
      for (const id of element.getAttribute(name).split(" ")) if (!document.getElementById(id)) wrong.push(`${name}=${id} names nothing`);
  if (document.documentElement.lang !== "en-GB") wrong.push("not in en-GB");
  return wrong;
}"""

OVERFLOW = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > page.clientWidth + 1);
  const names = out.slice(-4).map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") || ""} “${e.textContent.trim().slice(0, 40)}”`);
  return [`${page.scrollWidth} pixels of page in ${page.clientWidth}: ${names.join("; ")}`];
}"""

# What changes when an element takes the focus: its own look, or that of the label or mark that stands for it.
FOCUS = """() => {
  const look = (element) => {
    const parts = [element, element.nextElementSibling, element.parentElement].filter(Boolean);
    const styles = parts.flatMap((part) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(part, pseudo)));
    return JSON.stringify(styles.map((s) => [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.borderWidth]));
  };
  const wrong = [];
  const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  for (const stop of stops.filter((element) => element.checkVisibility() && !element.disabled)) {
    document.activeElement.blur();
    const before = look(stop);
    stop.focus({ preventScroll: true });
    if (document.activeElement === stop && look(stop) === before) wrong.push(`no sign of the focus on ${stop.outerHTML.slice(0, 120)}`);
  }
  document.activeElement.blur();
  return wrong;
}"""


def inspect(page: Page) -> list[str]:
    """Everything that is wrong with a page at three widths: as it opens, and with all its details open and its charts drawn."""
    draw_charts(page)
    wrong = page.evaluate(STRUCTURE) + overflow(page) + violations(page) + page.evaluate(FOCUS)
    open_details(page)
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    wrong += [f"{NARROWEST} wide: {line}" for line in overflow(page)]
    page.set_viewport_size({"width": NARROW, "height": 800})
    wrong += [f"{NARROW} wide: {line}" for line in overflow(page) + page.evaluate(STRUCTURE) + violations(page)]
    page.set_viewport_size({"width": WIDE, "height": 900})
    return list(dict.fromkeys(wrong))


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways, once the menu has found its new width."""
    for _ in range(20):
        if not (wrong := page.evaluate(OVERFLOW)):
            break
        page.wait_for_timeout(100)
    return list(wrong)


# The spacing that WCAG 1.4.12 names. A sheet made by script is no breach of the policy, as a <style> would be.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
                     p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""

CUT_OFF = """() => [...document.body.querySelectorAll("*")]
  .filter((e) => e.checkVisibility() && e.textContent.trim() && getComputedStyle(e).overflow !== "visible" && !e.closest(".sprite"))
  .filter((e) => e.clientWidth > 1 && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1))
  .filter((e) => !["auto", "scroll"].includes(getComputedStyle(e).overflowX))
  .map((e) => `cut off: ${e.outerHTML.slice(0, 120)}`)"""


def lost_words(page: Page) -> list[str]:
    """What cannot be read any more once text is spaced as some readers need it."""
    page.evaluate(SPACING)
    assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).letterSpacing") != "normal"
    return overflow(page) + list(page.evaluate(CUT_OFF)) + violations(page)


def draw_charts(page: Page) -> None:
    for figure in page.locator("figure[data-chart]").all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-drawn", "true")


def open_details(page: Page) -> None:
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")


# Only words come back from the browser: axe's whole answer has hundreds of kilobytes.
RUN_AXE = f"""async () => {{
  const found = await axe.run({json.dumps({"resultTypes": ["violations"], "rules": RULES})});
  return found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.html]));
}}"""


def violations(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN_AXE)
    return [f"{rule}: {html[:160]}" for rule, html in found if (rule, "nhsuk-file-upload__drop-button" in html) != THEIRS]
