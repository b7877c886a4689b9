"""The page on which one update is made."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from deliverables.models import MilestoneMove, StatusUpdate
from priorities.actions import close_period
from priorities.models import ReportingPeriod
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya(client):
    user = factories.person("programme_manager")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def deliverable(priya):
    return factories.deliverable("FCN-2", lead=factories.organisation(), short_title="Home devices")


@pytest.fixture
def page(deliverable):
    return reverse("update", args=["FCN-2"])


LOOKED = "overdue moved words"  # what the second look asked, and she has seen


def filled(deliverable=None, milestone=None, **changes):
    """A form as the browser sends it."""
    data = {"key": str(uuid4()), "seen": "0", "rating": "on_track", "done": "410 homes are connected.", "looked": LOOKED}
    if milestone:
        prefix = f"milestone-{milestone.pk}"
        data |= {f"{prefix}-seen_on": milestone.forecast_on.isoformat(), f"{prefix}-forecast_on": "15 November 2025"}
    return data | changes


OFF_TRACK = {
    "rating": "off_track",
    "why": "The supplier is late.",
    "route": "A second supplier.",
    "route_on-day": "31",
    "route_on-month": "1",
    "route_on-year": "2026",
}


def test_the_page_shows_the_definitions_last_period_and_the_months_so_far(client, priya, deliverable, page):
    factories.update(deliverable, by=priya, month=factories.october(), rating="at_risk", done="355 homes are connected.")
    html = client.get(page).content.decode()
    assert "Something will be missed unless others act." in html
    assert "355 homes are connected." in html
    assert "What has been done since October?" in html
    assert "October 2025, at risk" in html


def test_a_good_update_is_stored_and_counts(client, priya, deliverable, page):
    response = client.post(page, filled(), follow=True)
    assert "Your update on Home devices for November 2025 is in." in response.content.decode()
    stored = StatusUpdate.objects.get()
    assert (stored.rating, stored.done, stored.submitted_by, stored.period) == (
        "on_track",
        "410 homes are connected.",
        priya,
        factories.november(),
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rating": ""}, "Choose where it is now"),
        ({"rating": "not_reported"}, "Select a valid choice"),
        ({"done": "   "}, "Say what has been done"),
        ({"done": "x" * 601}, "at most 600 characters"),
        ({"done": "a\0b"}, "Null characters are not allowed"),
        ({"rating": "at_risk"}, "Say why it is at risk"),
        (OFF_TRACK | {"route": ""}, "Say how it will get back on track"),
        (
            OFF_TRACK | {"route_on-day": "", "route_on-month": "", "route_on-year": ""},
            "Enter the date by which it will be back on track",
        ),
        (OFF_TRACK | {"route_on-month": "13"}, "must be a real date"),
        ({"rating": "complete"}, "Say what shows that it is complete"),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_is_still_there(client, deliverable, page, changes, message):
    response = client.post(page, filled(done="Typed with care.") | changes)
    html = response.content.decode()
    assert message in html
    assert "There is a problem" in html and "<title>Error: " in html
    if "done" not in changes:
        assert "Typed with care." in html
    assert not StatusUpdate.objects.exists()


def test_a_line_end_counts_once_and_is_kept_as_one(client, deliverable, page):
    text = ("x" * 299 + "\r\n") * 2
    client.post(page, filled(done=text))
    assert StatusUpdate.objects.get().done == ("x" * 299 + "\n") * 1 + "x" * 299


def test_emoji_right_to_left_text_and_markup_are_kept_and_shown_as_text(client, priya, deliverable, page):
    words = "<script>alert(1)</script> 👍 שלום =1+1"
    client.post(page, filled(done=words))
    assert StatusUpdate.objects.get().done == words
    html = client.get(reverse("deliverable", args=["FCN-2"])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 👍 שלום =1+1" in html and "<script>alert(1)" not in html


def test_words_about_a_route_are_dropped_when_the_rating_needs_none(client, deliverable, page):
    client.post(page, filled() | OFF_TRACK | {"rating": "on_track"})
    stored = StatusUpdate.objects.get()
    assert (stored.why, stored.route, stored.route_on) == ("", "", None)


def test_a_new_forecast_needs_a_reason_and_the_baseline_stays(client, deliverable, page):
    milestone = factories.milestone(deliverable, "800 homes connected")
    prefix = f"milestone-{milestone.pk}"
    moved = filled(milestone=milestone) | {f"{prefix}-forecast_on": "28/2/2026"}
    html = client.post(page, moved).content.decode()
    assert "Choose a reason for the new date of “800 homes connected”" in html
    assert 'value="28/2/2026"' in html
    client.post(page, moved | {f"{prefix}-reason": "supplier", f"{prefix}-words": "The second supplier starts in January."})
    milestone.refresh_from_db()
    days = (milestone.baseline_on, milestone.forecast_on, milestone.proposed_on)
    assert days == (date(2025, 11, 15), date(2025, 11, 15), date(2026, 2, 28))
    assert MilestoneMove.objects.get().words == "The second supplier starts in January."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"done": "on"}, date(2025, 12, 2)),
        ({"done": "on", "done_on": "14 November 2025"}, date(2025, 11, 14)),
        ({"done_on": "14 11 2025"}, date(2025, 11, 14)),
        ({}, None),
    ],
)
def test_a_milestone_is_done_on_the_day_given_or_today(client, deliverable, page, fields, expected):
    milestone = factories.milestone(deliverable)
    client.post(page, filled(milestone=milestone) | {f"milestone-{milestone.pk}-{k}": v for k, v in fields.items()})
    milestone.refresh_from_db()
    assert milestone.done_on == expected


def test_a_milestone_cannot_be_done_tomorrow(client, deliverable, page):
    milestone = factories.milestone(deliverable)
    data = filled(milestone=milestone) | {f"milestone-{milestone.pk}-done_on": "3 December 2025"}
    assert "must be today or before" in client.post(page, data).content.decode()
    assert not StatusUpdate.objects.exists()


def test_taking_the_tick_away_undoes_a_milestone(client, deliverable, page):
    milestone = factories.milestone(deliverable, done_on=date(2025, 11, 20))
    assert "20 November 2025" in client.get(page).content.decode()
    client.post(page, filled(milestone=milestone) | {f"milestone-{milestone.pk}-done_on": "20 November 2025"})
    milestone.refresh_from_db()
    assert milestone.done_on is None


def test_who_was_overtaken_reads_both_texts_and_chooses(client, priya, deliverable, page):
    data = filled(done="Mine.")
    factories.update(deliverable, by=factories.person("programme_manager", "Sam"), month=factories.november(), done="Theirs.")
    html = client.post(page, data).content.decode()
    assert "Someone else has reported since you opened this page" in html
    assert "Theirs." in html and "Mine." in html
    assert StatusUpdate.objects.count() == 1
    assert 'name="seen" value="1"' in html
    client.post(page, data | {"seen": "1"})
    assert [update.done for update in StatusUpdate.objects.order_by("number")] == ["Theirs.", "Mine."]


def test_a_report_issued_meanwhile_is_said_and_the_words_are_kept(client, deliverable, page):
    november = factories.november()
    ReportingPeriod.objects.exclude(pk=november.pk).update(opens_on=date(2026, 3, 1), due_on=date(2026, 4, 1))
    html = client.get(page).content.decode()
    assert "Submit update" in html
    close_period(by=factories.person("outcomes_group", "Olu"), period=november)
    html = client.post(page, filled(done="Typed with care.", month="2025-11")).content.decode()
    assert "Typed with care." in html and "The report for November 2025 has been issued" in html
    assert not StatusUpdate.objects.exists()


def test_words_for_a_month_that_was_closed_meanwhile_are_not_stored_under_another(client, deliverable, page):
    close_period(by=factories.person("outcomes_group", "Olu"), period=factories.november())
    html = client.post(page, filled(done="Typed with care.", month="2025-11")).content.decode()
    assert "Typed with care." in html and "The report for November 2025 has been issued" in html
    assert not StatusUpdate.objects.exists()  # October is still open, and must not get them


def test_a_correction_starts_from_the_words_it_corrects(client, priya, deliverable, page):
    factories.update(deliverable, by=priya, month=factories.november(), done="First words.")
    html = client.get(page).content.decode()
    assert "First words." in html and "Submit a correction" in html and 'name="seen" value="1"' in html


def test_another_months_words_are_never_carried_into_what_was_done(client, priya, deliverable, page):
    factories.update(deliverable, by=priya, month=factories.october(), rating="off_track", done="Old words.")
    form = client.get(page).context["entry"].form
    assert not form["done"].value() and not form["rating"].value() and not form["why"].value()
    assert (form["route"].value(), form["route_on"].value()) == ("A second supplier.", date(2026, 1, 31))  # it goes on


def test_a_late_month_that_is_still_open_can_be_chosen_in_the_address(client, priya, deliverable, page):
    html = client.get(f"{page}?month=2025-10").content.decode()
    assert "October 2025 · due" in html
    client.post(f"{page}?month=2025-10", filled(month="2025-10"))
    assert StatusUpdate.objects.get().period == factories.october()
