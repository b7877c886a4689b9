"""What a page costs in statements: the same for 1, 20 and 60 deliverables, and no more than DESIGN.md section 7 allows.

All that a signed-in request needs is counted: session, person and memberships too.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from casestudies.models import CaseStudy, Figure
from deliverables.models import Deliverable, Evidence, Milestone, MilestoneMove, StatusUpdate
from people.actions import give_role
from people.models import User
from priorities.models import Aim, Body, Commitment, ExpectedOutcome, PlanYear, Principle, ReachGroup, ReportingPeriod, Theme
from reports.actions import store_roll_up
from strategy_portal import clock
from tests import factories

SIZES = (1, 20, 60)
ISSUED = {1: "2025-08-01", 20: "2025-09-01", 60: "2025-10-01"}  # the last report that there is, by size
DASHBOARD = LIST = 8
ITEM = 10
SAVE = 16

PAGES = [
    # address                                           person  statements at most
    ("/", "Bea", DASHBOARD),
    ("/?month=2025-10", "Bea", DASHBOARD),
    ("/outcomes-group/", "Olu", DASHBOARD),
    ("/outcomes-group/?show=missing", "Olu", DASHBOARD),
    ("/outcomes-group/remind/", "Olu", ITEM),
    ("/account/reminders/", "Priya", LIST),
    ("/outcomes-group/agree/", "Olu", ITEM),
    ("/outcomes-group/asks/", "Olu", LIST),
    ("/reports/", "Bea", LIST),
    ("/health/", "Bea", LIST),
    ("/outcomes-group/collect/", "Olu", ITEM),
    ("/outcomes-group/challenge/D-1/", "Olu", ITEM),
    ("/outcomes-group/agree-unchanged/", "Olu", LIST),
    ("/outcomes-group/changes/", "Olu", LIST),
    ("/updates/", "Priya", LIST),
    ("/updates/?open=D-1", "Priya", ITEM),
    ("/deliverables/D-1/milestones/", "Priya", ITEM),
    ("/updates/D-1/", "Priya", ITEM),
    ("/updates/excel/?all=1", "Priya", ITEM),
    ("/updates/upload/", "Priya", ITEM),
    ("/deliverables/", "Bea", LIST),
    ("/deliverables/?q=deliverable&priority=p1&principle=EQUITY&rating=not_reported", "Bea", LIST),
    ("/deliverables/?rating=not_reported", "Bea", LIST),
    ("/deliverables/?reach=gap", "Bea", LIST),
    ("/deliverables/D-1/reach/", "Priya", ITEM),
    ("/deliverables/D-1/", "Bea", ITEM),
    ("/deliverables/D-1/", "Priya", ITEM),
    ("/deliverables/D-1/evidence/", "Bea", ITEM),
    ("/deliverables/D-1/evidence/", "Priya", ITEM),
    ("/2025-26/deliverables/", "Bea", LIST),
    ("/2025-26/deliverables/D-1/", "Bea", ITEM),
    ("/2025-26/deliverables/D-1/evidence/", "Bea", ITEM),
    ("/2025-26/priorities/", "Bea", ITEM),
    ("/2025-26/priorities/p1/", "Bea", ITEM),
    ("/promises/", "Bea", LIST),
    ("/promises/?q=deliverable&year=2025-26&kind=deliverable&outcome=in_plan", "Bea", LIST),
    ("/plan/next-year/", "Ada", ITEM),
    ("/plan/next-year/preview/", "Ada", ITEM),
    ("/priorities/", "Bea", ITEM),
    ("/priorities/?show=unanswered", "Bea", ITEM),
    ("/priorities/definitions/", "Bea", ITEM),
    ("/priorities/p1/", "Bea", ITEM),
    ("/case-studies/", "Bea", LIST),
    ("/case-studies/?principle=EQUITY&aim=A1", "Bea", LIST),
    ("/case-studies/?q=story&organisation=A partner", "Priya", LIST),
    ("/case-studies/story-1/", "Bea", ITEM),
    ("/case-studies/story-1/", "Olu", ITEM),
    ("/case-studies/story-1/check/", "Olu", ITEM),
    ("/case-studies/story-1/history/", "Olu", ITEM),
    ("/case-studies/hers/edit/", "Priya", ITEM),
    ("/case-studies/hers/pictures/", "Priya", ITEM),
    ("/case-studies/new/", "Priya", ITEM),
    ("/case-studies/in-hand/", "Priya", LIST),
    ("/case-studies/in-hand/", "Olu", LIST),
    ("/deliverables/D-1/definition/", "Priya", ITEM),
    ("/deliverables/D-1/definition/history/", "Priya", ITEM),
    ("/deliverables/D-1/definition/draft/", "Priya", ITEM),
    ("/outcomes-group/definitions/", "Olu", LIST),
    ("/outcomes-group/definitions/D-1/", "Olu", ITEM),
    ("/plan/deliverables/", "Ada", LIST),
    ("/plan/deliverables/D-1/", "Ada", ITEM),
    ("/plan/deliverables/D-1/history/", "Ada", ITEM),
    ("/plan/deliverables/D-1/stop/", "Ada", ITEM),
    ("/plan/deliverables/D-1/delete/", "Ada", ITEM),
    ("/plan/deliverables/new/", "Ada", ITEM),
    ("/explain/", "Bea", LIST),
    ("/explain/?of=p1", "Bea", LIST),
    ("/plan/", "Ada", DASHBOARD),
    ("/plan/year/", "Ada", ITEM),
    ("/plan/periods/", "Ada", ITEM),
    ("/plan/periods/2025-11/history/", "Ada", ITEM),
    ("/plan/priorities/", "Ada", LIST),
    ("/plan/priorities/P1/", "Ada", ITEM),
    ("/plan/priorities/P1/history/", "Ada", ITEM),
    ("/plan/priorities/P1/delete/", "Ada", ITEM),
    ("/plan/bodies/", "Ada", LIST),
    ("/plan/bodies/B1/", "Ada", ITEM),
    ("/plan/organisations/", "Ada", LIST),
    ("/plan/organisations/icb/", "Ada", ITEM),
    ("/plan/organisations/icb/delete/", "Ada", ITEM),
    ("/plan/people/", "Ada", LIST),
    ("/plan/people/?q=e&role=programme_manager&organisation=icb&state=never", "Ada", LIST),
    ("/plan/people/{priya}/", "Ada", ITEM),
    ("/plan/people/{priya}/details/", "Ada", ITEM),
    ("/plan/people/{priya}/history/", "Ada", ITEM),
    ("/plan/people/{priya}/hand-over/", "Ada", ITEM),
    ("/plan/people/{priya}/deactivate/", "Ada", ITEM),
]

Found = dict[int, list[str]]  # by size, the statements of one page


@pytest.fixture(scope="module")
def measured(django_db_setup, django_db_blocker) -> Iterator[dict[tuple[str, str], Found]]:
    """Every page at every size. The plan grows in one transaction, which is then undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield measure_all()
        transaction.set_rollback(True)


def measure_all() -> dict[tuple[str, str], Found]:
    found: dict[tuple[str, str], Found] = {(address, person): {} for address, person, _ in PAGES} | {("save", "Priya"): {}}
    people = make_people()
    for size in SIZES:
        grow(size, people)
        for address, person, _ in PAGES:
            client = signed_in(people[person])
            at = address.format(priya=people["Priya"].pk)
            found[address, person][size] = statements(lambda: client.get(at))  # noqa: B023
        client, data = signed_in(people["Priya"]), form(size)
        found["save", "Priya"][size] = statements(lambda: client.post("/updates/D-1/", data), status=302)  # noqa: B023
        roll_up()
    return found


def statements(ask: Callable[[], HttpResponse], status: int = 200) -> list[str]:
    """What the database was asked, without the beginnings and ends of transactions."""
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == status
    return [q["sql"] for q in captured.captured_queries if not re.match("BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE", q["sql"])]


def signed_in(user: User) -> Client:
    client = Client()
    factories.sign_in(client, user)
    return client


def make_people() -> dict[str, User]:
    """Priya serves two organisations, so that more than one membership is read."""
    made = {
        "Bea": factories.person("viewer", "Bea"),
        "Priya": factories.person("programme_manager"),
        "Olu": factories.person("outcomes_group", "Olu"),
        "Ada": factories.person("administrator", "Ada"),
    }
    give_role(by=None, user=made["Priya"], organisation=factories.organisation("trust"), role="programme_manager")
    return made


def grow(size: int, people: dict[str, User]) -> None:
    """A plan of this many deliverables, each with all that a page may show of it, and roll-ups that are current."""
    year, authors, periods = factories.plan_year(), list(people.values()), list(ReportingPeriod.objects.begun())
    for n in range(Deliverable.objects.count() + 1, size + 1):
        add_deliverable(n, authors[n % 3], periods)
        add_story(n)
        add_frame(n, year)
    roll_up()
    factories.issue(factories.period_of(ISSUED[size]), by=people["Olu"])


def roll_up() -> None:
    for month in (factories.october(), factories.november()):
        store_roll_up(period_id=month.pk)


def add_deliverable(n: int, author: User, periods: list[ReportingPeriod]) -> None:
    organisations = [factories.organisation("icb"), factories.organisation("trust")]
    made = factories.deliverable(
        f"D-{n}", lead=organisations[n % 2], in_priority=f"P{1 + (n - 1) % 3}", principles=("PREVENTION", "EQUITY")
    )
    made.partners.set(organisations)
    made.managers.set([author])
    made.aims.set([aim(1), aim(2)])
    made.reach.set([] if n % 2 else [reach_group(1), reach_group(2)])
    silent = n % 7 in (1, 3)
    updates = [
        update_of(made, period, author, number)
        for period in periods
        for number in (1, 2)
        if not (silent and period.month == "2025-11")
    ]
    StatusUpdate.objects.bulk_create(updates)
    add_milestones(made, StatusUpdate.objects.filter(deliverable=made).order_by("pk")[0])
    add_evidence(made, author, periods, n)


def update_of(deliverable: Deliverable, period: ReportingPeriod, author: User, number: int) -> StatusUpdate:
    words = {"done": "Work went on.", "why": "Late.", "route": "Hire two.", "route_on": date(2026, 1, 31), "evidence": "Plan."}
    ratings = ("on_track", "at_risk", "off_track", "complete")
    return StatusUpdate(
        deliverable=deliverable,
        period=period,
        number=number,
        key=uuid4(),
        rating=ratings[(deliverable.pk + period.pk) % 4],
        submitted_at=clock.on(period.due_on),
        submitted_by=author,
        **words,
    )


def add_milestones(deliverable: Deliverable, update: StatusUpdate) -> None:
    """Three, each moved once."""
    for step in (1, 2, 3):
        milestone = factories.milestone(deliverable, f"Step {step}", date(2025, 8 + step, 15), forecast_on=date(2025, 12, 20))
        MilestoneMove.objects.create(
            milestone=milestone,
            update=update,
            from_on=milestone.baseline_on,
            to_on=milestone.forecast_on,
            reason="supplier",
            words="The supplier is late.",
            moved_at=update.submitted_at,
            moved_by=update.submitted_by,
        )


def add_evidence(deliverable: Deliverable, author: User, periods: list[ReportingPeriod], n: int) -> None:
    """Links and files, behind milestones too; the first deliverable has more the bigger the plan is."""
    first, steps = Deliverable.objects.get(code="D-1"), list(deliverable.milestones.all())
    for of, period, step in [(deliverable, period, step) for period in periods for step in steps] + [(first, periods[0], None)]:
        what = {"title": f"Evidence {n}", "milestone": step, "added_at": clock.on(period.ends_on), "added_by": author}
        kind = {"file": f"evidence/{n}.pdf", "file_type": "pdf"} if n % 2 else {"link": f"https://example.org/{n}"}
        Evidence.objects.create(deliverable=of, period=period, **what, **kind)


def aim(n: int) -> Aim:
    return Aim.objects.get_or_create(strategy=factories.plan_year().strategy, code=f"A{n}", defaults={"name": f"Aim {n}"})[0]


def reach_group(n: int) -> ReachGroup:
    given = {"name": f"Group {n}", "kind": "plus"}
    return ReachGroup.objects.get_or_create(strategy=factories.plan_year().strategy, code=f"R{n}", defaults=given)[0]


def add_story(n: int) -> None:
    given = {"code": f"CS-{n}", "slug": f"story-{n}", "title": f"Story {n}", "organisation": "A partner", "order": n}
    made = CaseStudy.objects.create(strategy=factories.plan_year().strategy, stage="published", **given)
    made.aims.set([aim(1)])
    made.principles.set(Principle.objects.all())
    made.deliverables.set(Deliverable.objects.order_by("-pk")[:2])
    made.priorities.set([factories.priority("P1")])
    for order in (1, 2):
        Figure.objects.create(case_study=made, order=order, metric="People", value=order, unit="people")
    in_hand = {"title": f"Draft {n}", "organisation": "A partner", "owner": factories.organisation("icb"), "code": f"S-{n}"}
    stage, slug = ("draft", "hers") if n == 1 else ("in_review", f"hers-{n}")
    hers = CaseStudy.objects.create(strategy=factories.plan_year().strategy, slug=slug, stage=stage, **in_hand)
    hers.deliverables.set(Deliverable.objects.order_by("-pk")[:2])


def add_frame(n: int, year: PlanYear) -> None:
    theme, _ = Theme.objects.get_or_create(plan_year=year, code=f"T{n % 5}", defaults={"name": f"Theme {n % 5}"})
    commitment = Commitment.objects.create(theme=theme, code=f"C{n}", kind="transformation", summary="A promise.")
    Deliverable.objects.order_by("-pk")[0].commitments.add(commitment)
    ExpectedOutcome.objects.create(plan_year=year, code=f"E{n}", audience=f"Audience {n}", summary="Better.")
    above = Body.objects.filter(strategy=year.strategy).order_by("pk").first()
    Body.objects.create(strategy=year.strategy, code=f"B{n}", name=f"Board {n}", assures=above)


def form(size: int) -> dict[str, str]:
    """As the browser sends it: the first milestone moves by a day, the second is done."""
    data = {"key": str(uuid4()), "seen": str(SIZES.index(size)), "month": "2025-11", "rating": "on_track", "done": "Work."}
    data["looked"] = "overdue moved words step due"
    for milestone in Milestone.objects.filter(deliverable__code="D-1"):
        name, day = f"milestone-{milestone.pk}", milestone.forecast_on
        data |= {f"{name}-seen_on": f"{day}", f"{name}-forecast_on": f"{day:%d %B %Y}"}
        if milestone.title == "Step 1":
            later = day.replace(day=day.day + 1)
            data |= {f"{name}-forecast_on": f"{later:%d %B %Y}", f"{name}-reason": "supplier", f"{name}-words": "Late."}
        if milestone.title == "Step 2":
            data |= {f"{name}-done": "on", f"{name}-done_on": "1 December 2025"}
    return data


def told(found: list[str]) -> str:
    """For a test that fails: each statement on a line, without what it selects."""
    return "\n".join(re.sub(r"SELECT .*? FROM ", "SELECT … FROM ", sql)[:200] for sql in found)


def assert_steady(found: Found, most: int) -> None:
    counts = {size: len(asked) for size, asked in found.items()}
    assert len(set(counts.values())) == 1 and counts[60] <= most, f"{counts}, at most {most}\n{told(found[60])}"


@pytest.mark.parametrize(("address", "person", "most"), PAGES)
def test_a_page_costs_the_same_however_big_the_plan_is(measured, address, person, most):
    assert_steady(measured[address, person], most)


def test_a_save_that_moves_a_milestone_costs_the_same_however_big_the_plan_is(measured):
    found = measured["save", "Priya"]
    assert_steady(found, SAVE)
    assert any("milestonemove" in sql for sql in found[60] if sql.startswith("INSERT"))


@pytest.mark.django_db
def test_a_roll_up_that_is_behind_costs_the_groups_page_no_more_for_60_deliverables_than_for_20(client):
    people, counts = make_people(), {}
    factories.sign_in(client, people["Olu"])
    for size in (20, 60):
        grow(size, people)
        ReportingPeriod.objects.update(data_version=size)
        counts[size] = len(statements(lambda: client.get("/outcomes-group/")))
    assert counts[20] == counts[60] > DASHBOARD
