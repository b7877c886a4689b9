"""The rows of a plan year that is refreshed: what it promised, and what has been chosen and typed for each so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from deliverables.definition import as_set
from deliverables.models import DefinitionChange, Deliverable, RefreshDraft
from deliverables.refresh.rules import CARRIED, COMMITMENT, DELIVERABLE, PRIORITY, REWORDED, Choice, Decided, Promise, decide
from priorities.models import Commitment, PlanYear, Priority, Theme

TYPED = ("fate", "name", "short", "words", "into", "parts", "reason", "under")
LONGEST = 20_000  # characters of one field: so much is kept and said to be too much, not cut


@dataclass
class Old:
    """What stands in the old year, and what its definitions will say at its end. Read in four statements."""

    year: PlanYear
    priorities: list[Priority]
    deliverables: list[Deliverable]
    commitments: list[Commitment]

    @classmethod
    def read(cls, year: PlanYear) -> "Old":
        return cls(
            year=year,
            priorities=list(Priority.objects.filter(plan_year=year).order_by("order", "code")),
            deliverables=as_at_the_end(year, list(Deliverable.objects.of(year).select_related("lead").in_order())),
            commitments=list(
                Commitment.objects.filter(theme__plan_year=year)
                .select_related("theme")
                .order_by("theme__order", "theme__code", "order", "code")
            ),
        )

    @cached_property
    def themes(self) -> list[Theme]:
        """Those without a commitment too."""
        return list(Theme.objects.filter(plan_year=self.year).order_by("order", "code"))

    @cached_property
    def promises(self) -> dict[str, Promise]:
        """In the order of the page: each priority with its deliverables, then the commitments by theme."""
        under: dict[int, list[Promise]] = {}
        for one in self.deliverables:
            under.setdefault(one.priority_id, []).append(of_deliverable(one))
        found = [promise for one in self.priorities for promise in (of_priority(one), *under.get(one.pk, []))]
        found += [of_commitment(one) for one in self.commitments]
        return {promise.key: promise for promise in found}

    @cached_property
    def rows(self) -> dict[str, Any]:
        """The rows of the database, by key."""
        kinds = ((PRIORITY, self.priorities), (DELIVERABLE, self.deliverables), (COMMITMENT, self.commitments))
        return {f"{kind}{row.pk}": row for kind, rows in kinds for row in rows}

    @cached_property
    def words(self) -> str:
        """Of what the old year says now: what is previewed is what is published."""
        said = [(one.key, one.code, one.name, one.short, one.words, one.under, one.stopped) for one in self.promises.values()]
        return sha256(repr(said).encode()).hexdigest()[:16]


def as_at_the_end(year: PlanYear, rows: list[Deliverable]) -> list[Deliverable]:
    """With the words that the group has agreed for a month still to come. Nothing is saved."""
    otherwise = DefinitionChange.objects.filter(deliverable__plan_year=year).otherwise_on(year.ends_on)
    for row in rows:
        for name, value in as_set(otherwise.get(row.pk, {})).items():
            setattr(row, name, value)
    return rows


def of_priority(row: Priority) -> Promise:
    return Promise(f"{PRIORITY}{row.pk}", row.code, row.name, row.statement)


def of_deliverable(row: Deliverable) -> Promise:
    under = f"{PRIORITY}{row.priority_id}"
    return Promise(f"{DELIVERABLE}{row.pk}", row.code, row.title, row.summary, row.short_title, under, row.stop_reason)


def of_commitment(row: Commitment) -> Promise:
    return Promise(f"{COMMITMENT}{row.pk}", row.code, row.title, row.summary, under=f"t{row.theme_id}")


def draft_of(year: PlanYear) -> RefreshDraft | None:
    return RefreshDraft.objects.filter(plan_year=year).select_related("saved_by").first()


def choices_of(draft: RefreshDraft | None) -> dict[str, Choice]:
    return {key: Choice.of(row) for key, row in draft.rows.items()} if draft else {}


def decided(old: Old, draft: RefreshDraft | None) -> Decided:
    return decide(old.promises.values(), choices_of(draft))


def seen_of(old: Old, draft: RefreshDraft | None) -> str:
    """What a preview has shown: the savings of the draft, and the words of the old year."""
    return f"{draft.version if draft else 0}.{old.words}"


# What a form sends


def typed_of(data: Mapping[str, Any], promises: Iterable[Promise]) -> dict[str, dict[str, str]]:
    """Of those rows that the form had: what was typed, without what is empty and what stands there by itself."""
    return {one.key: typed_row(data, one) for one in promises if f"{one.key}-fate" in data}


def typed_row(data: Mapping[str, Any], one: Promise) -> dict[str, str]:
    """The boxes for new words open with the old ones, which count as typed only where it is reworded."""
    found = {name: clean(data.get(f"{one.key}-{name}", "")) for name in TYPED}
    by_itself = {"fate": CARRIED}
    if found["fate"] != REWORDED:
        by_itself |= {"name": clean(one.name), "short": clean(one.short), "words": clean(one.words)}
    return {name: value for name, value in found.items() if value and value != by_itself.get(name)}


def clean(value: str) -> str:
    return value.replace("\0", "").replace("\r\n", "\n")[:LONGEST]


def mark_of(row: Mapping[str, Any] | None) -> str:
    """Of one row as it stands: a form carries it, so that what somebody else has saved meanwhile is not written over."""
    said = {name: row[name] for name in TYPED if row and row.get(name)}
    return sha256(repr(sorted(said.items())).encode()).hexdigest()[:12] if said else ""


def marks_of(data: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    return {key: str(data.get(f"{key}-mark", "")) for key in keys}


def same(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    return mark_of(one) == mark_of(other)
