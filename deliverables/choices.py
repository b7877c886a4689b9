"""What an administrator may choose for a deliverable: read in one statement, in groups where there are many."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from deliverables.models import Deliverable
from people.models import Membership, Organisation, User
from priorities.models import Aim, Commitment, PlanYear, Principle, Priority

NOT_ANY_MORE = "Cannot report any more"


@dataclass(frozen=True)
class Choices:
    """By kind: number, name and group of each, in order."""

    found: dict[str, list[tuple[int, str, str]]]

    def of(self, kind: str) -> list[tuple[int, str]]:
        return [(pk, name) for pk, name, _ in self.found.get(kind, [])]

    def grouped(self, kind: str) -> list[tuple[str, list[tuple[int, str]]]]:
        """Each once, in the first of its groups."""
        seen: set[int] = set()
        rows = [row for row in self.found.get(kind, []) if not (row[0] in seen or seen.add(row[0]))]  # type: ignore[func-returns-value]
        return [(group, [(pk, name) for pk, name, _ in some]) for group, some in groupby(rows, key=lambda row: row[2])]

    def named(self, kind: str, chosen: Iterable[int]) -> list[str]:
        wanted, names = set(chosen), dict(self.of(kind))
        return [names[pk] for pk in names if pk in wanted]


def choices_for(year: PlanYear, row: Deliverable | None = None) -> Choices:
    """What there is in the plan year, and what the deliverable has already even if it could not be chosen today."""
    held = row.pk if row else 0
    organisations = Organisation.objects.filter(
        Q(pk__in=Organisation.objects.active().values("pk"))
        | Q(pk=row.lead_id if row else None)
        | Q(pk__in=Deliverable.partners.through.objects.filter(deliverable=held).values("organisation"))
    )
    title = Case(When(title="", then=F("summary")), default=F("title"), output_field=TextField())
    reporting = Membership.objects.giving("report_progress")
    left = User.objects.filter(managed_deliverables=held).exclude(pk__in=reporting.values("user"))
    parts = [
        part("priority", Priority.objects.filter(plan_year=year), F("order"), F("name")),
        part("lead", organisations, Value(0), F("name")),
        part("principles", Principle.objects.filter(strategy=year.strategy_id), F("order"), F("name")),
        part("aims", Aim.objects.filter(strategy=year.strategy_id), F("order"), F("name")),
        part("commitments", Commitment.objects.filter(theme__plan_year=year), F("theme__order"), title, F("theme__name")),
        part("managers", reporting, Value(0), F("user__name"), F("organisation__name"), F("user_id")),
        part("managers", left, Value(1), F("name"), Value(NOT_ANY_MORE)),
    ]
    found: dict[str, list[tuple[int, str, str]]] = {}
    for kind, _, group, name, pk in sorted(parts[0].union(*parts[1:])):
        found.setdefault(kind, []).append((pk, name, group))
    return Choices(found | {"partners": found.get("lead", [])})


def part(kind: str, rows: QuerySet, order: Any, name: Any, group: Any = Value(""), pk: Any = F("pk")) -> QuerySet:  # noqa: B008
    text = TextField()
    return rows.order_by().values_list(
        Value(kind, output_field=text), Cast(order, IntegerField()), Cast(group, text), Cast(name, text), pk
    )
