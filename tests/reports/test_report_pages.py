"""The pages of issued reports: each works, says what was issued and nothing else, and costs the same however big the plan is."""

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from deliverables.actions import agree_update, correct_update, stop_deliverable
from deliverables.models import Deliverable, Milestone
from people.models import User
from priorities.models import Priority, ReportingPeriod
from reports import comparison
from reports.actions import Correction, Words, build_pack_file, correct_report, issue_report, put_ask
from reports.models import PackFile, ProgressReport
from reports.pack import KINDS
from reports.querysets import GIVES_UP_AFTER
from reports.reading import deliverable
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = (
    "/reports/",
    "/reports/2025-11/",
    "/reports/2025-11/history/",
    "/reports/compare/?from=2025-10&to=2025-11",
    "/reports/2025-11/board-pack/",
)


@pytest.fixture
def olu() -> User:
    return factories.person("outcomes_group", "Olu")


@pytest.fixture
def bea(client) -> User:
    found = factories.person("viewer", "Bea")
    factories.sign_in(client, found)
    return found


def add(code: str, by: User, now: str = "on_track", before: str = "on_track", **more) -> Deliverable:
    """A deliverable with a milestone and two months of updates."""
    made = planned(code, **more)
    factories.update(made, by=by, month=factories.october(), rating=before, done="Ten people were met.")
    factories.update(made, by=by, month=factories.november(), rating=now, done="Twelve people were met.")
    return made


def planned(code: str, **more) -> Deliverable:
    made = factories.deliverable(code, lead=factories.organisation(), principles=("PREVENTION",), **more)
    factories.milestone(made, f"Step of {code}", date(2025, 10, 20))
    return made


@pytest.fixture
def plan(olu) -> dict[str, Deliverable]:
    priya = factories.person("programme_manager")
    return {"A-1": add("A-1", priya), "A-2": add("A-2", priya, "off_track"), "B-1": add("B-1", priya, in_priority="P2")}


def issue(by: User, month: ReportingPeriod, note: str = "The month went well.", **lines: str) -> ProgressReport:
    month.refresh_from_db()
    words = Words(note, {code.replace("_", "-"): line for code, line in lines.items()})
    return issue_report(by=by, period=month, seen=month.data_version, words=words)


@pytest.fixture
def issued(olu, plan) -> ProgressReport:
    """October and November; between them a milestone moved, one was done and the board was asked."""
    agree_update(by=olu, update=plan["A-2"].updates.get(period=factories.november()))
    put_ask(
        by=olu,
        period=factories.november(),
        deliverable=plan["A-2"],
        wording="Release the money.",
        wanted_on=date(2025, 12, 18),
        owner="The treasurer",
    )
    issue(olu, factories.october())
    moved, done = (Milestone.objects.get(deliverable=plan[code]) for code in ("A-1", "B-1"))
    moved.forecast_on, done.done_on = date(2025, 12, 4), date(2025, 11, 3)
    moved.save()
    done.save()
    return issue(olu, factories.november(), note="The month went badly.", A_2="Please help.")


def correct(by: User, updates=None, month=None, note: str = "The month went badly.", seen: int = 1) -> ProgressReport:
    month = month or factories.november()
    correction = Correction(
        "The figure was wrong.", Words(note, {"A-2": "Please help."}), updates or {"A-1": factories.report("at_risk")}
    )
    return correct_report(by=by, period=month, seen=seen, correction=correction)


def main(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser").main


def words(shown) -> str:
    return " ".join(shown.get_text(" ").split())


# The list


def test_reports_are_listed_newest_first_with_their_figures(client, bea, issued):
    shown = main(client, "/reports/")
    assert [row.th.text for row in shown.select("tbody tr")] == ["November 2025", "October 2025"]
    first = words(shown.select("tbody tr")[0])
    assert "Off track" in first and "2 on track 1 off track" in first and "3 of 3 deliverables reported" in first
    assert "2 December 2025 by Olu" in first and "Corrected" not in first
    assert [link["href"] for link in shown.select("tbody tr")[0].select("a")] == [
        "/reports/2025-11/",
        "/reports/2025-11/board-pack/",
        "/reports/2025-11/history/",
    ]


def test_a_corrected_month_is_one_row_with_its_earlier_version_marked(client, bea, olu, issued):
    correct(olu)
    shown = main(client, "/reports/")
    rows = shown.select("tbody tr")
    assert len(rows) == 2
    assert "Corrected on 2 December 2025 by Olu." in words(rows[0])
    assert "Version 1 of November 2025 (superseded)" in words(rows[0])
    assert rows[0].find("a", href="/reports/2025-11.1/")


def test_before_the_first_report_the_page_says_when_it_is_expected(client, bea):
    factories.plan_year()
    shown = words(main(client, "/reports/").select_one(".empty"))
    assert shown == "No report has been issued yet The first is expected for November 2025. Updates are due by 5 December 2025."


def test_without_any_period_the_list_and_the_comparison_say_so(client, bea):
    assert "once a reporting period has opened" in words(main(client, "/reports/").select_one(".empty"))
    assert "not two reports to compare yet" in words(main(client, "/reports/compare/").select_one(".empty"))


def test_the_list_reads_no_more_of_a_report_than_it_shows(client, bea, issued):
    with CaptureQueriesContext(connection) as asked:
        client.get("/reports/")
    rows = [query["sql"] for query in asked.captured_queries if "reports_progressreport" in query["sql"]]
    assert rows and not [sql for sql in rows if re.search(r'(SELECT|,) "reports_progressreport"\."(content|charts|marks)"', sql)]


# One report


def test_a_report_says_who_issued_it_and_all_that_was_said(client, bea, issued):
    shown = main(client, "/reports/2025-11/")
    text = words(shown)
    assert shown.h1.text == "Progress report November 2025"
    for said in (
        "2 of 3 deliverables are on track.",
        "Issued on 2 December 2025 by Olu. Position at 30 November 2025.",
        "Covering note The month went badly.",
        "Release the money.",
        "wanted by 18 December 2025",
        "The board has not decided yet.",
        "For the board: Please help.",
        "Twelve people were met.",
        "Why: A supplier is late.",
        "Route to on track: A second supplier. By 31 January 2026.",
        "Priya, 30 November 2025 · agreed by the group",
        "Step of A-1 20 October 2025 4 December 2025",
        "Done 3 November 2025",
        "45 days later",
    ):
        assert said in text, said
    assert [heading.text for heading in shown.select(".report__priority")] == ["Priority P1", "Priority P2"]
    assert [heading.text for heading in shown.select("h3")] == ["Deliverable A-1", "Deliverable A-2", "Deliverable B-1"]
    assert "superseded" not in text and "corrected" not in text


def test_flags_show_with_their_answer_and_a_late_update_is_marked(client, bea, olu, plan):
    """As a report keeps them: the flag by its label, the answer in the author's words."""
    line = issue(olu, factories.november()).lines.get(code="A-1").content
    flags = {"flags": [{"label": "Same words as October"}]}
    flagged = line | {"second_look": flags, "answer": "Nothing has changed.", "is_late": True}
    shown = BeautifulSoup(rendered(flagged), "html.parser")
    assert "Second look: Same words as October. Answer: Nothing has changed." in words(shown)
    assert "Late" in [tag.text for tag in shown.select(".nhsuk-tag")]
    silent = line | {"submitted_on": None, "milestones": []}
    assert "No update was submitted for November 2025." in words(BeautifulSoup(rendered(silent), "html.parser"))


def rendered(line: dict) -> str:
    content = ProgressReport.objects.get().content
    names = {principle["code"]: principle["name"] for principle in content["principles"]}
    return render_to_string("reports/issued/line.html", {"line": deliverable(line, names), "content": content})


def test_a_superseded_version_says_so_and_leads_to_the_one_that_stands(client, bea, olu, issued):
    before = words(main(client, "/reports/2025-11/").select_one(".report"))
    correct(olu)
    shown = main(client, "/reports/2025-11.1/")
    notice = shown.select_one("[role=status] .check")
    assert "This version has been superseded" in notice.text and notice.a["href"] == "/reports/2025-11/"
    first_page = words(shown.select_one(".report > div"))
    assert first_page in before
    for address in ("/reports/2025-11.1/history/", "/reports/2025-11.1/board-pack/"):
        assert "This version has been superseded" in words(main(client, address))


def test_a_correction_says_its_reason_and_what_it_changed(client, bea, olu, issued):
    correct(olu, updates={"A-1": factories.report("at_risk", done="Twelve women were met.")}, note="The month went really badly.")
    for address in ("/reports/2025-11/", "/reports/2025-11.2/"):
        shown = main(client, address)
        part = shown.select_one("section[aria-labelledby=correction]")
        text = words(part)
        assert "Version 2, corrected on 2 December 2025 by Olu." in words(shown)
        assert "The figure was wrong." in text and part.find("a", href="/reports/2025-11.1/")
        assert "Got worse" in text and "Deliverable A-1 A-1 On track At risk" in text
        marked = [words(piece) for piece in part.select("del, ins")]
        assert marked[:3] == ["added: really", "removed: people", "added: women"]
        assert "The month went added: really badly." in text
        assert "Deliverable B-1" not in text


def test_lines_are_paged_and_the_front_stands_on_the_first_page(client, bea, olu, plan):
    for number in range(20):
        add(f"C-{number}", User.objects.get(name="Priya"), in_priority="P2", order=5)
    issue(olu, factories.october())
    issue(olu, factories.november())
    first, second, third = (main(client, f"/reports/2025-11/?page={page}") for page in (1, 2, 3))
    assert [len(shown.select("article")) for shown in (first, second, third)] == [10, 10, 3]
    assert "Covering note" in words(first) and "Covering note" not in words(second)
    assert [heading.text for heading in third.select("h2.report__priority")] == ["Priority P2"]


@pytest.mark.parametrize("address", ["2025-13", "2025-09", "2025-11.9", "2025-11.x", "2025-11.", "x", "%00", "2025-11.99999999"])
@pytest.mark.parametrize("page", ["", "history/", "board-pack/", "board-pack.pdf"])
def test_an_address_without_a_report_is_not_found(client, bea, issued, address, page):
    assert client.get(f"/reports/{address}/{page}").status_code == 404


# The status history


def test_the_history_shows_each_month_in_words_and_why_it_changed(client, bea, issued):
    shown = main(client, "/reports/2025-11/history/")
    row = shown.select(".months tbody")[1]
    marks = [words(cell.span) for cell in row.select("td.months__month")]
    assert marks == ["Not reported"] * 6 + ["On track", "Off track"]
    assert words(row.select_one(".months__why")) == (
        "November 2025: on track to off track. A supplier is late. October 2025: not reported to on track. Ten people were met."
    )
    assert "No change" not in words(row)


def test_the_history_takes_6_or_12_months_and_a_priority(client, bea, issued):
    def found(asked: str) -> tuple[int, list[str]]:
        shown = main(client, f"/reports/2025-11/history/{asked}")
        return len(shown.select("thead .months__month")), [row.th.find(string=True) for row in shown.select("tbody")]

    everything = ["Deliverable A-1", "Deliverable A-2", "Deliverable B-1"]
    assert found("") == (8, everything)
    assert found("?months=6&priority=p2") == (6, ["Deliverable B-1"])
    assert found("?months=x&priority=%00&page=9") == (8, everything)


def test_a_change_that_is_out_of_sight_is_not_explained(client, bea, olu, issued):
    shown = words(main(client, "/reports/2025-10/history/?months=6"))
    assert "A supplier is late." not in shown and "October 2025: not reported to on track." in shown


# Two compared


def groups(shown: BeautifulSoup) -> dict[str, str]:
    found = {section.h2.text: words(section) for section in shown.select("section[aria-labelledby^=differs-]")}
    return {title: text.removeprefix(title).strip() for title, text in found.items()}


def test_two_reports_are_compared_group_by_group(client, bea, issued):
    shown = main(client, "/reports/compare/")
    found = groups(shown)
    assert list(found) == [
        "Got worse",
        "Dates moved",
        "Milestones done, new or gone",
        "Decisions asked of the board",
        "Words changed",
        "Other changes",
    ]
    assert "Deliverable A-2 A-2 On track Off track" in found["Got worse"]
    assert "Step of A-1 A-1 Deliverable A-1 20 October 2025 4 December 2025 45 days later" in found["Dates moved"]
    assert "Step of B-1 B-1 Deliverable B-1 Done 3 November 2025" in found["Milestones done, new or gone"]
    assert "New Release the money." in found["Decisions asked of the board"]
    assert "removed: Ten added: Twelve people were met." in found["Words changed"]
    assert "The group has agreed it." in found["Other changes"]
    counts = [item.text for item in shown.select(".differs__counts li")]
    assert counts[:2] == ["Got worse: 1", "Dates moved: 1"] and "Words changed: 4" in counts


def test_one_group_can_be_looked_at_alone(client, bea, issued):
    assert list(groups(main(client, "/reports/compare/?from=2025-10&to=2025-11&show=moved"))) == ["Dates moved"]
    assert len(groups(main(client, "/reports/compare/?from=2025-10&to=2025-11&show=nothing"))) == 6


def test_what_was_added_and_removed_is_told(client, bea, olu, plan):
    issue(olu, factories.october())
    factories.deliverable("D-1", in_priority="P2")
    stop_deliverable(by=olu, deliverable=plan["B-1"], on=date(2025, 11, 1), reason="No longer wanted.")
    issue(olu, factories.november())
    found = groups(main(client, "/reports/compare/"))
    assert "Deliverable D-1 D-1 Not in the report Not reported" in found["Added"]
    assert "Deliverable B-1 B-1 On track Not in the report" in found["Removed"]


def test_the_later_report_given_first_is_turned_round_and_said(client, bea, issued):
    turned = main(client, "/reports/compare/?from=2025-11&to=2025-10")
    assert "You chose the later report first." in words(turned)
    assert groups(turned) == groups(main(client, "/reports/compare/?from=2025-10.1&to=2025-11.1"))


def test_versions_of_one_month_are_compared(client, bea, olu, issued):
    correct(olu)
    shown = main(client, "/reports/compare/?from=2025-11.1&to=2025-11.2")
    assert "Got worse" in groups(shown) and "superseded" in words(shown.select_one("form"))


@pytest.mark.parametrize(
    ("asked", "field", "message"),
    [
        ("from=2025-10&to=2024-01", "to", "There is no such report to compare with. Choose one from the list"),
        ("from=%00&to=2025-11", "from", "There is no such report to compare from. Choose one from the list"),
        ("from=2025-11", "to", "Choose a report to compare with"),
        ("from=2025-11&to=2025-11", "to", "Choose two different reports"),
        ("from=2025-11.1&to=2025-11", "to", "Choose two different reports"),
    ],
)
def test_a_choice_that_cannot_be_compared_is_refused_beside_the_select(client, bea, issued, asked, field, message):
    response = client.get(f"/reports/compare/?{asked}")
    shown = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200 and shown.title.text.startswith("Error: Compare two reports")
    assert message in shown.select_one(f"#id_{field}-error").text
    assert shown.select_one(f'.nhsuk-error-summary a[href="#id_{field}"]')
    assert not groups(shown)


def test_reports_that_say_the_same_differ_in_nothing(client, bea, olu, plan, issued):
    """A correction and its undoing."""
    correct(olu)
    correct(olu, updates={"A-1": factories.report("on_track", done="Twelve people were met.")}, seen=2)
    ProgressReport.objects.get(version=3)
    shown = main(client, "/reports/compare/?from=2025-11.1&to=2025-11")
    assert "Nothing differs" in words(shown.select_one(".empty"))


def test_many_differences_are_paged(client, bea, olu, plan):
    for number in range(20):
        add(f"C-{number}", User.objects.get(name="Priya"), "at_risk", in_priority="P2", order=5)
    issue(olu, factories.october())
    issue(olu, factories.november())
    shown = main(client, "/reports/compare/")
    assert "Got worse: 21" in words(shown) and "Showing 1 to 20 of 23" in words(shown)
    assert len(main(client, "/reports/compare/?page=2").select("#differs-worse ~ table tbody tr")) == 3


@pytest.mark.parametrize(
    ("then", "now", "pieces"),
    [
        ("", "All new.", [("new", "All new.")]),
        ("All gone.", "", [("gone", "All gone.")]),
        (
            "We met ten people in May",
            "We met twelve people in May",
            [("same", "We met "), ("gone", "ten"), ("same", " "), ("new", "twelve"), ("same", " people in May")],
        ),
        ("It is on time.", "It is on time. So far.", [("same", "It is on time."), ("same", " "), ("new", "So far.")]),
        (
            "Nothing of this stays.",
            "Another text.",
            [("gone", "Nothing of this stays."), ("same", "\n"), ("new", "Another text.")],
        ),
    ],
)
def test_words_that_changed_are_shown_so_that_they_can_be_read(then, now, pieces):
    assert comparison.readable(then, now) == pieces


# The board pack


def test_the_files_of_a_pack_show_how_far_each_is(client, bea, issued):
    files = {file.kind: file for file in issued.files.all()}
    assert build_pack_file(file_id=files["json"].pk)
    PackFile.objects.filter(pk=files["pdf"].pk).update(tries=GIVES_UP_AFTER)
    shown = main(client, "/reports/2025-11/board-pack/")
    rows = {row["data-file"]: words(row) for row in shown.select("[data-file]")}
    assert list(rows) == list(KINDS)
    assert "Not built It failed 5 times." in rows["pdf"] and "Being built" in rows["csv"]
    assert shown.find("a", href="/reports/2025-11/board-pack.json") and "KB" in rows["json"]
    assert "1 of 5 files are ready." in words(shown) and shown.find("a", string="Check again")
    assert words(shown.form.button) == "Try again"


def test_a_pack_that_nobody_asked_for_is_built_when_its_button_is_pressed(client, bea, issued):
    PackFile.objects.all().delete()
    for _ in range(2):
        shown = main(client, "/reports/2025-11/board-pack/")
        assert not PackFile.objects.exists() and words(shown.form.button) == "Build the board pack"
    assert client.post("/reports/2025-11/board-pack/")["Location"] == "/reports/2025-11/board-pack/"
    assert {file.kind for file in issued.files.filter(requested_by=bea)} == set(KINDS)
    assert "Being built" in words(main(client, "/reports/2025-11/board-pack/"))


def test_what_failed_is_tried_again(client, bea, issued):
    PackFile.objects.update(tries=GIVES_UP_AFTER)
    client.post("/reports/2025-11/board-pack/")
    assert not issued.files.exclude(tries=0)


def test_a_complete_pack_has_no_button_and_no_script(client, bea, issued):
    issued.files.update(content=b"x", size=1, built_at=clock.now())
    response = client.get("/reports/2025-11/board-pack/")
    assert "/pack.js" not in response.text
    assert "All 5 files are ready." in response.text
    assert BeautifulSoup(response.content, "html.parser").main.form is None


def test_a_file_is_something_to_save_under_a_plain_name(client, bea, olu, issued):
    issued.files.filter(kind="pdf").update(content=b"%PDF-", size=5, built_at=clock.now())
    response = client.get("/reports/2025-11/board-pack.pdf")
    assert response.getvalue() == b"%PDF-" and response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="Progress report November 2025.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff" and response["Cache-Control"] == "private, no-store"
    correct(olu)
    assert client.get("/reports/2025-11/board-pack.pdf").status_code == 404
    assert client.get("/reports/2025-11.1/board-pack.pdf").status_code == 200
    PackFile.objects.filter(kind="csv", report__version=2).update(content=b"a", size=1, built_at=clock.now())
    name = client.get("/reports/2025-11/board-pack.csv")["Content-Disposition"]
    assert name == 'attachment; filename="Progress report November 2025, version 2.csv"'


@pytest.mark.parametrize("ending", ["pdf", "exe", "%00", "PDF"])
def test_what_is_not_built_or_no_file_of_the_pack_is_not_found(client, bea, issued, ending):
    assert client.get(f"/reports/2025-11/board-pack.{ending}").status_code == 404


# What holds for all


def statements(client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len([query for query in asked.captured_queries if not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE"))])


CORRECTED = 4  # what it changed: the version before it with all versions of its month, and the lines of the two
MOST = dict.fromkeys(PAGES, 10) | {"/reports/": 8, "/reports/compare/?from=2025-10&to=2025-11": 8}


def test_a_page_costs_the_same_however_much_there_is(client, bea, olu):
    """Once for one deliverable in two reports, and once for thirty in four, of which two are corrected."""
    add("A-0", factories.person("programme_manager"))
    issue(olu, factories.october())
    issue(olu, factories.november())
    few = {address: statements(client, address) for address in PAGES}
    for number in range(29):
        planned(f"B-{number}")
    for month in ReportingPeriod.objects.filter(starts_on__gte="2025-12-01").order_by("starts_on")[:2]:
        with clock.fixed(clock.on(month.ends_on)):
            issue(olu, month)
            correct(olu, {f"B-{number}": factories.report("at_risk") for number in range(25)}, month=month)
    later = {address: address.replace("2025-11", "2026-01").replace("2025-10", "2025-12") for address in PAGES}
    many = {address: statements(client, later[address]) for address in PAGES}
    few["/reports/2025-11/"] += CORRECTED
    assert few == many
    assert {address: number for address, number in many.items() if number > MOST[address]} == {}


def test_whatever_changes_afterwards_the_pages_stay_as_they_are(client, bea, olu, plan, issued):
    issued.files.update(content=b"x", size=1, built_at=clock.now())
    before = {address: str(main(client, address)) for address in PAGES}
    factories.update(plan["A-1"], by=User.objects.get(name="Priya"), month=december(), rating="off_track")
    correct_update(by=olu, deliverable=plan["A-2"], period=factories.november(), report=factories.report("on_track"))
    move_everything()
    assert {address: str(main(client, address)) for address in PAGES} == before


def december() -> ReportingPeriod:
    ReportingPeriod.objects.filter(starts_on="2025-12-01").update(opens_on=date(2025, 12, 1))
    return ReportingPeriod.objects.select_related("plan_year__strategy").get(starts_on="2025-12-01")


def move_everything() -> None:
    Priority.objects.update(name="Renamed priority", order=9)
    Deliverable.objects.update(title="Renamed", short_title="", lead=factories.organisation("other"))
    for number, found in enumerate(Deliverable.objects.all()):
        Deliverable.objects.filter(pk=found.pk).update(code=f"Z-{number}")
        found.principles.clear()
    Milestone.objects.update(title="Renamed", baseline_on=date(2026, 1, 1), forecast_on=date(2026, 2, 1), done_on=None)
    Milestone.objects.all().delete()
    User.objects.exclude(name="Bea").update(name="Renamed person", is_active=False)
    for period in ReportingPeriod.objects.all():
        later = {"due_on": period.due_on + timedelta(days=30), "meeting_on": date(2026, 3, 3)}
        ReportingPeriod.objects.filter(pk=period.pk).update(**later)
    year = factories.plan_year()
    year.strategy.title, year.code = "Renamed strategy", "2099-00"
    year.strategy.save()
    year.save()
