"""All reading of where things went from one plan year to the next."""

from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from strategy_portal.prepared import prepared

APART = "\x1f"  # between the parts of one text, where no word can hold it
PARTS = ("was_id", "was__code", "was__plan_year__code", "became__code", "became__plan_year__code", "fate", "reason")
YEARS_BACK = 5  # a strategy is of five years


class SuccessionQuerySet(QuerySet):
    def around(self, row: Any, *more: Value):
        """What a row came from and what it became, each in one text, so that it can be read beside other names in one statement.
        Of what knows its plan year: see deliverables.lineage."""
        texts = [part for name in PARTS for part in (Cast(F(name), TextField()), Value(APART, TextField()))][:-1]
        found = self.filter(Q(was=row) | Q(became=row)).order_by()
        return found.values_list(Value("lineage", CharField()), "part", Concat(*texts, output_field=TextField()), *more)

    def line_of(self, row: Any, name: str) -> Q:
        """For a column: a row, and all that it came from in the plan years before."""
        line, came_from = Q(**{name: row}), self.filter(became=row).order_by().values("was")
        for _ in range(YEARS_BACK):
            line |= Q(**{f"{name}__in": came_from})
            came_from = self.filter(became__in=came_from).order_by().values("was")
        return line

    @prepared
    def of_promises(self, priorities: list[int], deliverables: list[int], commitments: list[int]):
        """What became of these, by kind, number and part."""
        from deliverables.models import CommitmentSuccession, PrioritySuccession

        parts = [
            rows.order_by().values_list(Value(kind, CharField()), "was", "part", "fate", "reason", "became__code", year)
            for kind, rows, year in (
                ("priority", PrioritySuccession.objects.filter(was__in=priorities), "became__plan_year__code"),
                ("deliverable", self.filter(was__in=deliverables), "became__plan_year__code"),
                ("commitment", CommitmentSuccession.objects.filter(was__in=commitments), "became__theme__plan_year__code"),
            )
        ]
        return parts[0].union(*parts[1:], all=True).order_by("part")

    def first_of(self, year: Any):
        """The first that was written when this plan year was published: by whom, and when; or None."""
        return self.filter(became__plan_year=year).select_related("decided_by").order_by("pk").first()
