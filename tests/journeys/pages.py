"""The pages as a person meets them: what she does there, and what she sees."""

from playwright.sync_api import Locator, expect

from tests.journeys.house import PASSWORD
from tests.journeys.stage import Visit


class Keyboard:
    """Hands that never touch a mouse, and eyes that must see where the focus is."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page

    def go_to(self, target: Locator) -> None:
        """Tab by tab, as far as it takes."""
        for _ in range(150):
            self.page.keyboard.press("Tab")
            assert not (hidden := self.page.evaluate(OBSCURED)), f"the focus is on what cannot be seen: {hidden}"
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard does not reach {target}")

    def type_into(self, target: Locator, words: str) -> None:
        """In place of what stands there."""
        self.go_to(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


# What has the focus, unless some of it can be seen: nothing lies wholly over it, and it is on the screen (WCAG 2.4.11).
OBSCURED = """() => {
  const stop = document.activeElement;
  if (stop === document.body) return "";
  const box = stop.getBoundingClientRect();
  const places = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [x * box.width, y * box.height]));
  const tops = places.map(([x, y]) => document.elementFromPoint(box.left + x, box.top + y)).filter(Boolean);
  return tops.some((top) => stop.contains(top) || top.contains(stop)) ? "" : stop.outerHTML.slice(0, 200);
}"""


class SignIn:
    path = "/account/sign-in/"

    def __init__(self, visit: Visit) -> None:
        self.visit, page = visit, visit.page
        self.email, self.password = page.get_by_label("Email address"), page.get_by_label("Password", exact=True)
        self.button = page.get_by_role("button", name="Sign in")

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.email.fill(email)
        self.password.fill(password)
        self.button.click()


class Updates:
    """All that is due from her."""

    path = "/updates/"

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.heading = self.page.get_by_role("heading", name="My updates", level=1)
        self.banner = self.page.get_by_role("alert")

    def row(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=name)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)


class UpdatePage:
    """One update, on one deliverable."""

    def __init__(self, visit: Visit, code: str = "FCN-2") -> None:
        self.visit, self.page, self.path = visit, visit.page, f"/updates/{code}/"
        page = self.page
        self.done = page.get_by_label("What has been done since October?")
        self.why = page.get_by_label("Why is it not on track?")
        self.route = page.get_by_label("How will it get back on track?")
        self.evidence = page.get_by_label("What shows that it is complete?")
        self.by_when = page.get_by_role("group", name="By when?")
        self.submit = page.locator("form").get_by_role("button", name="Submit")
        self.summary = page.locator(".nhsuk-error-summary")

    def rating(self, name: str) -> Locator:
        return self.page.get_by_role("radio", name=name)

    def date_box(self, part: str) -> Locator:
        return self.by_when.get_by_label(part)

    def milestone(self, title: str) -> "MilestoneRow":
        return MilestoneRow(self.page.get_by_role("group", name=title, exact=True))

    def open(self) -> "UpdatePage":
        self.visit.open(self.path)
        return self

    def fill_in(self, done: str, *, rating: str = "On track", why: str = "", route: str = "", by_when: str = "") -> None:
        self.rating(rating).check()
        self.done.fill(done)
        if why:
            self.why.fill(why)
            self.route.fill(route)
            for part, value in zip(("Day", "Month", "Year"), by_when.split(), strict=True):
                self.date_box(part).fill(value)

    def send(self) -> None:
        """Submits what the second look asks about, once that has been read: scripts show it as one types, else it comes first."""
        if self.page.locator("body.js-enabled").count():
            expect(self.page.locator("[data-look] .check")).to_be_visible()
        else:
            self.submit.click()
            expect(self.page.get_by_text("A second look before it goes in")).to_be_visible()
        with self.page.expect_navigation():
            self.submit.click()

    def sees_mistakes(self, *messages: str) -> None:
        expect(self.summary.get_by_role("listitem")).to_have_text(list(messages))


class MilestoneRow:
    def __init__(self, place: Locator) -> None:
        self.place = place
        self.forecast = place.get_by_label("Forecast", exact=True)
        self.done = place.get_by_label("Done", exact=True)
        self.done_on = place.get_by_label("Done on")
        self.reason = place.get_by_label("Main reason for the new date")
        self.words = place.get_by_label("Why the date moves")


class DeliverablePage:
    def __init__(self, visit: Visit, code: str = "FCN-2") -> None:
        self.visit, self.page, self.path = visit, visit.page, f"/deliverables/{code}/"

    def open(self) -> "DeliverablePage":
        self.visit.open(self.path)
        return self

    def month(self, name: str) -> Locator:
        return self.page.locator("#months + ul > li").filter(has=self.page.get_by_text(name, exact=True))

    def milestone(self, title: str) -> Locator:
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=title, exact=True))


class GroupPage:
    path = "/outcomes-group/"

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.lede = self.page.locator(".portal-lede")

    def open(self) -> "GroupPage":
        self.visit.open(self.path)
        return self

    def update(self, name: str) -> Locator:
        return self.table("Updates for November 2025").get_by_role("row").filter(has_text=name)

    def milestone(self, title: str) -> Locator:
        ahead = self.table("Milestones not done at 30 November 2025")
        return ahead.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=title))

    def table(self, name: str) -> Locator:
        return self.page.get_by_role("table", name=name)


class Overview:
    path = "/"

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.lede = self.page.locator(".portal-lede")
        self.attention = self.page.get_by_role("table", name="Deliverables that are off track, at risk or not reported")
        self.matrix = self.page.get_by_role("table", name="Deliverables by priority and principle")

    def open(self, month: str = "") -> "Overview":
        self.visit.open(f"/?month={month}" if month else "/")
        return self

    def needs_attention(self, name: str) -> Locator:
        return self.attention.get_by_role("row").filter(has_text=name)
