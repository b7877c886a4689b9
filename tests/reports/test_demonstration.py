"""The demonstration as it stands on 2 December 2025: uneven as real life is, and plainly made up."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from deliverables.forms import LONG, SHORT
from deliverables.models import Decision, Deliverable, Milestone, MilestoneMove, StatusUpdate
from deliverables.ratings import NOT_REPORTED
from people.models import Membership, Organisation, User
from people.roles import ROLES
from priorities.models import ReportingPeriod
from reports.demonstration import content as demonstration
from reports.demonstration.load import load_demonstration
from reports.models import RollUp
from reports.querysets import periods_behind
from tests import factories

CONTENT = demonstration.read()
MONTHS = [f"2025-{month:02}" for month in range(4, 12)]


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Loaded once for all tests here, which only read, and taken back after them."""
    with django_db_blocker.unblock(), override_settings(PORTAL_DEMONSTRATION=True), transaction.atomic():
        call_command("load_strategy", stdout=StringIO())
        load_demonstration(content=CONTENT, password="demonstration only 1")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def portal(loaded_once, db, settings) -> None:
    settings.PORTAL_DEMONSTRATION = True


def standing(code: str, month: str) -> str:
    period = ReportingPeriod.objects.in_month(month).get()
    found = StatusUpdate.objects.last_word(deliverable=Deliverable.objects.get(code=code), period=period)
    return found.rating if found else NOT_REPORTED


def story(code: str) -> list[str]:
    return [standing(code, month) for month in MONTHS]


# Who is in it


def test_everyone_is_fictional(portal):
    people = list(User.objects.all())
    assert len(people) == 13
    assert all(person.is_demonstration and person.name.endswith(" Example") for person in people)
    assert all(person.email.endswith("@example.org") for person in people)
    assert "@" not in demonstration.OURS.read_text(encoding="utf-8")


def test_every_role_is_there_and_someone_without_one(portal):
    assert set(Membership.objects.values_list("role", flat=True)) == set(ROLES)
    by_name = {person.name.split()[0]: person for person in User.objects.with_memberships()}
    assert by_name["Priya"].may("report_progress") and not by_name["Priya"].may("view_group")
    assert by_name["Olu"].may("view_group") and by_name["Bea"].may("view_plan") and by_name["Ada"].may("edit_plan")
    assert not any(by_name["Nina"].may(permission) for role in ROLES.values() for permission in role.may)
    assert len(by_name["Tara"].organisation_ids_reported_for) == 2


def test_someone_reports_by_name_on_what_another_organisation_leads(portal):
    cara = User.objects.get(email="cara@example.org")
    assert [found.code for found in Deliverable.objects.reported_by(cara)] == ["FCN-2"]
    assert Deliverable.objects.get(code="FCN-2").lead_id not in cara.organisation_ids_reported_for


# What is in it


def test_the_counts(portal):
    counts = {model: model.objects.count() for model in (Organisation, StatusUpdate, Milestone)}
    assert counts == {Organisation: 13, StatusUpdate: 61, Milestone: 38}
    kinds = Counter(MilestoneMove.objects.values_list("kind", flat=True))
    assert kinds["moved"] + kinds["proposed"] == 13 and kinds["agreed"] > 3
    # In the months that are closed the group agreed every update; in the open one it agreed one and returned one.
    decided = Counter(Decision.objects.values_list("kind", "update__period__starts_on__month"))
    assert (decided["agree", 11], decided["return", 11], decided["return", 10]) == (1, 1, 0)
    closed = StatusUpdate.objects.exclude(period__closed_at=None).standing().with_decision()
    assert closed.count() > 40 and set(closed.values_list("decision", flat=True)) == {"agree"}
    for found in Deliverable.objects.all():
        assert 3 <= found.milestones.count() <= 5, found
    year = {"baseline_on__gte": date(2025, 4, 1), "baseline_on__lte": date(2026, 3, 31)}
    assert Milestone.objects.filter(**year).count() == 38
    assert Milestone.objects.exclude(done_on=None).exists()


def test_every_update_is_marked_as_made_up(portal):
    assert not StatusUpdate.objects.filter(is_demonstration=False).exists()


def test_some_things_are_not_set(portal):
    cyp_2 = Deliverable.objects.get(code="CYP-2")
    assert (cyp_2.lead, cyp_2.due_on, cyp_2.measure, cyp_2.managers.count()) == (None, None, "", 0)
    assert Deliverable.objects.filter(measure="").count() == 3


def test_definitions_are_of_every_maturity_and_have_matured_since_april(portal):
    assert set(Deliverable.objects.values_list("maturity", flat=True)) == set(Deliverable.Maturity.values)
    baselined = Deliverable.objects.filter(maturity="baselined")
    assert {first.history.order_by("history_id").first().maturity for first in baselined} == {"expected"}
    assert set(Deliverable.history.filter(code="FCN-2").values_list("maturity", flat=True)) == {
        "expected",
        "drafted",
        "baselined",
    }


def test_months_are_missed_and_one_deliverable_is_silent_for_two_in_a_row(portal):
    missed = {
        month: [f.code for f in Deliverable.objects.in_order() if standing(f.code, month) == NOT_REPORTED] for month in MONTHS
    }
    assert missed == {
        "2025-04": ["HW-2", "CYP-2", "FCN-3"],
        "2025-05": ["HW-3", "CYP-2"],
        "2025-06": ["FCN-3"],
        "2025-07": [],
        "2025-08": ["HW-3"],
        "2025-09": ["CYP-2"],
        "2025-10": ["CYP-2"],
        "2025-11": ["HW-2", "CYP-2", "FCN-2", "FCN-3"],
    }


def test_some_updates_are_late_and_most_are_not(portal):
    late = [update for update in StatusUpdate.objects.select_related("period", "deliverable") if update.is_late]
    assert sorted((update.period.month, update.deliverable.code) for update in late) == [
        ("2025-04", "CYP-1"),
        ("2025-05", "FCN-1"),
        ("2025-05", "HW-2"),
        ("2025-06", "CYP-2"),
        ("2025-08", "CYP-3"),
        ("2025-09", "FCN-2"),
        ("2025-10", "HW-2"),
    ]


def test_ratings_move(portal):
    on, risk, off, done, none = "on_track", "at_risk", "off_track", "complete", NOT_REPORTED
    assert story("FCN-2") == [on, on, risk, risk, off, off, off, none]
    assert story("FCN-1") == [on, on, on, risk, risk, risk, risk, risk]
    assert story("CYP-3") == [on, on, on, on, on, on, on, risk]
    assert story("HW-1") == [on, on, risk, on, on, on, done, done]


def test_two_updates_were_superseded_one_of_them_by_someone_else(portal):
    second = StatusUpdate.objects.filter(number=2).select_related("deliverable", "period", "submitted_by")
    found = {(update.deliverable.code, update.period.month): update for update in second}
    assert sorted(found) == [("CYP-3", "2025-11"), ("FCN-2", "2025-07")]
    for update in found.values():
        first = StatusUpdate.objects.get(deliverable=update.deliverable, period=update.period, number=1)
        assert first.submitted_at < update.submitted_at
        assert (first.submitted_by == update.submitted_by) is (update.deliverable.code == "CYP-3")


def test_words_were_copied_once(portal):
    words = Counter(StatusUpdate.objects.values_list("deliverable__code", "done"))
    assert [code for (code, _), times in words.items() if times > 1] == ["HW-3"]


def test_milestones_moved_with_reasons_and_more_than_once(portal):
    asked = MilestoneMove.objects.exclude(kind="agreed")
    moves = Counter(asked.values_list("milestone__deliverable__code", "milestone__title"))
    assert [key for key, times in sorted(moves.items()) if times > 1] == [
        ("FCN-1", "Data sharing agreed in all 23 neighbourhoods"),
        ("FCN-2", "800 homes connected"),
        ("FCN-2", "Second supplier contracted"),
    ]
    assert set(MilestoneMove.objects.values_list("reason", flat=True)) == {"supplier", "staffing", "partner", "data"}


def test_what_was_done_was_done_before_it_was_reported(portal):
    for work in CONTENT.works:
        for said in work.submissions:
            days = [step.done_on for step in said.steps if step.done_on]
            assert all(day <= said.at.date() for day in days), said
            assert said.route_on is None or said.route_on > said.at.date(), said


def test_every_update_fits_the_form_and_reads_as_short_sentences():
    for said in (said for work in CONTENT.works for said in work.submissions):
        assert len(said.done) <= LONG and max(map(len, (said.why, said.route, said.evidence))) <= SHORT
        for sentence in f"{said.done} {said.why} {said.route}".split(". "):
            assert len(sentence.split()) <= 20, sentence


# November, as the portal shows it on 2 December


def test_november_is_open_and_the_months_before_are_closed_by_olu(portal):
    assert [period.month for period in ReportingPeriod.objects.open()] == ["2025-11"]
    closed = ReportingPeriod.objects.exclude(closed_at=None).select_related("closed_by")
    assert {period.closed_by.email for period in closed} == {"olu@example.org"}
    assert sorted(period.month for period in closed) == MONTHS[:-1]
    assert all(period.closed_at.date() == period.meeting_on for period in closed)


def test_every_month_has_its_meeting_on_working_day_ten_of_the_next(portal):
    meetings = dict(ReportingPeriod.objects.values_list("starts_on", "meeting_on"))
    assert meetings[date(2025, 4, 1)] == date(2025, 5, 15)  # after the bank holiday of 5 May
    assert meetings[date(2025, 11, 1)] == date(2025, 12, 12)
    assert None not in meetings.values()
    assert set(ReportingPeriod.history.exclude(meeting_on=None).values_list("history_user__email", flat=True)) == {
        "ada@example.org",
        "olu@example.org",
    }


def test_priya_has_three_still_to_do_in_november_home_devices_among_them(portal):
    priya = User.objects.get(email="priya@example.org")
    mine = list(Deliverable.objects.reported_by(priya).in_order())
    assert [found.code for found in mine] == ["HW-2", "HW-3", "CYP-3", "FCN-2", "FCN-3"]
    assert [found.code for found in mine if standing(found.code, "2025-11") == NOT_REPORTED] == ["HW-2", "FCN-2", "FCN-3"]


def test_nobody_can_report_on_the_deliverable_without_a_lead(portal):
    codes = {found.code for person in User.objects.all() for found in Deliverable.objects.reported_by(person)}
    assert codes == set(Deliverable.objects.values_list("code", flat=True)) - {"CYP-2"}


def test_the_dashboard_is_right_without_a_worker(portal):
    assert not periods_behind().exists()
    november = RollUp.objects.get(period__starts_on=date(2025, 11, 1)).content
    assert (november["plan"]["reported"], november["plan"]["expected"]) == (5, 9)
    assert november["plan"]["distribution"] == {"off_track": 0, "at_risk": 2, "not_reported": 4, "on_track": 2, "complete": 1}
    october = RollUp.objects.get(period__starts_on=date(2025, 10, 1)).content
    assert october["plan"]["distribution"] == {"off_track": 1, "at_risk": 1, "not_reported": 1, "on_track": 5, "complete": 1}
    assert "Home devices and sensors has been off track for three months" in october["sentences"]["rest"]


def test_the_strategy_stays_as_it_is(portal):
    out = StringIO()
    call_command("load_strategy", stdout=out)
    assert len(out.getvalue().splitlines()) == 1, out.getvalue()


# Loading it again


def load_if_missing() -> str:
    out = StringIO()
    call_command("load_demonstration", "--if-missing", stdout=out)
    return out.getvalue()


def test_it_is_refused_twice_unless_only_wanted_if_missing(portal):
    before = StatusUpdate.objects.count()
    with pytest.raises(CommandError, match="there already"):
        call_command("load_demonstration")
    assert load_if_missing() == "The demonstration is there already.\n"
    assert StatusUpdate.objects.count() == before


def test_if_missing_is_at_peace_with_what_was_reported_since(portal):
    hw_2 = Deliverable.objects.get(code="HW-2")
    member = factories.person("programme_manager", name="Real", org=Organisation.objects.get(code="icb"))
    factories.update(hw_2, by=member, month=ReportingPeriod.objects.in_month("2025-11").get())
    assert "there already" in load_if_missing()


def test_if_missing_is_refused_once_the_portal_is_no_demonstration(portal, settings):
    settings.PORTAL_DEMONSTRATION = False
    with pytest.raises(CommandError, match="not a demonstration"):
        load_if_missing()
