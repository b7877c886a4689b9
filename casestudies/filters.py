"""What the list of case studies is narrowed by, in the address."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.http import QueryDict

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
        if self.priority:
            studies = studies.filter(priorities__slug=self.priority)
        if self.principle:
            studies = studies.filter(principles__code=self.principle)
        if self.aim:
            studies = studies.filter(aims__code=self.aim)
        return studies


def known(value: str, options: list[tuple[str, str]]) -> str:
    return value if value in dict(options) else ""


def choices_of() -> dict[str, list[tuple[str, str]]]:
    """Only what a published story is tied to, in one statement: a choice that finds nothing is no choice."""
    parts = [
        model.objects.filter(case_studies__stage="published").values_list(Value(kind), "order", code, "name").distinct()
        for kind, model, code in (("priority", Priority, "slug"), ("principle", Principle, "code"), ("aim", Aim, "code"))
    ]
    found: dict[str, list[tuple[str, str]]] = {"priority": [], "principle": [], "aim": []}
    for kind, _, code, name in sorted(parts[0].union(*parts[1:])):
        found[kind].append((code, name))
    return found
