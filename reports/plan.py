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
    } | words(year)


def with_deliverables(priorities: list[Priority], deliverables: list[Deliverable]) -> list[dict[str, Any]]:
    return [{"priority": p, "deliverables": [d for d in deliverables if d.priority_id == p.pk]} for p in priorities]


def words(year: PlanYear) -> dict[str, list[Any]]:
    """All that is words alone, in one statement: aims, ambitions, principles, expected outcomes and bodies."""
    none = Value("")
    parts = [
        model.objects.filter(strategy=year.strategy_id).values_list(Value(kind), "order", "pk", "name", none, none, none)
        for kind, model in (("aims", Aim), ("ambitions", Ambition), ("principles", Principle))
    ]
    outcomes = ExpectedOutcome.objects.filter(plan_year=year)
    parts.append(outcomes.values_list(Value("outcomes"), "order", "pk", "audience", "summary", none, none))
    bodies = Body.objects.filter(strategy=year.strategy_id)
    parts.append(bodies.values_list(Value("bodies"), "order", "pk", "name", "oversees", "role", "assures__name"))
    found: dict[str, list[Any]] = {"aims": [], "ambitions": [], "principles": [], "outcomes": [], "bodies": []}
    for kind, _, _, name, text, role, above in sorted(parts[0].union(*parts[1:], all=True)):
        whole = {
            "outcomes": {"audience": name, "summary": text},
            "bodies": {"name": name, "oversees": text, "role": role, "assures": above},
        }
        found[kind].append(whole.get(kind, name))
    return found


def themes(year: PlanYear) -> list[dict[str, Any]]:
    """Each theme with its commitments, and under each the deliverables that answer it."""
    rows = Commitment.objects.filter(theme__plan_year=year).select_related("theme").prefetch_related("deliverables")
    found: dict[int, dict[str, Any]] = {}
    for commitment in rows.order_by("theme__order", "kind", "order"):
        theme = found.setdefault(commitment.theme_id, {"theme": commitment.theme, "kinds": {}})
        theme["kinds"].setdefault(commitment.get_kind_display(), []).append(commitment)
    return list(found.values())
