"""The next year is published in February: until April nothing of it shows, and March is still reported and issued after that."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from deliverables.actions import agree_update
from deliverables.due import outstanding
from deliverables.models import Deliverable, Evidence, Milestone, StatusUpdate, UpdateDraft
from people.models import User
from priorities.models import PlanYear, ReportingPeriod
from reports.actions import check_reports
from strategy_portal import clock
from tests import factories
from tests.deliverables.refreshing import choose, make_plan, publish

pytestmark = pytest.mark.django_db
IN_FEBRUARY, IN_APRIL = date(2026, 2, 16), date(2026, 4, 2)


@pytest.fixture
def people(set_today) -> dict[str, User]:
    """Every month up to January is reported and issued; then 2026/27 is published, with A-1 reworded and A-2 stopped."""
    year = make_plan()
    made = {name: User.objects.filter(name=name).first() or factories.person(role, name) for name, role in ROLES.items()}
    set_today(IN_FEBRUARY)
    for month in list(ReportingPeriod.objects.filter(plan_year=year, starts_on__lt="2026-02-01").order_by("starts_on")):
        month = ReportingPeriod.objects.select_related("plan_year__strategy").get(pk=month.pk)
        for one in Deliverable.objects.of(year):
            factories.update(one, by=made["Priya"], month=month)
        factories.issue(month, by=made["Olu"])
    return made


ROLES = {"Priya": "programme_manager", "Olu": "outcomes_group", "Bea": "viewer", "Ada": "administrator"}
READ = {
    "Bea": ("/", "/priorities/", "/priorities/p1/", "/deliverables/", "/deliverables/A-1/", "/reports/", "/reports/2026-01/"),
    "Priya": ("/updates/", "/deliverables/A-1/evidence/", "/deliverables/A-1/milestones/", "/deliverables/A-1/"),
    "Olu": ("/outcomes-group/", "/outcomes-group/collect/", "/outcomes-group/remind/", "/outcomes-group/asks/"),
}


def client_of(user: User) -> Client:
    client = Client()
    factories.sign_in(client, user)
    return client


def pages(people) -> dict[str, str]:
    found = {}
    for name, addresses in READ.items():
        client = client_of(people[name])
        for address in addresses:
            page = client.get(address).content.decode()
            found[f"{name} {address}"] = text_of(page[page.index("<main") :])
    return found


def text_of(page: str) -> str:
    """Without what differs each time, and without the choice of a plan year, which offers the coming one."""
    page = re.sub(r'<nav [^>]*aria-label="Plan years".*?</nav>', "", page, flags=re.S)
    return re.sub(r'value="[^"]*"', "", page)


def new_year(people) -> PlanYear:
    choose(
        people["Ada"],
        A_1={"fate": "reworded", "name": "Anew", "words": "Other."},
        A_2={"fate": "stopped", "reason": "Done with."},
    )
    return publish(people["Ada"])


def march() -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("plan_year__strategy").get(starts_on="2026-03-01")


def test_publishing_in_february_changes_nothing_that_todays_pages_show(people):
    before = pages(people)
    new_year(people)
    after = pages(people)
    lineage = "Became"
    assert all(lineage in page for address, page in after.items() if address.endswith("/deliverables/A-1/"))
    without = {a: p for a, p in before.items() if not a.endswith(("/deliverables/A-1/", "/priorities/p1/"))}
    assert {a: p for a, p in after.items() if a in without} == without
    assert "Anew" not in "".join(after.values())


def test_march_is_reported_agreed_and_issued_in_april_when_the_new_year_is_the_current_one(people, set_today):
    year = new_year(people)
    set_today(IN_APRIL)
    assert PlanYear.objects.current() == year
    old = Deliverable.objects.get(code="A-1", plan_year__code="2025-26")
    priya, olu = client_of(people["Priya"]), client_of(people["Olu"])
    page = priya.get("/updates/").content.decode()
    assert "March 2026" in page and "Short A-2" in page
    assert priya.get("/updates/A-1/").context["deliverable"] == old
    sent = {
        "key": str(uuid4()),
        "seen": "0",
        "month": "2026-03",
        "rating": "on_track",
        "done": "March went well.",
        "answer": "Yes.",
    }
    step = old.milestones.get(title="Second step")
    name = f"milestone-{step.pk}"
    sent |= {f"{name}-seen_on": "2026-05-15", f"{name}-forecast_on": "15 May 2026", f"{name}-done": "on"}
    assert priya.post("/updates/A-1/draft/", sent).status_code == 200
    assert UpdateDraft.objects.get(period=march()).deliverable == old
    assert priya.post("/updates/A-1/", sent | {"looked": "x"}).status_code == 302
    update = StatusUpdate.objects.get(period=march(), deliverable=old)
    assert Milestone.objects.get(carried_from=step).ended_on == IN_APRIL  # done in the old year, so nothing to carry on
    assert priya.post(
        "/deliverables/A-1/evidence/?month=2026-03",
        {"month": "2026-03", "title": "Plan", "kind": "link", "link": "https://example.org/", "about": "update"},
    )
    assert Evidence.objects.get().deliverable == old
    milestones = priya.get("/2025-26/deliverables/A-1/milestones/")
    assert milestones.context["deliverable"] == old
    back = {
        "title": "Last step",
        "baseline_on-day": "31",
        "baseline_on-month": "3",
        "baseline_on-year": "2026",
        "words": "Needed.",
    }
    assert priya.post("/2025-26/deliverables/A-1/milestones/", back)["Location"] == "/2025-26/deliverables/A-1/milestones/"
    assert old.milestone_changes.count() == 1
    assert priya.get("/2025-26/deliverables/A-1/evidence/").context["period"] == march()
    assert priya.get("/updates/excel/?all=1").status_code == 200
    assert {due.deliverable.plan_year.code for one in outstanding().people for due in one.dues} == {"2025-26"}
    assert olu.get("/outcomes-group/challenge/A-1/?month=2026-03").context["deliverable"] == old
    agree_update(by=people["Olu"], update=update)
    factories.issue(ReportingPeriod.objects.select_related("plan_year__strategy").get(starts_on="2026-02-01"), by=people["Olu"])
    report = factories.issue(march(), by=people["Olu"])
    assert {line.code for line in report.lines.all()} == {"A-1", "A-2", "A-3", "B-1", "B-2"}
    assert check_reports().faults == []
    assert client_of(people["Bea"]).get("/").context["period"] == march()


WRITING = re.compile(r'href="([^"]*/(?:plan/deliverables/A-1/|milestones/|reach/|definition/(?:draft|change)/))"')


def ways_to_write(client: Client, address: str) -> set[str]:
    return set(WRITING.findall(client.get(address).content.decode()))


@pytest.mark.parametrize(("today", "year"), [(IN_FEBRUARY, "2026-27"), (IN_APRIL, "2025-26")])
def test_a_page_of_another_year_leads_to_writing_in_that_year(people, set_today, today, year):
    new_year(people)
    set_today(today)
    at = f"/{year}/deliverables/A-1/"
    ada, priya = client_of(people["Ada"]), client_of(people["Priya"])
    assert ways_to_write(ada, at) == {f"/{year}/plan/deliverables/A-1/", f"{at}reach/"}
    assert ways_to_write(priya, at) == {f"{at}milestones/", f"{at}reach/"}
    Deliverable.objects.filter(code="A-1").update(maturity="drafted")
    assert ways_to_write(priya, f"{at}definition/") == {f"{at}definition/draft/"}
    Deliverable.objects.filter(code="A-1").update(maturity="baselined")
    assert ways_to_write(priya, f"{at}definition/") == {f"{at}definition/change/"}
    assert f'{at}definition/change/"' in ada.get(f"/{year}/plan/deliverables/A-1/").content.decode()
    of_the_plan = [(ada, f"/{year}/plan/deliverables/A-1/{page}") for page in ("", "history/", "stop/", "delete/")]
    hers = [(priya, f"{at}{page}/") for page in ("milestones", "reach", "definition/change")]
    for client, address in of_the_plan + hers:
        page = client.get(address)
        assert page.context["deliverable"].plan_year.code == year
        assert re.search(rf"<title>[^<]*, {year.replace('-', '/')}[^<]*</title>", page.content.decode()), address


@pytest.mark.parametrize(("today", "year"), [(IN_FEBRUARY, "2026-27"), (IN_APRIL, "2025-26")])
def test_what_is_written_on_a_page_of_another_year_is_of_that_year(people, set_today, today, year):
    new_year(people)
    set_today(today)
    ada, priya = client_of(people["Ada"]), client_of(people["Priya"])
    there = Deliverable.objects.get(code="B-1", plan_year__code=year)
    elsewhere = Deliverable.objects.exclude(pk=there.pk).get(code="B-1")
    day = {"on-day": "1", "on-month": "2", "on-year": "2027" if year == "2026-27" else "2026", "reason": "Not needed."}
    assert ada.post(f"/{year}/plan/deliverables/B-1/stop/", day)["Location"] == f"/{year}/plan/deliverables/"
    assert ada.post(f"/{year}/plan/deliverables/B-1/move/", {"do": "down"})["Location"] == f"/{year}/plan/deliverables/#B-1"
    assert priya.post(f"/{year}/deliverables/A-1/reach/", {"benefits": "Carers.", "seen": "0"}).status_code in (200, 302)
    there.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (there.stop_reason, elsewhere.stop_reason) == ("Not needed.", "")
    assert "B-1" in ada.get(f"/{year}/plan/deliverables/").content.decode()


def test_what_is_typed_for_one_year_is_not_kept_for_the_other(people):
    new_year(people)
    ada = client_of(people["Ada"])
    for address, box in (("/plan/deliverables/A-1/", "summary"), ("/plan/priorities/P1/", "name")):
        ada.post(f"/2026-27{address}", {"do": "quiet", box: "For the coming year."})
        assert "For the coming year." in ada.get(f"/2026-27{address}").content.decode()
        assert "For the coming year." not in ada.get(address).content.decode()


def test_a_year_that_is_reported_to_its_end_is_only_read(people, set_today):
    new_year(people)
    set_today(date(2026, 6, 1))
    ReportingPeriod.objects.filter(plan_year__code="2025-26").update(closed_at=clock.now(), closed_by=people["Olu"])
    assert ways_to_write(client_of(people["Priya"]), "/2025-26/deliverables/A-1/") == set()
    assert ways_to_write(client_of(people["Priya"]), "/2025-26/deliverables/A-1/definition/") == set()


def test_an_administrator_sees_what_each_year_needs(people):
    year = new_year(people)
    ada = client_of(people["Ada"])
    page = ada.get("/2026-27/plan/")
    assert page.context["year"] == year
    for part in ("year", "periods", "priorities", "deliverables"):
        assert f'href="/2026-27/plan/{part}/"' in page.content.decode()
    assert ada.get("/2026-27/plan/deliverables/").context["year"] == year
    assert 'href="/2025-26/plan/deliverables/"' in ada.get("/2026-27/plan/deliverables/").content.decode()


def test_what_is_handed_over_is_named_with_its_year(people):
    new_year(people)
    for one in Deliverable.objects.filter(code="A-1"):
        one.managers.set([people["Priya"]])
    page = client_of(people["Ada"]).get(f"/plan/people/{people['Priya'].pk}/hand-over/").content.decode()
    assert set(re.findall(r"<li>[^<]*, (\d{4}/\d\d)</li>", page)) == {"2025/26", "2026/27"}
