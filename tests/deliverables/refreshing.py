"""A plan year that is refreshed, for tests: two priorities, six deliverables, commitments, milestones and people."""

from datetime import date
from typing import Any

from deliverables.actions.publish_year import publish_year
from deliverables.actions.refresh_draft import save_refresh_draft
from deliverables.models import Deliverable
from deliverables.refresh.sheet import Old, decided, draft_of, seen_of
from people.models import User
from priorities.models import Aim, Commitment, ExpectedOutcome, PlanYear, Priority, ReachGroup, Theme
from tests import factories


def make_plan() -> PlanYear:
    year = factories.plan_year()
    lead, partner = factories.organisation("icb"), factories.organisation("trust")
    priya = factories.person("programme_manager", "Priya", lead)
    aim = Aim.objects.create(strategy=year.strategy, code="A1", name="An aim")
    group = ReachGroup.objects.create(strategy=year.strategy, code="CORE20", kind="core20", name="The most deprived fifth")
    theme = Theme.objects.create(plan_year=year, code="T1", name="A theme", order=1)
    for number in (1, 2, 3):
        Commitment.objects.create(theme=theme, code=f"C-{number}", kind="prevention", title=f"Promise {number}", summary="Said.")
    for code, priority in (("A-1", "P1"), ("A-2", "P1"), ("A-3", "P1"), ("B-1", "P2"), ("B-2", "P2")):
        made = factories.deliverable(
            code,
            lead=lead,
            in_priority=priority,
            principles=("PREVENTION", "EQUITY"),
            summary=f"What {code} is.",
            short_title=f"Short {code}",
            maturity="baselined",
            starts_on=date(2025, 4, 1),
            due_on=date(2026, 3, 31),
            measure="Homes.",
        )
        made.aims.set([aim])
        made.reach.set([group])
        made.partners.set([partner])
        made.managers.set([priya])
        made.commitments.set(Commitment.objects.all())
        factories.milestone(made, "First step", date(2025, 11, 15), done_on=date(2025, 11, 14))
        factories.milestone(made, "Second step", date(2026, 2, 15), forecast_on=date(2026, 5, 15))
        factories.milestone(made, "Third step", date(2026, 2, 20), ended_on=date(2025, 12, 1))
    ExpectedOutcome.objects.create(plan_year=year, code="E1", audience="Everyone", summary="Better.")
    return year


def key(code: str) -> str:
    """The row of an old priority, deliverable or commitment."""
    for kind, model, belongs in (
        ("p", Priority, "plan_year"),
        ("d", Deliverable, "plan_year"),
        ("c", Commitment, "theme__plan_year"),
    ):
        found = model.objects.filter(code=code, **{belongs: factories.plan_year()}).first()
        if found:
            return f"{kind}{found.pk}"
    raise AssertionError(f"There is no {code}")


def choose(by: User, **choices: dict[str, str]) -> None:
    """choose(ada, A_1={"fate": "stopped", "reason": "…"})"""
    rows = {key(code.replace("_", "-")): row for code, row in choices.items()}
    draft = draft_of(factories.plan_year())
    page = "a page"
    if draft:
        for one in draft.rows.values():
            page = one["page"]
    save_refresh_draft(by=by, plan_year=factories.plan_year(), page=page, rows=rows, marks={})


def publish(by: User) -> PlanYear:
    year = factories.plan_year()
    old = Old.read(year)
    return publish_year(by=by, plan_year=year, seen=seen_of(old, draft_of(year)))


def problems() -> list[str]:
    year = factories.plan_year()
    return [problem.text for problem in decided(Old.read(year), draft_of(year)).problems]


def became(code: str) -> list[tuple[str, Any]]:
    """Fate and the code in the new year, of a deliverable."""
    found = Deliverable.objects.get(code=code, plan_year=factories.plan_year())
    return list(found.went.order_by("part").values_list("fate", "became__code"))
