"""An issued report is the same to the last byte through all that can be done to the plan, its year and its stories."""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from casestudies.actions import save_story, withdraw_story
from deliverables.actions import (
    Reach,
    add_deliverable,
    add_milestone,
    advance_definition,
    ask_definition_change,
    change_deliverable,
    decide_definition_change,
    delete_deliverable,
    move_deliverable,
    name_reach,
    put_all_into_force,
    stop_deliverable,
)
from deliverables.actions.hand_over import hand_over
from deliverables.actions.undo_year import undo_year
from deliverables.models import DefinitionChange, Deliverable
from people.models import User
from priorities.actions import add_plus_group
from priorities.models import Aim, Body, Priority
from priorities.plan.actions import edit_row
from reports.actions import Words, build_owed, check_reports, import_plan_year, issue_report
from reports.exchange.portal import read_portal
from reports.exchange.preview import Preview, read_upload
from reports.exchange.yaml_file import as_yaml
from reports.loading.yaml_text import parse_yaml
from reports.models import ProgressReport
from strategy_portal.editing import seen_of
from tests import factories
from tests.casestudies.conftest import figure, folder, people, published, words  # noqa: F401  the fixtures
from tests.deliverables.refreshing import choose, publish
from tests.reports.test_exchange import as_file
from tests.reports.test_issue import pages_of

pytestmark = pytest.mark.django_db


CHOICE = re.compile('<select[^>]* name="month">.*?</select>', re.DOTALL)  # of another month, which grows as months begin


class Plan:
    """A plan of three deliverables, reported on with evidence and a story, and all that is done to it later, step by step."""

    def __init__(self, people: dict[str, User]) -> None:  # noqa: F811
        self.ada, self.olu, self.priya, self.penny = (people[name] for name in ("Ada", "Olu", "Priya", "Penny"))
        strategy, self.trust = factories.plan_year().strategy, factories.organisation("trust")
        self.aim = Aim.objects.create(strategy=strategy, code="A1", name="An aim")
        self.body = Body.objects.create(strategy=strategy, code="B1", name="A board", order=1)
        for code, priority in (("A-1", "P1"), ("A-2", "P1"), ("B-1", "P2")):
            made = factories.deliverable(
                code,
                lead=self.trust,
                in_priority=priority,
                principles=("PREVENTION", "EQUITY"),
                measure="800 homes",
                summary="What it is.",
                maturity="drafted",
                starts_on=date(2025, 4, 1),
                due_on=date(2026, 3, 31),
            )
            made.aims.set([self.aim])
            made.managers.set([self.priya])
            factories.milestone(made, baseline=date(2026, 1, 20))
            factories.update(made, by=self.priya, month=factories.november(), rating="off_track" if code == "A-2" else "on_track")
            factories.file(made, by=self.priya, month=factories.november(), content=f"Minutes of {code}".encode())
        self.story = published(self.priya, self.olu, figures=(figure("Cold homes", "40"),))

    def at(self, code: str) -> Deliverable:
        return Deliverable.objects.select_related("plan_year", "priority").get(code=code, plan_year=factories.plan_year())

    def issue(self) -> ProgressReport:
        month = factories.november()
        chosen = Words("As it is.", {"A-2": "Please help."}, (self.story.slug,))
        report = issue_report(by=self.olu, period=month, seen=month.data_version, words=chosen)
        assert build_owed() == 5
        return report

    # What is done later

    def a_priority_is_edited(self) -> None:
        edit_row(by=self.ada, row=Priority.objects.get(code="P1"), values={"name": "Renamed", "statement": "Anew.", "why": "So."})

    def an_organisation_a_body_and_an_aim_are_renamed(self) -> None:
        for row in (self.trust, self.body, self.aim):
            edit_row(by=self.ada, row=row, values={"name": f"Renamed {row.name}"})

    def work_is_handed_over(self) -> None:
        numbers = [self.at(code).pk for code in ("A-1", "A-2", "B-1")]
        assert hand_over(by=self.ada, leaver=self.priya, successor=self.penny.pk, deliverables=numbers)[1]

    def a_deliverable_is_edited_and_moved(self) -> None:
        row = self.at("A-1")
        values = {"title": "Another title", "short_title": "Another", "priority": Priority.objects.get(code="P2").pk}
        links = Deliverable.objects.tied_to(row) | {"principles": set(), "aims": set()}
        change_deliverable(by=self.ada, deliverable=row, seen=seen_of(row), values=values, links=links)
        assert move_deliverable(by=self.ada, deliverable=self.at("A-1"), up=True, place=2)

    def one_is_added_by_mistake_and_deleted(self) -> None:
        given = {
            "title": "A slip",
            "short_title": "",
            "summary": "",
            "measure": "",
            "lead": None,
            "priority": self.at("A-2").priority_id,
        }
        made = add_deliverable(by=self.ada, plan_year=factories.plan_year(), code="X-9", values=given, links={})
        add_milestone(by=self.ada, deliverable=made, title="A step", baseline_on=date(2026, 2, 1))
        delete_deliverable(by=self.ada, deliverable=made)
        assert not Deliverable.objects.filter(code="X-9").exists()

    def a_definition_is_agreed_and_baselined(self) -> None:
        for code in ("A-2", "B-1"):
            for to in ("agreed", "baselined"):
                row = self.at(code)
                advance_definition(by=self.olu, deliverable=row, to=to, seen=seen_of(row))

    def ask(self, code: str, since: str, **values: Any) -> DefinitionChange:
        row, given = self.at(code), {"values": values, "why": "Because.", "effect": "Fewer homes."}
        month = factories.period_of(since)
        return ask_definition_change(by=self.priya, deliverable=row, seen=seen_of(row), takes_effect=month, **given)

    def a_definition_is_changed(self) -> None:
        icb = factories.organisation("icb").pk
        for since, values in (("2025-12-01", {"title": "Fewer homes", "lead": icb}), ("2026-03-01", {"measure": "400 homes"})):
            decide_definition_change(by=self.olu, change=self.ask("A-2", since, **values), agreed=True)
        assert self.at("A-2").title == "Fewer homes"

    def a_deliverable_is_stopped(self) -> None:
        stop_deliverable(by=self.ada, deliverable=self.at("A-1"), on=date(2025, 12, 1), reason="No longer wanted.")

    def reach_is_said(self) -> None:
        given = {"name": "Carers", "explanation": "", "source": "The Board"}
        group = add_plus_group(by=self.ada, strategy=factories.plan_year().strategy, **given)
        row = self.at("B-1")
        name_reach(by=self.ada, deliverable=row, reach=Reach(frozenset({group.pk}), "Many.", "Some."), seen=seen_of(row))

    def a_file_is_imported(self) -> None:
        year = factories.plan_year()
        data = parse_yaml(as_yaml(read_portal(year.strategy, year).document))
        data["principles"][0]["name"], data["priorities"][1]["why"] = "Fairness", "By file."
        data["priorities"][0]["deliverables"][0]["note"] = "By file."
        upload = read_upload(as_file(data))
        preview = Preview(upload)
        assert preview.problems == []
        assert import_plan_year(by=self.ada, upload=upload, seal=preview.portal.seal).changed == 3

    def the_story_is_changed_and_withdrawn(self) -> None:
        save_story(by=self.priya, study=self.story, seen=seen_of(self.story), words=words(title="Other", done="Otherwise."))
        self.story.refresh_from_db()
        withdraw_story(by=self.olu, study=self.story, seen=seen_of(self.story), reason="Asked.")

    def the_next_year_is_started(self) -> None:
        choose(
            self.ada,
            P1={"fate": "reworded", "name": "Work", "words": "Said anew."},
            P2={"fate": "stopped", "reason": "No money."},
            A_2={"fate": "reworded", "name": "Warm homes"},
            B_1={"fate": "split", "parts": "One\nTwo"},
        )

    def it_is_published(self) -> None:
        self.next = publish(self.ada)

    def it_is_undone(self) -> None:
        undo_year(by=self.ada, year=self.next)

    def it_is_published_again(self) -> None:
        self.next = publish(self.ada)

    def a_change_is_asked_for_that_waits_until_the_next_year(self) -> None:
        self.late = self.ask("B-1", "2026-03-01", title="Later words")


STEPS: list[Callable[[Plan], None]] = [
    Plan.a_priority_is_edited,
    Plan.an_organisation_a_body_and_an_aim_are_renamed,
    Plan.work_is_handed_over,
    Plan.a_deliverable_is_edited_and_moved,
    Plan.one_is_added_by_mistake_and_deleted,
    Plan.a_definition_is_agreed_and_baselined,
    Plan.a_definition_is_changed,
    Plan.a_deliverable_is_stopped,
    Plan.reach_is_said,
    Plan.a_file_is_imported,
    Plan.the_story_is_changed_and_withdrawn,
    Plan.the_next_year_is_started,
    Plan.it_is_published,
    Plan.it_is_undone,
    Plan.it_is_published_again,
    Plan.a_change_is_asked_for_that_waits_until_the_next_year,
]


def digest(report: ProgressReport, reader: User) -> dict[str, str]:
    """Of every page that shows it, of every column of it, of its lines and of its files, and of every file of its evidence."""
    rows = {
        "report": ProgressReport.objects.filter(pk=report.pk),
        "lines": report.lines.order_by("pk"),
        "files": report.files.order_by("pk"),
    }
    folder = Path(settings.MEDIA_ROOT) / "evidence"  # noqa: F811
    found: dict[str, bytes] = {name: repr(list(map(plain, some.values_list()))).encode() for name, some in rows.items()}
    found |= {f"page {address}": CHOICE.sub("", page).encode() for address, page in pages_of(reader).items()}
    found |= {f"file {path.name}": path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


def plain(row: tuple[Any, ...]) -> list[Any]:
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]


def test_an_issued_report_is_the_same_to_the_last_byte_through_all_of_it(people, set_today):  # noqa: F811
    plan = Plan(people)
    report = plan.issue()
    before = digest(report, plan.olu)
    assert len([name for name in before if name.startswith("file ")]) == 3
    for step in STEPS:
        step(plan)
        assert digest(report, plan.olu) == before, step.__name__
        assert check_reports().faults == [], step.__name__
    set_today(date(2026, 4, 2))
    put_all_into_force()
    decide_definition_change(by=plan.olu, change=plan.late, agreed=True)
    assert (plan.at("A-2").measure, plan.at("B-1").title) == ("400 homes", "Later words")
    assert digest(report, plan.olu) == before and check_reports().faults == []
    built = {kind: bytes(content) for kind, content in report.files.values_list("kind", "content")}
    report.files.update(content=None, built_at=None, tries=0)
    assert build_owed() == 5
    assert {kind: bytes(content) for kind, content in report.files.values_list("kind", "content")} == built
