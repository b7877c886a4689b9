"""Who comes to the portal, in which roles, and who leaves it."""

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from people.actions import OWN_LINK, give_role, send_letters
from people.joining.actions import (
    deactivate_person,
    end_role,
    invite_person,
    reactivate_person,
    send_invitation,
)
from people.models import Letter, Membership, User
from strategy_portal.editing import Refused
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.person("administrator", "Ada")


def invite(by: User, email: str = "New.Person@Example.org", name: str = "New Person") -> User:
    return invite_person(by=by, email=email, name=name, job_title="Lead", organisation=factories.organisation(), role="viewer")


# Inviting


def test_who_is_invited_sets_a_password_by_the_link_and_signs_in(ada, mailoutbox):
    invited = invite(ada)
    send_letters()
    message = mailoutbox[0]
    assert message.to == ["new.person@example.org"] and "Ada invites you" in message.subject
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+/)", message.body)[1]
    assert link in message.alternatives[0][0]
    client = Client()
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "seven quiet herons wade"})
    client.post("/account/sign-in/", {"login": invited.email, "password": "seven quiet herons wade"})
    assert client.get("/").status_code == 200
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_the_log_of_letters_keeps_no_link_that_opens_an_account(ada, mailoutbox):
    invite(ada)
    send_letters()
    letter = Letter.objects.get(kind="invitation")
    assert OWN_LINK in letter.text and OWN_LINK in letter.html
    assert "/reset/key/" not in letter.text + letter.html
    assert OWN_LINK not in mailoutbox[0].body + mailoutbox[0].alternatives[0][0]


def test_no_other_letter_is_given_such_a_link(ada, mailoutbox):
    Letter.objects.create(
        to=ada,
        kind="returned",
        key="x",
        subject="x",
        text=OWN_LINK,
        html="",
        written_on=date(2025, 12, 2),
        written_at=ada.joined_at,
    )
    send_letters()
    assert mailoutbox[0].body == OWN_LINK


def test_two_clicks_are_one_invitation(ada):
    assert invite(ada) == invite(ada)
    assert Letter.objects.count() == 1 and Membership.objects.filter(user__email="new.person@example.org").count() == 1


@pytest.mark.parametrize("email", ["BEA@example.org", "bea@example.org"])
def test_an_address_that_is_taken_is_not_invited(ada, email):
    factories.person("viewer", "Bea")
    with pytest.raises(Refused, match="Bea has this email address already") as refused:
        invite(ada, email, "Beatrix")
    assert refused.value.field == "email" and not Letter.objects.exists()


def test_an_invitation_can_be_sent_again_once_a_click(ada):
    invited = invite(ada)
    assert send_invitation(by=ada, user=invited, number=2) is not None
    assert send_invitation(by=ada, user=invited, number=2) is None
    assert Letter.objects.filter(kind="invitation").count() == 2


def test_nobody_made_up_or_deactivated_is_invited(ada, mailoutbox):
    bea, nina = factories.person("viewer", "Bea"), factories.person(None, "Nina")
    User.objects.filter(pk=bea.pk).update(is_demonstration=True)
    deactivate_person(by=ada, user=nina)
    for user, why in ((bea, "made up"), (nina, "deactivated")):
        with pytest.raises(Refused, match=why):
            send_invitation(by=ada, user=User.objects.get(pk=user.pk), number=1)
    assert not Letter.objects.exists()


# Roles


def test_a_role_that_ends_is_kept_in_the_history_and_ends_once(ada):
    bea = factories.person("viewer", "Bea")
    membership = bea.memberships.get()
    for _ in range(2):
        end_role(by=ada, membership=membership)
    assert not bea.memberships.exists()
    assert Membership.history.filter(user=bea, history_type="-").get().history_user == ada


def test_nobody_ends_her_own_role_as_administrator(ada):
    factories.person("administrator", "Adam")
    with pytest.raises(Refused, match="your own role"):
        end_role(by=ada, membership=ada.memberships.get())
    give_role(by=ada, user=ada, organisation=factories.organisation(), role="viewer")
    end_role(by=ada, membership=ada.memberships.get(role="viewer"))
    assert ada.memberships.get().role == "administrator"


def test_the_last_administrator_who_can_sign_in_keeps_the_role(ada):
    """By is somebody whose own role is of an organisation that has ended meanwhile."""
    adam = factories.person("administrator", "Adam", factories.organisation("ended"))
    adam.memberships.get().organisation.__class__.objects.filter(code="ended").update(ends_on=date(2025, 11, 30))
    for leave in (lambda: end_role(by=adam, membership=ada.memberships.get()), lambda: deactivate_person(by=adam, user=ada)):
        with pytest.raises(Refused, match="Nobody would be left"):
            leave()
    ada.refresh_from_db()
    assert ada.is_active and ada.memberships.exists()


# Leaving


def test_who_is_deactivated_is_signed_out_for_good(ada):
    bea, adam, client, other = factories.person("viewer", "Bea"), factories.person("administrator", "Adam"), Client(), Client()
    factories.sign_in(client, bea)
    factories.sign_in(other, adam)
    assert client.get("/").status_code == 200
    deactivate_person(by=ada, user=bea)
    assert client.get("/").status_code == 302
    reactivate_person(by=ada, user=bea)
    assert client.get("/").status_code == 302, "the session of before does not come to life again"
    assert other.get("/").status_code == 200 and Session.objects.count() == 1
    assert [one.is_active for one in bea.history.all()][:2] == [True, False]
    assert bea.history.first().history_user == ada


def test_reactivated_she_has_her_roles_and_her_password(ada):
    bea = factories.person("viewer", "Bea")
    bea.set_password("seven quiet herons wade")
    bea.save()
    deactivate_person(by=ada, user=bea)
    client, sent = Client(), {"login": bea.email, "password": "seven quiet herons wade"}
    client.post("/account/sign-in/", sent)
    assert client.get("/").status_code == 302
    assert reactivate_person(by=ada, user=bea).is_active
    client.post("/account/sign-in/", sent)
    assert client.get("/").status_code == 200


def test_nobody_deactivates_herself(ada):
    factories.person("administrator", "Adam")
    with pytest.raises(Refused, match="cannot deactivate yourself"):
        deactivate_person(by=ada, user=ada)


def test_deactivating_twice_is_one_edit(ada):
    bea = factories.person("viewer", "Bea")
    for _ in range(2):
        deactivate_person(by=ada, user=bea)
    assert bea.history.count() == 2
