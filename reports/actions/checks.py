"""Proving that what was issued still stands: every hash anew, and every report built again from the log."""

import logging
from collections.abc import Iterator
from itertools import zip_longest

from django.conf import settings

from people.actions import write_letter
from people.models import User
from reports.canonical import canonical, hash_of
from reports.document import Given, NewReport, issued_words
from reports.models import ProgressReport, ReportCheck
from reports.rebuild import Logged
from reports.rollup import RULES_VERSION
from strategy_portal import clock

log = logging.getLogger(__name__)


def check_reports() -> ReportCheck:
    """Checks all, keeps what was found, and writes to the administrators if anything is wrong: once a day at most."""
    reports = ProgressReport.objects.select_related("period__plan_year__strategy", "issued_by").order_by("issued_at", "pk")
    faults, number = [], 0
    for report in reports.iterator(chunk_size=1):
        number += 1
        faults += [{"report": str(report), "fault": fault} for fault in faults_of(report)]
    check = ReportCheck.objects.create(checked_at=clock.now(), reports=number, faults=faults)
    if faults:
        log.error("%s faults in issued reports: %s", len(faults), faults)
        tell_administrators(check)
    return check


def faults_of(report: ProgressReport) -> Iterator[str]:
    contents = report.lines.in_order().values_list("content", flat=True)
    if hash_of(report.content, report.charts, contents.iterator(chunk_size=500)) != report.sha256:
        yield "What is stored is not what was issued: the hash differs."
    if report.rules_version == RULES_VERSION:
        yield from differences_from_log(report)


def differences_from_log(report: ProgressReport) -> Iterator[str]:
    """Of the first that is found: one is enough to look."""
    stored = report.lines.in_order()
    board_lines = {code: words for code, words in stored.values_list("code", "content__board_line") if words}
    author = report.content.get("issued", {}).get("by", "")
    told = tuple(report.content.get("stories", []))
    given = Given(issued_words(report, author), report.content.get("note", ""), board_lines, told)
    try:
        again = NewReport(Logged(report.period, report.marks), report.marks, corrected_from(report), given)
        lines = stored.values_list("code", "content").iterator(chunk_size=500)
        for (code, kept), made in zip_longest(lines, again.lines(), fillvalue=("", None)):
            if made is None or canonical(kept) != canonical(made):
                yield f"The log says something else of {code or 'a deliverable that is not in the report'}."
                return
        made_again = again.content()
    except (KeyError, IndexError, AttributeError, TypeError) as error:  # rows that must be there are not
        yield f"It cannot be built again from the log ({type(error).__name__}: {error})."
        return
    for name in sorted(made_again | report.content):
        if made_again.get(name) != report.content.get(name):
            yield f"The log says something else of its {name}."


def corrected_from(report: ProgressReport) -> ProgressReport | None:
    """The report that this one told its changes against. It may have been corrected since."""
    return ProgressReport.objects.at(report.content.get("changes", {}).get("report") or "none").first()


def tell_administrators(check: ReportCheck) -> None:
    for person in User.objects.able_to("edit_plan"):
        write_letter(
            to=person,
            kind="fault",
            key=f"fault {check.checked_at:%Y-%m-%d} {person.pk}",
            template="reports/letters/fault",
            context={"check": check, "health": f"{settings.PORTAL_ADDRESS}/health/"},
        )
