"""The private address that gives a calendar the due and meeting dates: who gets it, what it holds, and how it ends."""

import re
from datetime import date, timedelta
from hashlib import sha256

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from icalendar import Calendar

from people.actions import choose_reminders, make_calendar_address, renew_calendar_address, revoke_calendar_address
from people.models import CalendarAddress, Membership, User
from priorities.actions import close_period, plan_meeting
from priorities.feed import Day, feed
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/account/reminders/"


@pytest.fixture
def priya() -> User:
    factories.plan_year()
    return factories.person("programme_manager")


def read(token: str, client: Client | None = None):
    """As Outlook does: not signed in."""
    return (client or Client()).get(f"/calendar/{token}.ics")


def events(token: str) -> dict[str, date]:
    response = read(token)
    assert response.status_code == 200
    return {str(event["SUMMARY"]): event.decoded("DTSTART") for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_it_gives_the_due_and_meeting_days_of_the_current_plan_year(priya):
    plan_meeting(by=priya, period=factories.november(), meeting_on=date(2025, 12, 12))
    found = events(make_calendar_address(by=priya))
    assert len(found) == 13
    assert found["Updates for November 2025 are due"] == date(2025, 12, 5) == factories.november().due_on
    assert found["Updates for April 2025 are due"] == date(2025, 5, 5)
    assert found["Updates for March 2026 are due"] == date(2026, 4, 5)
    assert found["Outcomes group meets: November 2025 report"] == date(2025, 12, 12)


def test_days_last_all_day_and_keep_nobody_from_other_things(priya):
    calendar = Calendar.from_ical(read(make_calendar_address(by=priya)).content)
    assert (calendar["METHOD"], calendar["VERSION"], str(calendar["X-WR-CALNAME"])) == ("PUBLISH", "2.0", "Strategy portal")
    for event in calendar.walk("VEVENT"):
        assert type(event.decoded("DTSTART")) is date
        assert event.decoded("DTEND") == event.decoded("DTSTART") + timedelta(days=1)
        assert event.decoded("DTSTAMP").utcoffset() == timedelta(0)
        assert event["TRANSP"] == "TRANSPARENT"


def test_a_day_that_moves_keeps_its_name_so_that_it_is_moved_and_not_doubled(priya):
    def uids() -> dict[str, date]:
        found = Calendar.from_ical(read(token).content).walk("VEVENT")
        return {str(event["UID"]): event.decoded("DTSTART") for event in found}

    token = make_calendar_address(by=priya)
    before = uids()
    ReportingPeriod.objects.filter(starts_on="2025-11-01").update(due_on="2025-12-09")
    with clock.fixed(clock.now() + timedelta(hours=5)):
        after = uids()
    assert len(before) == 12 and set(before) == set(after)
    assert {after[uid] for uid in after if before[uid] != after[uid]} == {date(2025, 12, 9)}


def test_it_holds_nothing_of_the_work_and_no_names(priya):
    hers = factories.deliverable("HW-1", lead=factories.organisation(), short_title="Home devices")
    factories.update(hers, by=priya, month=factories.november(), done="A private word.")
    text = read(make_calendar_address(by=priya)).content.decode()
    for word in ("HW-1", "Home devices", "private", "Priya", "priya@", "Organisation icb", "Test strategy"):
        assert word not in text, word


def test_an_old_plan_year_goes_once_its_last_month_is_closed(priya):
    token = make_calendar_address(by=priya)
    year = factories.plan_year()
    PlanYear.objects.create(strategy=year.strategy, code="2026-27", starts_on="2026-04-01", ends_on="2027-03-31")
    with clock.fixed(clock.on(date(2026, 4, 2))):
        assert "Updates for March 2026 are due" in events(token)
        for period in year.periods.all():
            close_period(by=priya, period=period)
        assert events(token) == {}


def test_it_is_served_as_a_calendar_kept_nowhere_and_read_without_a_session(priya):
    response = read(make_calendar_address(by=priya))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert Client().head(response.request["PATH_INFO"]).status_code == 200
    assert Client().post(response.request["PATH_INFO"]).status_code == 405


def test_the_address_leads_its_owner_to_her_own_page(priya):
    olu = factories.person("outcomes_group", "Olu")
    assert "/updates/" in read(make_calendar_address(by=priya)).content.decode()
    assert "/outcomes-group/" in read(make_calendar_address(by=olu)).content.decode()


def test_only_a_fingerprint_is_kept(priya):
    token = make_calendar_address(by=priya)
    assert re.fullmatch(r"[\w-]{43}", token)
    kept = CalendarAddress.objects.get()
    assert kept.fingerprint == sha256(token.encode()).hexdigest()
    assert token not in repr(vars(kept))
    assert read(kept.fingerprint).status_code == 404


def test_renewing_ends_the_old_address_and_revoking_ends_it_all(priya):
    old = make_calendar_address(by=priya)
    assert make_calendar_address(by=priya) is None
    new = renew_calendar_address(by=priya)
    assert (read(old).status_code, read(new).status_code) == (404, 200)
    revoke_calendar_address(by=priya)
    assert read(new).status_code == 404
    assert not CalendarAddress.objects.exists()


def test_one_person_revokes_only_her_own(priya):
    sam = factories.person("programme_manager", "Sam")
    hers, his = make_calendar_address(by=priya), make_calendar_address(by=sam)
    assert hers != his
    renew_calendar_address(by=sam)
    revoke_calendar_address(by=sam)
    assert read(hers).status_code == 200


@pytest.mark.parametrize("token", ["x", "unknown-but-long-enough-to-be-one-of-them-12", "a" * 500])
def test_an_unknown_address_is_not_found(priya, token):
    make_calendar_address(by=priya)
    assert read(token).status_code == 404


@pytest.mark.parametrize("why", ["inactive", "only a viewer", "no role", "organisation gone", "fictional"])
def test_the_address_of_someone_who_may_no_longer_see_is_not_found(priya, settings, why):
    token = make_calendar_address(by=priya)
    assert read(token).status_code == 200
    if why == "inactive":
        User.objects.filter(pk=priya.pk).update(is_active=False)
    elif why == "only a viewer":
        Membership.objects.filter(user=priya).update(role="viewer")
    elif why == "no role":
        Membership.objects.filter(user=priya).delete()
    elif why == "organisation gone":
        factories.organisation().__class__.objects.update(ends_on="2025-11-30")
    else:
        settings.PORTAL_DEMONSTRATION = False
        User.objects.filter(pk=priya.pk).update(is_demonstration=True)
    assert read(token).status_code == 404


def test_reading_it_costs_four_statements_however_many_months(priya, django_assert_num_queries):
    token = make_calendar_address(by=priya)
    with django_assert_num_queries(4):
        read(token)


def test_the_feed_escapes_what_would_break_out_of_a_line():
    day = Day("due-1", date(2025, 12, 5), "One; two, three\nATTACH:file", "https://portal.example/")
    text = feed([day], name="Portal", host="portal.example", written_at=clock.now()).decode()
    assert "\r\nATTACH" not in text
    assert str(Calendar.from_ical(text).walk("VEVENT")[0]["SUMMARY"]) == "One; two, three\nATTACH:file"


# The page


def shown(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_the_address_is_shown_once_and_works(client, priya, settings):
    settings.PORTAL_ADDRESS = "https://portal.example"
    factories.sign_in(client, priya)
    page = shown(client.get(PAGE))
    assert page.select_one("#calendar-address") is None and "Renew" not in page.text
    response = client.post(PAGE, {"do": "make"})
    address = shown(response).select_one("#calendar-address")["value"]
    assert address.startswith("https://portal.example/calendar/") and response["Cache-Control"] == "private, no-store"
    assert Client().get(address.removeprefix("https://portal.example")).status_code == 200
    later = shown(client.get(PAGE))
    assert later.select_one("#calendar-address") is None
    assert "You made your address on 2 December 2025" in later.text


def test_sending_the_form_again_makes_no_second_address(client, priya):
    factories.sign_in(client, priya)
    client.post(PAGE, {"do": "make"})
    made = CalendarAddress.objects.get()
    page = client.post(PAGE, {"do": "make"}, follow=True).content.decode()
    assert "You have a calendar address already" in page
    assert CalendarAddress.objects.get() == made


def test_renewing_shows_another_and_revoking_says_so(client, priya):
    factories.sign_in(client, priya)
    first = shown(client.post(PAGE, {"do": "make"})).select_one("#calendar-address")["value"]
    second = shown(client.post(PAGE, {"do": "renew"})).select_one("#calendar-address")["value"]
    assert first != second
    page = client.post(PAGE, {"do": "revoke"}, follow=True).content.decode()
    assert "Your calendar address is revoked" in page and "Make my calendar address" in page


def test_what_happens_is_said_before_an_address_is_renewed_or_revoked(client, priya):
    factories.sign_in(client, priya)
    client.post(PAGE, {"do": "make"})
    words = [" ".join(part.text.split()) for part in shown(client.get(PAGE)).select("details")]
    assert len(words) == 2 and all("stops working at once" in said for said in words)


# When to be reminded


def test_a_person_chooses_when_she_is_reminded(client, priya):
    factories.sign_in(client, priya)
    page = shown(client.get(PAGE))
    assert page.select_one("input[name=reminders][checked]")["value"] == "daily"
    answer = client.post(PAGE, {"do": "choose", "reminders": "late"}, follow=True).content.decode()
    assert "We will email you as you chose" in answer
    assert User.objects.get(pk=priya.pk).reminders == "late"
    record = priya.history.first()
    assert (record.reminders, record.history_user) == ("late", priya)


def test_the_history_says_who_chose_also_outside_a_page(priya):
    choose_reminders(by=priya, reminders="weekly")
    record = priya.history.first()
    assert (record.reminders, record.history_user) == ("weekly", priya)
    choose_reminders(by=priya, reminders="weekly")
    assert priya.history.first() == record


@pytest.mark.parametrize("choice", ["", "hourly", "DAILY"])
def test_another_choice_is_refused_and_changes_nothing(client, priya, choice):
    factories.sign_in(client, priya)
    response = client.post(PAGE, {"do": "choose", "reminders": choice})
    assert response.status_code == 200
    assert shown(response).title.text.startswith("Error: ") and shown(response).select(".nhsuk-error-summary a")
    assert User.objects.get(pk=priya.pk).reminders == "daily"


def test_who_reports_on_nothing_gets_the_calendar_and_no_choice(client, priya):
    olu = factories.person("outcomes_group", "Olu")
    factories.sign_in(client, olu)
    page = shown(client.get(PAGE))
    assert page.select("input[name=reminders]") == [] and "calendar" in page.text
    assert client.post(PAGE, {"do": "choose", "reminders": "late"}).status_code == 200
    assert User.objects.get(pk=olu.pk).reminders == "daily"


def test_an_unknown_button_does_nothing(client, priya):
    factories.sign_in(client, priya)
    assert client.post(PAGE, {"do": "explode"}).status_code == 200
    assert not CalendarAddress.objects.exists()


def test_the_account_page_leads_here_those_who_may_come(client, priya):
    """Everyone who reads the plan may be told of reports; someone without a role has nothing to choose."""
    nina, bea = factories.person(None, "Nina"), factories.person("viewer", "Bea")
    for role, user in (("programme_manager", priya), ("viewer", bea), ("", nina)):
        user.set_password("seven quiet herons wade")
        user.save()
        factories.sign_in(client, user)
        assert (f'href="{PAGE}"' in client.get("/account/password/").content.decode()) is bool(role)
