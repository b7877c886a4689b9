"""What the list of case studies is narrowed by, in the address."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value
from django.http import QueryDict

from casestudies.models import CaseStudy
from casestudies.search import LONGEST
from priorities.models import Aim, Principle, Priority

KINDS = ("priority", "principle", "aim", "year", "organisation")
COLUMNS = {"principle": "principles__code", "aim": "aims__code", "year": "year", "organisation": "organisation_now"}


@dataclass(frozen=True)
class CaseStudyFilter:
    words: str
    chosen: dict[str, str]
    choices: dict[str, list[tuple[str, str]]]

    @classmethod
    def read(cls, query: QueryDict) -> "CaseStudyFilter":
        """An unknown value in the address narrows nothing."""
        choices = choices_of()
        chosen = {kind: known(query.get(kind, ""), options) for kind, options in choices.items()}
        return cls(query.get("q", "").replace("\0", "")[:LONGEST].strip(), chosen, choices)

    @property
    def narrows(self) -> bool:
        return bool(self.words or any(self.chosen.values()))

    def apply(self, studies: Any) -> QuerySet:
        for kind, value in self.chosen.items():
            if value and kind == "priority":  # of any plan year, and a story of two of them once
                of_priority = CaseStudy.priorities.through.objects.filter(priority__slug=value)
                studies = studies.filter(pk__in=of_priority.values("casestudy"))
            elif value:
                studies = studies.filter(**{COLUMNS[kind]: value})
        return studies.search(self.words)


def known(value: str, options: list[tuple[str, str]]) -> str:
    return value if value in dict(options) else ""


def choices_of() -> dict[str, list[tuple[str, str]]]:
    """Only what a published story is tied to, in one statement: a choice that finds nothing is no choice.

    A priority that the plan has had in several years is one choice, as it was called last.
    """
    published = CaseStudy.objects.published().with_organisation().order_by()
    parts = [
        model.objects.filter(case_studies__in=published.values("pk"))
        .values_list(Value(kind), year, "order", code, "name")
        .distinct()
        for kind, model, code, year in (
            ("priority", Priority, "slug", F("plan_year__code")),
            ("principle", Principle, "code", Value("")),
            ("aim", Aim, "code", Value("")),
        )
    ]
    parts += [
        published.values_list(Value(kind), Value(""), Value(0), COLUMNS[kind], COLUMNS[kind]).distinct()
        for kind in ("year", "organisation")
    ]
    newest = {(kind, code): (order, name) for kind, _, order, code, name in sorted(parts[0].union(*parts[1:])) if code}
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for (kind, code), (_, name) in sorted(newest.items(), key=lambda one: one[1]):
        found[kind].append((code, name))
    return found
