"""What the list of case studies is narrowed by, in the address."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value
from django.http import QueryDict

from casestudies.models import CaseStudy
from casestudies.search import LONGEST
from priorities.models import Aim, Principle, Priority

KINDS = {
    "priority": "priorities__slug",
    "principle": "principles__code",
    "aim": "aims__code",
    "year": "year",
    "organisation": "organisation",
}


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
            if value:
                studies = studies.filter(**{KINDS[kind]: value})
        return studies.search(self.words)


def known(value: str, options: list[tuple[str, str]]) -> str:
    return value if value in dict(options) else ""


def choices_of() -> dict[str, list[tuple[str, str]]]:
    """Only what a published story is tied to, in one statement: a choice that finds nothing is no choice."""
    published = CaseStudy.objects.published().order_by()
    parts = [
        model.objects.filter(case_studies__stage="published").values_list(Value(kind), "order", code, "name").distinct()
        for kind, model, code in (("priority", Priority, "slug"), ("principle", Principle, "code"), ("aim", Aim, "code"))
    ]
    parts += [published.values_list(Value(kind), Value(0), kind, kind).distinct() for kind in ("year", "organisation")]
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
    for kind, _, code, name in sorted(parts[0].union(*parts[1:])):
        if code:
            found[kind].append((code, name))
    return found
