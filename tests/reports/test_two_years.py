"""Two plan years with the same codes: each stays readable at its own address, and nothing of one is shown as the other's."""

import re
from datetime import date

import pytest

from casestudies.models import CaseStudy
from deliverables.models import Deliverable
from priorities.models import Priority, ReportingPeriod
from reports import comparison
from reports.models import ProgressReport
from tests import factories
from tests.reports.test_pages import text
from tests.test_queries import ITEM, LIST, statements

pytestmark = pytest.mark.django_db

OLD, NEW = "Deliverable HW-1", "Other work under the same code"
IN_MAY = date(2026, 5, 12)


@pytest.fixture
def bea(client):
    user = factories.person("viewer", "Bea")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def years(set_today, bea):
    """2025/26 reported and issued for March 2026; 2026/27 begun, with nothing reported. It is May 2026."""
    priya = factories.person("programme_manager", "Priya")
    old = factories.deliverable("HW-1", lead=factories.organisation(), principles=("EQUITY",), summary="Mapping of homes.")
    factories.milestone(old, "First step", date(2026, 4, 20))
    factories.update(old, by=priya, month=factories.period_of("2026-02-01"), rating="on_track")
    march = factories.period_of("2026-03-01")
    set_today(date(2026, 4, 2))
    factories.update(old, by=priya, month=march, rating="off_track", why="Rents rose.")
    factories.issue(march)
    set_today(IN_MAY)
    return old, factories.next_year()


def links(response) -> set[str]:
    """Those of its main part that lead into a plan."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return {href for href in re.findall('href="([^"?#]+)', main) if "/deliverables/" in href or "/priorities/" in href}


def test_an_address_without_a_year_means_the_current_one(client, years):
    for address in ("/deliverables/HW-1/", "/deliverables/", "/priorities/", "/priorities/p1/"):
        page = text(client.get(address))
        assert NEW in page and OLD not in page and "You are reading the plan of" not in page, address


def test_every_page_of_the_year_before_says_so_and_leads_to_the_current_plan(client, years):
    for address in ("/2025-26/deliverables/HW-1/", "/2025-26/deliverables/", "/2025-26/priorities/", "/2025-26/priorities/p1/"):
        page = text(client.get(address))
        assert OLD in page and NEW not in page, address
        assert "You are reading the plan of 2025/26. Go to the current plan, 2026/27" in page, address
        assert ("they are called here as they are today" in page) is (address == "/2025-26/priorities/"), address
    page = text(client.get("/2025-26/deliverables/HW-1/evidence/"))
    assert "You are reading the plan of 2025/26." in page


DEFINED = ("/2025-26/deliverables/HW-1/definition/", "/2025-26/deliverables/HW-1/reach/history/")


def test_its_links_stay_inside_their_year(client, years):
    leave = {"/deliverables/", "/priorities/"}  # to the current plan
    for address in ("/2025-26/deliverables/HW-1/", "/2025-26/priorities/p1/", "/2025-26/deliverables/HW-1/evidence/", *DEFINED):
        inside = {href for href in links(client.get(address)) if not href.startswith("/2025-26/")}
        assert inside <= leave, address
    for page in ("deliverables", "priorities"):
        found = links(client.get(f"/2025-26/{page}/")) - leave - {f"/2026-27/{page}/"}
        assert found and all(href.startswith("/2025-26/") for href in found), page


def test_lists_offer_the_years_where_there_are_two(client, years):
    for page in ("/deliverables/", "/priorities/"):
        assert "Plan year: 2026/27 · 2025/26" in text(client.get(page))
        assert f"/2025-26{page}" in links(client.get(page))


def test_a_plan_of_one_year_offers_none(client, bea):
    factories.deliverable("HW-1")
    for page in ("/deliverables/", "/priorities/", "/2025-26/deliverables/", "/2025-26/priorities/"):
        shown = text(client.get(page))
        assert "Plan year: " not in shown and "You are reading" not in shown


def test_a_list_of_an_old_year_has_the_ratings_of_that_years_newest_shown_month(client, years):
    page = text(client.get("/2025-26/deliverables/"))
    assert "position for March 2026" in page and "Off track" in page.partition("Definition")[2]
    assert "Off track" in text(client.get("/2025-26/priorities/p1/"))
    for address in ("/deliverables/", "/priorities/p1/"):  # of the new year, nothing is issued
        assert "Off track" not in text(client.get(address))
    assert "no report has been issued yet" in text(client.get("/deliverables/"))


def test_search_and_filters_find_what_is_in_the_year_alone(client, years):
    for query in ("?q=HW-1", "?priority=p1", "?principle=EQUITY", "?q=mapping", "?rating=off_track"):
        assert OLD in text(client.get(f"/2025-26/deliverables/{query}")), query
        assert OLD not in text(client.get(f"/deliverables/{query}")), query
    assert NEW in text(client.get("/deliverables/?q=HW-1&priority=p1"))
    options = text(client.get("/2025-26/deliverables/"))
    assert "Priority P1" in options and "Priority one again" not in options


def test_a_year_that_has_not_begun_can_be_read_and_says_that_it_is_not_the_current_one(client, years, set_today):
    set_today(date(2026, 3, 20))
    page = text(client.get("/2026-27/deliverables/"))
    assert NEW in page and "You are reading the plan of 2026/27. Go to the current plan, 2025/26" in page
    assert OLD in text(client.get("/deliverables/HW-1/"))


def test_the_overview_of_an_old_report_leads_to_that_years_plan(client, years):
    """No report of the new year is issued, so it is the last of the old one. Nothing in it means the new year's work."""
    for address in ("/", "/?month=2026-03", "/explain/", "/explain/?of=p1&month=2026-03", "/reports/2026-03/"):
        response = client.get(address)
        assert NEW not in text(response)
        assert all(href.startswith("/2025-26/") for href in links(response)), address
    assert {"/2025-26/deliverables/HW-1/", "/2025-26/priorities/p1/"} <= links(client.get("/"))
    assert "/2025-26/deliverables/HW-1/" in links(client.get("/explain/"))


def test_the_groups_pages_lead_to_the_year_of_their_month(client, years, set_today):
    factories.sign_in(client, factories.person("outcomes_group", "Olga"))
    set_today(date(2026, 6, 1))
    pages = ("/outcomes-group/", "/outcomes-group/collect/", "/outcomes-group/challenge/HW-1/", "/outcomes-group/remind/")
    for address in pages:
        response = client.get(f"{address}?month=2026-05")
        assert response.status_code == 200 and links(response) == {"/2026-27/deliverables/HW-1/"}, address


def test_the_choice_of_a_month_stays_within_a_year_and_leads_to_the_other(client, years, set_today):
    set_today(date(2026, 6, 1))
    april = years[1].periods.get(starts_on="2026-04-01")
    factories.issue(april)
    html = client.get("/").content.decode()
    assert re.findall('<option value="(.+?)"', html) == ["2026-04"]
    assert '<a href="?month=2026-03">Plan year 2025/26</a>' in html
    before = client.get("/?month=2026-03").content.decode()
    assert re.findall('<option value="(.+?)"', before) == ["2026-03"]
    assert '<a href="?month=2026-04">Plan year 2026/27</a>' in before


def test_the_overview_that_a_browser_kept_is_not_shown_once_another_year_has_a_report(client, years, set_today):
    before = client.get("/?month=2026-03")["ETag"]
    set_today(date(2026, 6, 1))
    factories.issue(years[1].periods.get(starts_on="2026-04-01"))
    set_today(IN_MAY)
    assert client.get("/?month=2026-03")["ETag"] != before


def test_reports_of_two_years_are_compared_by_code_and_title(client, years, set_today):
    set_today(date(2026, 6, 1))
    factories.issue(years[1].periods.get(starts_on="2026-04-01"))
    page = text(client.get("/reports/compare/?from=2026-03&to=2026-04"))
    assert "of two plan years, 2025/26 and 2026/27" in page
    assert "Added: 1" in page and "Removed: 1" in page and "Got " not in page
    then, now = ProgressReport.objects.order_by("period__starts_on")
    Deliverable.objects.filter(plan_year=years[1]).update(title=OLD)
    found = comparison.between(then, then)
    assert found == [] and comparison.years_apart(then.content, now.content) == ("2025/26", "2026/27")


def test_a_story_leads_to_the_deliverable_of_its_own_year_and_is_listed_once(client, years):
    told = CaseStudy.objects.create(
        strategy=years[1].strategy, code="told", slug="told", title="Told", organisation="A partner", stage="published"
    )
    told.deliverables.set([years[0]])
    told.priorities.set(Priority.objects.filter(slug="p1"))
    assert links(client.get("/case-studies/told/")) == {"/2025-26/deliverables/HW-1/"}
    html = client.get("/case-studies/?priority=p1").content.decode()
    assert "1 case study" in text(client.get("/case-studies/?priority=p1"))
    assert re.findall('<option value="p1"[^>]*>(.+?)<', html) == ["Priority one again"]


def test_evidence_of_the_last_month_is_added_to_the_old_years_deliverable(client, years, set_today):
    old, _ = years
    set_today(date(2026, 4, 29))
    priya = factories.person("programme_manager", "Priscilla")
    factories.sign_in(client, priya)
    april = "2026-04"
    page = client.get("/2026-27/deliverables/HW-1/evidence/")
    assert page.status_code == 200 and "Add evidence" not in text(page)  # nobody leads the new one
    Deliverable.objects.filter(plan_year=years[1]).update(lead=old.lead)
    data = {"title": "Minutes", "kind": "link", "link": "https://example.org/minutes", "about": "update", "month": april}
    sent = client.post("/2026-27/deliverables/HW-1/evidence/", data)
    assert sent.status_code == 302, text(sent)
    assert sent["Location"] == "/2026-27/deliverables/HW-1/evidence/?month=2026-04"
    assert not old.evidence_items.exists()


def test_my_updates_of_the_year_before_lead_to_its_own_pages(client, years, set_today):
    """March is open still when April opens, and a code means other work in each."""
    priya = factories.person("programme_manager", "Priscilla")
    factories.sign_in(client, priya)
    set_today(date(2026, 4, 29))
    ReportingPeriod.objects.filter(starts_on="2026-03-01").update(closed_at=None, closed_by=None)
    page = client.get("/updates/?month=2026-03&open=HW-1")
    assert OLD in text(page)
    found = re.findall(r'href="(/updates/HW-1/[^"]*|/deliverables/HW-1/[^"]*)"', page.content.decode())
    assert found and all(href.endswith("?month=2026-03") for href in found)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/2025-26/deliverables/", LIST),
        ("/2025-26/deliverables/?q=hw&rating=off_track", LIST),
        ("/2025-26/deliverables/HW-1/", ITEM),
        ("/2025-26/deliverables/HW-1/evidence/", ITEM),
        ("/2025-26/priorities/", ITEM),
        ("/2025-26/priorities/p1/", ITEM),
    ],
)
def test_a_page_of_a_year_costs_no_more_than_any_page_may(client, years, address, most):
    assert len(statements(lambda: client.get(address))) <= most
    assert len(statements(lambda: client.get(address.replace("2025-26", "2026-27")))) <= most
