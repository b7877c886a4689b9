"""What the definition of a deliverable is, and which wording of it is in force in a month. Pure.

Once a definition is baselined these fields change by a DefinitionChange that the group agrees, from a stated month on. All else
of a deliverable (its priority, partners, managers, what it serves) an administrator edits at any time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

# The fields that are the definition, as people read them. This is the one place that says so.
LABELS = {
    "title": "Title",
    "short_title": "Short title",
    "summary": "Summary",
    "measure": "Measure",
    "lead": "Lead organisation",
    "starts_on": "Starts",
    "due_on": "Due",
}
FIELDS = tuple(LABELS)
DRAFTED_BY_MANAGERS = ("summary", "measure", "starts_on", "due_on")

Wording = dict[str, Any]  # by field: text, the lead's number, an ISO date; None where it is not set


@dataclass(frozen=True)
class Agreed:
    """A change that the group has agreed. `was` is what it took the place of when it was put into force in the row."""

    asked: Wording
    was: Wording
    has_begun: bool  # in the month that is asked about
    is_in_force: bool  # in the row of the deliverable


def wording_of(row: Any) -> Wording:
    """That of a deliverable, or of a record of its history."""
    return plain({name: getattr(row, "lead_id" if name == "lead" else name) for name in FIELDS})


def plain(values: Mapping[str, Any]) -> Wording:
    """As it is kept: days as ISO dates, line ends of one kind."""
    return {name: as_kept(value) for name, value in values.items()}


def as_kept(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def as_set(values: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a row that say the same: organisation and priority by their numbers, days also from ISO dates."""
    return {f"{name}_id" if name in ("lead", "priority") else name: as_day(name, value) for name, value in values.items()}


def as_day(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and value and isinstance(value, str) else value


ATTRIBUTES = frozenset(as_set(dict.fromkeys(FIELDS)))


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Wording:
    """What `after` says otherwise."""
    return {name: value for name, value in after.items() if before.get(name) != value}


def otherwise(agreed: Iterable[Agreed]) -> Wording:
    """What the wording in force in a month says otherwise than the row does now. `agreed` are in the order of their months.

    What came into force after that month is undone, the last first; what should be in force and is not in the row yet is done.
    """
    changes = list(agreed)
    found: Wording = {}
    for change in reversed(changes):
        if change.is_in_force and not change.has_begun:
            found |= change.was
    for change in changes:
        if change.has_begun and not change.is_in_force:
            found |= change.asked
    return found
