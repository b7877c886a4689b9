"""What a list is narrowed by. It lives in the address, so that it can be shared and survives paging."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.http import QueryDict

from deliverables.ratings import NAMES
from priorities.models import Principle, Priority, ReportingPeriod

REACH = [("gap", "Equity, but names nobody")]


@dataclass(frozen=True)
class DeliverableFilter:
    words: str
    priority: str
    principle: str
    rating: str
    reach: str
    choices: dict[str, list[tuple[str, str]]]

    @classmethod
    def read(cls, query: QueryDict, period: ReportingPeriod, *, by_rating: bool) -> "DeliverableFilter":
        """An unknown value in the address narrows nothing."""
        choices = choices_for(period) | ({} if by_rating else {"rating": []})
        known = {kind: query.get(kind, "") if query.get(kind, "") in dict(options) else "" for kind, options in choices.items()}
        return cls(words=query.get("q", "").replace("\0", "")[:100].strip(), choices=choices, **known)

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.priority or self.principle or self.rating or self.reach)

    def apply(self, deliverables: Any, period: ReportingPeriod) -> QuerySet:
        if self.priority:
            deliverables = deliverables.filter(priority__slug=self.priority)
        if self.principle:
            deliverables = deliverables.filter(principles__code=self.principle)
        if self.rating:
            deliverables = deliverables.rated(self.rating, period)
        if self.reach:
            deliverables = deliverables.in_reach_gap()
        return deliverables.search(self.words)


def choices_for(period: ReportingPeriod) -> dict[str, list[tuple[str, str]]]:
    year = period.plan_year
    priorities = Priority.objects.filter(plan_year=year).values_list(Value("priority"), "order", "slug", "name")
    principles = Principle.objects.filter(strategy=year.strategy_id).values_list(Value("principle"), "order", "code", "name")
    found: dict[str, list[tuple[str, str]]] = {"priority": [], "principle": [], "rating": list(NAMES.items()), "reach": REACH}
    for kind, _, code, name in sorted(priorities.union(principles)):
        found[kind].append((code, name))
    return found
