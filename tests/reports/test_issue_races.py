"""Two at once over a report, on PostgreSQL, where they really meet."""

import pytest

from deliverables.models import StatusUpdate
from people.models import User
from priorities.actions import PeriodClosed
from reports.actions import AlreadyIssued, CannotIssue, Correction, Words, build_pack_file, check_reports, correct_report
from reports.actions import issue_report as issue
from reports.models import PackFile, ProgressReport
from tests import factories
from tests.deliverables.test_races import together

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def issue_when_nothing_moves(by: User) -> ProgressReport | str:
    """As someone who looks again each time that she is told to."""
    while True:
        month = factories.november()
        try:
            return issue(by=by, period=month, seen=month.data_version, words=Words("Issued."))
        except AlreadyIssued:
            return "already"
        except CannotIssue:
            continue


def test_of_two_who_issue_at_once_one_issues():
    factories.deliverable()
    factories.november()
    people = [factories.person("outcomes_group", name) for name in ("Olu", "Grace")]
    results = together(*[lambda by=by: issue_when_nothing_moves(by) for by in people])
    report = ProgressReport.objects.get()
    assert sorted(map(str, results)) == sorted(["already", str(report)])
    assert report.lines.count() == 1


def test_what_is_issued_is_exactly_what_is_stored():
    """Updates come in while the report is issued: each is in it, or was refused."""
    november, olu = factories.november(), factories.person("outcomes_group", "Olu")
    people = [factories.person("programme_manager", f"Manager{n}") for n in range(6)]
    work = [factories.deliverable(f"D-{n}") for n in range(6)]
    works = [lambda by=by, of=of: factories.update(of, by=by, month=november) for by, of in zip(people, work, strict=True)]
    report, *results = together(lambda: issue_when_nothing_moves(olu), *works)
    taken = sum(isinstance(result, StatusUpdate) for result in results)
    assert taken + sum(isinstance(result, PeriodClosed) for result in results) == 6
    assert report.content["plan"]["reported"] == taken == StatusUpdate.objects.count()
    assert check_reports().faults == []


def test_of_two_who_correct_at_once_one_is_told():
    made, olu = factories.deliverable(), factories.person("outcomes_group", "Olu")
    factories.issue(factories.november(), by=olu)

    def correct(rating: str) -> ProgressReport | str:
        correction = Correction("It was wrong.", Words("As it is."), {made.code: factories.report(rating)})
        try:
            return correct_report(by=olu, period=factories.november(), seen=1, correction=correction)
        except CannotIssue:
            return "told"

    results = together(*[lambda rating=rating: correct(rating) for rating in ("on_track", "complete")])
    assert "told" in results and ProgressReport.objects.count() == 2
    assert made.updates.count() == 1  # the other left nothing behind


def test_a_file_that_two_workers_build_is_kept_once():
    factories.deliverable()
    factories.issue(factories.november())
    file = PackFile.objects.get(kind="csv")
    results = together(*[lambda: build_pack_file(file_id=file.pk)] * 4)
    assert results.count(True) == 1
    assert PackFile.objects.get(kind="csv").size > 0
