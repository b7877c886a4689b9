"""Administrators edit the plan's deliverables; nothing that they do rewrites what was reported."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.test import Client

from casestudies.models import CaseStudy
from deliverables.actions import (
    CannotDelete,
    CannotStop,
    add_deliverable,
    add_milestone,
    change_deliverable,
    delete_deliverable,
    move_deliverable,
    stop_deliverable,
    take_stop_back,
)
from deliverables.models import Deliverable, DeliverableSuccession, Milestone, MilestoneChange
from people.models import KeptForm
from priorities.models import Aim, Commitment, ReportingPeriod, Theme
from reports.actions import check_reports, put_ask
from reports.models import ProgressReport
from strategy_portal import clock
from strategy_portal.editing import Overtaken, edits_of, seen_of
from tests import factories
from tests.pages import Pages

pytestmark = pytest.mark.django_db
LIST = "/plan/deliverables/"


@pytest.fixture
def ada():
    return factories.person("administrator", "Ada")


@pytest.fixture
def client(ada):
    client = Client()
    factories.sign_in(client, ada)
    return client


@pytest.fixture
def row():
    return factories.deliverable("HW-1", lead=factories.organisation(), order=1, principles=("EQUITY",))


def form_of(row, **more) -> dict[str, object]:
    """As the browser sends it."""
    sent = {name: getattr(row, name) for name in ("title", "short_title", "summary", "measure")}
    sent |= {"lead": row.lead_id or "", "priority": row.priority_id, "seen": seen_of(row)}
    sent |= {name: sorted(numbers) for name, numbers in Deliverable.objects.tied_to(row).items()}
    return sent | more


def codes() -> list[str]:
    return list(Deliverable.objects.in_order().values_list("code", flat=True))


def issued(report) -> tuple:
    stood = ProgressReport.objects.get(pk=report.pk)
    return stood.sha256, stood.content, list(stood.lines.in_order().values_list("content", flat=True))


# The form


def test_an_edit_is_previewed_published_and_read_back_word_by_word(client, ada, row):
    city = factories.organisation("city")
    theme = Theme.objects.create(plan_year=row.plan_year, code="T", name="Theme")
    promise = Commitment.objects.create(theme=theme, code="C", kind="transformation", summary="A promise.")
    aim = Aim.objects.create(strategy=row.plan_year.strategy, code="A1", name="Aim one")
    sent = form_of(row, measure="800 homes", partners=[city.pk], commitments=[promise.pk], aims=[aim.pk])
    page = client.post(f"{LIST}HW-1/", sent | {"do": "preview"}).content.decode()
    assert "800 homes" in page and "Organisation city" in page and "A promise." in page
    assert Deliverable.objects.get().measure == ""
    again = client.post(f"{LIST}HW-1/", sent | {"do": "edit"}).content.decode()
    assert "800 homes" in again and "See what changes" in again
    said = client.post(f"{LIST}HW-1/", sent | {"do": "publish"}, follow=True).content.decode()
    row.refresh_from_db()
    assert "is saved" in said and row.measure == "800 homes"
    assert (row.partners.get(), row.commitments.get(), row.aims.get()) == (city, promise, aim)
    newest = edits_of(row.history.all())[0]
    assert (newest.by, {change.label for change in newest.changes}) == ("Ada", {"Measure", "Partners", "Commitments", "Aims"})
    past = client.get(f"{LIST}HW-1/history/").content.decode()
    assert "800 homes" in past and "by Ada" in past


def test_what_the_preview_shows_is_what_it_publishes(ada, row):
    priya = factories.person("programme_manager")
    row.managers.add(priya)
    Pages(ada).publish(f"{LIST}HW-1/", summary="Homes\nare <warm>.")
    row.refresh_from_db()
    assert (row.summary, row.title, row.lead) == ("Homes\nare <warm>.", "Deliverable HW-1", factories.organisation())
    assert list(row.principles.values_list("code", flat=True)) == ["EQUITY"] and list(row.managers.all()) == [priya]


def test_a_double_click_is_one_edit(client, row):
    sent = form_of(row, title="Another title", do="publish")
    for _ in range(2):
        assert client.post(f"{LIST}HW-1/", sent).status_code == 302
    assert row.history.filter(title="Another title").count() == 1


def test_two_editors_see_both_texts_and_nothing_is_written_over(client, row):
    sent = form_of(row, title="Mine", do="publish")
    other = factories.person("administrator", "Adam")
    change_deliverable(by=other, deliverable=row, seen=seen_of(row), values={"title": "Theirs"}, links={})
    page = client.post(f"{LIST}HW-1/", sent).content.decode()
    assert "Adam has saved other words" in page and "Mine" in page
    assert Deliverable.objects.get().title == "Theirs"
    client.post(f"{LIST}HW-1/", sent | {"seen": seen_of(row)})
    assert Deliverable.objects.get().title == "Mine"


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"title": ""}, "Enter a title"),
        ({"priority": "999"}, "Select a valid choice"),
        ({"managers": ["999"]}, "Select a valid choice"),
        ({"due_on-day": "31", "due_on-month": "2", "due_on-year": "2026"}, "must be a real date"),
        (
            {
                **{"starts_on-day": "1", "starts_on-month": "4", "starts_on-year": "2026"},
                **{"due_on-day": "1", "due_on-month": "4", "due_on-year": "2025"},
            },
            "must be after the day on which it starts",
        ),
    ],
)
def test_a_mistake_is_said_beside_its_field(client, row, wrong, said):
    page = client.post(f"{LIST}HW-1/", form_of(row, do="preview") | wrong).content.decode()
    assert said in page and "There is a problem" in page


def test_words_typed_are_kept(client, ada, row):
    client.post(f"{LIST}HW-1/", form_of(row, title="Half a tit", do="quiet"))
    assert "Half a tit" in client.get(f"{LIST}HW-1/").content.decode()
    client.post(f"{LIST}HW-1/", form_of(row, title="A title", do="publish"))
    assert not KeptForm.objects.exists()


def test_who_reports_already_stays_even_if_she_could_not_be_chosen_today(client, row):
    gone = factories.person("programme_manager", "Gone")
    row.managers.set([gone])
    gone.is_active = False
    gone.save()
    assert "Cannot report any more" in client.get(f"{LIST}HW-1/").content.decode()
    client.post(f"{LIST}HW-1/", form_of(row, title="A title", do="publish"))
    assert (row.managers.get(), Deliverable.objects.get().title) == (gone, "A title")


def test_of_a_baselined_definition_the_rest_is_edited_here(client, row):
    Deliverable.objects.filter(pk=row.pk).update(maturity="baselined")
    page = client.get(f"{LIST}HW-1/").content.decode()
    assert "ask for a change of the definition" in page and 'name="title"' not in page
    city = factories.organisation("city")
    client.post(f"{LIST}HW-1/", form_of(row, title="Round the group", partners=[city.pk], do="publish"))
    row.refresh_from_db()
    assert (row.title, row.partners.get()) == ("Deliverable HW-1", city)


def test_a_new_one_comes_last_in_its_priority_once(client, row):
    sent = form_of(row, code="hw-2", title="Second", do="publish")
    for _ in range(2):
        assert client.post(f"{LIST}new/", sent).status_code == 302
    made = Deliverable.objects.get(code="HW-2")
    assert (made.order, made.maturity, made.lead) == (2, "expected", row.lead)
    added, tied = made.history.order_by("history_id")
    assert (added.history_type, tied.principles.count()) == ("+", 1)
    wrong = client.post(f"{LIST}new/", sent | {"title": "Another"}).content.decode()
    assert "There is a deliverable HW-2 already" in wrong
    assert "this one is an address of the portal" in client.post(f"{LIST}new/", sent | {"code": "new"}).content.decode()


# The order


def test_the_first_priority_comes_before_the_first_deliverable(client):
    factories.plan_year()
    shown = client.get("/plan/deliverables/new/", follow=True)
    assert shown.redirect_chain == [("/plan/priorities/", 302)] and "Add a priority first." in shown.content.decode()


def test_the_order_is_changed_by_buttons(client, ada, row):
    for code in ("HW-2", "HW-3"):
        factories.deliverable(code)  # in no place yet
    assert codes() == ["HW-2", "HW-3", "HW-1"]
    page = client.post(f"{LIST}HW-1/move/", {"do": "up", "place": "3"}, follow=True).content.decode()
    assert codes() == ["HW-2", "HW-1", "HW-3"] and "HW-1 is one place higher." in page
    client.post(f"{LIST}HW-1/move/", {"do": "up", "place": "3"})  # a double click
    assert codes() == ["HW-2", "HW-1", "HW-3"]
    client.post(f"{LIST}HW-2/move/", {"do": "down", "place": "1"})
    assert codes() == ["HW-1", "HW-2", "HW-3"]
    assert not move_deliverable(by=ada, deliverable=row, up=True, place=1)
    assert client.get(f"{LIST}HW-1/move/").status_code == 302


def test_a_move_owes_the_roll_ups(ada, row):
    factories.deliverable("HW-2", order=2)
    before = ReportingPeriod.objects.aggregate(most=Max("data_version"))["most"]
    move_deliverable(by=ada, deliverable=row, up=False, place=1)
    assert ReportingPeriod.objects.aggregate(most=Max("data_version"))["most"] == before + 1


# Stopping


def test_it_is_stopped_with_a_reason_and_goes_on_again_while_nothing_was_issued(client, row):
    sent = {"on-day": "1", "on-month": "12", "on-year": "2025", "reason": "The money went."}
    assert "Say why it stops" in client.post(f"{LIST}HW-1/stop/", sent | {"reason": ""}).content.decode()
    for _ in range(2):
        client.post(f"{LIST}HW-1/stop/", sent)
    row.refresh_from_db()
    assert (row.stopped_on, row.stop_reason) == (date(2025, 12, 1), "The money went.")
    assert row.history.exclude(stopped_on=None).count() == 1
    client.post(f"{LIST}HW-1/stop/", {"do": "back"})
    row.refresh_from_db()
    assert (row.stopped_on, row.stop_reason) == (None, "")


def test_a_stop_does_not_reach_into_what_is_issued_and_is_not_taken_back_after_it(client, ada, row, set_today):
    olu = factories.person("outcomes_group", "Olu")
    october = factories.issue(factories.october(), by=olu)
    with pytest.raises(CannotStop, match="Choose a day after 31 October 2025"):
        stop_deliverable(by=ada, deliverable=row, on=date(2025, 10, 31), reason="Late.")
    stop_deliverable(by=ada, deliverable=row, on=date(2025, 11, 20), reason="Late.")
    factories.issue(factories.november(), by=olu)
    with pytest.raises(CannotStop, match="November 2025 is issued without it"):
        take_stop_back(by=ada, deliverable=row)
    with pytest.raises(CannotStop, match="Choose no later day"):
        stop_deliverable(by=ada, deliverable=row, on=date(2025, 12, 20), reason="Late.")
    assert stop_deliverable(by=ada, deliverable=row, on=date(2025, 11, 20), reason="In other words.").stop_reason != "Late."
    assert "so the stop stays" in client.post(f"{LIST}HW-1/stop/", {"do": "back"}, follow=True).content.decode()
    assert october.lines.get().code == "HW-1" and check_reports().faults == []


# Deleting


def test_what_nobody_reported_on_is_deleted_after_a_question(client, ada, row):
    add_milestone(by=ada, deliverable=row, title="First", baseline_on=date(2026, 1, 1))
    assert "Delete this deliverable?" in client.get(f"{LIST}HW-1/delete/").content.decode()
    client.post(f"{LIST}HW-1/delete/")
    assert not Deliverable.objects.exists() and not Milestone.objects.exists()
    assert Deliverable.history.get(history_type="-").history_user == ada
    assert client.post(f"{LIST}HW-1/delete/").status_code == 404


def test_what_was_reported_is_not_deleted_and_the_way_out_is_shown(client, ada, row):
    factories.update(row, by=factories.person("programme_manager"), month=factories.october())
    with pytest.raises(CannotDelete):
        delete_deliverable(by=ada, deliverable=row)
    page = client.get(f"{LIST}HW-1/delete/").content.decode()
    assert "cannot be deleted" in page and "Stop it instead" in page
    assert "cannot be deleted" in client.post(f"{LIST}HW-1/delete/", follow=True).content.decode()
    assert Deliverable.objects.exists()


def strategy_names_it(row, ada):
    row.source = "The strategy, section 3.1"
    row.save()


def file_took_its_source_away(row, ada):
    strategy_names_it(row, ada)
    row.source = ""
    row.save()


def group_agreed_it_once(row, ada):
    for maturity in ("agreed", "drafted"):
        row.maturity = maturity
        row.save()


def it_went_into_another_year(row, ada):
    factories.next_year()
    became = Deliverable.objects.get(plan_year__code="2026-27")
    DeliverableSuccession.objects.create(was=row, became=became, fate="carried", decided_at=clock.now(), decided_by=ada)


@pytest.mark.parametrize(
    ("tie", "why"),
    [
        (strategy_names_it, "comes from the strategy"),
        (file_took_its_source_away, "comes from the strategy"),
        (group_agreed_it_once, "has a definition that the group has agreed"),
        (it_went_into_another_year, "is tied to another plan year"),
    ],
)
def test_what_was_promised_is_not_deleted_and_the_way_out_is_shown(client, ada, row, tie, why):
    tie(row, ada)
    page = client.get(f"{LIST}HW-1/delete/").content.decode()
    assert f"It {why}, so it stays." in page and "Stop it instead" in page and ">Delete HW-1<" not in page
    after = client.post(f"{LIST}HW-1/delete/", follow=True).content.decode()
    assert f"Deliverable HW-1 {why}, so it stays. Stop it with a reason for readers, or let it end" in after
    assert client.get("/promises/?q=HW-1").context["page"].total == Deliverable.objects.filter(code="HW-1").count() > 0


def test_what_came_from_another_year_is_not_deleted(client, ada, row, set_today):
    it_went_into_another_year(row, ada)
    set_today(date(2026, 5, 1))
    assert "is tied to another plan year" in client.post(f"{LIST}HW-1/delete/", follow=True).content.decode()
    assert Deliverable.objects.count() == 2


def test_what_a_report_names_as_not_reported_is_not_deleted(ada, row):
    given = {"title": "Second", "short_title": "", "summary": "", "measure": "", "lead": None, "priority": row.priority_id}
    silent = add_deliverable(by=ada, plan_year=row.plan_year, code="HW-2", values=given, links={})
    factories.issue(factories.november())
    with pytest.raises(CannotDelete):
        delete_deliverable(by=ada, deliverable=silent)


def test_what_a_case_study_tells_of_is_not_deleted(ada, row):
    given = {"code": "CS", "slug": "cs", "title": "Story", "organisation": "A partner"}
    CaseStudy.objects.create(strategy=row.plan_year.strategy, **given).deliverables.set([row])
    with pytest.raises(CannotDelete):
        delete_deliverable(by=ada, deliverable=row)


def test_what_the_board_was_asked_of_is_not_deleted(ada, row):
    olu = factories.person("outcomes_group", "Olu")
    given = {"wording": "Pay.", "wanted_on": date(2025, 12, 18), "owner": "The director"}
    put_ask(by=olu, period=factories.november(), deliverable=row, **given)
    with pytest.raises(CannotDelete):
        delete_deliverable(by=ada, deliverable=row)


# What was issued


def test_what_was_issued_stays_byte_for_byte_through_all_of_it(ada, row):
    priya, olu = factories.person("programme_manager"), factories.person("outcomes_group", "Olu")
    other = factories.deliverable("HW-2", lead=factories.organisation(), order=2)
    factories.update(row, by=priya, month=factories.october(), rating="off_track")
    report = factories.issue(factories.october(), by=olu)
    stood = issued(report)
    values = {"title": "Another title", "short_title": "Another", "lead": factories.organisation("city").pk}
    values["priority"] = factories.priority("P2").pk
    change_deliverable(by=ada, deliverable=row, seen=seen_of(row), values=values, links={"principles": []})
    given = {"title": "Third", "short_title": "", "summary": "", "measure": "", "lead": None, "priority": other.priority_id}
    add_deliverable(by=ada, plan_year=row.plan_year, code="HW-3", values=given, links={})
    move_deliverable(by=ada, deliverable=other, up=False, place=1)
    stop_deliverable(by=ada, deliverable=other, on=date(2025, 11, 20), reason="Late.")
    assert issued(report) == stood and check_reports().faults == []


def test_a_code_that_is_taken_is_refused(ada, row):
    with pytest.raises(ValidationError, match="already"):
        add_deliverable(
            by=ada, plan_year=row.plan_year, code="HW-1", values={"title": "x", "priority": row.priority_id}, links={}
        )


def test_the_same_with_other_links_is_another_one(ada, row):
    given = {"by": ada, "plan_year": row.plan_year, "code": "HW-2", "values": {"title": "x", "priority": row.priority_id}}
    made = add_deliverable(**given, links={"principles": {row.principles.get().pk}})
    assert add_deliverable(**given, links={"principles": {row.principles.get().pk}}) == made
    with pytest.raises(ValidationError, match="already"):
        add_deliverable(**given, links={"principles": set()})


def test_a_stale_edit_raises_with_who_was_first(ada, row):
    seen = seen_of(row)
    change_deliverable(by=ada, deliverable=row, seen=seen, values={"title": "First"}, links={})
    with pytest.raises(Overtaken, match="Ada"):
        change_deliverable(by=ada, deliverable=row, seen=seen, values={"title": "Second"}, links={})


# The Django admin


def admin_form(row, **more) -> dict[str, object]:
    """What the admin's own page would send."""
    sent = {name: getattr(row, name) or "" for name in ("code", "title", "short_title", "summary", "measure")}
    sent |= {"plan_year": row.plan_year_id, "priority": row.priority_id, "lead": row.lead_id or ""}
    sent |= {name: sorted(numbers) for name, numbers in Deliverable.objects.tied_to(row).items()}
    sent |= {"milestones-TOTAL_FORMS": 0, "milestones-INITIAL_FORMS": 0}
    return sent | more


def test_the_admin_goes_through_the_same_actions(client, ada, row):
    address = f"/admin/deliverables/deliverable/{row.pk}/change/"
    assert client.get(address).status_code == 200
    added = {"milestones-TOTAL_FORMS": 1, "milestones-0-title": "First", "milestones-0-baseline_on": "2026-01-15"}
    city = factories.organisation("city")
    assert client.post(address, admin_form(row, title="By the admin", partners=[city.pk], **added)).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.partners.get(), row.milestones.get().forecast_on) == ("By the admin", city, date(2026, 1, 15))
    assert row.history.filter(title="By the admin").count() == 1
    Deliverable.objects.filter(pk=row.pk).update(maturity="baselined")
    changed = {"milestones-TOTAL_FORMS": 1, "milestones-INITIAL_FORMS": 1, "milestones-0-id": row.milestones.get().pk}
    changed |= {"milestones-0-deliverable": row.pk, "milestones-0-title": "Second", "milestones-0-baseline_on": "2026-01-15"}
    client.post(address, admin_form(row, title="Round the group", maturity="expected", **changed))
    row.refresh_from_db()
    assert (row.title, row.maturity, row.milestones.get().title) == ("By the admin", "baselined", "First")
    assert MilestoneChange.objects.waiting().get().title == "Second"


def test_the_admin_adds_one(client, row):
    sent = admin_form(row, code="HW-2", title="By the admin")
    assert client.post("/admin/deliverables/deliverable/add/", sent).status_code == 302
    made = Deliverable.objects.get(code="HW-2")
    assert (made.title, made.principles.count(), made.history.count()) == ("By the admin", 1, 2)
