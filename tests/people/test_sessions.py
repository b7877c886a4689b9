"""How long a session lasts: 20 hours for everyone, 30 minutes without a click for administrators. And its cookies."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from people.actions import give_role
from people.models import User
from strategy_portal import clock
from tests import factories
from tests.strategy_portal.test_environment import settings_from

pytestmark = pytest.mark.django_db

MINUTE, HOUR = 60, 60 * 60
PASSWORD = "seven quiet herons wade"


@pytest.fixture
def wait(monkeypatch) -> Callable[[float], None]:
    """Lets seconds pass on the clock that nothing stops."""
    passed = 0.0
    elapsed = clock.elapsed

    def pass_by(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(clock, "elapsed", lambda: elapsed() + passed)
    return pass_by


def signed_in(client: Client, role: str, name: str) -> User:
    user = factories.person(role, name)
    user.set_password(PASSWORD)
    user.save()
    client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    assert is_in(client)
    return user


def is_in(client: Client) -> bool:
    return client.get("/account/password/").status_code == 200


@pytest.fixture
def bea(client) -> User:
    return signed_in(client, "viewer", "Bea")


@pytest.fixture
def ada(client) -> User:
    return signed_in(client, "administrator", "Ada")


@pytest.mark.parametrize("role", ["viewer", "programme_manager", "outcomes_group"])
def test_a_session_lasts_20_hours_without_a_click(client, wait, role):
    """The NHS service manual asks for no less, so that nobody loses what she was doing."""
    signed_in(client, role, "Somebody")
    wait(20 * HOUR - 10)
    assert is_in(client)


def test_after_20_hours_everyone_signs_in_again_however_busy_she_was(client, bea, wait):
    for _ in range(20):
        wait(HOUR - 1)
        assert is_in(client)
    wait(MINUTE)
    assert client.get("/deliverables/")["Location"] == "/account/sign-in/?next=/deliverables/"
    assert not is_in(client)


def test_an_administrator_is_signed_out_after_30_minutes_without_a_click(client, ada, wait):
    wait(30 * MINUTE - 5)
    assert is_in(client)
    wait(30 * MINUTE + 5)
    assert not is_in(client)


def test_an_administrator_who_is_busy_stays_for_20_hours_and_no_longer(client, ada, wait):
    for _ in range(48):
        wait(25 * MINUTE - 1)
        assert is_in(client)
    wait(2 * MINUTE)
    assert not is_in(client)


def test_every_kind_of_request_of_an_administrator_counts_as_a_click(client, ada, wait):
    for ask in (client.get, client.post, client.head):
        wait(20 * MINUTE)
        ask("/no-such-page/")
    wait(20 * MINUTE)
    assert is_in(client)


def test_a_click_of_an_administrator_is_written_once_a_minute_at_most(client, ada, wait):
    wait(2 * MINUTE)
    client.get("/account/password/")
    seen = client.session["seen"]
    wait(30)
    client.get("/account/password/")
    assert client.session["seen"] == seen


def test_who_becomes_an_administrator_after_an_idle_half_hour_signs_in_again(client, bea, wait):
    wait(31 * MINUTE)
    give_role(by=None, user=bea, organisation=factories.organisation(), role="administrator")
    assert not is_in(client)


def test_a_session_that_does_not_say_when_it_began_has_ended(client):
    client.force_login(factories.person("viewer", "Bea"), backend="people.backends.PortalBackend")
    assert not is_in(client)


def test_an_ended_session_is_gone_from_the_database(client, bea, wait):
    wait(21 * HOUR)
    is_in(client)
    assert not Session.objects.exists()


def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(client, bea):
    kept = client.cookies["sessionid"].value
    client.post("/account/sign-out/")
    stranger = Client()
    stranger.cookies["sessionid"] = kept
    assert not is_in(client) and not is_in(stranger)


def test_looking_at_the_sign_out_page_signs_nobody_out(client, bea):
    assert "Do you want to sign out?" in client.get("/account/sign-out/").content.decode()
    assert is_in(client)


def test_signing_out_leaves_other_sessions_alone(client, bea):
    other = Client()
    other.post("/account/sign-in/", {"login": bea.email, "password": PASSWORD})
    client.post("/account/sign-out/")
    assert is_in(other) and not is_in(client)


# Cookies


def test_the_cookies_cannot_be_read_by_scripts_or_sent_from_other_sites(client, bea):
    cookies = client.cookies
    assert sorted(cookies) == ["csrftoken", "sessionid"]
    assert {(c["httponly"], c["samesite"], c["path"], c["domain"]) for c in cookies.values()} == {(True, "Lax", "/", "")}
    assert cookies["sessionid"]["max-age"] == 20 * HOUR


@pytest.fixture
def settings_of_a_server(tmp_path) -> dict[str, Any]:
    """As they are read where nothing is said about HTTPS."""
    return settings_from(tmp_path, SECRET_KEY="x")


@pytest.fixture
def https(settings_of_a_server, settings) -> None:
    """As it is served: HTTPS, spoken by a web server in front."""
    read = settings_of_a_server
    for name in read:
        if name.startswith(("SESSION_COOKIE", "CSRF_", "SECURE_", "ALLAUTH_")):
            setattr(settings, name, read[name])


def test_with_https_the_cookies_are_for_https_and_this_host_alone(https, client, bea_by_https):
    cookies = client.cookies
    assert sorted(cookies) == ["__Host-csrf", "__Host-session"]
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")  # what __Host- asks for


@pytest.fixture
def bea_by_https(https, client) -> None:
    bea = factories.person("viewer", "Bea")
    bea.set_password(PASSWORD)
    bea.save()
    client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
    client.post("/account/sign-in/", {"login": bea.email, "password": PASSWORD})
    assert is_in(client)


def test_with_https_nothing_is_answered_without_it(https, client):
    response = client.get("/account/sign-in/?next=/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/account/sign-in/?next=/")


def test_https_is_on_unless_it_is_switched_off(settings_of_a_server):
    read = settings_of_a_server
    assert read["SESSION_COOKIE_SECURE"] and read["CSRF_COOKIE_SECURE"] and read["SECURE_SSL_REDIRECT"]
    assert read["SESSION_COOKIE_NAME"] == "__Host-session"
