"""The plan on a page: what the strategy wants, promises and expects, and who oversees it."""

from typing import Any

from django.db.models import Value

from deliverables.models import Deliverable
from priorities.models import Aim, Ambition, Body, Commitment, ExpectedOutcome, PlanYear, Principle, Priority


def on_a_page(year: PlanYear) -> dict[str, Any]:
    deliverables = Deliverable.objects.of(year).prefetch_related("principles").in_order()
    return {
        "priorities": with_deliverables(list(Priority.objects.of(year)), list(deliverables)),
        "themes": themes(year),
        "outcomes": list(ExpectedOutcome.objects.filter(plan_year=year).order_by("order")),
        "bodies": list(Body.objects.filter(strategy=year.strategy_id).select_related("assures").order_by("order")),
    } | names(year)


def with_deliverables(priorities: list[Priority], deliverables: list[Deliverable]) -> list[dict[str, Any]]:
    return [{"priority": p, "deliverables": [d for d in deliverables if d.priority_id == p.pk]} for p in priorities]


def names(year: PlanYear) -> dict[str, list[str]]:
    """Aims, ambitions and principles, in one statement."""
    parts = [
        model.objects.filter(strategy=year.strategy_id).values_list(Value(kind), "order", "name")
        for kind, model in (("aims", Aim), ("ambitions", Ambition), ("principles", Principle))
    ]
    found: dict[str, list[str]] = {"aims": [], "ambitions": [], "principles": []}
    for kind, _, name in sorted(parts[0].union(*parts[1:])):
        found[kind].append(name)
    return found


def themes(year: PlanYear) -> list[dict[str, Any]]:
    """Each theme with its commitments, and under each the deliverables that answer it."""
    rows = Commitment.objects.filter(theme__plan_year=year).select_related("theme").prefetch_related("deliverables")
    found: dict[int, dict[str, Any]] = {}
    for commitment in rows.order_by("theme__order", "kind", "order"):
        theme = found.setdefault(commitment.theme_id, {"theme": commitment.theme, "kinds": {}})
        theme["kinds"].setdefault(commitment.get_kind_display(), []).append(commitment)
    return list(found.values())
