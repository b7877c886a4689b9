"""What the list of case studies is narrowed by, in the address."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.http import QueryDict

from casestudies.models import CaseStudy
from priorities.models import Aim, Principle, Priority


@dataclass(frozen=True)
class CaseStudyFilter:
    priority: str
    principle: str
    aim: str
    choices: dict[str, list[tuple[str, str]]]

    @classmethod
    def read(cls, query: QueryDict) -> "CaseStudyFilter":
        choices = choices_of()
        return cls(choices=choices, **{kind: known(query.get(kind, ""), options) for kind, options in choices.items()})

    @property
    def narrows(self) -> bool:
        return bool(self.priority or self.principle or self.aim)

    def apply(self, studies: Any) -> QuerySet:
        if self.priority:  # of any plan year, and a story of two of them once
            of_priority = CaseStudy.priorities.through.objects.filter(priority__slug=self.priority)
            studies = studies.filter(pk__in=of_priority.values("casestudy"))
        if self.principle:
            studies = studies.filter(principles__code=self.principle)
        if self.aim:
            studies = studies.filter(aims__code=self.aim)
        return studies


def known(value: str, options: list[tuple[str, str]]) -> str:
    return value if value in dict(options) else ""


def choices_of() -> dict[str, list[tuple[str, str]]]:
    """Only what a published story is tied to, in one statement: a choice that finds nothing is no choice.

    A priority that the plan has had in several years is one choice, as it was called last.
    """
    parts = [
        model.objects.filter(case_studies__stage="published").values_list(Value(kind), year, "order", code, "name").distinct()
        for kind, model, code, year in (
            ("priority", Priority, "slug", F("plan_year__code")),
            ("principle", Principle, "code", Value("")),
            ("aim", Aim, "code", Value("")),
        )
    ]
    newest = {(kind, code): (order, name) for kind, _, order, code, name in sorted(parts[0].union(*parts[1:]))}
    found: dict[str, list[tuple[str, str]]] = {"priority": [], "principle": [], "aim": []}
    for (kind, code), (_, name) in sorted(newest.items(), key=lambda one: one[1]):
        found[kind].append((code, name))
    return found
