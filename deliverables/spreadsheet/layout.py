"""What the file looks like, and the signed note in it: known to what writes it and to what reads it."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.core import signing

from deliverables.forms import LONG, SHORT
from deliverables.models import MilestoneMove
from deliverables.ratings import NAMES, RATINGS

FORMAT = 1  # goes up when columns change: a file of another format is refused
SALT = "deliverables.spreadsheet"
UPDATES, MILESTONES, HELP, NOTE = "Updates", "Milestones", "How to fill this in", "portal"
NOTE_BEGINS = "strategy portal, updates"
NOTE_PIECE = 30_000  # characters: a cell of Excel holds 32,767


@dataclass(frozen=True)
class Column:
    """A column of a sheet. One without a `name` is locked; `name` is the form's field, `most` its limit of characters."""

    heading: str
    width: int
    name: str = ""
    kind: str = "words"  # or "day", or "choice"
    most: int = 0


UPDATE_COLUMNS = (
    Column("Code", 9),
    Column("Deliverable", 26),
    Column("Rating last month", 13),
    Column("What was said last month", 46),
    Column("Rating now", 13, "rating", "choice"),
    Column("What was done", 50, "done", most=LONG),
    Column("Why it is not on track", 34, "why", most=SHORT),
    Column("Route back to on track", 34, "route", most=SHORT),
    Column("Back on track by", 17, "route_on", "day"),
    Column("What shows that it is complete", 34, "evidence", most=SHORT),
)
STEP_COLUMNS = (
    Column("Code", 9),
    Column("Milestone", 40),
    Column("Baseline", 17),
    Column("Expected now", 17),
    Column("New date", 17, "forecast_on", "day"),
    Column("Main reason", 30, "reason", "choice"),
    Column("Why the date moves", 50, "words", most=SHORT),
    Column("Done on", 17, "done_on", "day"),
)
COLUMNS = {UPDATES: UPDATE_COLUMNS, MILESTONES: STEP_COLUMNS}
CHOICES: dict[str, dict[str, str]] = {  # code by the words of the list
    "rating": {NAMES[code]: code for code in RATINGS},
    "reason": {label: code for code, label in MilestoneMove.Reason.choices},
}


def cell(sheet: str, name: str, row: int) -> str:
    """Updates!E4, by the name of the field."""
    place = next((n for n, column in enumerate(COLUMNS[sheet]) if column.name == name), 0)
    return f"{sheet}!{chr(ord('A') + place)}{row}"


@dataclass(frozen=True)
class Written:
    """A row as it was written: `seen` is the number of the newest update, or the date that was expected of a milestone.

    `locked` and `typed` are digests of what stood in the grey and in the white cells. `of` is a milestone's deliverable.
    """

    pk: int
    name: str
    seen: str
    locked: str
    typed: str
    of: int = 0


@dataclass(frozen=True)
class Note:
    """What the file knows of itself, signed by the portal. `file` is different in every file."""

    user: int
    period: int
    month: str
    file: str
    updates: tuple[Written, ...]
    steps: tuple[Written, ...]

    def packed(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpacked(cls, data: dict[str, Any]) -> "Note":
        rows = {name: tuple(Written(**row) for row in data[name]) for name in ("updates", "steps")}
        return cls(**{**data, **rows})


def sign(note: Note) -> str:
    return signing.dumps(note.packed(), salt=SALT, compress=True)


def unsign(text: str) -> Note:
    """Raises BadSignature."""
    return Note.unpacked(signing.loads(text, salt=SALT))


def step_name(code: str, title: str) -> str:
    return f"{code} {plain(title)}"


def plain(text: str) -> str:
    """With every run of spaces, line ends and control characters as one space: programs write those in their own way."""
    return re.sub(r"[\s\x00-\x1f\x7f\ufffe\uffff]+", " ", text).strip()


def as_typed(value: Any) -> str:
    """A value of a cell as text that can be compared: a day as 2025-11-30, a line end as one character."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "").replace("\r\n", "\n").strip()


def digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(plain(text) for text in texts).encode()).hexdigest()[:16]
