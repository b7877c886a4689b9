"""When something goes wrong: a page that says what happened, what was kept, and what to do next. Never a bare one."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from strategy_portal import urls as site_map
from strategy_portal.access import access, anyone
from strategy_portal.errors import server_error
from tests import factories
from tests.strategy_portal.test_environment import settings_from

pytestmark = pytest.mark.django_db


def read(response: HttpResponse) -> str:
    """What is read on the page, one space between words."""
    main = re.search("<main.*</main>", response.content.decode(), re.DOTALL)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def is_whole(response: HttpResponse) -> bool:
    """Ours: a title, one heading, and a link or a button that leads on."""
    page = response.content.decode()
    return page.count("<h1") == 1 and "<title>" in page and 'href="/static/portal.css"' in page and "<a " in read_raw(page)


def read_raw(page: str) -> str:
    return re.search("<main.*</main>", page, re.DOTALL)[0]


@pytest.fixture
def bea(client):
    user = factories.person("viewer", "Bea")
    factories.sign_in(client, user)
    return user


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_wrong_address_says_so_and_leads_on(client, bea, signed_in):
    page = (client if signed_in else Client()).get("/no-such-page/")
    assert (page.status_code, is_whole(page)) == (404, True)
    assert "There is no page at this address" in read(page)
    assert "What you can do" in read(page)
    assert ('href="/"' if signed_in else 'href="/account/sign-in/"') in read_raw(page.content.decode())


def test_another_roles_page_says_who_she_is_and_that_nothing_changed(client, bea):
    page = client.get("/outcomes-group/")
    assert (page.status_code, is_whole(page)) == (403, True)
    for words in ("bea@example.org", "Viewer, Organisation icb", "Nothing has been changed", "What you can do"):
        assert words in read(page)
    assert 'href="/"' in read_raw(page.content.decode())


def test_someone_without_a_role_is_not_sent_in_circles(client):
    """The overview is closed to her too, so no link leads there."""
    factories.sign_in(client, factories.person(None, "Nina"))
    page = client.get("/")
    assert (page.status_code, is_whole(page)) == (403, True)
    assert "You do not have a role yet" in read(page)
    assert "mailto:" in read_raw(page.content.decode()) and 'href="/"' not in read_raw(page.content.decode())


@pytest.mark.parametrize("referer", ["https://evil.example/", ""])
def test_a_form_without_its_token_says_what_was_kept_and_what_to_do(referer):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/account/sign-in/", {"login": "bea@example.org", "password": "x"}, headers={"referer": referer})
    assert (page.status_code, is_whole(page)) == (403, True)
    for words in ("Nothing has been changed", "What you typed is still in your browser", "back button"):
        assert words in read(page)


def test_what_is_asked_is_not_repeated_in_an_error_page(client, bea):
    for address in ("/<script>alert(1)</script>/", "/deliverables/?q=<script>alert(1)</script>"):
        assert "<script>alert(1)" not in client.get(address).content.decode()


# Our own mistakes


def fail(request):
    raise RuntimeError("secret detail")


urlpatterns = [*site_map.urlpatterns, path("fail/", access(anyone)(fail))]
handler403, handler404, handler500 = site_map.handler403, site_map.handler404, site_map.handler500


@pytest.fixture
def quiet(client) -> Client:
    """As a browser: a failing view is an answer, not an exception."""
    client.raise_request_exception = False
    return client


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_mistake_of_ours_is_a_page_that_owns_up_and_gives_nothing_away(quiet, signed_in):
    if signed_in:
        factories.sign_in(quiet, factories.person("viewer", "Bea"))
    page = quiet.get("/fail/")
    assert (page.status_code, is_whole(page)) == (500, True)
    for words in ("The mistake is ours", "What was saved before is safe", "still in your browser", "What you can do"):
        assert words in read(page)
    for secret in ("secret detail", "RuntimeError", "Traceback", "Django", "bea@example.org"):
        assert secret not in page.content.decode()
    assert "Content-Security-Policy" in page.headers


@pytest.mark.urls(__name__)
def test_a_mistake_of_ours_is_in_the_log(quiet, caplog):
    with caplog.at_level(logging.ERROR, "django.request"):
        quiet.get("/fail/")
    assert "secret detail" in caplog.text and "/fail/" in caplog.text


@contextmanager
def database_down() -> Iterator[None]:
    """Every statement fails, as when the server has gone."""

    def refuse(execute, sql, params, many, context):
        raise OperationalError("the server has gone")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("address", ["/", "/deliverables/", "/updates/HW-1/", "/account/password/", "/no-such-page/"])
def test_without_a_database_there_is_still_a_page(quiet, bea, address):
    with database_down():
        page = quiet.get(address)
    assert (page.status_code, is_whole(page)) == (500, True)
    assert "The mistake is ours" in read(page)


def test_the_page_for_our_own_mistakes_needs_no_request_at_all(django_assert_num_queries):
    with django_assert_num_queries(0), database_down():
        assert server_error(None).status_code == 500  # type: ignore[arg-type]


@pytest.mark.urls(__name__)
def test_a_mistake_ends_no_session(quiet):
    factories.sign_in(quiet, factories.person("viewer", "Bea"))
    quiet.get("/fail/")
    assert quiet.get("/").status_code == 200


# Where nobody said anything about debugging


def test_debugging_is_off_unless_it_is_switched_on(tmp_path):
    assert settings_from(tmp_path, SECRET_KEY="x")["DEBUG"] is False
    assert settings_from(tmp_path, SECRET_KEY="x", DEBUG="on")["DEBUG"] is True
