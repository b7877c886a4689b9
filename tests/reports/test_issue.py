"""Issuing a report: what is issued is exactly what is stored, never moves, and is proved anew from the log."""

import re
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from deliverables.actions import agree_update, stop_deliverable
from deliverables.models import Deliverable, Milestone
from people.models import User
from priorities.models import Priority, ReportingPeriod
from reports.actions import AlreadyIssued, CannotIssue, Correction, Words, check_reports, correct_report, issue_report
from reports.gather import work_out
from reports.models import ProgressReport, ReportLine
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def olu() -> User:
    return factories.person("outcomes_group", "Olu")


@pytest.fixture
def plan(olu) -> dict[str, Deliverable]:
    """Three deliverables with milestones and two months of updates."""
    icb, priya = factories.organisation(), factories.person("programme_manager")
    made = {
        "A-1": factories.deliverable("A-1", lead=icb, principles=("PREVENTION",)),
        "A-2": factories.deliverable("A-2", lead=icb, principles=("PREVENTION", "EQUITY")),
        "B-1": factories.deliverable("B-1", in_priority="P2"),
    }
    for number, deliverable in enumerate(made.values()):
        factories.milestone(deliverable, baseline=date(2025, 10, 20 + number))
    for month in (factories.october(), factories.november()):
        factories.update(made["A-1"], by=priya, month=month)
        found = factories.update(made["A-2"], by=priya, month=month, rating="off_track")
        agree_update(by=olu, update=found)
    return made


def issue(by: User, month: ReportingPeriod, note: str = "The month went well.", **board_lines: str) -> ProgressReport:
    month.refresh_from_db()
    words = Words(note, {code.replace("_", "-"): line for code, line in board_lines.items()})
    return issue_report(by=by, period=month, seen=month.data_version, words=words)


def test_a_report_says_what_the_roll_up_said(olu, plan):
    expected = work_out(factories.november()).content
    report = issue(olu, factories.november(), A_2="Please help.")
    assert {name: report.content[name] for name in ("plan", "months", "priorities")} == {
        name: expected[name] for name in ("plan", "months", "priorities")
    }
    assert report.content["note"] == "The month went well."
    assert [line.code for line in report.lines.in_order()] == ["A-1", "A-2", "B-1"]
    assert report.lines.get(code="A-2").content["board_line"] == "Please help."
    assert report.content["attention"]["lines"][0]["board_line"] == "Please help."


def test_issued_reports_pass_the_check(olu, plan):
    issue(olu, factories.october())
    issue(olu, factories.november())
    check = check_reports()
    assert (check.reports, check.faults) == (2, [])


def test_whatever_is_changed_afterwards_not_one_byte_of_the_report_changes(olu, plan):
    issue(olu, factories.october())
    report = issue(olu, factories.november())
    pages, before = pages_of(olu), stored(report)
    assert all("Deliverable A-2" in page for page in pages.values())
    priority = Priority.objects.get(code="P1")
    priority.name, priority.order = "Renamed priority", 9
    priority.save()
    other = factories.organisation("other")
    for deliverable in plan.values():
        deliverable.title, deliverable.short_title, deliverable.lead, deliverable.code = (
            "Renamed",
            "",
            other,
            deliverable.code + "x",
        )
        deliverable.save()
        deliverable.principles.clear()
    stop_deliverable(by=olu, deliverable=plan["B-1"], on=date(2025, 12, 1), reason="No longer wanted.")
    for milestone in Milestone.objects.all():
        milestone.title, milestone.baseline_on, milestone.forecast_on = f"{milestone} renamed", date(2026, 1, 1), date(2026, 2, 1)
        milestone.save()
    Milestone.objects.filter(deliverable=plan["B-1"]).get().delete()
    for user in User.objects.exclude(pk=olu.pk):
        user.name, user.is_active = "Renamed person", False
        user.save()
    organisation = factories.organisation()
    organisation.name = "Renamed organisation"
    organisation.save()
    period = factories.november()
    period.due_on = date(2025, 12, 31)
    period.save()
    assert stored(ProgressReport.objects.get(pk=report.pk)) == before
    assert check_reports().faults == []
    assert pages_of(olu) == pages


def stored(report: ProgressReport) -> tuple:
    return report.content, report.charts, report.sha256, list(report.lines.in_order().values_list("content", flat=True))


def pages_of(reader: User) -> dict[str, str]:
    """What is read on every page of the report, without the frame, which names the reader's organisation."""
    client = Client()
    factories.sign_in(client, reader)
    client.get("/")
    addresses = ("/?month=2025-11", "/reports/2025-11/", "/reports/2025-11/history/", "/explain/?month=2025-11&of=p1")
    found = {address: client.get(address).content.decode() for address in addresses}
    return {address: re.sub(r'value="[A-Za-z0-9]{64}"', "", page[page.index("<main") :]) for address, page in found.items()}


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE reports_reportline SET content = REPLACE(CAST(content AS text), 'Work went on', 'All is well'){json}", "hash"),
        ("UPDATE reports_progressreport SET content = REPLACE(CAST(content AS text), 'off_track', 'on_track'){json}", "hash"),
        ("DELETE FROM reports_reportline WHERE code = 'B-1'", "hash"),
        ("UPDATE deliverables_statusupdate SET rating = 'on_track' WHERE rating = 'off_track'", "log"),
        ("UPDATE deliverables_statusupdate SET why = 'Nothing.' WHERE rating = 'off_track'", "log"),
        ("DELETE FROM deliverables_decision", "log"),
        ("UPDATE deliverables_historicaldeliverable SET title = 'Another'", "log"),
        ("UPDATE deliverables_historicalmilestone SET done_on = '2025-10-20'", "log"),
        ("UPDATE priorities_historicalpriority SET name = 'Another'", "log"),
        ("UPDATE people_historicaluser SET name = 'Somebody else'", "log"),
    ],
)
def test_tampering_with_rows_behind_the_walls_is_found(olu, plan, statement, fault, mailoutbox):
    issue(olu, factories.november())
    ada = factories.person("administrator", "Ada")
    assert check_reports().faults == []
    tamper(statement)
    found = check_reports().faults
    assert found and fault in found[0]["fault"]
    assert ada.letters.get(kind="fault").subject.startswith("An issued report")


def tamper(statement: str) -> None:
    """As somebody with the keys of the database could, who takes the walls down first."""
    json, table = "::jsonb" if connection.vendor == "postgresql" else "", statement.split()[1 if statement[0] == "U" else 2]
    statement = (
        statement.replace("= REPLACE(", "= (REPLACE(").replace("{json}", f"){json}") if "{json}" in statement else statement
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            for verb in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only_{verb}")
        cursor.execute(statement)


@pytest.mark.parametrize("model", [ProgressReport, ReportLine])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_an_issued_report(olu, plan, model, act):
    issue(olu, factories.november())
    rows = model.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(content={}) if act == "update" else rows._raw_delete(rows.db)


def test_a_period_is_issued_once(olu, plan):
    issue(olu, factories.november())
    with pytest.raises(AlreadyIssued):
        issue(olu, factories.november())
    assert ProgressReport.objects.count() == 1


def test_what_changed_since_the_page_was_opened_is_looked_at_first(olu, plan):
    seen = factories.november().data_version
    factories.update(plan["B-1"], by=User.objects.get(name="Priya"), month=factories.november())
    with pytest.raises(CannotIssue, match="Look at the figures again"):
        issue_report(by=olu, period=factories.november(), seen=seen, words=Words(""))
    assert factories.november().closed_at is None and not ReportLine.objects.exists()


def test_late_truth_is_a_new_version_beside_the_old(olu, plan):
    report = issue(olu, factories.november(), note="As it seemed.")
    before = stored(report)
    truth = factories.report("at_risk")
    corrected = correct(olu, updates={"A-1": truth})
    assert corrected.version == 2 and corrected.reason == "The figure was wrong."
    assert corrected.content["plan"]["distribution"] == report.content["plan"]["distribution"] | {"on_track": 0, "at_risk": 1}
    assert corrected.lines.get(code="A-1").content["submitted_by"] == "Olu"
    assert stored(ProgressReport.objects.get(pk=report.pk)) == before
    assert list(ProgressReport.objects.standing()) == [corrected]
    assert check_reports().faults == []


def correct(by: User, seen: int = 1, *, plan_of_now: bool = False, updates=None, note: str = "As it seemed.") -> ProgressReport:
    correction = Correction("The figure was wrong.", Words(note), updates or {}, plan_of_now)
    return correct_report(by=by, period=factories.november(), seen=seen, correction=correction)


def test_a_correction_keeps_the_plan_of_its_day_unless_it_is_told_otherwise(olu, plan):
    issue(olu, factories.november(), note="As it seemed.")
    plan["A-1"].title = "Renamed"
    plan["A-1"].save()
    then = correct(olu, updates={"A-1": factories.report("at_risk")})
    assert then.lines.get(code="A-1").content["name"] == "Deliverable A-1"
    now = correct(olu, seen=2, plan_of_now=True)
    assert now.lines.get(code="A-1").content["name"] == "Renamed"
    assert check_reports().faults == []


def test_a_correction_of_an_earlier_month_leaves_the_later_report_as_it_was(olu, plan):
    issue(olu, factories.october())
    november = issue(olu, factories.november())
    correction = Correction("It was on track.", Words("The month went well."), {"A-2": factories.report("on_track")})
    correct_report(by=olu, period=factories.october(), seen=1, correction=correction)
    assert november.lines.get(code="A-2").content["before"] == "off_track"
    assert check_reports().faults == []


def test_a_correction_that_would_change_nothing_is_refused_and_leaves_nothing(olu, plan):
    issue(olu, factories.november(), note="As it seemed.")
    with pytest.raises(CannotIssue, match="Nothing in the report would be different"):
        correct(olu)
    assert ProgressReport.objects.count() == 1


def test_two_who_correct_at_once_meet(olu, plan):
    issue(olu, factories.november(), note="As it seemed.")
    correct(olu, updates={"A-1": factories.report("at_risk")})
    with pytest.raises(CannotIssue, match="version 2"):
        correct(olu, updates={"A-1": factories.report("complete")})
    assert plan["A-1"].updates.filter(period=factories.november()).count() == 2
