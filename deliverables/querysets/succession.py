"""All reading of where things went from one plan year to the next."""

from typing import Any

from django.db.models import Q, QuerySet


class SuccessionQuerySet(QuerySet):
    def around(self, row: Any):
        """What a row of a plan came from, and what it became, in one statement. For those that know their plan year."""
        found = self.filter(Q(was=row) | Q(became=row)).order_by("part", "pk")
        return found.values("was", "was__code", "was__plan_year__code", "became", "became__code", "became__plan_year__code", "fate", "reason")

    def first_of(self, year: Any):
        """The first that was written when this plan year was published: by whom, and when; or None."""
        return self.filter(became__plan_year=year).select_related("decided_by").order_by("pk").first()
