"""A save in the Django admin goes through the actions of the pages: the same rules, the same history, the same roll-ups owed."""

from datetime import date

import pytest
from django.test import Client

from people.models import Membership, Organisation, User
from priorities.models import Commitment, Priority, ReportingPeriod, Theme
from priorities.plan.actions import edit_row
from reports.actions import check_reports
from strategy_portal.editing import seen_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.person("administrator", "Ada")


@pytest.fixture
def client(ada) -> Client:
    made = Client()
    factories.sign_in(made, ada)
    return made


def priority_form(row: Priority, **more) -> dict:
    names = [f.name for f in row._meta.concrete_fields if f.name not in ("id", "plan_year")]
    return {name: getattr(row, name) for name in names} | {"plan_year": row.plan_year_id} | more


def change(client: Client, row, sent: dict):
    return client.post(f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/", sent)


def test_an_edit_is_kept_with_its_author_and_owes_the_roll_ups(client, ada):
    row, before = factories.priority(), factories.november().data_version
    assert change(client, row, priority_form(row, name="Work")).status_code == 302
    row.refresh_from_db()
    assert row.name == "Work" and row.history.first().history_user == ada
    assert factories.november().data_version > before


def test_what_was_not_changed_in_the_form_is_not_written(client, ada):
    row = factories.priority()
    sent = priority_form(row, name="Work")
    edit_row(by=None, row=row, values={"why": "Typed meanwhile."})
    row.refresh_from_db()
    change(client, row, sent | {"why": "Typed meanwhile."})
    row.refresh_from_db()
    assert (row.name, row.why) == ("Work", "Typed meanwhile.")


def test_nothing_of_the_plan_is_deleted_here(client):
    work = factories.deliverable()
    theme = Theme.objects.create(plan_year=work.plan_year, code="T", name="Theme")
    promise = Commitment.objects.create(theme=theme, code="C", kind="transformation", summary="A promise.")
    for row in (work, work.priority, promise, theme, work.plan_year):
        at = f"/admin/{row._meta.app_label}/{row._meta.model_name}/"
        assert client.post(f"{at}{row.pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(at, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
        assert type(row).objects.filter(pk=row.pk).exists()


def test_a_stale_form_is_refused_and_keeps_what_was_typed(client):
    row = factories.priority()
    seen = seen_of(row)
    edit_row(by=None, row=row, values={"name": "Theirs"})
    response = change(client, row, priority_form(row, name="Mine", seen=seen))
    assert response.status_code == 200 and "Somebody else has saved this" in response.content.decode()
    assert 'value="Mine"' in response.content.decode()
    row.refresh_from_db()
    assert row.name == "Theirs"


def test_the_rules_of_the_pages_hold_here_too(client, ada):
    icb = Organisation.objects.get()
    sent = {"code": "icb", "name": icb.name, "short_name": "", "ends_on": "2025-12-01"}
    assert "nobody would be left" in change(client, icb, sent).content.decode()
    icb.refresh_from_db()
    assert icb.ends_on is None
    bea = factories.person("viewer", "Bea")
    sent = {
        "email": "ADA@example.org",
        "name": "Bea",
        "is_active": "on",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    assert "already" in change(client, bea, sent).content.decode()


def test_a_month_keeps_its_days_and_an_issued_one_all_its_dates(client):
    november, october = factories.november(), factories.october()
    factories.issue(october)
    sent = {"opens_on": "2025-11-24", "due_on": "2025-12-05", "meeting_on": "2025-12-12"}
    assert change(client, november, sent | {"starts_on": "2025-11-02"}).status_code == 302
    assert (factories.november().meeting_on, factories.november().starts_on) == (date(2025, 12, 12), date(2025, 11, 1))
    change(client, october, sent)
    assert ReportingPeriod.objects.get(pk=october.pk).meeting_on is None
    assert "must be due on or after" in change(client, november, sent | {"due_on": "2025-11-20"}).content.decode()
    assert check_reports().faults == []


def test_who_is_made_inactive_here_is_signed_out_and_the_last_administrator_stays(client, ada):
    bea, browser = factories.person("viewer", "Bea"), Client()
    factories.sign_in(browser, bea)
    sent = {"email": bea.email, "name": "Bea", "memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    assert change(client, bea, sent).status_code == 302
    assert browser.get("/").status_code == 302
    response = client.post(f"/admin/people/user/{ada.pk}/change/", sent | {"email": ada.email, "name": "Ada"}, follow=True)
    assert "You cannot deactivate yourself" in response.content.decode()
    ada.refresh_from_db()
    assert ada.is_active


def test_a_role_that_is_changed_here_ends_and_another_is_given(client, ada):
    bea = factories.person("viewer", "Bea")
    hers = bea.memberships.get()
    row = {"id": hers.pk, "user": bea.pk, "organisation": hers.organisation_id, "role": "outcomes_group"}
    sent = {"email": bea.email, "name": "Bea", "is_active": "on", "memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1}
    assert change(client, bea, sent | {f"memberships-0-{name}": value for name, value in row.items()}).status_code == 302
    assert [one.role for one in bea.memberships.all()] == ["outcomes_group"]
    assert Membership.history.filter(user=bea, history_type="-").get().history_user == ada


def test_her_own_role_as_administrator_stays(client, ada):
    hers = ada.memberships.get()
    row = {"id": hers.pk, "user": ada.pk, "organisation": hers.organisation_id, "role": "administrator", "DELETE": "on"}
    sent = {"email": ada.email, "name": "Ada", "is_active": "on", "memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1}
    sent |= {f"memberships-0-{name}": value for name, value in row.items()}
    response = client.post(f"/admin/people/user/{ada.pk}/change/", sent, follow=True)
    assert "You cannot end your own role" in response.content.decode() and ada.memberships.exists()
