"""What a role gives, and when: a table in code, asked at every request."""

from datetime import date, timedelta

import pytest
from django.test import Client

from people.actions import UnknownRole, give_role
from people.models import Membership, Organisation, User
from people.permissions import can_edit_plan, can_report_progress, can_review_stories, can_view_group, can_view_plan
from people.roles import ROLES, permissions_of
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2025, 12, 2)
A_DAY = timedelta(days=1)

# What each role may do. It is written twice on purpose: here, and in people/roles.py.
#                       view plan  report progress  view group  edit plan
MAY = {
    "viewer":            (True,    False,           False,      False),
    "programme_manager": (True,    True,            False,      False),
    "outcomes_group":    (True,    False,           True,       False),
    "administrator":     (True,    False,           False,      True),
    None:                (False,   False,           False,      False),
}  # fmt: skip
RULES = (can_view_plan, can_report_progress, can_view_group, can_edit_plan)


def may(user: User) -> tuple[bool, ...]:
    """Asked afresh, as at the next request."""
    return tuple(rule(User.objects.get(pk=user.pk)) for rule in RULES)


def test_the_group_and_administrators_review_case_studies():
    reviewers = {role for role in MAY if can_review_stories(factories.person(role, f"P{role}"))}
    assert reviewers == {"outcomes_group", "administrator"}


@pytest.mark.parametrize("role", MAY)
def test_a_role_gives_what_the_table_says_and_no_more(role):
    assert may(factories.person(role)) == MAY[role]


def test_the_table_holds_every_role_and_every_permission_is_asked_for():
    assert set(ROLES) == {role for role in MAY if role}
    assert permissions_of(set(ROLES)) == {"view_plan", "report_progress", "view_group", "review_stories", "edit_plan"}
    assert [choice for choice, _ in Membership._meta.get_field("role").choices] == list(ROLES)
    assert all(role.name and role.explanation and code == role.code for code, role in ROLES.items())


def test_two_roles_give_both_and_two_organisations_give_both():
    priya = factories.person("programme_manager", org=factories.organisation("icb"))
    give_role(by=None, user=priya, organisation=factories.organisation("trust"), role="outcomes_group")
    assert may(priya) == (True, True, True, False)


def test_a_role_in_one_organisation_is_no_role_in_another():
    icb, trust, council = (factories.organisation(code) for code in ("icb", "trust", "council"))
    priya = factories.person("programme_manager", org=icb)
    give_role(by=None, user=priya, organisation=trust, role="programme_manager")
    give_role(by=None, user=priya, organisation=council, role="viewer")
    assert User.objects.get(pk=priya.pk).organisation_ids_reported_for == {icb.pk, trust.pk}


def test_a_role_that_is_not_in_the_table_cannot_be_given():
    with pytest.raises(UnknownRole, match="There is no role 'king'"):
        give_role(by=None, user=factories.person(), organisation=factories.organisation(), role="king")


# A code that a later version dropped


@pytest.fixture
def king() -> User:
    """Someone whose only role is unknown, in an organisation that leads something."""
    user = factories.person("viewer", "Kim")
    user.set_password("seven quiet herons wade")
    user.save()
    Membership.objects.filter(user=user).update(role="king")
    factories.deliverable(lead=factories.organisation())
    return user


def test_an_unknown_role_gives_nothing(king):
    assert may(king) == MAY[None]
    assert User.objects.get(pk=king.pk).organisation_ids_reported_for == set()


def test_an_unknown_role_breaks_no_page(client, king):
    factories.sign_in(client, king)
    addresses = ("/", "/deliverables/", "/deliverables/HW-1/", "/updates/", "/updates/HW-1/", "/outcomes-group/", "/admin/")
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 403)
    page = client.get("/account/password/")
    assert page.status_code == 200 and "No role yet" in page.content.decode()
    assert client.post("/account/sign-out/").status_code == 302


def test_an_unknown_role_beside_a_known_one_takes_nothing_away(client, king):
    give_role(by=None, user=king, organisation=factories.organisation(), role="viewer")
    assert may(king) == MAY["viewer"]
    factories.sign_in(client, king)
    assert "Viewer, Organisation icb" in client.get("/").content.decode()


def test_an_administrator_can_open_the_record_of_someone_with_an_unknown_role(client, king):
    factories.sign_in(client, factories.person("administrator", "Ada"))
    assert client.get(f"/admin/people/user/{king.pk}/change/").status_code == 200


@pytest.mark.parametrize("code", ["", "ADMINISTRATOR", "administrator ", "Administrator", "edit_plan", "x" * 40])
def test_what_is_almost_a_role_is_none(king, code):
    Membership.objects.filter(user=king).update(role=code)
    assert may(king) == MAY[None]


# Days on which an organisation is there


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "there"),
    [
        (None, None, True),
        (TODAY, None, True),
        (None, TODAY, True),
        (TODAY, TODAY, True),
        (TODAY + A_DAY, None, False),
        (None, TODAY - A_DAY, False),
        (TODAY - A_DAY, TODAY + A_DAY, True),
    ],
)
def test_a_role_counts_on_the_days_on_which_its_organisation_is_there(starts_on, ends_on, there):
    icb = factories.organisation()
    Organisation.objects.filter(pk=icb.pk).update(starts_on=starts_on, ends_on=ends_on)
    assert may(factories.person("administrator", "Ada", icb)) == MAY["administrator" if there else None]


def test_at_midnight_an_organisation_that_has_ended_gives_nothing_more(client, set_today):
    icb = factories.organisation()
    Organisation.objects.filter(pk=icb.pk).update(ends_on=TODAY)
    factories.sign_in(client, factories.person("viewer", "Bea", icb))
    assert client.get("/").status_code == 200
    set_today(TODAY + A_DAY)
    assert client.get("/").status_code == 403


def test_what_one_organisation_ends_another_may_still_give():
    icb, trust = factories.organisation("icb"), factories.organisation("trust")
    priya = factories.person("programme_manager", org=icb)
    give_role(by=None, user=priya, organisation=trust, role="viewer")
    Organisation.objects.filter(pk=icb.pk).update(ends_on=TODAY - A_DAY)
    assert may(priya) == MAY["viewer"]


# Changes


def test_a_role_that_is_given_or_taken_counts_at_the_next_request(client):
    nina = factories.person(None, "Nina")
    factories.sign_in(client, nina)
    assert client.get("/").status_code == 403
    given = give_role(by=None, user=nina, organisation=factories.organisation(), role="viewer")
    assert client.get("/").status_code == 200
    given.delete()
    assert client.get("/").status_code == 403


def test_an_administrator_takes_a_role_away_in_the_admin(client):
    ada, bea = factories.person("administrator", "Ada"), factories.person("viewer", "Bea")
    hers, browser = bea.memberships.get(), Client()
    factories.sign_in(client, ada)
    factories.sign_in(browser, bea)
    row = {"id": hers.pk, "user": bea.pk, "organisation": hers.organisation_id, "role": "viewer", "DELETE": "on"}
    sent = {"email": bea.email, "name": "Bea", "job_title": "", "is_active": "on"}
    sent |= {f"memberships-0-{name}": value for name, value in row.items()}
    sent |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1}
    assert client.post(f"/admin/people/user/{bea.pk}/change/", sent).status_code == 302
    assert browser.get("/").status_code == 403
    assert Membership.history.filter(user=bea, history_type="-").get().history_user == ada


def test_an_administrator_adds_a_person_who_can_then_set_a_password(client, mailoutbox):
    factories.sign_in(client, factories.person("administrator", "Ada"))
    row = {"organisation": factories.organisation().pk, "role": "viewer"}
    sent = {"email": "New.Person@Example.org", "name": "New Person", "job_title": "", "is_active": "on"}
    sent |= {f"memberships-0-{name}": value for name, value in row.items()}
    sent |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    assert client.post("/admin/people/user/add/", sent).status_code == 302
    made = User.objects.get(email="new.person@example.org")
    assert may(made) == MAY["viewer"] and not made.has_usable_password()
    Client().post("/account/password/reset/", {"email": "new.person@example.org"})
    assert [message.to for message in mailoutbox] == [["new.person@example.org"]]


def test_who_is_made_inactive_may_nothing():
    ada = factories.person("administrator", "Ada")
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert may(ada) == MAY[None]
