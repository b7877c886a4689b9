"""Loading the strategy: all or nothing, twice the same, and never over someone's edit."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casestudies.actions import confirm_story
from casestudies.models import CaseStudy, Figure
from deliverables.models import Deliverable
from people.models import User
from priorities.models import (
    Aim,
    Body,
    Commitment,
    PlanYear,
    Principle,
    Priority,
    ReportingPeriod,
    Strategy,
    Theme,
)
from reports.loading.document import Refused
from reports.loading.history import REASON
from reports.loading.kinds import KINDS, MILESTONE
from reports.loading.loader import load_strategy
from strategy_portal.editing import seen_of
from tests.factories import organisation, person
from tests.reports.strategy_file import DATA, PATH, TEXT, load, ours

pytestmark = pytest.mark.django_db


def hw_1(**values: Any) -> Any:
    """A change of the file: of the first deliverable."""
    return lambda data: data["priorities"][0]["deliverables"][0].update(values)


def edit(instance: Any, by: User | None = None, **values: Any) -> Any:
    """As the administration does it: fields, and links as lists."""
    instance._history_user = by or person("administrator", "Ada")
    for name, value in values.items():
        if isinstance(value, list):
            getattr(instance, name).set(value)
        else:
            setattr(instance, name, value)
    instance.save()
    return instance


def deliverable(code: str = "HW-1") -> Deliverable:
    return Deliverable.objects.get(code=code)


def tags(of: Deliverable) -> list[str]:
    return sorted(of.principles.values_list("code", flat=True))


def rows() -> int:
    return sum(kind.model.objects.count() for kind in KINDS)


def past() -> int:
    return sum(kind.model.history.count() for kind in KINDS)


def versions() -> set[int]:
    return set(ReportingPeriod.objects.values_list("data_version", flat=True))


class TestTwice:
    def test_the_first_load_creates_everything_and_owes_the_roll_ups(self):
        report = load()
        assert report.created.total() == rows() == 117
        assert (report.updated, report.unchanged, report.kept, report.missing) == ([], 0, [], [])
        assert versions() == {2}

    def test_the_second_load_changes_nothing(self):
        load()
        before = past(), versions()
        report = load()
        assert not report.changed and report.unchanged == 117
        assert (report.kept, report.missing) == ([], [])
        assert (past(), versions()) == before

    def test_every_record_of_the_history_says_that_it_was_loaded_and_by_whom(self):
        ada = person("administrator", "Ada")
        load_strategy(by=ada, document=ours())
        for kind in KINDS:
            signed = kind.model.history.values_list("history_change_reason", "history_user")
            assert set(signed) == {(REASON, ada.pk)} or (kind is MILESTONE and not signed)

    def test_a_changed_row_gets_one_record_also_when_its_links_change(self):
        load()
        before = past()
        load(hw_1(title="A new title", principles=["EQUITY"], aims=[]))
        assert past() == before + 1

    def test_what_a_deliverable_links_to_is_in_its_history(self):
        load()
        newest = deliverable("FCN-3").history.first()
        assert sorted(link.principle.code for link in newest.principles.all()) == ["EQUITY", "PREVENTION"]
        assert [link.commitment.code for link in newest.commitments.all()] == ["PI-5"]


class TestAChangedFile:
    def test_it_updates_what_nobody_touched_and_owes_the_roll_ups(self):
        load()
        report = load(hw_1(title="A new title", principles=["EQUITY", "INTEGRATION"], aims=[]))
        assert deliverable().title == "A new title" and tags(deliverable()) == ["EQUITY", "INTEGRATION"]
        assert not deliverable().aims.exists()
        assert report.updated == ["deliverable HW-1: title, principles, aims"]
        assert (report.unchanged, report.kept, versions()) == (116, [], {3})

    def test_it_takes_back_what_it_no_longer_says(self):
        load()
        load(lambda data: data["priorities"][0]["deliverables"][0].pop("note"))
        assert deliverable().note == ""

    def test_it_moves_rows(self):
        def move(data: dict[str, Any]) -> None:
            data["priorities"][1]["deliverables"].append(data["priorities"][0]["deliverables"].pop(0))
            data["bodies"][1]["assures"] = "ICP"
            data["bodies"][2]["assures"] = "OOG"

        load()
        assert load(move).updated[0] == "body OOG: assures"
        assert (deliverable().priority.code, deliverable().order) == ("P2", 4)
        assert deliverable("HW-2").order == 1
        assert Body.objects.get(code="ICS-WG").assures.code == "OOG"

    def test_it_adds_rows(self):
        load()
        added = {"code": "AIM-5", "name": "A fifth aim", "source": "Integrated Care Strategy, Foreword"}
        report = load(lambda data: data["aims"].append(added))
        assert report.created == {"aims": 1} and Aim.objects.get(code="AIM-5").order == 5

    def test_it_may_change_again_and_again(self):
        load()
        for title in ("One", "Two", "Three"):
            load(hw_1(title=title))
            assert deliverable().title == title


class TestAnEditInThePortal:
    def test_it_is_kept_and_reported(self):
        load()
        edit(deliverable(), title="Ada's title")
        before = past()
        report = load()
        assert deliverable().title == "Ada's title"
        assert report.kept == [
            'deliverable HW-1 title: portal has "Ada\'s title", file has "Map the system\'s Health and Work response"'
        ]
        assert not report.changed and past() == before

    def test_of_the_tags_it_is_kept_and_reported(self):
        load()
        edit(deliverable(), principles=list(Principle.objects.exclude(code="PREVENTION")))
        report = load()
        assert tags(deliverable()) == ["EQUITY", "INTEGRATION"]
        assert report.kept == ['deliverable HW-1 principles: portal has "EQUITY, INTEGRATION", file has "PREVENTION"']

    def test_it_outlives_every_later_change_of_the_file(self):
        load()
        edit(deliverable(), title="Ada's title", principles=[])
        for number in ("one", "two"):
            report = load(hw_1(summary=f"Summary {number}.", title=f"Title {number}", principles=["EQUITY"]))
            assert report.updated == ["deliverable HW-1: summary"]
            assert (deliverable().title, tags(deliverable())) == ("Ada's title", [])
            assert [line.partition(":")[0] for line in report.kept] == ["deliverable HW-1 title", "deliverable HW-1 principles"]

    def test_of_one_field_leaves_the_others_to_the_file(self):
        load()
        edit(deliverable(), title="Ada's title")
        load(hw_1(short_title="The file's short title"))
        assert (deliverable().title, deliverable().short_title) == ("Ada's title", "The file's short title")

    def test_that_was_taken_back_gives_the_field_to_the_file_again(self):
        load()
        first = deliverable().title
        edit(deliverable(), title="Ada's title")
        edit(deliverable(), title=first)
        assert load(hw_1(title="The file's title")).kept == []
        assert deliverable().title == "The file's title"

    def test_that_the_file_takes_over_is_no_longer_reported(self):
        load()
        edit(deliverable(), title="Ada's title", principles=[Principle.objects.get(code="EQUITY")])
        report = load(hw_1(title="Ada's title", principles=["EQUITY"]))
        assert report.kept == [] and not report.changed

    def test_to_nothing_is_an_edit_too(self):
        load()
        edit(deliverable(), summary="")
        assert load().kept[0].startswith('deliverable HW-1 summary: portal has nothing, file has "With partners')
        assert deliverable().summary == ""

    def test_of_what_a_row_belongs_to_is_named_by_code(self):
        load()
        edit(deliverable(), priority=Priority.objects.get(code="P3"))
        edit(Body.objects.get(code="ICS-WG"), assures=None)
        assert load().kept == [
            'body ICS-WG assures: portal has nothing, file has "ICP"',
            'deliverable HW-1 priority: portal has "P3", file has "P1"',
        ]

    def test_of_a_number_and_of_a_date_is_named_in_words(self):
        load()
        edit(Figure.objects.get(case_study__code="CS-6", order=1), value=5305)
        edit(ReportingPeriod.objects.get(starts_on="2025-12-01"), due_on="2026-01-12")
        assert load().kept == [
            'reporting period December 2025 due on: portal has "12 January 2026", file has "8 January 2026"',
            'figure 1 of CS-6 value: portal has "5305", file has "5304"',
        ]

    def test_of_the_day_on_which_a_story_is_looked_at_again_is_the_reviewer_s(self):
        load()
        study, olu = CaseStudy.objects.get(code="CS-3"), person("outcomes_group", "Olu")
        day = date(2027, 3, 31)
        confirm_story(by=olu, study=study, seen=seen_of(study), reason="The strategy still says it.", review_on=day)
        assert load().kept == ['case study CS-3 review date: portal has "31 March 2027", file has "31 March 2026"']
        assert CaseStudy.objects.get(code="CS-3").review_on == day

    def test_deep_in_a_long_text_is_shown_where_it_begins(self):
        load()
        edit(deliverable(), note=deliverable().note.replace("initiative", "list"))
        assert load().kept == [
            'deliverable HW-1 note: portal has "...e. The link to the prevention list is the portal\'s reading.", '
            'file has "...e. The link to the prevention initiative is the portal\'s rea..."'
        ]

    def test_is_not_what_a_browser_does_to_line_ends(self):
        load()
        edit(deliverable(), named=deliverable().named.replace("\n", "\r\n") + " ")
        assert load().kept == []
        load(hw_1(named=["Net Zero"]))
        assert deliverable().named == "Net Zero"

    def test_in_a_field_that_the_file_leaves_out_is_kept_without_a_word(self):
        load()
        edit(CaseStudy.objects.get(code="CS-1"), learnt="To begin earlier.", aims=list(Aim.objects.filter(code="AIM-1")))
        edit(deliverable(), lead=organisation(), measure="Number of maps", maturity="agreed", due_on="2026-03-31")
        report = load(hw_1(title="A new title"))
        assert report.kept == []
        changed = deliverable()
        assert (changed.lead, changed.measure, changed.maturity) == (organisation(), "Number of maps", "agreed")
        assert CaseStudy.objects.get(code="CS-1").learnt == "To begin earlier."

    def test_in_a_field_that_the_file_no_longer_says_is_reported(self):
        load()
        edit(deliverable(), note="Ada's note.")
        report = load(lambda data: data["priorities"][0]["deliverables"][0].pop("note"))
        assert report.kept == ['deliverable HW-1 note: portal has "Ada\'s note.", file has nothing']

    def test_that_left_no_history_is_kept(self):
        load()
        Deliverable.objects.filter(code="HW-1").update(title="Changed behind the portal's back")
        assert len(load(hw_1(title="The file's title")).kept) == 1
        assert deliverable().title == "Changed behind the portal's back"

    def test_a_row_that_a_person_made_is_hers(self):
        load()
        hers = Aim(strategy=Strategy.objects.get(), code="AIM-5", name="Ada's aim", order=5, source="A board paper")
        edit(hers)
        assert load().missing == ["aim AIM-5"]
        added = {"code": "AIM-5", "name": "A fifth aim", "source": "A board paper"}
        report = load(lambda data: data["aims"].append(added))
        assert report.kept == ['aim AIM-5 name: portal has "Ada\'s aim", file has "A fifth aim"']


class TestRemovedRows:
    def test_a_row_that_the_file_no_longer_has_is_reported_and_stays(self):
        load()

        def drop(data: dict[str, Any]) -> None:
            data["priorities"][2]["deliverables"].pop()
            data["case_studies"][5]["figures"].pop()

        report = load(drop)
        assert report.missing == ["deliverable FCN-3", "figure Emergency department attendance with end of life care needs: 3433"]
        assert not report.changed and rows() == 117

    def test_a_row_that_a_person_removed_does_not_come_back(self):
        load()
        Deliverable.objects.get(code="FCN-3").delete()
        Commitment.objects.get(code="PI-5").delete()
        report = load()
        assert report.kept == [
            "commitment PI-5: removed in the portal, still in the file",
            "deliverable FCN-3: removed in the portal, still in the file",
        ]
        assert not report.changed and rows() == 115

    def test_nor_do_the_rows_below_it_or_the_links_to_it(self):
        load()
        edit(deliverable(), aims=[])
        CaseStudy.objects.get(code="CS-7").delete()
        Aim.objects.get(code="AIM-4").delete()
        assert load().kept == [
            "aim AIM-4: removed in the portal, still in the file",
            "case study CS-7: removed in the portal, still in the file",
        ]
        assert rows() == 112

    def test_one_that_was_made_again_by_hand_is_found(self):
        load()
        theme, commitment = Theme.objects.get(code="T4"), Commitment.objects.get(code="PI-4")
        commitment.delete()
        edit(Commitment(theme=theme, code="PI-4", kind="prevention", title="By hand", summary="By hand.", order=4))
        kept = load().kept
        assert [line.partition(":")[0] for line in kept] == [
            f"commitment PI-4 {field}" for field in ("summary", "source", "title")
        ]


class TestPeriods:
    def older_rule(self, **values: Any) -> None:
        """November as an older version of the portal would have loaded it."""
        november = ReportingPeriod.objects.get(starts_on="2025-11-01")
        november._change_reason = REASON
        edit(november, due_on="2025-12-10", **values)

    def test_one_that_is_open_follows_the_rule(self):
        load()
        self.older_rule()
        assert load().updated == ["reporting period November 2025: due on"]

    def test_one_whose_report_is_issued_does_not_move(self):
        load()
        self.older_rule(closed_at="2025-12-09T12:00:00Z", closed_by=person("outcomes_group", "Olu"))
        report = load()
        assert report.kept == ['reporting period November 2025 due on: portal has "10 December 2025", file has "5 December 2025"']
        assert str(ReportingPeriod.objects.get(starts_on="2025-11-01").due_on) == "2025-12-10"

    def test_a_date_of_a_meeting_belongs_to_the_portal(self):
        load()
        edit(ReportingPeriod.objects.get(starts_on="2025-11-01"), meeting_on="2025-12-15")
        assert load().kept == []
        assert ReportingPeriod.objects.exclude(meeting_on=None).count() == 1


class TestNothingIsLoaded:
    def test_when_a_row_late_in_the_file_cannot_stand_beside_those_of_the_portal(self):
        other = Strategy.objects.create(code="other", title="Other", version="1", system="Other", published_in=2024)
        CaseStudy.objects.create(strategy=other, code="X", slug="green-impact", title="Other", organisation="Other")
        with pytest.raises(Refused) as caught:
            load()
        assert caught.value.problems == ["case_studies[6]: Case study with this Slug already exists."]
        assert rows() == 2

    def test_when_a_change_late_in_the_file_cannot_stand_there(self):
        load()
        other = Strategy.objects.create(code="other", title="Other", version="1", system="Other", published_in=2024)
        CaseStudy.objects.create(strategy=other, code="X", slug="taken", title="Other", organisation="Other")
        before = past(), versions()

        def clash(data: dict[str, Any]) -> None:
            data["aims"][0]["name"] = "Another name"
            data["case_studies"][6]["slug"] = "taken"

        with pytest.raises(Refused):
            load(clash)
        assert (past(), versions()) == before
        assert not Aim.objects.filter(name="Another name").exists()


class TestOtherPlans:
    def test_another_year_of_the_strategy_is_not_begun_by_a_file(self):
        load()
        before = past(), versions()
        with pytest.raises(Refused, match="Start 2026/27 on the next year's page first"):
            load(lambda data: data["plan_year"].update(code="2026-27"))
        assert (past(), versions()) == before and PlanYear.objects.count() == 1

    def test_another_strategy_shares_nothing_with_the_first(self):
        def other(data: dict[str, Any]) -> None:
            data["strategy"]["code"] = "other"
            for study in data["case_studies"]:
                study["slug"] += "-other"

        load()
        assert load(other).created.total() == 117
        assert Deliverable.objects.filter(principles__strategy__code="other", plan_year__strategy__code="other").count() == 10


class TestStatements:
    def count(self, change: Any = None) -> int:
        with CaptureQueriesContext(connection) as captured:
            load(change)
        return len(captured)

    @staticmethod
    def many(data: dict[str, Any]) -> None:
        pattern = data["priorities"][0]["deliverables"][0]
        data["priorities"][0]["deliverables"] += [pattern | {"code": f"X-{n}"} for n in range(40)]

    def test_a_load_without_changes_takes_as_many_for_any_number_of_rows(self):
        load()
        few = self.count()
        load(self.many)
        assert self.count(self.many) == few <= 50

    @pytest.mark.postgresql
    def test_rows_are_locked_while_they_are_compared_so_that_no_edit_is_lost_in_between(self):
        load()
        with CaptureQueriesContext(connection) as captured:
            load()
        locks = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
        assert len(locks) == len(KINDS)

    def test_a_new_row_takes_a_few(self):
        load()
        assert self.count(self.many) <= 50 + 40 * 33


class TestTheCommand:
    def run(self, *args: Any) -> str:
        out = StringIO()
        call_command("load_strategy", *args, stdout=out)
        return out.getvalue()

    def file(self, folder: Path, text: str) -> Path:
        path = folder / "changed.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_it_loads_our_file_and_says_what_it_did(self):
        said = self.run()
        assert said.startswith(
            "Loaded strategy.yaml: 117 created, 0 updated, 0 unchanged rows; 0 edits kept; 0 rows missing from the file.\n"
        )
        assert "  created: 9 deliverables\n" in said and "  created: 12 periods\n" in said
        assert rows() == 117
        assert self.run() == (
            "Loaded strategy.yaml: 0 created, 0 updated, 117 unchanged rows; 0 edits kept; 0 rows missing from the file.\n"
        )

    def test_it_names_what_was_updated_kept_and_missing(self, tmp_path):
        self.run()
        edit(deliverable("HW-2"), label="Ada's label")
        text = TEXT.replace("label: Integration", "label: Together").replace("  - code: AMB-3", "  - code: AMB-4")
        said = self.run(self.file(tmp_path, text))
        assert "  created: 1 ambitions\n" in said
        assert "  updated: deliverable HW-3: label\n" in said
        assert '  kept: deliverable HW-2 label: portal has "Ada\'s label", file has "Equity"\n' in said
        assert "  missing from the file: ambition AMB-3\n" in said

    def test_a_check_says_the_same_and_does_nothing(self):
        assert self.run("--check").startswith("Checked strategy.yaml: 117 created")
        assert rows() == past() == 0

    def test_a_broken_file_is_refused_with_every_place_and_nothing_is_loaded(self, tmp_path):
        text = TEXT.replace("principles: [EQUITY]", "principles: [EQUTY]")
        with pytest.raises(CommandError) as caught:
            self.run(self.file(tmp_path, text))
        reason = "there is no principle 'EQUTY'. Use one of PREVENTION, EQUITY, INTEGRATION."
        assert str(caught.value) == (
            "changed.yaml was not loaded. Nothing has changed.\n"
            f"  priorities[0].deliverables[1].principles: {reason}\n"
            f"  priorities[1].deliverables[1].principles: {reason}"
        )
        assert rows() == 0

    def test_a_file_that_is_not_there_is_refused(self, tmp_path):
        with pytest.raises(CommandError, match="No such file"):
            self.run(tmp_path / "none.yaml")

    def test_our_file_is_where_the_command_looks(self):
        assert PATH.is_file() and DATA["strategy"]["code"] == "nottingham-and-nottinghamshire"
