"""What the guided page shows of each row, and what the preview says of the year that would come. Nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from deliverables.models.succession import Fate
from deliverables.refresh.rules import (
    COMMITMENT,
    DELIVERABLE,
    ENDS,
    LONGEST_REASON,
    PRIORITY,
    REWORDED,
    Choice,
    Decided,
    Going,
    Promise,
)
from deliverables.refresh.sheet import Old, mark_of
from strategy_portal.editing import Change, changes_between

FATES = [
    ("carried", "Carried on"),
    ("reworded", "Reworded"),
    ("merged", "Merged"),
    ("split", "Split"),
    ("completed", "Completed"),
    ("stopped", "Stopped"),
]
KINDS = {PRIORITY: "priority", DELIVERABLE: "deliverable", COMMITMENT: "commitment"}
LABELS = {
    PRIORITY: {"name": "Name", "words": "Statement"},
    DELIVERABLE: {"name": "Title", "short": "Short title", "words": "Summary"},
    COMMITMENT: {"name": "Title", "words": "What is promised"},
}
PER_PAGE = 60


@dataclass(frozen=True)
class Row:
    """One row of the grid. `typed` is what stands in its boxes, `theirs` what somebody else has saved meanwhile."""

    promise: Promise
    typed: Mapping[str, str]
    mark: str
    lead: str
    errors: Mapping[str, str]
    homes: list[tuple[str, str]]  # other priorities of the new year, under which it goes on if its own does not
    is_homeless: bool  # by what is stored, its own does not go on as one
    theirs: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        return self.promise.key

    @property
    def kind(self) -> str:
        return KINDS[self.promise.kind]

    @property
    def labels(self) -> dict[str, str]:
        return LABELS[self.promise.kind]

    @property
    def fate(self) -> str:
        return self.typed.get("fate", "carried")

    @property
    def now(self) -> dict[str, str]:
        """What the boxes for new words open with."""
        names = ("name", "short", "words")
        if self.fate == REWORDED:
            return {name: self.typed.get(name, "") for name in names}
        return {name: self.typed.get(name) or getattr(self.promise, name) for name in names}

    @property
    def theirs_in_words(self) -> str:
        said = Choice.of(self.theirs or {})
        words = (said.name, said.words, said.into, said.parts, said.reason)
        return ". ".join(filter(None, (dict(FATES).get(said.fate, said.fate), *(text.strip() for text in words))))

    @property
    def shows_theirs(self) -> bool:
        return self.theirs is not None


@dataclass(frozen=True)
class Group:
    """A priority with its deliverables, or the commitments of a theme."""

    heading: str
    rows: list[Row]
    is_of_commitments: bool


def rows_of(
    old: Old,
    shown: Iterable[Promise],
    found: Decided,
    stored: Mapping[str, Any],
    typed: Mapping[str, Mapping[str, str]],
    theirs: Mapping[str, Mapping[str, Any]],
    *,
    checked: bool,
) -> list[Row]:
    """`typed` is what was sent just now, in place of what is stored; `checked` says whether mistakes are shown."""
    errors: dict[str, dict[str, str]] = {}
    for problem in found.problems if checked else ():
        errors.setdefault(problem.key, {}).setdefault(problem.field, problem.text)
    homes = [going for going in found.goings.values() if going.kind == PRIORITY]
    return [
        Row(
            promise=one,
            typed=typed.get(one.key, stored.get(one.key, {})),
            mark=mark_of(stored.get(one.key)),
            lead=lead_of(old, one),
            errors=errors.get(one.key, {}),
            homes=[(home.key, f"{home.code} {home.name}") for home in homes if home.key != one.under],
            is_homeless=one.key in found.homeless,
            theirs=theirs.get(one.key),
        )
        for one in shown
    ]


def lead_of(old: Old, one: Promise) -> str:
    lead = getattr(old.rows[one.key], "lead", None)
    return lead.label if lead else ""


def grouped(old: Old, rows: Iterable[Row]) -> list[Group]:
    themes = {f"t{one.theme_id}": one.theme.name for one in old.commitments}
    found = []
    for (is_commitment, at), group in groupby(rows, key=lambda row: place(row.promise)):
        listed = list(group)
        heading = themes[at] if is_commitment else old.promises[at].name
        found.append(Group(heading, listed, is_commitment))
    return found


def place(one: Promise) -> tuple[bool, str]:
    return one.kind == COMMITMENT, one.under if one.kind != PRIORITY else one.key


# The preview


@dataclass(frozen=True)
class Coming:
    """One thing of the year that would come: what it was, and what of its words is new."""

    going: Going
    fate: str
    changes: list[Change] = field(default_factory=list)

    @property
    def fate_name(self) -> str:
        return {"carried": "Carried on", "reworded": "Reworded", "split": "Part"}.get(self.fate, self.fate)


@dataclass(frozen=True)
class Ending:
    promise: Promise
    fate: str
    reason: str

    @property
    def fate_name(self) -> str:
        return str(Fate(self.fate).label)


@dataclass(frozen=True)
class Preview:
    priorities: list[tuple[Coming, list[Coming]]]
    commitments: list[Coming]
    endings: list[Ending]

    @property
    def deliverables(self) -> int:
        return sum(len(rows) for _, rows in self.priorities)

    @property
    def commitments_as_they_are(self) -> int:
        return sum(not shows(coming) for coming in self.commitments)

    @property
    def commitments_that_change(self) -> list[Coming]:
        return [coming for coming in self.commitments if shows(coming)]


def shows(coming: Coming) -> bool:
    return coming.fate != "carried" or bool(coming.going.merged)


def preview_of(found: Decided, old: Old) -> Preview:
    coming = {going.key: of_going(going, found) for going in found.goings.values()}
    kinds = {kind: [one for one in coming.values() if one.going.kind == kind] for kind in KINDS}
    under: dict[str, list[Coming]] = {}
    for one in kinds[DELIVERABLE]:
        under.setdefault(one.going.under, []).append(one)
    return Preview(
        priorities=[(one, under.get(one.going.key, [])) for one in kinds[PRIORITY]],
        commitments=kinds[COMMITMENT],
        endings=list(endings(found, old)),
    )


def of_going(going: Going, found: Decided) -> Coming:
    fate = found.fates[going.of.key].fate
    return Coming(going, fate, words_changed(going) if fate == REWORDED else [])


def words_changed(going: Going) -> list[Change]:
    was, now = ({name: getattr(one, name) for name in ("name", "short", "words")} for one in (going.of, going))
    return changes_between(LABELS[going.kind], was, now)


def endings(found: Decided, old: Old) -> Iterator[Ending]:
    for key, choice in found.fates.items():
        if choice.fate in ENDS:
            yield Ending(old.promises[key], choice.fate, choice.reason.strip())


__all__ = ["FATES", "LONGEST_REASON", "PER_PAGE", "Group", "Preview", "Row", "grouped", "preview_of", "rows_of"]
