"""Once a definition is baselined the group is asked for a change of it, which takes effect from a stated month."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from deliverables.actions import (
    AlreadyAsked,
    CannotAsk,
    CannotDecide,
    NeedsTheGroup,
    ask_definition_change,
    change_deliverable,
    decide_definition_change,
    put_all_into_force,
    withdraw_definition_change,
)
from deliverables.actions.undo_year import undoing
from deliverables.models import DefinitionChange, Deliverable
from people.actions import give_role
from reports.actions import Correction, Words, check_reports, correct_report, store_roll_up
from reports.gather import current_content, work_out
from reports.models import ProgressReport
from strategy_portal import clock
from strategy_portal.editing import Overtaken, seen_of
from tests import factories
from tests.deliverables.refreshing import publish
from tests.reports.second_opinion import both
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY = "2025-12-01", "2026-01-01"


@pytest.fixture
def row(priya):
    return factories.deliverable(
        "HW-1", lead=factories.organisation(), maturity="baselined", measure="800 homes", due_on=date(2026, 3, 31)
    )


def asked(row, priya, since=DECEMBER, why="Another supplier.", **values):
    row.refresh_from_db()
    given = {"values": values or {"title": "Homes connected"}, "why": why, "effect": "400 homes fewer."}
    return ask_definition_change(by=priya, deliverable=row, seen=seen_of(row), takes_effect=factories.period_of(since), **given)


def agreed(row, priya, olu, since=DECEMBER, **values):
    return decide_definition_change(by=olu, change=asked(row, priya, since, **values), agreed=True)


def names(month) -> list[str]:
    return [line["name"] for line in work_out(factories.period_of(month)).lines]


def leads(month) -> list[str]:
    return [line["name"] for line in work_out(factories.period_of(month)).content["coverage"]["rows"]]


def test_until_the_group_agrees_nothing_changes(row, priya):
    change = asked(row, priya, measure="400 homes")
    row.refresh_from_db()
    assert (row.measure, change.asked, change.agreed) == ("800 homes", {"measure": "400 homes"}, None)


def test_what_is_agreed_from_a_month_that_has_begun_is_in_force_at_once(row, priya, olu, set_today):
    change = agreed(row, priya, olu, due_on=date(2026, 5, 31), lead=factories.organisation("trust").pk)
    row.refresh_from_db()
    assert (row.due_on, row.lead, change.is_in_force) == (date(2026, 5, 31), factories.organisation("trust"), True)
    assert change.was == {"due_on": "2026-03-31", "lead": factories.organisation().pk}
    newest = row.history.order_by("-history_id").first()
    assert (newest.history_user, newest.history_change_reason) == (olu, "Change that the group agreed")


def test_before_its_month_begins_the_row_says_what_it_said(row, priya, olu, set_today):
    agreed(row, priya, olu, JANUARY)
    assert put_all_into_force() == 0
    row.refresh_from_db()
    assert row.title == "Deliverable HW-1" and names("2025-12-01") == ["Deliverable HW-1"]
    set_today(date(2026, 1, 1))
    call_command("put_definitions_into_force")
    row.refresh_from_db()
    assert row.title == "Homes connected"
    assert put_all_into_force() == 0  # a second time changes nothing
    assert row.history.filter(title="Homes connected").count() == 1


@pytest.mark.parametrize("swept", [False, True])
def test_a_month_that_is_open_still_keeps_the_words_in_force_in_it(row, priya, olu, set_today, swept):
    trust = factories.organisation("trust")
    agreed(row, priya, olu, JANUARY, title="Homes connected", lead=trust.pk)
    set_today(date(2026, 2, 2))
    if swept:
        assert put_all_into_force() == 1
    assert names(DECEMBER) == ["Deliverable HW-1"] and leads(DECEMBER) == ["Organisation icb"]
    assert names(JANUARY) == ["Homes connected"] and leads(JANUARY) == ["Organisation trust"]
    for month in (DECEMBER, JANUARY):
        from_tables, from_logs = both(factories.period_of(month))
        assert from_tables == from_logs


def test_a_report_of_an_earlier_month_issued_late_has_the_old_words_and_is_proved(row, priya, olu, set_today):
    before = factories.issue(factories.november(), by=olu)
    stood = (before.sha256, before.content, list(before.lines.values_list("content", flat=True)))
    agreed(row, priya, olu, JANUARY, title="Homes connected", lead=factories.organisation("trust").pk)
    set_today(date(2026, 2, 2))
    put_all_into_force()
    late = factories.issue(factories.period_of(DECEMBER), by=olu)
    now = factories.issue(factories.period_of(JANUARY), by=olu)
    old, new = late.lines.get().content, now.lines.get().content
    assert (old["name"], old["title"], old["lead"]) == ("Deliverable HW-1", "Deliverable HW-1", "Organisation icb")
    assert (new["name"], new["title"], new["lead"]) == ("Homes connected", "Homes connected", "Organisation trust")
    assert check_reports().faults == []
    kept = ProgressReport.objects.get(pk=before.pk)
    assert (kept.sha256, kept.content, list(kept.lines.values_list("content", flat=True))) == stood


def test_a_correction_with_the_plan_of_now_keeps_the_words_of_its_month(row, priya, olu, set_today):
    set_today(date(2026, 1, 2))
    december = factories.period_of(DECEMBER)
    factories.issue(december, by=olu)
    agreed(row, priya, olu, JANUARY)
    row.refresh_from_db()
    row.order = 7
    row.save()
    said = {"A note": "Corrected."}
    correction = Correction(reason="A slip.", words=Words(said["A note"]), plan_of_now=True)
    made = correct_report(by=olu, period=december, seen=1, correction=correction)
    assert made.lines.get().content["name"] == "Deliverable HW-1" and check_reports().faults == []


def test_a_report_from_before_there_were_such_changes_has_no_mark_and_is_proved(row, olu):
    from reports import marks

    kept = marks.LOGS.pop("definitions")
    try:
        report = factories.issue(factories.november(), by=olu)
    finally:
        marks.LOGS["definitions"] = kept
    assert "definitions" not in report.marks and check_reports().faults == []


def test_agreeing_owes_the_roll_ups_again(row, priya, olu):
    november = factories.november()
    store_roll_up(period_id=november.pk)
    agreed(row, priya, olu, "2025-11-01")
    assert current_content(factories.november())["coverage"]["rows"]
    assert names("2025-11-01") == ["Homes connected"] and names("2025-10-01") == ["Deliverable HW-1"]
    assert factories.november().data_version > november.data_version


def test_who_asked_does_not_decide_and_a_second_decision_changes_nothing(row, priya, olu):
    give_role(by=None, user=priya, organisation=factories.organisation(), role="outcomes_group")
    change = asked(row, priya)
    with pytest.raises(CannotDecide, match="yourself"):
        decide_definition_change(by=priya, change=change, agreed=True)
    decide_definition_change(by=olu, change=change, agreed=False, answer="Not this year.")
    again = decide_definition_change(by=olu, change=change, agreed=True)
    row.refresh_from_db()
    assert (again.agreed, again.answer, row.title) == (False, "Not this year.", "Deliverable HW-1")


def test_one_change_waits_at_a_time_and_a_double_click_asks_once(row, priya):
    assert asked(row, priya) == asked(row, priya)
    with pytest.raises(AlreadyAsked):
        asked(row, priya, title="Something else")
    assert DefinitionChange.objects.count() == 1


def test_who_asked_withdraws_it_while_it_waits_and_nobody_else_does(row, priya, olu):
    asked(row, priya)
    assert not withdraw_definition_change(by=olu, deliverable=row) and row.definition_changes.waiting().exists()
    assert withdraw_definition_change(by=priya, deliverable=row) and not row.definition_changes.exists()
    assert not withdraw_definition_change(by=priya, deliverable=row)  # a double click
    kept = DefinitionChange.history.filter(history_type="-").get()
    assert (kept.history_user, kept.asked) == (priya, {"title": "Homes connected"})
    agreed(row, priya, olu)
    assert not withdraw_definition_change(by=priya, deliverable=row) and row.definition_changes.agreed().exists()


def test_what_cannot_be_asked(row, priya, olu):
    with pytest.raises(CannotAsk, match="Nothing in the definition"):
        asked(row, priya, title="Deliverable HW-1")
    with pytest.raises(ValidationError):
        asked(row, priya, due_on=date(2025, 1, 1), starts_on=date(2025, 4, 1))
    factories.issue(factories.november(), by=olu)
    with pytest.raises(CannotAsk, match="not issued yet"):
        asked(row, priya, "2025-11-01")
    row.maturity = "agreed"
    row.save()
    with pytest.raises(CannotAsk, match="not baselined"):
        asked(row, priya)


def test_a_second_change_builds_on_the_one_that_is_to_come(row, priya, olu, set_today):
    agreed(row, priya, olu, JANUARY, measure="400 homes")
    with pytest.raises(CannotAsk, match="agreed from January 2026"):
        asked(row, priya, DECEMBER, measure="300 homes")
    agreed(row, priya, olu, "2026-02-01", measure="300 homes", title="Homes connected")
    set_today(date(2026, 2, 1))
    assert put_all_into_force() == 2
    row.refresh_from_db()
    assert (row.measure, row.title) == ("300 homes", "Homes connected")
    assert [change.was for change in DefinitionChange.objects.order_by("pk")] == [
        {"measure": "800 homes"},
        {"measure": "400 homes", "title": "Deliverable HW-1"},
    ]


def test_no_change_reaches_behind_one_that_is_in_force(row, priya, olu, set_today):
    set_today(date(2025, 12, 2))
    agreed(row, priya, olu, DECEMBER, measure="400 homes")
    with pytest.raises(CannotAsk, match="agreed from December 2025"):
        asked(row, priya, "2025-11-01", measure="300 homes")  # which is open still


def test_if_its_month_is_issued_meanwhile_it_takes_effect_from_the_next(row, priya, olu):
    change = asked(row, priya, "2025-11-01")
    factories.issue(factories.november(), by=olu)
    decided = decide_definition_change(by=olu, change=change, agreed=True)
    assert str(decided.takes_effect) == "December 2025" and names("2025-11-01") == ["Deliverable HW-1"]
    assert check_reports().faults == []


def test_who_has_not_seen_the_last_words_asks_for_nothing(row, priya):
    seen = seen_of(row)
    row.measure = "900 homes"
    row.save()
    with pytest.raises(Overtaken), clock.fixed(clock.now()):
        ask_definition_change(
            by=priya,
            deliverable=row,
            seen=seen,
            values={"measure": "400 homes"},
            takes_effect=factories.period_of(DECEMBER),
            why="x",
            effect="y",
        )


def test_an_administrator_cannot_go_round_the_group(row):
    ada = factories.person("administrator", "Ada")
    with pytest.raises(NeedsTheGroup):
        change_deliverable(by=ada, deliverable=row, seen=seen_of(row), values={"title": "Other words"}, links={})
    partner = factories.organisation("trust")
    change_deliverable(by=ada, deliverable=row, seen=seen_of(row), values={}, links={"partners": [partner.pk]})
    assert Deliverable.objects.get(pk=row.pk).partners.get() == partner


# The next plan year


def test_what_is_agreed_for_a_month_to_come_is_what_the_next_year_begins_with(row, priya, olu, set_today):
    trust = factories.organisation("trust")
    agreed(row, priya, olu, JANUARY, title="Homes connected", measure="400 homes", lead=trust.pk, due_on=date(2026, 6, 30))
    agreed(row, priya, olu, "2026-03-01", measure="300 homes")
    year = publish(factories.person("administrator", "Ada"))
    new = Deliverable.objects.get(plan_year=year)
    assert (new.title, new.measure, new.lead, new.due_on) == ("Homes connected", "300 homes", trust, date(2026, 6, 30))
    row.refresh_from_db()
    assert (row.title, row.measure) == ("Deliverable HW-1", "800 homes")
    set_today(date(2026, 3, 1))
    assert put_all_into_force() == 2
    assert Deliverable.objects.get(pk=row.pk).measure == "300 homes"


def test_what_is_agreed_once_the_next_year_is_published_is_said_there_too_unless_it_was_worded_there(row, priya, olu):
    year = publish(factories.person("administrator", "Ada"))
    new = Deliverable.objects.get(plan_year=year)
    new.title = "Worded for the new year"
    new.save()
    agreed(row, priya, olu, "2026-03-01", title="Homes connected", measure="400 homes", due_on=date(2026, 3, 1))
    new.refresh_from_db()
    assert (new.title, new.measure, new.due_on) == ("Worded for the new year", "400 homes", None)
    assert [(one.code, one.what) for one in undoing(year).lost] == [("HW-1", "worded")]
    new.title, new.maturity = "Deliverable HW-1", "agreed"
    new.save()
    agreed(row, priya, olu, "2026-03-01", measure="300 homes")
    assert Deliverable.objects.get(pk=new.pk).measure == "400 homes"


def test_what_only_follows_the_year_before_is_not_lost_by_undoing(row, priya, olu):
    year = publish(factories.person("administrator", "Ada"))
    agreed(row, priya, olu, "2026-03-01", measure="400 homes")
    assert (undoing(year).lost, undoing(year).edited) == ([], 0)


def page_of(client) -> str:
    return text(client.get("/outcomes-group/definitions/"))


def test_a_request_that_waits_past_the_end_of_its_year_is_still_decided_by_the_group(client, row, priya, olu, set_today):
    asked(row, priya, "2026-03-01", measure="400 homes")
    publish(factories.person("administrator", "Ada"))
    set_today(date(2026, 4, 2))
    factories.sign_in(client, olu)
    page = client.get("/outcomes-group/definitions/").content.decode()
    assert "HW-1 in 2025/26" in page and 'href="/2025-26/deliverables/HW-1/definition/"' in page
    number = DefinitionChange.objects.get().pk
    client.post("/outcomes-group/definitions/", {"change": number, "decision": "agree"})
    assert DefinitionChange.objects.get().agreed and Deliverable.objects.get(pk=row.pk).measure == "400 homes"
    assert "HW-1 in 2025/26" not in page_of(client)


def test_of_each_published_year_the_group_reads_how_far_its_definitions_are(client, row, olu, set_today):
    factories.sign_in(client, olu)
    assert "Every definition is baselined In 2025/26: 1 of 1." in page_of(client)
    assert "2026/27" not in page_of(client)
    publish(factories.person("administrator", "Ada"))
    page = page_of(client)
    assert "In 2025/26: 1 of 1." in page
    assert (
        "Plan year 2026/27 Baselined: 0 of 1. Their managers can word them now. The group agrees them here from 1 April 2026."
        in page
    )
    set_today(date(2026, 4, 1))
    assert "Drafted, to be agreed" in page_of(client) and "Every definition is baselined" not in page_of(client)
