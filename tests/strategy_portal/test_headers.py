"""What every answer says to the browser: what it may load, keep, guess and frame."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests import factories
from tests.strategy_portal.test_environment import settings_from

pytestmark = pytest.mark.django_db

# STACK.md section 2. The first hash is of the empty string, the second of the one style attribute that plotly.js sets.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    " 'sha256-AR/cKIZjWPcPmBUPDA6oti9XBiTbJvz0Cro2J1VzzS8='",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
SIGNED_OUT = ["/account/sign-in/", "/account/password/reset/", "/account/password/reset/key/1-false/", "/no-such-page/", "/"]
SIGNED_IN = ["/", "/deliverables/", "/deliverables/HW-1/", "/updates/", "/no-such-page/", "/account/sign-out/", "/admin/"]


@pytest.fixture
def priya(client):
    organisation = factories.organisation()
    user = factories.person("programme_manager", org=organisation)
    factories.deliverable(lead=organisation)
    factories.sign_in(client, user)
    return user


def answers(client):
    return [Client().get(address) for address in SIGNED_OUT] + [client.get(address) for address in SIGNED_IN]


def test_every_answer_has_exactly_this_policy(client, priya):
    policies = {answer["Content-Security-Policy"] for answer in answers(client)}
    assert len(policies) == 1
    parts = (part.strip().partition(" ") for part in policies.pop().split(";"))
    assert {name: value for name, _, value in parts} == POLICY


def test_the_policy_allows_nothing_inline_and_nothing_evaluated(client, priya):
    policy = client.get("/")["Content-Security-Policy"]
    for hole in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:", "strict-dynamic"):
        assert hole not in policy


def test_no_page_breaks_the_policy_with_script_or_style_of_its_own(client, priya):
    """Nor with anything from another host."""
    for answer in answers(client):
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))", page), answer.request["PATH_INFO"]
        assert not re.search(r"<style|\sstyle=|\son\w+=\"|javascript:", page), answer.request["PATH_INFO"]
        loaded = re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=\"(.+?)\"|<link[^>]*\shref=\"(.+?)\"", page)
        assert {urlsplit("".join(found)).netloc for found in loaded} <= {""}, answer.request["PATH_INFO"]


def test_every_answer_says_what_browsers_may_not_do(client, priya):
    for answer in answers(client):
        found = {name: answer.headers.get(name) for name in ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options")}
        assert found == {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY"}
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_answer_says_what_the_portal_is_made_of(client, priya):
    for answer in answers(client):
        assert not {"Server", "X-Powered-By", "Via"} & set(answer.headers)


# Caches


def test_what_signed_in_people_read_is_kept_by_nobody(client, priya):
    for address in SIGNED_IN:
        kept = client.get(address)["Cache-Control"]
        assert {"no-store", "private"} <= set(kept.split(", ")), address


def test_the_answer_to_a_form_is_kept_by_nobody(client, priya):
    assert client.post("/updates/HW-1/", {"done": "Typed with care."})["Cache-Control"] == "private, no-store"


def test_what_is_read_before_signing_in_is_kept_by_nobody_either():
    for address in SIGNED_OUT:
        assert "no-store" in Client().get(address).headers.get("Cache-Control", ""), address


def test_the_sign_in_page_gives_nothing_away():
    page = Client().get("/account/sign-in/")
    assert "no-store" in page["Cache-Control"]
    factories.deliverable("HW-1", short_title="Secret deliverable")
    text = Client().get("/account/sign-in/?next=/deliverables/HW-1/").content.decode()
    for secret in ("Secret deliverable", "Django", "allauth", "version", "Traceback"):
        assert secret not in text


# HTTPS


@pytest.fixture
def https(tmp_path, settings) -> None:
    """As it is served: HTTPS, spoken by a web server in front."""
    for name, value in settings_from(tmp_path, SECRET_KEY="x").items():
        if name.startswith(("SESSION_COOKIE", "CSRF_", "SECURE_")):
            setattr(settings, name, value)


def test_with_https_browsers_are_told_to_use_nothing_else_for_a_year(https):
    for address in SIGNED_OUT:
        answer = Client(headers={"X-Forwarded-Proto": "https"}).get(address)
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", address


def test_without_https_nothing_is_promised_about_it():
    assert "Strict-Transport-Security" not in Client().get("/account/sign-in/").headers


def test_a_host_that_is_not_ours_is_refused():
    assert Client().get("/account/sign-in/", headers={"host": "evil.example"}).status_code == 400
    assert Client().get("/", headers={"host": "localhost", "X-Forwarded-Host": "evil.example"})["Location"].startswith("/account")
