"""The list of deliverables, one deliverable, and my updates."""

from datetime import date

import pytest

from deliverables.actions import MilestoneReport
from priorities.actions import close_period
from priorities.models import ReportingPeriod
from tests import factories
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya(client):
    user = factories.person("programme_manager")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def plan(priya):
    """Two led by her organisation, and one that nobody leads."""
    icb = factories.organisation()
    first = factories.deliverable("HW-1", lead=icb, principles=("PREVENTION",), short_title="Mapping")
    second = factories.deliverable("FCN-2", lead=icb, in_priority="P2", principles=("EQUITY",), short_title="Sensors")
    factories.deliverable("CYP-2", in_priority="P2", short_title="Families")
    factories.update(first, by=priya, month=factories.november())
    factories.update(second, by=priya, month=factories.october(), rating="off_track", done="355 homes.")
    return first, second


def test_what_is_not_issued_is_shown_to_the_group_and_to_who_reports_it_alone(client, plan, priya):
    """The list, one deliverable, and a filter that would tell."""
    factories.issue(factories.october())
    seen = {}
    for user in (factories.person("viewer", "Vera"), priya, factories.person("outcomes_group", "Olu")):
        factories.sign_in(client, user)
        page = text(client.get("/deliverables/"))
        told = "Mapping" in text(client.get("/deliverables/?rating=on_track"))
        seen[user.name] = ("position for October 2025" in page, told, "November 2025" in text(client.get("/deliverables/HW-1/")))
    assert seen == {"Vera": (True, False, False), "Priya": (True, False, True), "Olu": (False, True, True)}


def test_before_the_first_report_the_list_names_everything_and_rates_nothing(client, plan):
    page = text(client.get("/deliverables/?rating=on_track"))
    assert "no report has been issued yet" in page and "Mapping" in page and "Sensors" in page
    assert "On track" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Mapping", "Sensors", "Families"}),
        ("?priority=p2", {"Sensors", "Families"}),
        ("?principle=EQUITY", {"Sensors"}),
        ("?rating=on_track", {"Mapping"}),
        ("?rating=not_reported", {"Sensors", "Families"}),
        ("?rating=off_track", set()),
        ("?q=sens", {"Sensors"}),
        ("?q=organisation+hw", {"Mapping"}),
        ("?q=nothing-like-it", set()),
        ("?priority=p2&principle=EQUITY&rating=not_reported&q=FCN", {"Sensors"}),
        ("?priority=unknown&rating=green", {"Mapping", "Sensors", "Families"}),
        ("?q=%00", {"Mapping", "Sensors", "Families"}),
    ],
)
def test_the_list_is_narrowed_by_the_address(client, plan, query, found):
    factories.issue(factories.november())
    page = text(client.get(f"/deliverables/{query}"))
    assert {name for name in ("Mapping", "Sensors", "Families") if name in page} == found
    if not found:
        assert "No deliverable fits these filters" in page


def test_filters_survive_paging_and_a_wild_page_number_is_the_last(client, priya):
    for number in range(60):
        factories.deliverable(f"D-{number}", short_title=f"Work {number}")
    html = client.get("/deliverables/?priority=p1&page=2").content.decode()
    assert "Showing 21 to 40 of 60" in text(client.get("/deliverables/?priority=p1&page=2"))
    assert "?priority=p1&amp;page=3" in html
    assert "Showing 41 to 60 of 60" in text(client.get("/deliverables/?page=999999"))
    for wild in ("0", "-1", "x", "2306343921016966656", "²"):
        assert "Showing 1 to 20 of 60" in text(client.get("/deliverables/", {"page": wild}))


def test_what_is_not_known_is_said_to_be_not_set(client, plan):
    page = text(client.get("/deliverables/CYP-2/"))
    for key in ("Lead", "Partners", "Managers", "Measure", "Starts", "Due", "Aims"):
        assert f"{key} Not set" in page
    assert "No milestones are set" in page


def test_a_deliverable_shows_its_months_with_who_and_when(client, plan):
    page = text(client.get("/deliverables/FCN-2/"))
    assert "355 homes." in page and "Priya · 31 October 2025, midnight" in page
    assert "Not reported yet. Due Friday 5 December." in page
    assert "Nobody reported for this month." in page


def test_superseded_words_and_moves_stay_readable(client, priya, plan):
    _, second = plan
    milestone = factories.milestone(second, "800 homes connected")
    moved = MilestoneReport(milestone.pk, date(2025, 11, 15), date(2026, 2, 28), "supplier", "The supplier is late.")
    factories.update(second, by=priya, month=factories.november(), rating="at_risk", done="First words.")
    factories.update(
        second, by=priya, month=factories.november(), rating="off_track", done="Last words.", seen=1, milestones=(moved,)
    )
    page = text(client.get("/deliverables/FCN-2/"))
    assert "Last words." in page and "1 earlier version for November 2025" in page and "First words." in page
    assert "28 February 2026 proposed, waits for the group" in page
    assert "Not yet : 800 homes connected" in page
    assert "15 November 2025 to 28 February 2026, proposed to the group. Supplier or contract: The supplier is late." in page


def test_an_unknown_deliverable_is_not_found(client, priya):
    factories.plan_year()
    assert client.get("/deliverables/NO-1/").status_code == 404
    assert client.get("/updates/NO-1/").status_code == 404


def test_my_updates_lists_what_is_due_from_me_and_what_is_done(client, plan):
    page = text(client.get("/updates/"))
    assert "1 to do, 1 done." in page
    assert "Mapping" in page and "Sensors" in page and "Families" not in page
    assert "off track in October" in page and "3 working days left" in page


def test_my_updates_says_when_it_is_late(client, plan, set_today):
    set_today(date(2025, 12, 9))
    page = text(client.get("/updates/"))
    assert "now late" in page and "Late" in page


def test_my_updates_without_any_says_what_to_do(client, priya):
    factories.plan_year()
    assert "You have no deliverables to report on" in text(client.get("/updates/"))


def test_my_updates_when_no_month_is_open(client, plan):
    olu = factories.person("outcomes_group", "Olu")
    for period in ReportingPeriod.objects.begun():
        close_period(by=olu, period=period)
    assert "No month is open for updates" in text(client.get("/updates/"))
    assert "No month is open for updates" in text(client.get("/updates/FCN-2/"))
