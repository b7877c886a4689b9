"""Signing in and passwords, as someone does it in the browser: the form is read from the page and sent."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.test import Client

from people.models import User
from tests.factories import person, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def forget_tries() -> None:
    cache.clear()


@pytest.fixture
def priya() -> User:
    user = person("viewer", name="Priya")
    user.set_password(PASSWORD)
    user.save()
    return user


def shown(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def mistakes(response) -> list[str]:
    page = shown(response)
    assert page.title.text.startswith("Error: ")
    assert all(page.select_one(link["href"]) for link in page.select(".nhsuk-error-summary a"))
    return [line.get_text(strip=True) for line in page.select(".nhsuk-error-summary li")]


def log_in(client: Client, email: str, password: str, **more: str):
    return client.post("/account/sign-in/", {"login": email, "password": password} | more)


def test_signing_in_leads_to_where_one_was_going(client: Client, priya: User) -> None:
    page = shown(client.get("/account/sign-in/?next=/deliverables/"))
    assert page.select_one("input[name=next]")["value"] == "/deliverables/"
    response = log_in(client, "PRIYA@example.org", PASSWORD, next="/deliverables/")
    assert (response.status_code, response["Location"]) == (302, "/deliverables/")


def test_signing_in_never_leads_to_another_site(client: Client, priya: User) -> None:
    assert log_in(client, "priya@example.org", PASSWORD, next="https://example.com/")["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, priya: User) -> None:
    wrong = mistakes(log_in(client, "priya@example.org", "something else"))
    unknown = mistakes(log_in(client, "nobody@example.org", "something else"))
    assert wrong == unknown == ["The email address or the password is not right"]


def test_what_is_missing_is_named(client: Client) -> None:
    assert mistakes(log_in(client, "", "")) == ["Enter your email address", "Enter your password"]
    assert mistakes(log_in(client, "priya", "x")) == ["Enter an email address in the correct format, like name@example.org"]


def test_guessing_is_slowed_and_said_so(client: Client, priya: User) -> None:
    for _ in range(5):
        log_in(client, "priya@example.org", "something else")
    assert mistakes(log_in(client, "priya@example.org", PASSWORD)) == ["There were too many tries. Wait 5 minutes and try again"]


def test_a_password_may_be_pasted_and_filled_in_by_the_browser(client: Client) -> None:
    page = shown(client.get("/account/sign-in/"))
    assert page.select_one("#id_login")["autocomplete"] == "username"
    assert page.select_one("#id_password")["autocomplete"] == "current-password"
    assert "remember" not in page.text.lower()
    assert "sign up" not in page.text.lower()


def test_the_sign_in_page_of_a_demonstration_says_where_the_sign_ins_are(client: Client, settings) -> None:
    settings.PORTAL_DEMONSTRATION = True
    assert "make run" in client.get("/account/sign-in/").text
    settings.PORTAL_DEMONSTRATION = False
    assert "make run" not in client.get("/account/sign-in/").text


def test_signing_out_asks_first_and_then_says_so(client: Client, priya: User) -> None:
    sign_in(client, priya)
    assert "Do you want to sign out?" in client.get("/account/sign-out/").text
    assert "You are signed out." in client.post("/account/sign-out/", follow=True).text


def test_a_reset_reads_the_same_whether_or_not_there_is_an_account(client: Client, priya: User) -> None:
    known = client.post("/account/password/reset/", {"email": "priya@example.org"}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert shown(known).main.text == shown(unknown).main.text
    assert [message.to for message in mail.outbox] == [["priya@example.org"]]


def test_a_password_is_reset_by_the_link_once(client: Client, priya: User) -> None:
    client.post("/account/password/reset/", {"email": "priya@example.org"})
    message = mail.outbox[0]
    assert message.subject == "Strategy portal: Set a new password"
    link = re.search(r"http://testserver(\S+)", message.body)[1]

    form = client.get(link, follow=True)
    address = shown(form).select_one("main form")["action"]
    assert mistakes(client.post(address, {"password1": "short"}))[0].startswith("This password is too short")
    done = client.post(address, {"password1": "three random words"}, follow=True)
    assert "Your password is changed." in done.text
    assert "Sign in with your new password" in shown(done).h1.text
    assert log_in(client, "priya@example.org", "three random words").status_code == 302

    assert "This link no longer works" in Client().get(link, follow=True).text


def test_a_broken_link_offers_a_new_one(client: Client) -> None:
    response = client.get("/account/password/reset/key/1-nonsense/")
    assert "This link no longer works" in response.text
    assert "/account/password/reset/" in response.text


def test_a_password_is_changed_by_whoever_knows_the_old_one(client: Client, priya: User) -> None:
    sign_in(client, priya)
    assert "priya@example.org" in client.get("/account/password/").text
    wrong = client.post("/account/password/", {"oldpassword": "x", "password1": "three random words"})
    assert mistakes(wrong) == ["The current password is not right"]
    right = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": "three random words"}, follow=True)
    assert "Your password is changed." in right.text
    assert User.objects.get(pk=priya.pk).check_password("three random words")


def test_too_many_resets_are_a_page_with_a_way_on(client: Client, priya: User) -> None:
    for _ in range(5):
        client.post("/account/password/reset/", {"email": "priya@example.org"})
    response = client.post("/account/password/reset/", {"email": "priya@example.org"})
    assert response.status_code == 429
    assert "Too many tries" in shown(response).h1.text
