"""What a page costs in statements: the same for 1, 20 and 60 deliverables, and no more than DESIGN.md section 7 allows.

All that a signed-in request needs is counted: session, person and memberships too.
"""

import re
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_date

from casestudies.models import CaseStudy, Figure
from deliverables.models import Deliverable, Milestone, MilestoneMove, StatusUpdate
from people.actions import give_role
from people.models import User
from priorities.models import Aim, Body, Commitment, ExpectedOutcome, PlanYear, Principle, ReportingPeriod, Theme
from reports.actions import store_roll_up
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db

SIZES = (1, 20, 60)
DASHBOARD = LIST = 8
ITEM = 10
SAVE = 16

PAGES = [
    # address                                         person   statements at most
    ("/", "Bea", DASHBOARD),
    ("/?month=2025-10", "Bea", DASHBOARD),
    ("/outcomes-group/", "Olu", DASHBOARD),
    ("/outcomes-group/?show=missing", "Olu", DASHBOARD),
    ("/updates/", "Priya", LIST),
    ("/updates/D-1/", "Priya", ITEM),
    ("/deliverables/", "Bea", LIST),
    ("/deliverables/?q=deliverable&priority=p1&principle=equity&rating=at_risk", "Bea", LIST),
    ("/deliverables/?rating=not_reported", "Bea", LIST),
    ("/deliverables/D-1/", "Bea", ITEM),
    ("/deliverables/D-1/", "Priya", ITEM),
    ("/priorities/", "Bea", LIST),
    ("/priorities/p1/", "Bea", ITEM),
    ("/case-studies/", "Bea", LIST),
    ("/case-studies/?principle=equity", "Bea", LIST),
    ("/case-studies/story-1/", "Bea", ITEM),
    ("/explain/", "Bea", LIST),
    ("/explain/?of=p1", "Bea", LIST),
]


def statements(ask: Callable[[], HttpResponse], status: int = 200) -> list[str]:
    """What the database was asked, without the beginnings and ends of transactions."""
    with CaptureQueriesContext(connection, ) as captured:
        assert ask().status_code == status
    found = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in found if not re.match(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", sql)]


def told(found: list[str]) -> str:
    """For a failing test: each statement on a line, without what it selects."""
    return "\n".join(re.sub(r"SELECT .*? FROM ", "SELECT … FROM ", sql)[:200] for sql in found)


@pytest.fixture
def people() -> dict[str, User]:
    """Priya serves two organisations, so that more than one membership is read."""
    made = {
        "Bea": factories.person("viewer", "Bea"),
        "Priya": factories.person("programme_manager"),
        "Olu": factories.person("outcomes_group", "Olu"),
    }
    give_role(by=None, user=made["Priya"], organisation=factories.organisation("trust"), role="programme_manager")
    return made


def grow(size: int, people: dict[str, User]) -> None:
    """A plan of this many deliverables, each with everything that a page may show of it, and its roll-ups made."""
    year, authors = factories.plan_year(), list(people.values())
    old = Deliverable.objects.count()
    for n in range(old + 1, size + 1):
        add_deliverable(n, authors[n % 3])
        add_story(n)
        add_frame(n, year)
    for period in ReportingPeriod.objects.begun():
        store_roll_up(period_id=period.pk)


def add_deliverable(n: int, author: User) -> None:
    organisations = [factories.organisation("icb"), factories.organisation("trust")]
    made = factories.deliverable(
        f"D-{n}", lead=organisations[n % 2], in_priority=f"P{1 + (n - 1) % 3}", principles=("PREVENTION", "EQUITY")
    )
    made.partners.set(organisations)
    made.managers.set([author])
    made.aims.set([aim(1), aim(2)])
    periods = list(ReportingPeriod.objects.begun())
    ratings = ("on_track", "at_risk", "off_track", "complete")
    updates = [
        update_of(made, period, author, number, rating=ratings[(n + period.pk) % 4])
        for period in periods
        for number in (1, 2)
        if (n, period.month) not in ((1, "2025-11"), (3, "2025-11"))
    ]
    StatusUpdate.objects.bulk_create(updates)
    first = StatusUpdate.objects.filter(deliverable=made).order_by("pk")[0]
    for step in range(1, 4):
        milestone = factories.milestone(made, f"Step {step}", date(2025, 8 + step, 15), forecast_on=date(2025, 12, 20))
        MilestoneMove.objects.create(
            milestone=milestone,
            update=first,
            from_on=milestone.baseline_on,
            to_on=date(2025, 12, 20),
            reason="supplier",
            words="The supplier is late.",
            moved_at=clock.now(),
            moved_by=author,
        )


def update_of(deliverable: Deliverable, period: ReportingPeriod, author: User, number: int, rating: str) -> StatusUpdate:
    words = {"done": "Work went on.", "why": "Late.", "route": "Hire two.", "route_on": date(2026, 1, 31), "evidence": "Plan."}
    return StatusUpdate(
        deliverable=deliverable,
        period=period,
        number=number,
        key=uuid4(),
        rating=rating,
        submitted_at=clock.on(period.due_on),
        submitted_by=author,
        **words,
    )


def aim(n: int) -> Aim:
    return Aim.objects.get_or_create(strategy=factories.plan_year().strategy, code=f"A{n}", defaults={"name": f"Aim {n}"})[0]


def add_story(n: int) -> None:
    made = CaseStudy.objects.create(
        strategy=factories.plan_year().strategy,
        code=f"CS-{n}",
        slug=f"story-{n}",
        title=f"Story {n}",
        organisation="A partner",
        stage="published",
        order=n,
    )
    made.aims.set([aim(1)])
    made.principles.set(Principle.objects.all())
    made.deliverables.set(Deliverable.objects.order_by("-pk")[:2])
    made.priorities.set([factories.priority("P1")])
    for order in (1, 2):
        Figure.objects.create(case_study=made, order=order, metric="People", value=order, unit="people")


def add_frame(n: int, year: PlanYear) -> None:
    theme, _ = Theme.objects.get_or_create(plan_year=year, code=f"T{n % 5}", defaults={"name": f"Theme {n % 5}"})
    commitment = Commitment.objects.create(theme=theme, code=f"C{n}", kind="transformation", summary="A promise.")
    Deliverable.objects.order_by("-pk")[0].commitments.add(commitment)
    ExpectedOutcome.objects.create(plan_year=year, code=f"E{n}", audience=f"Audience {n}", summary="Better.")
    above = Body.objects.filter(strategy=year.strategy).order_by("pk").first()
    Body.objects.create(strategy=year.strategy, code=f"B{n}", name=f"Board {n}", assures=above)


@pytest.fixture
def at_each_size(people: dict[str, User], client: Client) -> Callable[..., dict[int, list[str]]]:
    def measure(person: str, ask: Callable[[int], HttpResponse], status: int = 200) -> dict[int, list[str]]:
        found = {}
        for size in SIZES:
            grow(size, people)
            factories.sign_in(client, people[person])
            found[size] = statements(lambda size=size: ask(size), status)
        return found

    return measure


def assert_steady(found: dict[int, list[str]], most: int) -> None:
    counts = {size: len(asked) for size, asked in found.items()}
    assert len(set(counts.values())) == 1, f"{counts}\n{told(found[SIZES[-1]])}"
    assert counts[SIZES[0]] <= most, f"{counts} of {most}\n{told(found[SIZES[-1]])}"


@pytest.mark.parametrize(("address", "person", "most"), PAGES)
def test_a_page_costs_the_same_however_big_the_plan_is(client, at_each_size, address, person, most):
    found = at_each_size(person, lambda size: client.get(address))
    print(len(found[60]), address, person)
    assert_steady(found, most)


def test_a_save_costs_the_same_however_big_the_plan_is(client, at_each_size):
    """With a milestone moved and another done, and through to the redirect."""

    def save(size: int) -> HttpResponse:
        return client.post("/updates/D-1/", form(size))

    found = at_each_size("Priya", save, status=302)
    print(len(found[60]), told(found[60]))
    assert StatusUpdate.objects.filter(deliverable__code="D-1", period__starts_on="2025-11-01").count() == 3
    assert MilestoneMove.objects.filter(milestone__deliverable__code="D-1").count() == 3 + 3
    assert_steady(found, SAVE)


def form(size: int) -> dict[str, str]:
    """As the browser sends it: the first milestone moves, the second is done."""
    day = {1: "21 December 2025", 20: "22 December 2025", 60: "23 December 2025"}[size]
    data = {"key": str(uuid4()), "seen": str(SIZES.index(size)), "month": "2025-11", "rating": "on_track", "done": "Work."}
    for milestone in Milestone.objects.filter(deliverable__code="D-1", title__in=["Step 1", "Step 2", "Step 3"]):
        name = f"milestone-{milestone.pk}"
        data |= {f"{name}-seen_on": f"{milestone.forecast_on}", f"{name}-forecast_on": f"{milestone.forecast_on:%-d %B %Y}"}
        if milestone.title == "Step 1":
            data |= {f"{name}-forecast_on": day, f"{name}-reason": "supplier", f"{name}-words": "Late."}
        if milestone.title == "Step 2" and size == 1:
            data |= {f"{name}-done": "on"}
    return data
