"""One number for one thing: what was issued says the same on every page, in every file, in the e-mail and behind the link."""

import re
from datetime import date

import pytest
from django.test import Client

from deliverables.ratings import AT_RISK, COMPLETE, NAMES, NOT_REPORTED, OFF_TRACK, ON_TRACK
from people.actions import choose_reports
from people.models import Letter, User
from reports.actions import Words, build_owed, issue_report, make_board_link
from reports.models import PackFile, ProgressReport
from tests import factories
from tests.casestudies.test_case_studies import figure as figure_of
from tests.casestudies.test_case_studies import story
from tests.reports.pack.reading import csv_rows, json_of, pages, pptx_charts, pptx_tables, sheets
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db

ORDER = (COMPLETE, ON_TRACK, AT_RISK, OFF_TRACK, NOT_REPORTED)
RATINGS = {"A-1": ON_TRACK, "A-2": OFF_TRACK, "A-3": COMPLETE, "B-1": AT_RISK, "B-2": ""}


@pytest.fixture
def bea(client) -> User:
    user = factories.person("viewer", "Bea")
    choose_reports(by=user, wants=True)
    factories.sign_in(client, user)
    return user


@pytest.fixture
def report(bea) -> ProgressReport:
    """Five deliverables in two priorities, each rated otherwise, and two months of them."""
    priya = factories.person("programme_manager")
    for number, (code, rating) in enumerate(RATINGS.items()):
        priority = "P1" if code.startswith("A") else "P2"
        made = factories.deliverable(code, in_priority=priority, principles=("PREVENTION",), short_title=f"Work {code}")
        factories.milestone(made, baseline=date(2025, 11, 3 + number), done_on=date(2025, 11, 20) if number < 2 else None)
        factories.update(made, by=priya, month=factories.october())
        if rating:
            factories.update(made, by=priya, month=factories.november(), rating=rating)
    factories.issue(factories.october())
    return factories.issue(factories.november())


@pytest.fixture
def files(report) -> dict[str, bytes]:
    assert build_owed() == 10
    return {kind: bytes(content) for kind, content in report.files.values_list("kind", "content")}


def figures(report: ProgressReport) -> dict[str, dict]:
    return {"plan": report.content["plan"]} | {group["code"]: group for group in report.content["priorities"]}


def counted(group: dict) -> list[int]:
    return [group["distribution"][code] for code in ORDER]


def phrase(group: dict) -> str:
    """As a card says it: 1 complete 1 on track 1 off track."""
    found = zip(ORDER, counted(group), strict=True)
    return " ".join(f"{number} {NAMES[code].lower()}" for code, number in found if number)


def milestones(group: dict) -> str:
    return f"{group['milestones_done']} of {group['milestones_due']} milestones"


def test_the_figures_are_those_that_were_reported(report):
    """So that what follows does not compare one mistake with itself."""
    assert counted(report.content["plan"]) == [1, 1, 1, 1, 1]
    assert {code: counted(group) for code, group in figures(report).items()} == {
        "plan": [1, 1, 1, 1, 1],
        "P1": [1, 1, 0, 1, 0],
        "P2": [0, 0, 1, 0, 1],
    }
    assert (report.content["plan"]["milestones_done"], report.content["plan"]["milestones_due"]) == (2, 5)
    assert report.content["sentences"]["lead"] == "1 of 5 deliverables is on track."


def test_the_pages_say_them(client, report):
    overview = text(client.get("/"))
    for code in ("P1", "P2"):
        group = figures(report)[code]
        assert phrase(group) in overview and milestones(group) in overview
        page = text(client.get(f"/priorities/{code.lower()}/"))
        assert phrase(group) in page and f"{milestones(group)} due are done" in page
        assert f"{group['reported']} of {group['expected']} reported" in page
    for address in ("/", "/reports/2025-11/"):
        assert report.content["sentences"]["lead"] in text(client.get(address))


def test_the_files_say_them(report, files):
    of_plan = counted(report.content["plan"])
    printed = re.sub(r"\s+", " ", " ".join(pages(files["pdf"])))
    assert report.content["sentences"]["lead"] in printed and "2 of 5" in printed
    [status] = [chart for title, chart in pptx_charts(files["pptx"]).items() if "month" in title.lower()]
    assert [list(status[NAMES[code]].values())[-1] for code in ORDER] == of_plan
    months = sheets(files["xlsx"])["Status by month"]
    [november] = [row for row in months if str(row[0]).startswith("November")]
    last = dict(zip(months[0], november, strict=True))
    assert [last[NAMES[code]] for code in ORDER] == of_plan
    rated = [row["Rating"] for row in csv_rows(files["csv"])]
    assert [rated.count(NAMES[code]) for code in ORDER] == of_plan
    assert json_of(files["json"])["content"]["plan"] == report.content["plan"]


def test_the_e_mail_and_the_link_say_them(report, bea):
    letter = Letter.objects.filter(kind="issued").order_by("-pk").first()
    assert report.content["sentences"]["lead"] in letter.text and "Off track: Work A-2 (A-2)" in letter.text
    olu = User.objects.get(name="Olu")
    _, token = make_board_link(by=olu, report=report, reader="Bea", expires_on=date(2025, 12, 31))
    page = text(Client().post(f"/board/{token}/", {"open": "page"}))
    assert report.content["sentences"]["lead"] in page
    assert all(phrase(figures(report)[code]) in page for code in ("P1", "P2"))


def test_a_file_is_two_clicks_from_the_overview(client, report, files):
    first = re.search(r'href="(/reports/2025-11/board-pack/)"', client.get("/").content.decode())[1]
    second = re.search(r'href="(/reports/2025-11/board-pack.pdf)"', client.get(first).content.decode())[1]
    assert b"".join(client.get(second).streaming_content) == files["pdf"]
    assert PackFile.objects.filter(report=report).count() == 5


FIGURES = {
    "Visits": (
        ["5,304", "3,433", "1,871 fewer (35%)"],
        "5,304 people in 2019/20, then 3,433 people in 2021/22: 1,871 fewer (35%)",
    ),
    "Found early": (["less than 25%"], "less than 25%"),
    "Place among the highest": (["8th"], "8th"),
}


def test_a_figure_of_a_story_is_the_same_on_its_page_in_the_report_and_in_its_files(client, bea):
    made = story("told", title="Told")
    for order, (metric, value, more) in enumerate(
        (
            ("Visits", "5304", {"period": "2019/20"}),
            ("Visits", "3433", {"period": "2021/22"}),
            ("Found early", "25", {"unit": "percent", "qualifier": "less than"}),
            ("Place among the highest", "8", {"unit": "rank"}),
        ),
        start=1,
    ):
        figure_of(made, order, value, metric=metric, **more)
    factories.update(factories.deliverable("A-1"), by=factories.person("programme_manager"), month=factories.october())
    month = factories.october()
    olu = factories.person("outcomes_group", "Olu")
    report = issue_report(by=olu, period=month, seen=month.data_version, words=Words("As it is.", {}, ("told",)))
    assert build_owed() == 5
    files = {kind: bytes(content) for kind, content in report.files.values_list("kind", "content")}
    own, page = text(client.get("/case-studies/told/")), text(client.get("/reports/2025-10/"))
    printed = " ".join(" ".join(pages(files["pdf"])).split())
    rows = {row[3]: row[4] for row in sheets(files["xlsx"])["Case studies"][1:]}
    slides = {row[3]: row[4] for table in pptx_tables(files["pptx"]) for row in table if row[0] == "Told"}
    kept = {one["metric"]: one["words"] for one in json_of(files["json"])["content"]["stories"][0]["figures"]}
    assert rows == slides == kept == {metric: said for metric, (_, said) in FIGURES.items()}
    for parts, said in FIGURES.values():
        assert said in page and said in printed and [part for part in parts if part not in own] == []
