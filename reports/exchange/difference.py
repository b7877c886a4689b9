"""A file beside the portal: which rows are added, changed and missing. Pure: two documents in, differences out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from reports.exchange.portal import EXCHANGED, fields_of, value_in
from reports.loading.document import Document, Key, Row
from reports.loading.kinds import (
    COMMITMENT,
    DELIVERABLE,
    MILESTONE,
    PERIOD,
    PLAN_YEAR,
    STRATEGY,
    Kind,
)
from strategy_portal.editing import Change, in_words


@dataclass(frozen=True)
class Altered:
    """One row of the file that says something else than the portal: the names of its fields that differ."""

    row: Row
    before: Row
    fields: tuple[str, ...]

    @property
    def name(self) -> str:
        name = self.row.name
        return name[:1].upper() + name[1:]

    @property
    def changes(self) -> list[Change]:
        shown = ((name, said(self.before, name), said(self.row, name)) for name in self.fields)
        return [Change(label_of(self.row.kind, name), before, after) for name, before, after in shown]


@dataclass(frozen=True)
class Reordered:
    """One list whose rows stand in another order: codes before and after."""

    kind: Kind
    parent: Key
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def name(self) -> str:
        of = f" of {self.parent[1]}" if self.kind in (COMMITMENT, DELIVERABLE) else ""
        return f"Order of {self.kind.place.replace('_', ' ')}{of}"

    @property
    def changes(self) -> list[Change]:
        return [Change("Order", ", ".join(self.before), ", ".join(self.after))]


@dataclass
class Differences:
    added: list[Row] = field(default_factory=list)
    changed: list[Altered] = field(default_factory=list)
    reordered: list[Reordered] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    unchanged: int = 0

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.reordered)


def compare(now: Document, file: Document) -> Differences:
    """What the file leaves out stays as it is: a key, a list of milestones, the months."""
    found, known = Differences(), {row.key: row for row in now.rows}
    says = {row.key: row for row in file.rows}
    for row in file.rows:
        is_left_out = row.kind is PERIOD and leaves_out_months(file) and is_there(known)
        if row.kind not in EXCHANGED or is_left_out:
            continue
        before = known.get(row.key)
        fields = tuple(differing(before, row)) if before else ()
        if before is None:
            found.added.append(row)
        elif fields:
            found.changed.append(Altered(row, before, fields))
        else:
            found.unchanged += 1
    found.missing = [row for row in now.rows if row.key not in says and is_asked_for(row, says, file)]
    found.reordered = [one for kind in EXCHANGED if kind.is_ordered for one in reordered(kind, now, file)]
    return found


def differing(before: Row, row: Row) -> Iterator[str]:
    for name in fields_of(row.kind):
        is_given = name in row.given or name in row.kind.above
        if is_given and value_in(before, name) != value_in(row, name):
            yield name


def is_there(known: dict[Key, Row]) -> bool:
    return any(place == PLAN_YEAR.place for place, _ in known)


def leaves_out_months(file: Document) -> bool:
    return all(row.path == PLAN_YEAR.place for row in file.of(PERIOD))


def is_asked_for(row: Row, says: dict[Key, Row], file: Document) -> bool:
    """Whether a file that has everything would have this row, so that it is missing."""
    if row.kind is PERIOD:
        return not leaves_out_months(file)
    if row.kind is MILESTONE:
        parent = says.get(row.one["deliverable"] or ("", ""))
        return parent is not None and MILESTONE.place in parent.given
    return row.kind not in (STRATEGY, PLAN_YEAR)


PARENT = {COMMITMENT.place: "theme", DELIVERABLE.place: "priority"}


def parent_of(row: Row) -> Key:
    return row.one[PARENT[row.kind.place]] or ("", "") if row.kind.place in PARENT else ("", "")


def lists_of(kind: Kind, document: Document) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    for row in document.of(kind):
        found.setdefault(parent_of(row), []).append(row.key[1])
    return found


def file_order(kind: Kind, document: Document) -> dict[Key, list[str]]:
    """In the order of the file: bodies are sorted otherwise, so that one can be written after the one that it assures."""
    found: dict[Key, list[str]] = {}
    for row in sorted(document.of(kind), key=lambda row: row.values.get("order", 0)):
        found.setdefault(parent_of(row), []).append(row.key[1])
    return found


def reordered(kind: Kind, now: Document, file: Document) -> Iterator[Reordered]:
    """Rows that are only added at the end of their list leave its order as it is."""
    old_lists, new_lists = lists_of(kind, now), file_order(kind, file)
    all_new = {code for codes in new_lists.values() for code in codes}
    for parent, new in new_lists.items():
        old = [code for code in old_lists.get(parent, []) if code in new or code not in all_new]  # not what moves to another list
        stay_old, stay_new = [code for code in old if code in new], [code for code in new if code in old]
        if old and (stay_old != stay_new or new[: len(stay_new)] != stay_new):
            yield Reordered(kind, parent, tuple(old), tuple(merged(new, old)))


def merged(new: list[str], old: list[str]) -> list[str]:
    """The file's order, with what it has not after the one that it stood after."""
    found = list(new)
    for place, code in enumerate(old):
        if code not in found:
            before = next((other for other in reversed(old[:place]) if other in found), None)
            found.insert(found.index(before) + 1 if before else 0, code)
    return found


def label_of(kind: Kind, name: str) -> str:
    return str(kind.column(name).verbose_name).capitalize()


def said(row: Row, name: str) -> str:
    """A value as people read it: rows by their codes, choices by their words."""
    value = value_in(row, name)
    if name in row.many:
        return in_words([code for _, code in value])
    if name in row.one:
        return in_words(value[1] if value else None)
    column = row.kind.column(name)
    return in_words(dict(column.flatchoices).get(value, value) if column.choices else value)
