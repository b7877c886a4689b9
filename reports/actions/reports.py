"""Issuing a period's report, and correcting one: what is issued is exactly what is stored, and is never changed."""

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from django.db import transaction

from deliverables.actions import Report, correct_update
from deliverables.models import Deliverable
from people.actions import write_letter
from people.models import User
from priorities.actions import close_period, lock_periods
from priorities.models import ReportingPeriod
from reports import charts
from reports.actions.packs import request_pack
from reports.canonical import Seal
from reports.compare import Difference, differences
from reports.document import AT_ONCE, Given, NewReport, issued_words
from reports.gather import Live, Source
from reports.marks import marks_now
from reports.models import ProgressReport, ReportDraft, ReportLine, RollUp
from reports.rebuild import Logged
from reports.rollup import RULES_VERSION, WORST_FIRST
from reports.stories import NotPublished, tell
from strategy_portal import clock

Stories = tuple[dict[str, Any], ...]


class CannotIssue(Exception):
    """Nothing was issued. The sentence says why."""


class AlreadyIssued(CannotIssue):
    """The period has a report already. Late truth is a correction."""

    def __init__(self, period: ReportingPeriod) -> None:
        super().__init__(f"The report for {period} has been issued. What has come to light since is a correction of it.")


@dataclass(frozen=True)
class Words:
    """What the group says to the board in its own words."""

    note: str
    board_lines: dict[str, str] = field(default_factory=dict)  # by a deliverable's code
    stories: tuple[str, ...] = ()  # case studies, by their slugs; a correction keeps those of the report


@dataclass(frozen=True)
class Correction:
    """`updates` are what should have been reported, by a deliverable's code. `plan_of_now` takes names, owners, tags and dates
    as the plan has them now; otherwise they stay as they were when the report was first issued."""

    reason: str
    words: Words
    updates: dict[str, Report] = field(default_factory=dict)
    plan_of_now: bool = False


@transaction.atomic
def issue_report(*, by: User, period: ReportingPeriod, seen: int, words: Words) -> ProgressReport:
    """Closes the period and keeps its report, version 1. Owes the letters and the board pack.

    `seen` is the data version that the issuer had before her. Raises AlreadyIssued or CannotIssue, with nothing changed.
    """
    locked = lock_periods(plan_year=period.plan_year)[period.pk]
    if locked.closed_at is not None:
        raise AlreadyIssued(period)
    if locked.opens_on > clock.today():
        raise CannotIssue(f"{period} has not opened yet.")
    if locked.data_version != seen:
        raise CannotIssue(
            "Something was reported or changed since you opened this page. Nothing was issued. Look at the figures again."
        )
    close_period(by=by, period=period)
    try:
        told = tell(words.stories)
    except NotPublished as gone:
        raise CannotIssue(str(gone)) from gone
    marks = marks_now()
    report = start(by=by, period=period, version=1, marks=marks)
    return finish(report, Live(period), words, told, drawn=drawn_already(period, seen))


@transaction.atomic
def correct_report(*, by: User, period: ReportingPeriod, seen: int, correction: Correction) -> ProgressReport:
    """The next version beside the last, with its reason. `seen` is the version that the corrector had before her.

    Raises CannotIssue, with nothing changed; also where the correction would change nothing.
    """
    lock_periods(plan_year=period.plan_year)
    last = ProgressReport.objects.filter(period=period).newest_first().first()
    if last is None:
        raise CannotIssue(f"There is no report for {period} to correct.")
    if last.version != seen:
        raise CannotIssue(
            f"Somebody else has corrected this report since you opened the page. Look at version {last.version} first."
        )
    found = {row.code: row for row in Deliverable.objects.filter(plan_year=period.plan_year, code__in=correction.updates)}
    if missing := sorted(set(correction.updates) - set(found)):
        raise CannotIssue(f"{missing[0]} has another code in the plan now, so what was reported on it cannot be corrected here.")
    for code, update in correction.updates.items():
        correct_update(by=by, deliverable=found[code], period=period, report=update)
    now = marks_now()
    said = {name: now[name] for name in ("updates", "decisions", "people")}
    marks = now if correction.plan_of_now else last.marks | said
    report = start(by=by, period=period, version=last.version + 1, marks=marks, reason=correction.reason)
    made = finish(report, Logged(period, marks), correction.words, tuple(last.content.get("stories", [])))
    if says_the_same(last, made):
        raise CannotIssue("Nothing in the report would be different. Say what is to be corrected.")
    return made


@transaction.atomic
def try_correction(*, by: User, period: ReportingPeriod, seen: int, correction: Correction) -> list[Difference]:
    """What the correction would change, as it would change it; then everything is put back."""
    last = ProgressReport.objects.filter(period=period).newest_first().first()
    made = correct_report(by=by, period=period, seen=seen, correction=correction)
    lines = [report.lines.in_order().values_list("content", flat=True) for report in (last, made) if report]
    found = list(differences(*lines))
    transaction.set_rollback(True)
    return found


def start(*, by: User, period: ReportingPeriod, version: int, marks: dict[str, int], reason: str = "") -> ProgressReport:
    return ProgressReport(
        period=period,
        version=version,
        reason=reason,
        rules_version=RULES_VERSION,
        marks=marks,
        issued_at=clock.now(),
        issued_by=by,
    )


def finish(report: ProgressReport, source: Source, words: Words, stories: Stories, drawn: Any = None) -> ProgressReport:
    """Stores the lines as they are worked out and then the report, which the database asks for only at the end."""
    period, by = report.period, report.issued_by
    given = Given(issued_words(report, by.name), words.note, words.board_lines, stories)
    made = NewReport(source, report.marks, ProgressReport.objects.before(period), given)
    seal, rows = Seal(), []
    for place, content in enumerate(made.lines()):
        seal.add(content)
        rows.append(row_of(report, place, content))
        if len(rows) == AT_ONCE:
            ReportLine.objects.bulk_create(rows)
            rows.clear()
    ReportLine.objects.bulk_create(rows)
    report.content = made.content()
    report.charts = drawn or charts.draw(report.content)
    report.sha256 = seal.close(report.content, report.charts)
    report.save(force_insert=True)
    ReportDraft.objects.filter(period=period).delete()
    request_pack(by=by, report=report)
    tell_readers(report)
    return report


def row_of(report: ProgressReport, place: int, content: dict[str, Any]) -> ReportLine:
    return ReportLine(
        report=report,
        place=place,
        code=content["code"],
        priority=content["priority"],
        principles=f" {' '.join(content['principles'])} ",
        rating=content["rating"],
        badness=WORST_FIRST.index(content["rating"]),
        content=content,
    )


def drawn_already(period: ReportingPeriod, data_version: int) -> Any:
    """The worker's charts of this very position, if it was quick enough: then this process need not draw them."""
    stored = RollUp.objects.filter(period=period, data_version=data_version, rules_version=RULES_VERSION)
    return stored.values_list("charts", flat=True).first()


ISSUING = ("issued", "changes")  # what differs in every version


def says_the_same(one: ProgressReport, other: ProgressReport) -> bool:
    contents = ({name: said for name, said in report.content.items() if name not in ISSUING} for report in (one, other))
    first, second = contents
    return first == second and all(
        mine == theirs
        for mine, theirs in zip_longest(*(report.lines.in_order().values_list("content", flat=True) for report in (one, other)))
    )


def tell_readers(report: ProgressReport) -> None:
    """An e-mail to each who wants it: the headline, what is off track, and where to read on."""
    for reader in User.objects.told_of_reports():
        write_letter(
            to=reader,
            kind="issued",
            by=report.issued_by,
            key=f"issued {report.pk} {reader.pk}",
            template="reports/letters/issued",
            context={"report": report, "content": report.content},
        )
