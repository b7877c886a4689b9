"""The file that comes back: what is in it, or what is wrong with it. Knows nothing of what the plan says now."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core import signing

from deliverables.spreadsheet.layout import (
    CHOICES,
    COLUMNS,
    FORMAT,
    MILESTONES,
    NOTE,
    NOTE_BEGINS,
    UPDATES,
    Column,
    Note,
    Written,
    as_typed,
    digest,
    plain,
    step_name,
    unsign,
)
from deliverables.spreadsheet.opening import AGAIN, NOT_OURS, Problem, Refused, Sheet, decoded, sheets_of
from strategy_portal.forms import DAY_FORMATS

LONGEST = 20_000  # characters of one cell: far more than any field takes


@dataclass(frozen=True)
class Filled:
    """A row that was filled in: which one, where it stands in the sheet, the text of its white cells by field, and what is
    `wrong` with them, by cell."""

    pk: int
    row: int
    values: dict[str, str]
    wrong: dict[str, str]
    of: int = 0

    @property
    def problems(self) -> list[Problem]:
        return [Problem(words, place) for place, words in self.wrong.items()]


@dataclass(frozen=True)
class Content:
    """The rows in which something was filled in or changed. An update's row is here too when one of its milestones changed."""

    note: Note
    updates: tuple[Filled, ...]
    steps: tuple[Filled, ...]

    def packed(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def unpacked(cls, data: dict[str, Any]) -> "Content":
        rows = [tuple(Filled(**row) for row in data[name]) for name in ("updates", "steps")]
        return cls(Note.unpacked(data["note"]), *rows)


def read(sent: bytes) -> Content:
    """Raises Refused."""
    sheets = sheets_of(sent)
    note = note_in(sheets[NOTE])
    problems = [problem for name in (UPDATES, MILESTONES) for problem in headings_changed(name, sheets[name])]
    if problems:
        raise Refused(*problems)
    updates, steps = Table(UPDATES, sheets[UPDATES], note.updates), Table(MILESTONES, sheets[MILESTONES], note.steps)
    if updates.problems or steps.problems:
        raise Refused(*updates.problems, *steps.problems)
    changed = {row.of for row in steps.changed} | {row.pk for row in updates.changed}
    lost = [row for row in steps.changed if row.of not in updates.found]
    if lost:
        words = f"The row of its deliverable is no longer in the sheet “{UPDATES}”. {AGAIN}"
        raise Refused(*(Problem(words, f"{MILESTONES}!A{row.row}") for row in lost))
    return Content(note, tuple(row for pk, row in updates.found.items() if pk in changed), tuple(steps.changed))


def note_in(rows: Sheet) -> Note:
    first = [decoded(str(cells[0].value or "")) for _, cells in rows]
    if len(first) < 3 or first[0] != NOTE_BEGINS:
        raise Refused(Problem(f"{NOT_OURS} {AGAIN}"))
    if first[1] != str(FORMAT):
        raise Refused(Problem(f"The file was made by an earlier version of the portal. {AGAIN}"))
    try:
        return unsign("".join(first[2:]))
    except (signing.BadSignature, ValueError, TypeError, KeyError) as error:
        raise Refused(Problem(f"{NOT_OURS} {AGAIN}")) from error


def headings_changed(name: str, rows: Sheet) -> Iterator[Problem]:
    cells = dict(rows).get(1, [])
    for place, column in enumerate(COLUMNS[name]):
        if place >= len(cells) or as_typed(cells[place].value) != column.heading:
            yield Problem(f"The heading “{column.heading}” was changed or moved. {AGAIN}", f"{name}!{chr(ord('A') + place)}1")


class Table:
    """One sheet, row by row: `found` by id, `changed` those in which something was typed, and what is wrong."""

    def __init__(self, sheet: str, rows: Sheet, written: tuple[Written, ...]) -> None:
        self.sheet, self.columns = sheet, COLUMNS[sheet]
        self.known = {one.name: one for one in written}
        self.found: dict[int, Filled] = {}
        self.changed: list[Filled] = []
        self.problems: list[Problem] = []
        for number, cells in rows:
            if number > 1:
                self.take(number, cells)

    def take(self, number: int, cells: list[Any]) -> None:
        wrong: dict[str, str] = {}
        texts = [
            self.text(f"{self.sheet}!{chr(ord('A') + place)}{number}", place, cell, wrong) for place, cell in enumerate(cells)
        ]
        if not any(texts) and not wrong:
            return
        split = sum(not column.name for column in self.columns)
        locked, typed, beside = texts[:split], texts[split : len(self.columns)], texts[len(self.columns) :]
        name = locked[0] if self.sheet == UPDATES else step_name(plain(locked[0]), locked[1])
        one = self.known.get(plain(name))
        trouble = self.trouble(one, locked, beside)
        if one is None or trouble:
            unread = [Problem(words, at) for at, words in wrong.items()]
            self.problems += unread or [Problem(trouble, f"{self.sheet}!A{number}")]
            return
        values = dict(zip([column.name for column in self.columns[split:]], typed, strict=True))
        self.found[one.pk] = filled = Filled(one.pk, number, values, wrong, one.of)
        if wrong or (digest(typed) != one.typed and (self.sheet == MILESTONES or any(typed))):
            self.changed.append(filled)

    def trouble(self, one: Written | None, locked: list[str], beside: list[str]) -> str:
        if one is None:
            named = f"“{plain(locked[0])[:40]}” is" if locked[0] else "This row is"
            return f"{named} not among the rows that this file was made with. Rows cannot be added."
        if one.pk in self.found:
            return f"“{one.name}” is in the sheet twice. Keep one row."
        if digest(locked) != one.locked:
            return f"The grey cells of this row were changed. Put them back as they were, or start anew. {AGAIN}"
        return "There is something to the right of the last column. Empty it." if any(beside) else ""

    def text(self, at: str, place: int, cell: Any, wrong: dict[str, str]) -> str:
        """What a cell says; "" and a word in `wrong` when that cannot be taken."""
        try:
            return text_of(cell, self.columns[place] if place < len(self.columns) else Column("", 0))
        except ValueError as error:
            wrong[at] = str(error)
            return ""


def text_of(cell: Any, column: Column) -> str:
    """Raises ValueError with a sentence. A day comes out as 2025-11-30, a choice as the list has it."""
    value, is_day = cell.value, column.kind == "day" or not column.name
    if value is None or value == "":
        return ""
    if cell.data_type == "f":
        raise ValueError("Formulas are not taken. Type the text or the date itself.")
    if cell.data_type == "e":
        raise ValueError(f"The cell holds Excel's error {str(value)[:20]}. Type the text or the date itself.")
    if isinstance(value, (datetime, date)) and is_day:
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, (date, time, timedelta)):
        raise ValueError("Excel has made a date or a time of what was typed. Type it as words.")
    if isinstance(value, (int, float)) and column.kind == "day" and not isinstance(value, bool):
        raise ValueError(f"{number_as_typed(value)} is a number, not a date. Enter a date, such as 15 January 2026.")
    text = as_typed(decoded(value) if isinstance(value, str) else number_as_typed(value))
    if len(text) > LONGEST:
        raise ValueError(f"The cell holds {len(text):,} characters, which is too much.")
    return day_as_typed(text) if column.kind == "day" else choice(text, column)


def number_as_typed(value: Any) -> str:
    return str(value).upper() if isinstance(value, bool) else f"{value:.15g}"


def day_as_typed(text: str) -> str:
    """A date that was typed as text, in the ways that the page understands too."""
    for form in DAY_FORMATS if text else ():
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    if text:
        raise ValueError(f"“{text[:40]}” is not a date. Enter a date, such as 15 January 2026.")
    return ""


def choice(text: str, column: Column) -> str:
    if column.kind != "choice" or not text:
        return text
    known = {label.casefold(): label for label in CHOICES[column.name]}
    if plain(text).casefold() not in known:
        raise ValueError(f"“{text[:40]}” is not in the list. Choose one of: {'; '.join(CHOICES[column.name])}.")
    return known[plain(text).casefold()]
