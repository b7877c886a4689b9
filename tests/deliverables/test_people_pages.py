"""The pages about people: finding them, inviting them, their roles, and their leaving."""

import pytest
from django.core import mail
from django.test import Client

from deliverables.models import Deliverable
from people.actions import give_role, send_letters
from people.joining.actions import deactivate_person
from people.models import KeptForm, Letter, Organisation, User
from strategy_portal import clock
from tests import factories
from tests.pages import Pages, banner, mistakes, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.person("administrator", "Ada")


@pytest.fixture
def page(ada) -> Pages:
    return Pages(ada)


@pytest.fixture
def priya() -> User:
    return factories.person("programme_manager")


def at(user: User, more: str = "") -> str:
    return f"/plan/people/{user.pk}/{more}"


def names(page: Pages, query: str = "") -> list[str]:
    return [link.get_text().split(",")[0] for link in page.get(f"/plan/people/{query}").select("tbody td:first-child a")]


# The list


def test_people_are_found_by_words_role_organisation_and_account(page, ada, priya):
    trust = factories.organisation("trust")
    sam, nina, tim = (
        factories.person("programme_manager", "Sam", trust),
        factories.person(None, "Nina"),
        factories.person("viewer", "Tim"),
    )
    User.objects.filter(pk__in=[ada.pk, priya.pk]).update(last_login=clock.now())
    User.objects.filter(pk=sam.pk).update(job_title="Head of change")
    deactivate_person(by=ada, user=tim)
    assert names(page) == ["Ada", "Nina", "Priya", "Sam", "Tim"]
    assert names(page, "?q=head+change") == ["Sam"]
    assert names(page, "?role=programme_manager") == ["Priya", "Sam"]
    assert names(page, "?role=programme_manager&organisation=trust") == ["Sam"]
    assert names(page, "?state=never") == ["Nina", "Sam"]
    assert names(page, "?state=inactive") == ["Tim"]
    assert names(page, "?role=none") == [nina.name]
    Organisation.objects.filter(pk=trust.pk).update(ends_on="2025-11-30")
    assert names(page, "?role=ended") == ["Sam"] and names(page, "?role=none") == ["Nina", "Sam"]
    assert "Nobody fits these filters" in said(page.get("/plan/people/?q=nowhere"))


def test_a_filter_asks_role_and_organisation_of_one_membership(page, priya):
    give_role(by=None, user=priya, organisation=factories.organisation("trust"), role="viewer")
    assert names(page, "?role=programme_manager&organisation=trust") == []


def test_the_list_has_pages_that_keep_the_filter(page):
    for n in range(25):
        factories.person(None, f"Nobody{n:02}")
    shown = page.get("/plan/people/?q=nobody&page=2")
    assert "Showing 21 to 25 of 25 people" in said(shown) and shown.select_one("a[rel=prev]")["href"] == "?q=nobody&page=1"


# Inviting


INVITED = {"email": "New@Example.org", "name": "New Person", "role": "viewer"}


def test_someone_is_invited_once_and_may_be_again(page, mailoutbox):
    where = str(Organisation.objects.get().pk)
    for _ in range(2):
        shown = page.send(page.get("/plan/people/invite/"), "/plan/people/invite/", organisation=where, **INVITED)
        assert banner(shown) == "New Person is invited. The email to new@example.org is on its way"
    made = User.objects.get(email="new@example.org")
    assert Letter.objects.count() == 1 and "Send the invitation again" in said(shown)
    for _ in range(2):
        page.client.post(at(made), {"do": "invite", "number": "2"})
    assert Letter.objects.count() == 2


def test_an_address_that_is_taken_is_told_beside_the_box_with_a_way_to_its_owner(page, priya):
    where = str(factories.organisation().pk)
    typed = INVITED | {"email": "PRIYA@example.org"}
    shown = page.send(page.get("/plan/people/invite/"), "/plan/people/invite/", organisation=where, **typed)
    assert mistakes(shown) == ["Priya has this email address already"]
    assert shown.select_one(f'main a[href="{at(priya)}"]') and shown.select_one("input[name=name]")["value"] == "New Person"
    assert User.objects.count() == 2 and not Letter.objects.exists()


def test_an_invitation_needs_an_address_a_name_a_role_and_an_organisation(page):
    shown = page.client.post("/plan/people/invite/", {"email": "no-address"})
    found = [line for line in shown.content.decode().split("\n") if "error-message" in line]
    for words in ("correct format", "Enter a name", "Choose a role", "Choose an organisation"):
        assert any(words in line for line in found), words


def test_a_half_typed_invitation_is_kept_until_it_is_sent(page):
    page.client.post("/plan/people/invite/", {"do": "quiet", "name": "Half a na"})
    shown = page.get("/plan/people/invite/")
    assert shown.select_one("input[name=name]")["value"] == "Half a na"
    page.send(shown, "/plan/people/invite/", organisation=str(Organisation.objects.get().pk), **INVITED)
    assert User.objects.filter(email="new@example.org").exists() and not KeptForm.objects.exists()


def test_an_ended_organisation_is_not_offered(page):
    Organisation.objects.filter(pk=factories.organisation("gone").pk).update(ends_on="2025-11-30")
    assert "Organisation gone" not in said(page.get("/plan/people/invite/"))


# Her page


def test_roles_are_given_and_ended_and_count_at_once(page, priya):
    client, trust = Client(), factories.organisation("trust")
    factories.sign_in(client, priya)
    page.client.post(at(priya), {"do": "give", "role": "outcomes_group", "organisation": trust.pk})
    assert client.get("/outcomes-group/").status_code == 200
    membership = priya.memberships.get(role="outcomes_group")
    shown = page.client.post(at(priya), {"do": "end", "membership": membership.pk}, follow=True)
    assert "Priya is no longer outcomes group in Organisation trust" in shown.content.decode()
    assert client.get("/outcomes-group/").status_code == 403
    history = said(page.get(at(priya, "history/")))
    assert "Role given" in history and "Role ended" in history and "Outcomes group, Organisation trust" in history


def test_a_role_without_an_organisation_is_told_beside_the_box(page, priya):
    response = page.client.post(at(priya), {"do": "give", "role": "viewer"})
    assert "Choose an organisation" in response.content.decode() and priya.memberships.count() == 1


def test_a_membership_of_somebody_else_is_not_ended_from_her_page(page, priya, ada):
    page.client.post(at(priya), {"do": "end", "membership": ada.memberships.get().pk})
    assert ada.memberships.exists()


def test_nobody_takes_her_own_role_away(page, ada):
    assert "Another administrator can end your role" in said(page.get(at(ada)))
    shown = page.client.post(at(ada), {"do": "end", "membership": ada.memberships.get().pk}, follow=True)
    assert "You cannot end your own role" in shown.content.decode() and ada.memberships.exists()
    shown = page.client.post(at(ada, "deactivate/"), follow=True)
    assert "You cannot deactivate yourself" in shown.content.decode()


def test_details_are_previewed_and_the_address_is_unique_and_lower_case(page, priya, ada):
    shown = page.send(page.get(at(priya, "details/")), at(priya, "details/"), "preview", email="ADA@example.org")
    assert mistakes(shown) == ["Ada has this email address already"]
    page.publish(at(priya, "details/"), email="Priya.Other@Example.org", job_title="Lead")
    priya.refresh_from_db()
    assert (priya.email, priya.job_title) == ("priya.other@example.org", "Lead")
    assert priya.history.first().history_user == ada


def test_she_signs_in_with_the_new_address_and_not_with_the_old(page, priya):
    priya.set_password("seven quiet herons wade")
    priya.save()
    page.publish(at(priya, "details/"), email="other@example.org")
    for email, status in (("priya@example.org", 302), ("other@example.org", 200)):
        client = Client()
        client.post("/account/sign-in/", {"login": email, "password": "seven quiet herons wade"})
        assert client.get("/").status_code == status


def test_the_old_address_is_told_and_nobody_where_it_is_the_same(page, priya, ada):
    page.publish(at(priya, "details/"), job_title="Lead")
    assert not Letter.objects.exists()
    page.publish(at(priya, "details/"), email="other@example.org")
    send_letters()
    [sent] = mail.outbox
    assert (sent.to, sent.cc) == (["priya@example.org"], [])
    assert "Ada has changed the email address" in sent.body and "to other@example.org" in sent.body
    assert Letter.objects.get().written_by == ada


# Leaving


def test_a_leavers_work_is_handed_over_and_then_she_is_deactivated(page, priya):
    sam = factories.person("programme_manager", "Sam", factories.organisation("trust"))
    work = factories.deliverable()
    work.managers.add(priya)
    shown = page.get(at(priya, "deactivate/"))
    assert "nobody else can report it" in said(shown)
    over = at(priya, "hand-over/?then=deactivate")
    assert shown.select_one(f'main a[href="{over}"]').get_text() == "Hand them over first"
    preview = page.send(page.get(over), over, "preview", successor=str(sam.pk))
    assert "removed: Priya added: Sam" in said(preview) and work.managers.get() == priya
    shown = page.send(preview, over, "publish", moving=str(work.pk))
    assert banner(shown) == "Sam now manages 1 deliverable in the place of Priya" and work.managers.get() == sam
    assert "nobody else" not in said(shown) and "Deactivate Priya" in said(shown)
    shown = page.send(shown, at(priya, "deactivate/"))
    assert "Priya can no longer sign in" in banner(shown)
    priya.refresh_from_db()
    assert not priya.is_active and "Reactivate Priya" in said(shown)
    shown = page.client.post(at(priya), {"do": "reactivate"}, follow=True)
    assert "Priya can sign in again" in shown.content.decode()


def test_a_hand_over_to_nobody_is_told_beside_the_box(page, priya):
    work = factories.deliverable()
    work.managers.add(priya)
    shown = page.send(page.get(at(priya, "hand-over/")), at(priya, "hand-over/"), "preview")
    assert mistakes(shown) == ["Choose who takes it over"]
    for nonsense in ("", "x", "9" * 30, str(priya.pk)):
        page.client.post(at(priya, "hand-over/"), {"do": "publish", "successor": nonsense, "moving": work.pk})
    page.client.post(at(priya, "hand-over/"), {"do": "publish", "successor": priya.pk, "moving": ["x", "9" * 30]})
    assert Deliverable.objects.get(managers=priya) == work
