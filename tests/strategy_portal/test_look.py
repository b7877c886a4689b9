"""What every page has in common: its frame, its filters, and the pages for what went wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.test import Client, RequestFactory

from strategy_portal import errors
from strategy_portal.design import design
from strategy_portal.templatetags import portal
from tests.factories import person, sign_in


def page(source: str, address: str = "/", **context: Any) -> BeautifulSoup:
    request = RequestFactory().get(address)
    request.user = context.pop("user", AnonymousUser())
    return BeautifulSoup(engines["django"].from_string(source).render(context, request), "html.parser")


def frame(address: str = "/", **context: Any) -> BeautifulSoup:
    return page('{% extends "base.html" %}{% block title %}Home devices{% endblock %}', address, **context)


# Filters


def test_days_and_moments_are_written_in_full() -> None:
    assert portal.day(date(2025, 12, 5)) == "5 December 2025"
    assert portal.day_short(date(2025, 12, 5)) == "5 December"
    assert portal.weekday(date(2025, 12, 5)) == "Friday 5 December"
    assert portal.moment(datetime(2025, 12, 2, 14, 2, tzinfo=UTC)) == "2 December 2025, 2:02pm"
    assert portal.day(None) == portal.moment(None) == ""


@pytest.mark.parametrize(
    ("hour", "minute", "text"),
    [(0, 0, "midnight"), (0, 5, "12:05am"), (9, 0, "9am"), (12, 0, "midday"), (12, 30, "12:30pm"), (18, 0, "6pm")],
)
def test_times_are_written_as_the_nhs_writes_them(hour: int, minute: int, text: str) -> None:
    assert portal.time_of(datetime(2025, 12, 2, hour, minute)) == text


def test_a_moment_is_one_of_london() -> None:
    """Half past eleven at night in summer, as the database keeps it, is the next day here."""
    assert portal.moment(datetime(2025, 6, 1, 23, 30, tzinfo=UTC)) == "2 June 2025, 12:30am"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1000, "1,000"),
        (1234567, "1,234,567"),
        (Decimal("2.50"), "2.5"),
        (Decimal("300"), "300"),
        (Decimal("1E+3"), "1,000"),
        (None, ""),
    ],
)
def test_numbers(value: Any, text: str) -> None:
    assert portal.number(value) == text


def test_a_distribution_fills_its_bar_best_first() -> None:
    parts = portal.segments({"off_track": 1, "on_track": 2, "at_risk": 0, "complete": 1})
    assert [(part["code"], part["x"], part["width"]) for part in parts] == [
        ("complete", "0.00", "25.00"),
        ("on_track", "25.00", "50.00"),
        ("off_track", "75.00", "25.00"),
    ]
    assert portal.segments({}) == portal.segments(None) == []


def test_one_part_of_the_address_changes_and_the_others_stay() -> None:
    link = page('<a href="{% query page=2 %}">x</a>', "/deliverables/?q=a%26b&page=1&rating=").a
    assert link["href"] == "?q=a%26b&rating=&page=2"
    assert page('<a href="{% query q="" %}">x</a>', "/deliverables/?q=a&page=1").a["href"] == "?page=1"


# The frame


def test_the_title_names_the_page_and_the_service() -> None:
    assert frame().title.text == "Home devices \N{EN DASH} Strategy portal"


def test_the_door_that_one_is_at_is_marked() -> None:
    doors = [("overview", "Overview"), ("deliverables", "Deliverables"), ("updates", "My updates")]
    for address, label in [("/", "Overview"), ("/deliverables/HW-1/", "Deliverables"), ("/updates/", "My updates")]:
        current = frame(address, doors=doors).select('nav [aria-current="page"]')
        assert [link.get_text(strip=True) for link in current] == [label]


def test_a_demonstration_says_so_and_so_does_a_fixed_date() -> None:
    banner = frame(demonstration=True, fixed_today=date(2025, 12, 2)).select_one(".demonstration")
    assert " ".join(banner.text.split()) == "Demonstration. People and updates are made up. The date is fixed at 2 December 2025."
    assert "made up" not in frame(demonstration=False, fixed_today=date(2025, 12, 2)).select_one(".demonstration").text
    assert frame(demonstration=False, fixed_today=None).select_one(".demonstration") is None


def test_messages_are_announced_and_each_has_its_own_heading() -> None:
    shown = frame(
        messages=[Message(messages.SUCCESS, "In <b>"), Message(messages.INFO, "Open"), Message(messages.ERROR, "Closed")]
    )
    banners = shown.select(".nhsuk-notification-banner")
    assert [banner["role"] for banner in banners] == ["alert", "status", "alert"]
    assert len({banner["aria-labelledby"] for banner in banners}) == 3
    assert "In <b>" in banners[0].text


@pytest.mark.django_db
def test_signing_out_is_a_form_and_the_role_leads_to_the_account() -> None:
    header = frame(user=person("viewer")).header
    assert header.select_one("form")["action"] == "/account/sign-out/"
    assert "Viewer, Organisation icb" in header.select_one('a[href="/account/password/"]').text
    assert "No role yet" in frame(user=person(name="Nina")).header.text


def test_every_mark_has_its_shape_and_its_word() -> None:
    shapes = {symbol["id"] for symbol in frame().select("symbol")}
    for code, name in portal.RATING_NAMES.items():
        mark = page('{% include "components/mark.html" with rating=code only %}', code=code)
        assert mark.use["href"].removeprefix("#") in shapes
        assert mark.get_text(strip=True) == name


def test_a_strip_says_in_words_what_it_shows() -> None:
    months = [{"month_name": "April 2025", "rating": "on_track"}, {"month_name": "May 2025", "rating": "not_reported"}]
    strip = page('{% include "components/strip.html" with months=months only %}', months=months).select_one("[role=img]")
    assert strip["aria-label"] == "Rating by month: April 2025, on track; May 2025, not reported"


# No style and no script in a page: the Content-Security-Policy refuses both.


def assert_inert(shown: BeautifulSoup) -> None:
    assert shown.select("[style], style") == []
    assert shown.select('script:not([src]):not([type="application/json"])') == []
    assert [node for node in shown.select("*") if any(name.startswith("on") for name in node.attrs)] == []
    hosts = [node.get("src") or node.get("href") for node in shown.select("script[src], link[href], img[src]")]
    assert all(address.startswith("/") for address in hosts)


@pytest.mark.django_db
def test_the_design_page_shows_everything_without_style_or_script_of_its_own() -> None:
    request = RequestFactory().get("/design/")
    request.user = person("administrator")
    shown = BeautifulSoup(design(request).content, "html.parser")
    assert_inert(shown)
    ids = [node["id"] for node in shown.select("[id]")]
    assert len(ids) == len(set(ids))
    assert len(shown.select("h1")) == 1


@pytest.mark.django_db
def test_the_design_page_is_for_administrators(client: Client) -> None:
    sign_in(client, person("administrator", name="Ada"))
    assert client.get("/design/").status_code == 200
    sign_in(client, person("viewer", name="Bea"))
    assert client.get("/design/").status_code == 403


# What went wrong


@pytest.mark.django_db
def test_someone_without_a_role_is_told_whom_to_ask(client: Client) -> None:
    sign_in(client, person(name="Nina"))
    response = client.get("/")
    assert response.status_code == 403
    assert "You do not have a role yet" in response.text
    assert settings.PORTAL_SUPPORT_EMAIL in response.text


@pytest.mark.django_db
def test_someone_with_another_role_is_told_so(client: Client) -> None:
    sign_in(client, person("viewer"))
    response = client.get("/outcomes-group/")
    assert response.status_code == 403
    assert "Viewer" in response.text
    assert "You do not have a role" not in response.text


@pytest.mark.django_db
def test_a_wrong_address_is_a_page_with_a_way_on(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "/account/sign-in/" in response.text


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_with_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/account/sign-in/", {"login": "a@example.org", "password": "x"})
    assert response.status_code == 403
    assert "Your form was not sent" in response.text
    assert_inert(BeautifulSoup(response.content, "html.parser"))


def test_the_page_for_our_own_mistakes_asks_nothing_of_the_database() -> None:
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "The mistake is ours" in response.text
    assert_inert(BeautifulSoup(response.content, "html.parser"))
