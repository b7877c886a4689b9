"""The pages that read across the plan: what they say is what the roll-up says, stored or not."""

import re
from datetime import date

import pytest
from django.urls import reverse

from deliverables.challenge import Flag
from deliverables.models import Deliverable
from priorities.models import Body, Commitment, Theme
from reports.actions import Correction, Words, correct_report, put_ask, store_roll_up
from reports.models import RollUp
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya():
    return factories.person("programme_manager")


@pytest.fixture
def bea(client):
    user = factories.person("viewer", "Bea")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def olu(client):
    user = factories.person("outcomes_group", "Olu")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def plan(priya):
    """Three deliverables: one on track, one off track in two columns, one silent."""
    november = factories.november()
    good = factories.deliverable("HW-1", principles=("PREVENTION",), short_title="Mapping")
    bad = factories.deliverable("FCN-3", in_priority="P2", principles=("PREVENTION", "EQUITY"), short_title="Eating and moving")
    factories.deliverable("FCN-1", in_priority="P2", principles=("INTEGRATION",), short_title="Neighbourhood teams")
    for month in (factories.october(), november):
        factories.update(good, by=priya, month=month)
    factories.update(bad, by=priya, month=factories.october(), rating="on_track")
    factories.update(bad, by=priya, month=november, rating="off_track", why="Two leaders left.", route="Hire two.")
    factories.milestone(bad, "Classes in all districts", date(2025, 11, 1), forecast_on=date(2026, 1, 20))
    return november


@pytest.fixture
def issued(plan):
    """The reports of October and November, as Bea reads them."""
    factories.issue(factories.october())
    factories.issue(plan)
    return plan


def text(response) -> str:
    """What is read on the page: no tags, one space between words."""
    body = re.sub(r"(?s)<script.*?</script>", " ", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_overview_says_first_what_is_off_track_and_why(client, bea, issued):
    page = text(client.get("/"))
    assert "1 of 3 deliverables is on track. One is off track. One has not reported." in page
    assert "Since October, Eating and moving moved from on track to off track." in page
    assert "Two leaders left." in page and "Hire two. By 31 January 2026." in page
    assert "Final" in page and "2 of 3 reported" in page and "Issued on 2 December 2025 by Olu" in page
    html = client.get("/").content.decode()
    assert html.index("Two leaders left.") < html.index("portal-grid--3")  # before anything that one scrolls to


def test_the_overview_shows_the_last_issued_report_whatever_has_been_said_since(client, bea, plan):
    factories.issue(factories.october())
    page = text(client.get("/"))
    assert "Position at 31 October 2025" in page and "2 of 3 deliverables are on track" in page
    asked = text(client.get("/?month=2025-11"))
    assert "There is no issued report for the month in the address. This is October 2025." in asked
    assert "Two leaders left." not in page + asked


def test_before_the_first_report_the_page_says_when_it_comes(client, bea, plan):
    page = text(client.get("/"))
    assert "No report has been issued yet" in page and "Updates for it are due on" in page and "Two leaders" not in page


def test_the_live_position_is_for_the_group_alone_and_only_when_asked_for(client, olu, plan):
    factories.issue(factories.october(), by=olu)
    assert "Position at 31 October 2025" in text(client.get("/"))
    live = text(client.get("/?month=2025-11"))
    assert "Live and provisional" in live and "Two leaders left." in live
    assert "Two leaders left." in text(client.get("/priorities/p2/?month=2025-11"))
    assert "Two leaders left." not in text(client.get("/priorities/p2/"))


def test_the_board_sees_the_flags_the_answers_the_groups_line_and_the_ask(client, bea, plan, priya):
    ask = {"deliverable": Deliverable.objects.get(code="FCN-3"), "wording": "Pay for two leaders.", "owner": "The director"}
    put_ask(by=factories.person("outcomes_group", "Olu"), period=plan, wanted_on=date(2025, 12, 18), **ask)
    flags = (Flag("moved", "Milestone moved twice", "It has moved twice."),)
    said = {"why": "Two leaders left.", "flags": flags, "answer": "They are hired."}
    factories.update(ask["deliverable"], by=priya, month=plan, rating="off_track", seen=1, **said)
    factories.issue(plan, FCN_3="We cannot mend this alone.")
    page = text(client.get("/"))
    assert "Second look: milestone moved twice. It has moved twice. Answer: They are hired." in page
    assert "We cannot mend this alone." in page
    assert "Decision asked by 18 December 2025: Pay for two leaders." in page


def test_what_changed_since_the_last_report_is_listed(client, bea, issued):
    page = text(client.get("/"))
    assert "Since the October 2025 report" in page and "Worse: Eating and moving, from on track to off track" in page


def test_gaps_in_the_plan_and_where_trouble_lies_are_plain(client, bea, plan):
    factories.deliverable("X-9", short_title="Serves nothing")
    factories.issue(plan)
    page = text(client.get("/"))
    assert "A gap: nothing in the plan serves equity here" in page
    assert "Serving no principle: Serves nothing . It is not in this table." in page
    assert "Equity : 1 of 1 late or off track, 1 milestone overdue" in page


def test_an_unchanged_overview_is_not_sent_again(client, bea, issued):
    client.get("/")  # which gives the browser the cookie that its forms are guarded by
    first = client.get("/")
    again = client.get("/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"


def test_a_kept_overview_is_of_no_use_once_anything_of_it_changes(client, bea, issued):
    client.get("/")
    tags = [client.get("/")["ETag"]]
    words = Correction("It was wrong.", Words("Corrected."))
    correct_report(by=factories.person("outcomes_group", "Olu"), period=issued, seen=1, correction=words)
    tags.append(client.get("/")["ETag"])
    factories.give_role(by=None, user=bea, organisation=factories.organisation(), role="outcomes_group")
    tags.append(client.get("/")["ETag"])
    client.logout()
    factories.sign_in(client, bea)
    tags.append(client.get("/")["ETag"])
    assert len(set(tags)) == 4


def test_a_deliverable_with_two_principles_stands_in_both_columns(client, bea, issued):
    html = client.get("/").content.decode()
    cells = re.findall(r'(?s)<td role="cell" data-label="(\w+)">(.*?)</td>', html)
    holding = [name for name, cell in cells if "Eating and moving" in cell]
    assert sorted(holding) == ["Equity", "Prevention"]
    assert "also equity" in html and "also prevention" in html


def test_silence_is_not_reported_and_stops_the_priority_from_being_on_track(client, bea, priya):
    factories.update(factories.deliverable("A-1"), by=priya, month=factories.november())
    factories.deliverable("A-2", short_title="Silent")
    factories.issue(factories.november())
    page = text(client.get("/"))
    assert "1 of 2 deliverables is on track. One has not reported." in page
    card = re.search(r"Priority 1 Priority P1 (.*?) 2 deliverables", page)[1]
    assert card.startswith("At risk")
    assert "No update has been submitted for November 2025." in page


@pytest.mark.parametrize("stored", [True, False])
def test_the_pages_are_right_with_and_without_a_stored_roll_up(client, olu, plan, stored):
    if stored:
        store_roll_up(period_id=plan.pk)
    page = text(client.get("/outcomes-group/"))
    assert "2 of 3 updates are in. One is still to come." in page
    assert RollUp.objects.exists() == stored  # looking writes nothing


def test_the_group_sees_who_has_reported_who_has_not_and_which_way_it_goes(client, olu, plan):
    page = text(client.get("/outcomes-group/"))
    assert "down from on track" in page and "same as October" in page
    assert "Submitted 30 November Priya" in page.replace(" ", " ")
    assert "Not in yet" in page
    only = text(client.get("/outcomes-group/?show=missing"))
    assert "Neighbourhood teams" in only and "Mapping" not in only


def test_the_group_sees_how_late_an_update_is(client, olu, plan, set_today):
    set_today(date(2025, 12, 9))
    page = text(client.get("/outcomes-group/"))
    assert "Late 4 days" in page and "One is late." in page


def test_the_group_sees_milestones_ahead_with_their_slip(client, olu, plan):
    page = text(client.get("/outcomes-group/"))
    assert "Classes in all districts FCN-3" in page and "20 January 2026" in page


def test_each_headline_leads_to_its_rule_and_rows(client, bea, issued):
    page = text(client.get(reverse("explain")))
    assert "The headline is off track because one is off track." in page
    assert "rule version 1" in page and "Nothing is averaged" in page
    for name in ("Mapping", "Eating and moving", "Neighbourhood teams"):
        assert name in page
    of_one = text(client.get(reverse("explain"), {"of": "p1"}))
    assert "Mapping" in of_one and "Neighbourhood teams" not in of_one


def test_an_unknown_month_or_group_in_the_address_is_the_current_one(client, bea, issued):
    for address in ("/?month=2031-01", "/?month=x", "/explain/?of=nothing&page=999999999999", "/explain/?page=-1"):
        assert client.get(address).status_code == 200


def test_an_earlier_month_can_be_chosen(client, bea, issued):
    page = text(client.get("/?month=2025-10"))
    assert "Position at 31 October 2025" in page and "2 of 3 deliverables are on track" in page


def test_a_priority_shows_its_deliverables_and_the_same_figures(client, bea, issued):
    page = text(client.get("/priorities/p2/"))
    assert "Eating and moving" in page and "Two leaders left." in page and "Mapping" not in page
    assert "1 of 2 reported" in page


def test_the_plan_on_a_page_shows_commitments_and_what_answers_them(client, bea, plan):
    theme = Theme.objects.create(plan_year=factories.plan_year(), code="T1", name="Teams")
    promise = Commitment.objects.create(theme=theme, code="T1.1", kind="transformation", summary="Create teams.")
    factories.deliverable("X-1").commitments.add(promise)
    Body.objects.create(strategy=factories.plan_year().strategy, code="OOG", name="Outcomes Group", oversees="Monitors delivery.")
    page = text(client.get("/priorities/"))
    assert "Create teams." in page and "Answered by X-1" in page and "Monitors delivery." in page


def test_with_nothing_loaded_every_page_says_so(client, bea):
    for address in ("/", "/priorities/", "/deliverables/", "/case-studies/", "/explain/"):
        assert client.get(address).status_code == 200


def test_what_people_wrote_is_never_markup(client, olu, priya):
    nasty = factories.deliverable("A-1", short_title="<b>x</b>", summary="<script>alert(1)</script>")
    factories.milestone(nasty, "</script><script>alert(2)</script>", date(2025, 12, 20))
    factories.update(nasty, by=priya, month=factories.november(), done="<img src=x onerror=alert(3)>")
    assert client.get("/outcomes-group/agree/").status_code == 200
    factories.issue(factories.november(), by=olu, note="<b>x</b><script>alert(4)</script>", A_1="<img src=x>")
    pages = ("/outcomes-group/", "/", "/deliverables/A-1/", "/priorities/p1/", "/deliverables/", "/reports/2025-11/", "/explain/")
    for address in (*pages, "/reports/2025-11/history/", "/outcomes-group/correct/2025-11/"):
        html = client.get(address).content.decode()
        assert "<b>x</b>" not in html and "<img src=x" not in html and "<script>alert" not in html
