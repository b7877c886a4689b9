"""What a story can be tied to, and what the list of stories can be narrowed by."""

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from casestudies.querysets import LINKS
from deliverables.models import Deliverable
from priorities.models import Aim, PlanYear, Principle, Priority

Choices = dict[str, list[tuple[str, str]]]


def choices_for_form(study: int | None) -> Choices:
    """All of the current plan year and its strategy, and what the story is tied to already, in one statement."""
    year = PlanYear.objects.current_id()
    strategy = PlanYear.objects.filter(pk=year).values("strategy")
    tied = Q(case_studies=study) if study else Q(pk__in=[])
    named = Concat("code", Value(" "), "title", output_field=CharField())
    parts = [
        model.objects.filter(where | tied).order_by().values_list(Value(kind), "order", Cast("pk", CharField()), name).distinct()
        for kind, model, where, name in (
            ("aims", Aim, Q(strategy__in=strategy), "name"),
            ("principles", Principle, Q(strategy__in=strategy), "name"),
            ("priorities", Priority, Q(plan_year=year), "name"),
            ("deliverables", Deliverable, Q(plan_year=year), named),
        )
    ]
    found: Choices = {kind: [] for kind in LINKS}
    for kind, _, pk, name in sorted(parts[0].union(*parts[1:])):
        found[kind].append((pk, name))
    found["deliverables"].sort(key=lambda choice: choice[1])
    return found
