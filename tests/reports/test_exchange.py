"""A plan year as a file: what goes out comes in again unchanged, what is edited is shown and done, and nothing else."""

import html
import re
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deliverables.actions.publish_year import publish_year
from deliverables.models import Deliverable, Milestone
from deliverables.refresh.sheet import Old, draft_of, seen_of
from deliverables.spreadsheet.opening import Refused
from people.models import User
from priorities.actions import close_period
from priorities.models import PlanYear, Priority, ReportingPeriod
from reports.exchange.portal import EXCHANGED, read_portal
from reports.exchange.preview import Preview, read_upload
from reports.exchange.workbook import as_workbook
from reports.exchange.yaml_file import as_yaml, data_of
from reports.loading.kinds import KINDS
from reports.loading.yaml_text import parse_with_lines
from reports.models import ProgressReport
from tests import factories
from tests.deliverables.files import office
from tests.reports.strategy_file import PATH, load
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db

PAGE, APPLY = "/plan/exchange/", "/plan/exchange/apply/"
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1+1",
    '=HYPERLINK("http://x")',
    "<script>alert(1)</script>",
    "_x0041_",
]


@pytest.fixture
def ada(client):
    user = factories.person("administrator", "Ada")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def plan(ada):
    """The strategy, with a lead, a manager and a milestone on HW-1."""
    load()
    year = PlanYear.objects.get()
    first = Deliverable.objects.get(code="HW-1")
    first.lead, first.starts_on, first.due_on, first.measure = (
        factories.organisation(),
        date(2025, 5, 1),
        date(2026, 2, 1),
        "Maps",
    )
    first.partners.set([factories.organisation("trust")])
    first.managers.set([factories.person("programme_manager", "Priya")])
    first.save()
    factories.milestone(first, "First map", date(2025, 9, 1))
    return year


def exported(year=None) -> dict[str, Any]:
    year = year or PlanYear.objects.get()
    return data_of(read_portal(year.strategy, year).document)


def as_file(data: Any) -> bytes:
    return yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False).encode()


def edited(change, year=None) -> bytes:
    data = exported(year)
    change(data)
    return as_file(data)


def hw_1(**values: Any):
    return lambda data: data["priorities"][0]["deliverables"][0].update(values)


def send(client, content: bytes, name: str = "plan.yaml"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def token_in(response) -> str:
    return re.search('name="token" value="(.+?)"', response.content.decode())[1]


def apply(client, response, **more):
    return client.post(APPLY, {"token": token_in(response)} | more, follow=True)


def everything() -> tuple[Any, ...]:
    """Every row that a file may touch, its whole history, and how often roll-ups were owed."""
    tables = [list(kind.model.objects.order_by("pk").values_list()) for kind in KINDS]
    links = [list(link.through.objects.order_by("pk").values_list()) for link in LINKS]
    return tables, links, [kind.model.history.count() for kind in KINDS]


LINKS = [getattr(Deliverable, name) for name in ("principles", "aims", "commitments", "partners", "managers")]


def shown(content: bytes) -> Preview:
    return Preview(read_upload(content))


def line_of(words: str) -> str:
    """The place that is named for the row of the exported year that begins with these words."""
    lines = edited(lambda data: None).decode().splitlines()
    return f"line {1 + next(number for number, line in enumerate(lines) if words in line)}"


def refusal(content: bytes) -> list[str]:
    """Every problem with its place, whether of the file or beside the portal."""
    try:
        problems = shown(content).problems
    except Refused as refused:
        problems = refused.problems
    return [f"{one.place}: {one.words}" if one.place else one.words for one in problems]


# Out and in


@pytest.mark.parametrize("kind", ["xlsx", "yaml"])
def test_a_file_that_goes_out_and_comes_back_changes_nothing(client, plan, kind):
    content = client.get(f"/plan/exchange/2025-26.{kind}").content
    before = everything()
    page = send(client, content, f"plan.{kind}")
    assert "The file changes nothing" in text(page) and 'name="token"' not in page.content.decode()
    done = client.post(APPLY, {"token": Preview(read_upload(content)).token(User.objects.get(name="Ada"))}, follow=True)
    assert "There was nothing to change." in text(done)
    assert everything() == before


def test_the_strategys_own_file_can_be_imported_and_changes_nothing(client, plan):
    before = everything()
    page = text(send(client, PATH.read_bytes(), "strategy.yaml"))
    assert "The file changes nothing" in page and "case studies too. They are not imported" in page
    assert everything() == before


def test_an_exported_file_is_one_that_load_strategy_takes(plan, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(as_yaml(read_portal(plan.strategy, plan).document))
    call_command("load_strategy", path, "--check")


def test_the_yaml_holds_what_the_source_does_not_name(plan):
    first = exported()["priorities"][0]["deliverables"][0]
    assert (first["lead"], first["partners"], first["managers"]) == ("icb", ["trust"], ["priya@example.org"])
    assert (first["starts_on"], first["due_on"], first["measure"]) == ("2025-05-01", "2026-02-01", "Maps")
    assert first["milestones"] == [{"title": "First map", "baseline_on": "2025-09-01"}]
    assert len(exported()["plan_year"]["periods"]) == 12


def test_the_workbook_has_a_sheet_a_table_typed_cells_and_locked_headings(client, plan):
    response = client.get("/plan/exchange/2025-26.xlsx")
    assert response["Content-Disposition"] == 'attachment; filename="plan-2025-26.xlsx"'
    book = openpyxl.load_workbook(BytesIO(response.content))
    assert book.sheetnames[:3] == ["Strategy", "Plan year", "Months"] and book["portal"].sheet_state == "veryHidden"
    sheet = book["Deliverables"]
    headings = {cell.value: cell for cell in sheet[1]}
    assert sheet.protection.sheet and all(cell.protection.locked for cell in sheet[1])
    assert not sheet.cell(2, 3).protection.locked
    due = sheet.cell(2, headings["Due on"].column)
    assert (due.value.date(), due.is_date) == (date(2026, 2, 1), True)
    assert sheet.cell(2, headings["Managers (emails, one a line)"].column).value == "priya@example.org"
    assert book["Strategy"].cell(2, 5).value == 2023


def test_nothing_that_is_exported_can_run_as_a_formula(plan):
    for number, words in enumerate(HOSTILE):
        Deliverable.objects.filter(code="HW-1").update(**{("title", "summary", "measure")[number % 3]: words, "note": words})
        content = as_workbook(read_portal(plan.strategy, plan).document)
        book = openpyxl.load_workbook(BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert not [cell for cell in cells if cell.data_type == "f"]
        risky = [cell for cell in cells if isinstance(cell.value, str) and cell.value.lstrip(" \t")[:1] in "=+-@＝"]
        assert all(cell.data_type in "s" and cell.quotePrefix for cell in risky), words
        assert not shown(content).differences.any and not refusal(content)


def test_a_text_that_no_cell_has_room_for_is_said_and_goes_into_yaml(client, plan):
    Deliverable.objects.filter(code="HW-1").update(summary="a" * 33_000)
    assert "Export the plan year as YAML instead" in text(client.get("/plan/exchange/2025-26.xlsx"))
    content = client.get("/plan/exchange/2025-26.yaml").content
    assert refusal(content) == [] and not shown(content).differences.any


# In


def test_what_is_edited_is_shown_word_by_word_and_then_done(client, plan, ada):
    change = hw_1(title="Map the work response", lead="trust", partners=[], due_on="2026-03-01", aims=["AIM-1", "AIM-4"])
    before = Deliverable.objects.get(code="HW-1").history.count()
    page = send(client, edited(change))
    words = text(page)
    assert "0 to add, 1 to change." in words and "Deliverable HW-1" in words
    assert "<ins>" in page.content.decode() and "removed: February added: March" in words
    assert Deliverable.objects.get(code="HW-1").title != "Map the work response"
    done = apply(client, page)
    assert "Plan year 2025/26 is imported: 0 added, 1 changed." in text(done)
    now = Deliverable.objects.get(code="HW-1")
    assert (now.title, now.lead.code, now.due_on, now.partners.count()) == ("Map the work response", "trust", date(2026, 3, 1), 0)
    assert sorted(now.aims.values_list("code", flat=True)) == ["AIM-1", "AIM-4"]
    newest = now.history.first()
    assert (now.history.count(), newest.history_user, newest.history_change_reason) == (before + 1, ada, "Imported from a file")
    assert [link.aim.code for link in newest.aims.order_by("aim__code")] == ["AIM-1", "AIM-4"]
    assert set(ReportingPeriod.objects.values_list("data_version", flat=True)) == {3}  # once by loading it, once by this


def test_an_edit_in_the_workbook_is_done_too(client, plan):
    content = client.get("/plan/exchange/2025-26.xlsx").content
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book["Deliverables"]
    places = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, places["Due on"]).value = "15 March 2026"
    sheet.cell(2, places["Partners (codes, one a line)"]).value = "trust\nicb"
    sheet.append([sheet.cell(2, 1).value, "HW-9", "A new one", "Equity", "EQUITY", "Nowhere"])
    out = BytesIO()
    book.save(out)
    page = send(client, out.getvalue(), "plan.xlsx")
    assert "1 to add, 1 to change." in text(page), text(page)
    apply(client, page)
    first, new = Deliverable.objects.get(code="HW-1"), Deliverable.objects.get(code="HW-9")
    assert (first.due_on, first.partners.count()) == (date(2026, 3, 15), 2)
    assert (new.title, new.priority.code, [p.code for p in new.principles.all()]) == ("A new one", "P1", ["EQUITY"])
    assert new.order > max(Deliverable.objects.filter(priority=new.priority).exclude(pk=new.pk).values_list("order", flat=True))


def test_a_row_that_is_missing_is_named_and_stays(client, plan):
    page = send(client, edited(lambda data: data["priorities"][0]["deliverables"].pop(0)))
    assert "In the portal and not in the file They stay as they are. HW-1" in text(page)
    assert "The file changes nothing" in text(page)
    assert Deliverable.objects.filter(code="HW-1").exists()


def test_a_new_milestone_begins_with_its_forecast_at_its_baseline_and_a_moved_one_takes_it_along(client, plan):
    steps = [{"title": "First map", "baseline_on": "2025-10-01"}, {"title": "Second map", "baseline_on": "2026-01-15"}]
    apply(client, send(client, edited(hw_1(milestones=steps))))
    found = {step.title: (step.baseline_on, step.forecast_on) for step in Milestone.objects.all()}
    assert found == {"First map": (date(2025, 10, 1),) * 2, "Second map": (date(2026, 1, 15),) * 2}


def test_an_order_is_shown_as_one_change_and_done(client, plan):
    def turn(data):
        data["priorities"].insert(0, data["priorities"].pop())

    page = send(client, edited(turn))
    assert "Order of priorities" in text(page) and "0 to add, 1 to change." in text(page)
    apply(client, page)
    assert [p.code for p in Priority.objects.of(plan)] == ["P3", "P1", "P2"]


def test_a_deliverable_moves_to_another_priority(client, plan):
    def move(data):
        data["priorities"][1]["deliverables"].append(data["priorities"][0]["deliverables"].pop(0))

    apply(client, send(client, edited(move)))
    moved = Deliverable.objects.get(code="HW-1")
    assert moved.priority.code == "P2"
    last = Deliverable.objects.filter(priority=moved.priority).order_by("-order").first()
    assert last == moved


def test_what_the_file_leaves_out_stays_as_it_is(client, plan):
    def bare(data):
        data["plan_year"].pop("periods")
        first = data["priorities"][0]["deliverables"][0]
        for name in ("lead", "partners", "managers", "due_on", "measure", "milestones", "note"):
            first.pop(name)
        first["summary"] = "Another summary."

    found = shown(edited(bare)).differences
    assert [(one.row.key[1], one.fields) for one in found.changed] == [("HW-1", ("summary",))] and not found.missing


def test_the_first_plan_year_begins_as_a_file(client, ada):
    page = send(client, PATH.read_bytes())
    assert "Plan year 2025/26, which is new" in text(page)
    apply(client, page)
    year = PlanYear.objects.get()
    assert year.periods.count() == 12 and year.deliverables.count() == 9


def publish_next_year(ada) -> PlanYear:
    year = PlanYear.objects.get(code="2025-26")
    old = Old.read(year)
    return publish_year(by=ada, plan_year=year, seen=seen_of(old, draft_of(year)))


def as_next_year(data):
    data["plan_year"] = {"code": "2026-27", "source": "The next strategy"}
    data["priorities"][0]["name"] = "Health, work and homes"
    data["priorities"][0]["deliverables"].pop(0)


def test_the_next_plan_year_is_started_on_its_page_and_not_by_a_file(client, plan):
    start = "Start 2026/27 on the next year's page first, so that every promise says where it went. Then bring this file in"
    content, before = edited(as_next_year), everything()
    page = send(client, content)
    assert start in html.unescape(text(page)) and 'name="token"' not in page.content.decode()
    assert refusal(content)[0].startswith(f"{line_of('code: 2025-26')}, code: {start}")
    assert refusal(workbook(lambda book: put("Plan year", "A2", "2026-27")(book)))[0].startswith(f"Plan year!A2: {start}")
    assert "no plan year is put before another" in refusal(edited(lambda data: data["plan_year"].update(code="2024-25")))[0]
    token = Preview(read_upload(content)).token(User.objects.get(name="Ada"))
    client.post(APPLY, {"token": token})
    assert everything() == before and PlanYear.objects.count() == 1


def test_a_file_changes_the_next_plan_year_once_it_is_started_and_no_promise_loses_its_way(client, plan, ada):
    started = publish_next_year(ada)
    page = send(client, edited(as_next_year, plan))
    assert "In the portal and not in the file They stay as they are. HW-1" in text(page)
    apply(client, page)
    assert Priority.objects.get(plan_year=started, code="P1").name == "Health, work and homes"
    assert Priority.objects.get(plan_year=plan, code="P1").name == "Health and work"
    assert "Was HW-2 in 2025/26" in text(client.get("/2026-27/deliverables/HW-2/"))
    assert client.get("/promises/?outcome=in_plan&year=2025-26").context["page"].total == 0
    assert "Undo 2026/27" in text(client.get("/plan/next-year/undo/"))


# Refused


@pytest.mark.parametrize("name", ["title", "short_title", "summary", "measure", "lead", "starts_on", "due_on", "maturity"])
def test_what_is_baselined_is_not_changed_by_a_file(client, plan, name):
    Deliverable.objects.filter(code="HW-1").update(maturity="baselined")
    value = {"lead": "trust", "starts_on": "2025-06-01", "due_on": "2026-03-01", "maturity": "agreed"}.get(name, "Other words")
    before = everything()
    [problem] = refusal(edited(hw_1(**{name: value})))
    assert problem.startswith(f"{line_of('code: HW-1')}, {name}: ") and "baselined" in problem
    page = send(client, edited(hw_1(**{name: value})))
    assert "Nothing has been imported." in text(page) and 'name="token"' not in page.content.decode()
    assert everything() == before


def test_nor_are_its_milestones_while_the_rest_of_it_may_be(plan):
    Deliverable.objects.filter(code="HW-1").update(maturity="baselined")
    for baseline_on, title in (("2025-10-01", "First map"), ("2025-09-01", "Another")):
        [problem] = refusal(edited(hw_1(milestones=[{"title": title, "baseline_on": baseline_on}])))
        assert "its milestones change by asking the group" in problem
    assert refusal(edited(hw_1(note="A note.", partners=["icb"]))) == []


@pytest.mark.parametrize("maturity", ["agreed", "baselined"])
def test_no_file_agrees_or_baselines_a_definition(plan, maturity):
    [problem] = refusal(edited(hw_1(maturity=maturity)))
    assert "by the group and not by a file" in problem

    def another(data):
        new = {"code": "HW-9", "title": "New", "label": "", "principles": [], "source": "", "maturity": maturity}
        data["priorities"][0]["deliverables"].append(new)

    [problem] = refusal(edited(another))
    assert "by the group and not by a file" in problem


@pytest.mark.parametrize("name", ["title", "short_title", "summary", "measure", "lead", "starts_on", "due_on"])
def test_words_that_the_group_agreed_change_only_back_at_drafted(client, plan, ada, name):
    Deliverable.objects.filter(code="HW-1").update(maturity="agreed")
    value = {"lead": "trust", "starts_on": "2025-06-01", "due_on": "2026-03-01"}.get(name, "Other words")
    [problem] = refusal(edited(hw_1(**{name: value})))
    assert problem.startswith(f"{line_of('code: HW-1')}, {name}: the group has agreed the definition of HW-1.")
    apply(client, send(client, edited(hw_1(**{name: value}, maturity="drafted"))))
    found = Deliverable.objects.get(code="HW-1")
    assert (found.maturity, refusal(edited(hw_1(note="A note.")))) == ("drafted", [])


def test_a_file_stops_nothing_that_an_issued_report_tells_of_otherwise(plan, ada):
    for month in ("2025-04-01", "2025-05-01"):
        close_period(by=ada, period=ReportingPeriod.objects.get(starts_on=month))

    def stopped(on):
        return refusal(edited(hw_1(stopped_on=on, stop_reason="Done with." if on else "")))

    told = f"{line_of('code: HW-1')}, stopped_on: The report for May 2025 is issued"
    assert stopped("2025-05-31") == [f"{told} and counts it. Choose a day after 31 May 2025."]
    assert stopped("2025-06-01") == []
    Deliverable.objects.filter(code="HW-1").update(stopped_on="2025-05-10", stop_reason="Done with.")
    assert stopped(None) == [f"{told} without it, so the stop stays."]
    assert stopped("2025-07-01") == [f"{told} without it. Choose no later day."]


def test_a_month_whose_report_is_issued_keeps_its_days(plan, ada):
    close_period(by=ada, period=ReportingPeriod.objects.get(starts_on="2025-04-01"))

    def later(month):
        return lambda data: data["plan_year"]["periods"][month].update(meeting_on="2026-01-20")

    place = line_of("- starts_on: '2025-04-01'")
    assert refusal(edited(later(0))) == [f"{place}: the report for April 2025 is issued, so its days stay as they are."]
    assert refusal(edited(later(8))) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (hw_1(lead="nobody"), ", lead: the portal has no organisation 'nobody'."),
        (hw_1(managers=["x@y.z"]), ", managers: the portal has no person with the email 'x@y.z'."),
        (hw_1(aims=["AIM-9"]), ", aims: there is no aim 'AIM-9'."),
        (hw_1(code="HW-2"), "'HW-2' is used before, at line "),
        (hw_1(title="a" * 10_000), "at most 200 characters (it has 10000)"),
        (hw_1(summary="a" * 10_000), "it has 10,000 characters. At most 5,000 are taken."),
        (hw_1(due="2026-01-01"), "there is no key 'due'. Did you mean 'due_on'?"),
        (hw_1(due_on="soon"), "invalid date format"),
        (hw_1(due_on="2025-04-30"), "it is due before it starts."),
        (hw_1(stopped_on="2025-10-01"), "what is stopped has a day and a reason"),
        (hw_1(maturity="ripe"), "there is no maturity 'ripe'."),
        (hw_1(title="a\0b"), "the character #x0000 is not allowed"),
        (hw_1(milestones=[{"title": "first MAP", "baseline_on": "2025-09-01"}]), "is there already, written otherwise"),
        (lambda data: data["strategy"].update(code="another"), "the portal has another strategy"),
        (lambda data: data["plan_year"].update(code="2025"), "'2025' is not a plan year."),
        (lambda data: data["plan_year"]["periods"][1].update(starts_on="2025-05-02"), "a month begins on its first day"),
        (lambda data: data["plan_year"]["periods"][1].update(ends_on="2025-05-30"), "the month ends on its last day"),
        (
            lambda data: data["plan_year"]["periods"][1].update(due_on="2025-05-01"),
            "due_on: Updates for May 2025 must be due on or",
        ),
        (
            lambda data: data["plan_year"]["periods"][1].update(opens_on="2025-04-30"),
            "opens_on: May 2025 must open on 1 May 2025",
        ),
        (
            lambda data: data["plan_year"]["periods"][1].update(meeting_on="2025-05-31"),
            "meeting_on: The group must take May 2025",
        ),
        (lambda data: data.pop("aims"), "the key 'aims' is missing"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_nothing_is_changed(client, plan, change, problem):
    before = everything()
    found = refusal(edited(change))
    assert any(problem in one for one in found), found
    page = send(client, edited(change))
    assert page.status_code == 200 and "There is a problem" in text(page) and 'name="token"' not in page.content.decode()
    assert everything() == before


def test_a_mistake_in_yaml_names_the_line_on_which_its_row_begins(client, plan):
    content = edited(hw_1(lead="nobody"))
    lines = content.decode().splitlines()
    [line] = [number for number, words in enumerate(lines, start=1) if words.strip() == "- code: HW-1"]
    assert f"line {line}, lead: the portal has no organisation" in html.unescape(text(send(client, content)))


def test_no_file_makes_its_places_larger_than_itself():
    data, lines = parse_with_lines(f"? {'a' * 100_000}\n: [{{}}, {{}}]\nb: [{{}}]\n")
    assert len(data) == 2 and lines == {"": 1, "b[0]": 3}


def test_a_script_is_a_text_like_any_other(client, plan):
    page = send(client, edited(hw_1(title="<script>alert(1)</script>")))
    html = page.content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html
    done = apply(client, page)
    assert done.status_code == 200 and Deliverable.objects.get(code="HW-1").title == "<script>alert(1)</script>"
    assert "<script>alert" not in client.get("/deliverables/HW-1/").content.decode()


def workbook(change) -> bytes:
    year = PlanYear.objects.get()
    book = openpyxl.load_workbook(BytesIO(as_workbook(read_portal(year.strategy, year).document)))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def put(sheet: str, cell: str, value: Any):
    def change(book):
        book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (put("Deliverables", "C2", "=1+1"), "Deliverables!C2: Formulas are not taken."),
        (put("Deliverables", "A2", "P9"), "Deliverables!A2: There is no priority “P9”."),
        (put("Deliverables", "A2", None), "Deliverables!A2: Say to which priority it belongs."),
        (put("Deliverables", "B3", "HW-1"), "'HW-1' is used before, at Deliverables!A2."),
        (put("Deliverables", "C1", "Heading"), "Deliverables!C1: The heading “Title” was changed or moved."),
        (put("Aims", "G1", "More"), "Aims!G1: There is a column too many."),
        (put("Aims", "G2", "beside"), "Aims!G2: There is something to the right of the last column."),
        (put("Months", "D3", "soon"), "Months!D3: “soon” is not a date."),
        (put("Strategy", "E2", "long ago"), "Strategy!E2: expected a whole number"),
        (put("Strategy", "A2", None), "Strategy!A2"),
        (put("Deliverables", "C2", "a" * 10_000), "Deliverables!C2: "),
        (put("portal", "A2", "0"), "The file was made by another version of the portal."),
        (put("portal", "A1", "strategy portal, updates"), "This is not a file that the portal made"),
        (lambda book: book.remove(book["Aims"]), "The sheet “Aims” is missing."),
        (lambda book: book.create_sheet("Extra"), "There is no table “Extra”."),
    ],
)
def test_a_mistake_in_a_workbook_is_named_with_its_cell(client, plan, change, problem):
    before = everything()
    found = refusal(workbook(change))
    assert any(problem in one for one in found), found
    assert everything() == before


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\npriorities: [*b, *b, *b]\n"


NO_VALUES = ("!!bool maybe", "!!int ''", "!!int '-'", "!!float _", "0x" + "f" * 9_000, "9" * 5_000)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n\xff", "neither an Excel workbook (.xlsx) nor text"),
        (b"\xd0\xcf\x11\xe0 old", "in the old format .xls"),
        (b"PK\x03\x04 nothing", "This is not an Excel workbook"),
        (office("docx"), "This is not an Excel workbook"),
        (office("xlsx"), "cannot be read"),
        (b"a" * (2 * 1024 * 1024 + 1), "larger than 2MB"),
        (BOMB.encode(), "an alias (*) is not taken"),
        (b"just words", "expected keys with values"),
        (b"[" * 5_000, "cannot be read as YAML"),
        (b"a: !!python/object/apply:os.system [ls]", "line 1"),
        (b"strategy: \x01", "#x0001 is not allowed"),
        *((f"a: {value}".encode(), "line 1, column 4: this cannot be read as") for value in NO_VALUES),
    ],
)
def test_what_is_no_plan_is_refused_by_what_it_holds(client, plan, content, problem):
    before = everything()
    for name in ("plan.yaml", "plan.xlsx"):
        page = send(client, content, name)
        assert page.status_code == 200 and problem in text(page), text(page)[-900:]
    assert everything() == before


def test_a_workbook_that_would_unpack_to_more_than_any_memory_is_refused(client, plan):
    from tests.deliverables.test_spreadsheet import zipped

    page = send(client, zipped(**{"xl/workbook.xml": b"0" * 60 * 1024 * 1024, "[Content_Types].xml": b""}), "plan.xlsx")
    assert "unpacks to more than 20MB" in text(page)


# Between the preview and the import


def test_a_preview_is_stale_once_the_plan_has_changed_and_is_shown_again(client, plan, ada):
    page = send(client, edited(hw_1(title="By file")))
    other = Deliverable.objects.get(code="HW-1")
    other.measure = "Edited meanwhile"
    other.save()
    done = apply(client, page)
    assert "The plan has changed since you looked at this. Nothing was imported." in text(done)
    assert "Edited meanwhile" in text(done)  # which importing would undo, and is seen now
    assert Deliverable.objects.get(code="HW-1").title != "By file"
    apply(client, done)
    now = Deliverable.objects.get(code="HW-1")
    assert (now.title, now.measure) == ("By file", "Maps")


def test_sent_twice_it_is_imported_once(client, plan):
    page = send(client, edited(hw_1(title="By file")))
    apply(client, page)
    before = everything()
    assert "There was nothing to change." in text(apply(client, page))
    assert everything() == before


def test_a_preview_of_another_person_or_a_forged_one_is_refused(client, plan):
    page = send(client, edited(hw_1(title="By file")))
    forged = client.post(APPLY, {"token": token_in(page)[:-2] + "xx"})
    assert "This preview is not complete" in text(forged)
    factories.sign_in(client, factories.person("administrator", "Adam"))
    assert "This preview was made for somebody else" in text(client.post(APPLY, {"token": token_in(page)}))
    assert Deliverable.objects.get(code="HW-1").title != "By file"


def test_a_row_that_the_database_refuses_takes_all_others_back(client, plan):
    """A slug that a row has which the file leaves out: only the database can know."""

    def change(data):
        hw_1(title="By file")(data)
        gone = data["priorities"].pop()
        data["priorities"][0]["slug"] = gone["slug"]

    before = everything()
    done = apply(client, send(client, edited(change)))
    assert f"{line_of('code: P1')}: " in text(done) and "Nothing has been imported." in text(done)
    assert everything() == before


def test_an_issued_report_stays_the_same_byte_for_byte(client, ada):
    priya = factories.person("programme_manager", "Priya")
    first = factories.deliverable("HW-1", lead=factories.organisation(), principles=("EQUITY",))
    factories.milestone(first, "First map", date(2025, 9, 1))
    factories.update(first, by=priya, month=factories.october(), rating="at_risk")
    factories.issue(factories.october())
    before = list(ProgressReport.objects.values_list())
    pages = [client.get(address).content for address in ("/reports/2025-10/history/", "/reports/2025-10/figures/")]

    def change(data):
        deliverable = data["priorities"][0]["deliverables"][0]
        deliverable |= {"title": "Another title", "principles": [], "lead": None}
        deliverable["milestones"] = [{"title": "First map", "baseline_on": "2025-12-01"}]
        data["priorities"][0]["name"] = "Another name"
        data["principles"][0]["name"] = "Fairness"

    done = apply(client, send(client, edited(change)))
    assert "is imported: 0 added, 4 changed" in text(done)
    assert list(ProgressReport.objects.values_list()) == before
    client.get("/plan/exchange/")
    found = [client.get(address).content for address in ("/reports/2025-10/history/", "/reports/2025-10/figures/")]
    assert [strip_tokens(page) for page in found] == [strip_tokens(page) for page in pages]
    call_command("verify_reports")


def strip_tokens(page: bytes) -> str:
    return re.sub('name="csrfmiddlewaretoken" value=".+?"', "", page.decode())


# What it costs


def test_a_preview_costs_the_same_however_big_the_plan_is(client, ada):
    counts = set()
    for size in (1, 20, 60):
        for number in range(Deliverable.objects.count(), size):
            made = factories.deliverable(f"D-{number}", principles=("EQUITY",))
            factories.milestone(made)
        content = edited(lambda data: data["priorities"][0]["deliverables"][0].update(title="Other"), factories.plan_year())
        with CaptureQueriesContext(connection) as asked:
            assert "1 to change." in text(send(client, content))
        counts.add(len(asked))
    assert len(counts) == 1 and counts.pop() <= 30


def test_every_field_of_the_plan_is_in_the_file_or_left_out_on_purpose():
    """A field that is added to the plan has to be decided upon here."""
    left_out = {
        "ReportingPeriod": {"data_version", "closed_at", "closed_by"},
        "PlanYear": {"starts_on", "ends_on"},  # its code says them
        "Milestone": {"forecast_on", "proposed_on", "done_on", "ended_on", "carried_from"},  # reported or followed, not planned
    }
    for kind in EXCHANGED:
        fields = {field.name for field in (*kind.model._meta.fields, *kind.model._meta.many_to_many)} - {"id", "order"}
        assert fields - {*kind.keys, *kind.above} == left_out.get(kind.model.__name__, set()), kind.model.__name__
