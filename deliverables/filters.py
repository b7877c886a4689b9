"""What a list is narrowed by. It lives in the address, so that it can be shared and survives paging."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from deliverables.ratings import NAMES
from priorities.models import PlanYear, Priority, ReportingPeriod

REACH = [("gap", "Equity, but names nobody")]


@dataclass(frozen=True)
class DeliverableFilter:
    words: str
    priority: str
    principle: str
    rating: str
    reach: str
    choices: dict[str, list[tuple[str, str]]]
    years: list[tuple[str, str]]  # each plan year of the strategy with its first day, the newest first

    @classmethod
    def read(cls, query: QueryDict, year: PlanYear, *, by_rating: bool) -> "DeliverableFilter":
        """An unknown value in the address narrows nothing."""
        choices = choices_for(year) | ({} if by_rating else {"rating": []})
        years = choices.pop("year")
        known = {kind: query.get(kind, "") if query.get(kind, "") in dict(options) else "" for kind, options in choices.items()}
        return cls(words=query.get("q", "").replace("\0", "")[:100].strip(), choices=choices, years=years, **known)

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.priority or self.principle or self.rating or self.reach)

    def apply(self, deliverables: Any, period: ReportingPeriod | None) -> QuerySet:
        if self.priority:
            deliverables = deliverables.filter(priority__slug=self.priority)
        if self.principle:
            deliverables = deliverables.filter(principles__code=self.principle)
        if self.rating:
            deliverables = deliverables.rated(self.rating, period)
        if self.reach:
            deliverables = deliverables.in_reach_gap()
        return deliverables.search(self.words)


def choices_for(year: PlanYear) -> dict[str, list[tuple[str, str]]]:
    """In one statement, with the strategy's plan years."""
    fixed = {"rating": list(NAMES.items()), "reach": REACH}
    found: dict[str, list[tuple[str, str]]] = {"priority": [], "principle": [], "year": [], **fixed}
    for kind, _, code, name in sorted(Priority.objects.named_beside_principles(year.pk, year.strategy_id)):
        found[kind].append((code, name))
    return found | {"year": sorted(found["year"], key=lambda one: one[1], reverse=True)}
