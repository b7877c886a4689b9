"""Signing in by e-mail, guessing, resetting a password: what each gives away, and what each ends."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache, caches
from django.core.cache.backends.db import DatabaseCache
from django.http import HttpResponse
from django.test import Client

from people.models import User
from tests import factories

pytestmark = pytest.mark.django_db

SIGN_IN, RESET, CHANGE = "/account/sign-in/", "/account/password/reset/", "/account/password/"
GOOD, WRONG, NEW = "seven quiet herons wade", "seven quiet herons wait", "eleven loud rooks argue"
NOT_RIGHT = "The email address or the password is not right"
TOO_MANY = "There were too many tries. Wait 5 minutes and try again"


def make(name: str = "Priya", **more) -> User:
    user = factories.person("programme_manager", name)
    for field, value in more.items():
        setattr(user, field, value)
    user.set_password(GOOD)
    user.save()
    return user


@pytest.fixture
def priya() -> User:
    return make()


def sign_in(client: Client, email: str = "priya@example.org", password: str = GOOD, **more) -> HttpResponse:
    return client.post(SIGN_IN, {"login": email, "password": password}, **more)


def is_in(client: Client) -> bool:
    return client.get(CHANGE).status_code == 200


def read(response: HttpResponse) -> str:
    """The whole page, but for the token and the e-mail address that was typed."""
    page = re.sub('name="csrfmiddlewaretoken" value=".*?"', "", response.content.decode())
    return re.sub(r"[\w.]+@example\.org", "", page)


# Signing in


@pytest.mark.parametrize("typed", ["priya@example.org", "Priya@Example.ORG", "  PRIYA@example.org "])
def test_a_person_signs_in_by_email_in_capitals_or_not(client, priya, typed):
    assert sign_in(client, typed)["Location"] == "/"
    assert is_in(client)


def test_a_password_is_taken_as_it_was_typed_and_nothing_else_signs_in(client, priya):
    for wrong in (GOOD.upper(), f" {GOOD}", f"{GOOD} ", "", WRONG):
        sign_in(Client(), password=wrong)
    assert not is_in(client)


def test_who_never_set_a_password_cannot_sign_in(client):
    factories.person("viewer", "Bea")
    assert NOT_RIGHT in read(sign_in(client, "bea@example.org", "!"))


def test_who_has_no_password_to_change_is_sent_to_where_one_is_set(client):
    factories.sign_in(client, factories.person("viewer", "Bea"))
    assert "Reset your password" in read(client.get(CHANGE, follow=True))


def test_the_session_gets_a_new_id_when_someone_signs_in(client, priya):
    """So that an id that was planted before is worth nothing: here, the one that a reset link made."""
    client.get(link_for(priya))
    planted = client.cookies["sessionid"].value
    sign_in(client)
    assert client.cookies["sessionid"].value != planted
    stranger = Client()
    stranger.cookies["sessionid"] = planted
    assert is_in(client) and not is_in(stranger)


def test_signing_in_is_no_edit_of_the_person(client, priya):
    before = priya.history.count()
    sign_in(client)
    assert priya.history.count() == before


def test_the_last_sign_in_is_told_by_the_clock_of_the_portal(client, priya, settings):
    settings.PORTAL_TODAY = date(2025, 12, 2)
    sign_in(client)
    assert User.objects.get().last_login.date() == date(2025, 12, 2)


def test_there_is_no_address_at_which_to_sign_up(client):
    for address in ("sign-up", "signup", "email", "confirm-email", "inactive", "reauthenticate", "login", "login/code"):
        assert client.get(f"/account/{address}/").status_code == 404, address
    assert "sign up" not in read(client.get(SIGN_IN)).lower()


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
    ],
)
@pytest.mark.parametrize("way", ["address", "form"])
def test_a_way_back_to_another_site_is_not_taken(client, priya, to, way):
    given = {"login": "priya@example.org", "password": GOOD}
    if way == "address":
        response = client.post(SIGN_IN, given, query_params={"next": to})
    else:
        response = client.post(SIGN_IN, given | {"next": to})
    assert response["Location"] == "/"
    assert client.post("/account/sign-out/", {"next": to})["Location"] == SIGN_IN


def test_a_way_back_to_a_page_of_the_portal_is_taken(client, priya):
    refused = client.get("/deliverables/?priority=p1&page=2")
    page = client.get(refused["Location"]).content.decode()
    assert 'name="next" value="/deliverables/?priority=p1&amp;page=2"' in page
    back = sign_in(client, query_params={"next": "/deliverables/?priority=p1&page=2"})
    assert back["Location"] == "/deliverables/?priority=p1&page=2"


# What a refusal gives away


def test_a_wrong_password_and_an_unknown_email_get_the_same_page(priya):
    known, unknown = sign_in(Client(), password=WRONG), sign_in(Client(), "nobody@example.org", WRONG)
    assert NOT_RIGHT in read(known)
    assert (known.status_code, read(known)) == (unknown.status_code, read(unknown))
    assert sorted(known.headers) == sorted(unknown.headers)


def test_who_may_not_sign_in_gets_that_page_too_even_with_the_right_password(settings):
    settings.PORTAL_DEMONSTRATION = False
    make("Una", is_active=False)
    make("Demi", is_demonstration=True)
    pages = {read(sign_in(Client(), f"{name}@example.org")) for name in ("una", "demi", "nobody")}
    assert len(pages) == 1 and NOT_RIGHT in pages.pop()


class CountingHasher(MD5PasswordHasher):
    """As the real ones in that every sign-in runs it: the time that a refusal takes is the number of its runs."""

    runs = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.runs += 1
        return super().encode(password, salt)


@pytest.fixture
def runs_of(settings) -> Callable[[str], int]:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]

    def count(email: str) -> int:
        before = CountingHasher.runs
        sign_in(Client(), email, WRONG)
        return CountingHasher.runs - before

    return count


def test_every_refusal_takes_as_long(runs_of, settings):
    settings.PORTAL_DEMONSTRATION = False
    make("Priya")
    make("Una", is_active=False)
    make("Demi", is_demonstration=True)
    factories.person("viewer", "Bea")  # has no password
    names = ("priya", "una", "demi", "bea", "nobody")
    assert {name: runs_of(f"{name}@example.org") for name in names} == dict.fromkeys(names, 1)


# Guessing


def guess(times: int, email: str = "priya@example.org", **more) -> list[HttpResponse]:
    return [sign_in(Client(), email, f"{WRONG} {n}", **more) for n in range(times)]


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client, priya):
    assert all(NOT_RIGHT in read(page) for page in guess(5))
    assert TOO_MANY in read(sign_in(client))
    assert not is_in(client)


def test_an_unknown_email_is_slowed_in_the_same_words(priya):
    guess(5), guess(5, "nobody@example.org")
    assert read(guess(1)[0]) == read(guess(1, "nobody@example.org")[0])
    assert TOO_MANY in read(guess(1)[0])


def test_capitals_do_not_buy_more_guesses(client, priya):
    for typed in ("priya@example.org", "PRIYA@example.org", "Priya@Example.org", "pRIYA@example.org", " priya@example.org"):
        sign_in(Client(), typed, WRONG)
    assert TOO_MANY in read(sign_in(client))


def test_guesses_are_counted_in_the_database_for_all_processes_together(client, priya, settings):
    """As in a second process, which has its own connection to the same cache and nothing in memory."""
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    guess(4)
    del caches["default"]
    guess(1)
    del caches["default"]
    assert TOO_MANY in read(sign_in(client))
    DatabaseCache("cache", {}).clear()
    assert sign_in(client).status_code == 302


def test_a_flood_of_guesses_does_not_push_the_others_out_of_the_count(client, priya):
    guess(5)
    for n in range(1000):
        cache.add(f"another-account-{n}", n)
    assert TOO_MANY in read(sign_in(client))


def test_nobody_can_lock_out_someone_who_sits_elsewhere(client, priya):
    guess(8, REMOTE_ADDR="203.0.113.9")
    assert sign_in(client).status_code == 302


def test_one_place_gets_twenty_guesses_a_minute_whatever_the_accounts(client, priya):
    for n in range(20):
        sign_in(Client(), f"person{n}@example.org", WRONG)
    assert TOO_MANY in read(sign_in(client))
    assert sign_in(Client(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_many_places_together_get_a_hundred_guesses_an_hour_at_one_account(client, priya):
    for n in range(100):
        guess(1, REMOTE_ADDR=f"203.0.113.{n}")
    assert TOO_MANY in read(sign_in(client))
    make("Bea")
    assert sign_in(client, "bea@example.org").status_code == 302


def test_a_made_up_place_buys_no_guesses(client, priya):
    for n in range(5):
        sign_in(Client(), password=WRONG, headers={"X-Forwarded-For": f"203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}"})
    assert TOO_MANY in read(sign_in(client))


def test_behind_a_web_server_only_what_that_server_says_counts(priya, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(5):
        sign_in(Client(), password=WRONG, headers={"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"})
    assert TOO_MANY in read(sign_in(Client(), headers={"X-Forwarded-For": "198.51.100.7"}))
    assert sign_in(Client(), headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 302


def test_right_passwords_are_not_counted(priya):
    assert {sign_in(Client()).status_code for _ in range(8)} == {302}


# Forgetting


def ask_for_link(client: Client, email: str) -> HttpResponse:
    return client.post(RESET, {"email": email}, follow=True)


def link_for(user: User) -> str:
    ask_for_link(Client(), user.email)
    return link_in(mail.outbox[-1])


def link_in(message: mail.EmailMessage) -> str:
    return re.search(r"https?://testserver(/account/password/reset/key/\S+)", message.body)[1]


def set_password(client: Client, link: str, password: str = NEW) -> HttpResponse:
    opened = client.get(link, follow=True)
    return client.post(opened.redirect_chain[-1][0] if opened.redirect_chain else link, {"password1": password}, follow=True)


def test_asking_for_a_link_says_the_same_whether_the_email_is_known(priya):
    known, unknown = (ask_for_link(Client(), f"{name}@example.org") for name in ("priya", "nobody"))
    assert read(known) == read(unknown) and known.redirect_chain == unknown.redirect_chain
    assert [message.to for message in mail.outbox] == [["priya@example.org"]]


def test_who_may_not_sign_in_gets_no_link(settings):
    settings.PORTAL_DEMONSTRATION = False
    make("Una", is_active=False)
    make("Demi", is_demonstration=True)
    for name in ("una", "demi"):
        ask_for_link(Client(), f"{name}@example.org")
    assert mail.outbox == []


def test_asking_again_and_again_is_slowed_for_known_and_unknown_alike(priya):
    pages = {name: [ask_for_link(Client(), f"{name}@example.org") for _ in range(6)] for name in ("priya", "nobody")}
    assert [page.status_code for page in pages["priya"]] == [page.status_code for page in pages["nobody"]]
    assert read(pages["priya"][-1]) == read(pages["nobody"][-1])


def test_a_link_sets_a_password_once(client, priya):
    link = link_for(priya)
    page = set_password(client, link)
    assert "Sign in with your new password" in read(page)
    assert not is_in(client)
    assert sign_in(Client()).status_code == 200
    assert sign_in(client, password=NEW).status_code == 302
    assert "This link no longer works" in read(Client().get(link, follow=True))


def test_opening_a_link_changes_nothing(client, priya):
    link, before = link_for(priya), User.objects.get().password
    assert "Set a new password" in read(client.get(link, follow=True))
    assert User.objects.get().password == before
    assert not EmailAddress.objects.exists()


def test_a_link_of_four_days_ago_and_one_for_someone_else_do_not_work(client, priya, settings):
    link = link_for(priya)
    other = make("Olu")
    uid = re.search("key/([0-9a-z]+)-", link_for(other))[1]
    assert "This link no longer works" in read(client.get(re.sub("key/[0-9a-z]+-", f"key/{uid}-", link), follow=True))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link no longer works" in read(client.get(link, follow=True))


def test_the_key_does_not_stay_in_the_address(client, priya):
    opened = client.get(link_for(priya), follow=True)
    assert opened.redirect_chain[-1][0].endswith("-set-password/")


def test_the_link_names_the_portals_own_host(client, priya, settings):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    assert client.post(RESET, {"email": "priya@example.org"}, headers={"host": "evil.example"}).status_code == 400
    assert mail.outbox == []


def test_an_address_that_a_person_no_longer_has_gives_no_way_in(client, priya):
    old_link = link_for(priya)
    set_password(Client(), old_link)
    User.objects.filter(pk=priya.pk).update(email="priya.new@example.org")
    ask_for_link(client, "priya@example.org")
    assert len(mail.outbox) == 1
    assert NOT_RIGHT in read(sign_in(client, password=NEW))
    assert sign_in(client, "priya.new@example.org", NEW).status_code == 302


def test_someone_new_sets_her_first_password_by_a_link(client):
    bea = factories.person("viewer", "Bea")
    set_password(client, link_for(bea))
    assert sign_in(client, "bea@example.org", NEW).status_code == 302


def test_who_guessed_too_often_may_sign_in_with_her_new_password_at_once(client, priya):
    guess(6)
    set_password(client, link_for(priya))
    assert sign_in(client, password=NEW).status_code == 302


# What ends a session that is live


def test_who_is_made_inactive_is_out_at_once(client, priya):
    sign_in(client)
    assert is_in(client)
    User.objects.filter(pk=priya.pk).update(is_active=False)
    assert client.get(CHANGE)["Location"] == f"{SIGN_IN}?next={CHANGE}"
    assert NOT_RIGHT in read(sign_in(client))


def test_fictional_people_are_out_at_once_when_the_demonstration_ends(client, settings):
    settings.PORTAL_DEMONSTRATION = True
    make(is_demonstration=True)
    sign_in(client)
    assert is_in(client)
    settings.PORTAL_DEMONSTRATION = False
    assert not is_in(client)


def test_changing_a_password_ends_her_other_sessions_and_not_this_one(client, priya):
    other = Client()
    sign_in(client), sign_in(other)
    page = client.post(CHANGE, {"oldpassword": GOOD, "password1": NEW}, follow=True)
    assert "Your password is changed." in read(page)
    assert is_in(client) and not is_in(other)


def test_setting_a_password_by_a_link_ends_every_session(client, priya):
    sign_in(client)
    set_password(Client(), link_for(priya))
    assert not is_in(client)


def test_changing_a_password_needs_the_one_before(client, priya):
    sign_in(client)
    page = client.post(CHANGE, {"oldpassword": WRONG, "password1": NEW})
    assert "The current password is not right" in read(page)
    assert sign_in(Client()).status_code == 302


def test_guessing_the_password_of_a_screen_left_open_is_slowed(client, priya):
    sign_in(client)
    answers = [client.post(CHANGE, {"oldpassword": f"{WRONG} {n}", "password1": NEW}).status_code for n in range(30)]
    assert 429 in answers


# Which passwords are taken


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("elevenchars", "12 characters"),
        ("qwerty123456", "too common"),
        ("priya@example.org", "too similar"),
        ("", "Enter a new password"),
    ],
)
def test_short_common_and_obvious_passwords_are_refused(client, priya, password, why):
    assert why in read(set_password(client, link_for(priya), password))
    assert sign_in(Client()).status_code == 302


def test_a_password_like_her_own_name_is_refused(client):
    priya = make(name="Priya", job_title="Manager")
    User.objects.filter(pk=priya.pk).update(name="Priyadarshini Ramakrishnan")
    assert "too similar" in read(set_password(client, link_for(priya), "priyadarshini"))


@pytest.mark.parametrize("password", ["x9" * 32, "long " * 50 + "?", "пароль из трёх слов", "  spaces at both ends  ", "🔑" * 12])
def test_long_passwords_spaces_and_any_alphabet_are_taken_without_rules_of_make_up(client, priya, password):
    set_password(client, link_for(priya), password)
    assert sign_in(client, password=password).status_code == 302


def test_the_password_fields_may_be_filled_by_a_manager_or_pasted_into(client, priya):
    page = client.get(SIGN_IN).content.decode()
    assert 'autocomplete="username"' in page and 'autocomplete="current-password"' in page
    assert "onpaste" not in page and "maxlength" not in page
    sign_in(client)
    assert 'autocomplete="new-password"' in client.get(CHANGE).content.decode()
