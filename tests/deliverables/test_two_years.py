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


def test_a_page_of_the_coming_year_does_not_lead_to_the_editing_of_this_years_deliverable(people):
    new_year(people)
    ada, edit = client_of(people["Ada"]), "/plan/deliverables/A-1/"
    assert edit in ada.get("/deliverables/A-1/").content.decode()
    assert edit not in ada.get("/2026-27/deliverables/A-1/").content.decode()


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
    milestones = priya.get("/deliverables/A-1/milestones/?year=2025-26")
    assert milestones.context["deliverable"] == old
    back = {
        "title": "Last step",
        "baseline_on-day": "31",
        "baseline_on-month": "3",
        "baseline_on-year": "2026",
        "words": "Needed.",
    }
    assert "year=2025-26" in priya.post("/deliverables/A-1/milestones/?year=2025-26", back)["Location"]
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
