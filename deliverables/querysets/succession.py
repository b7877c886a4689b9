"""All reading of where things went from one plan year to the next."""

from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

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

    def first_of(self, year: Any):
        """The first that was written when this plan year was published: by whom, and when; or None."""
        return self.filter(became__plan_year=year).select_related("decided_by").order_by("pk").first()
