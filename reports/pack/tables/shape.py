"""What a table is, and how a cell is said. Pure.

A cell is text, a whole number, a date, the code of a rating, or None; `shown` says it in words.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deliverables.ratings import NAMES
from reports.rollup import NOTHING_PLANNED
from strategy_portal.templatetags.portal import day, number

Item = dict[str, Any]
Cell = str | int | date | None

RATING_NAMES = NAMES | {NOTHING_PLANNED: "Nothing planned"}
SAID_AGAIN = ("ratio", "phrase")
# What neither XML nor a page can hold. Line ends and tabs stay.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """`of` is a key of the item or a function of it; `width` is in characters, and elsewhere a share of the page."""

    heading: str
    width: int
    of: str | Callable[[Item], Any]
    kind: str = "words"  # or "number", "day", "rating"; or "ratio" or "phrase", which say in words what other columns hold

    def cell(self, item: Item) -> Cell:
        found: Any = self.of(item) if callable(self.of) else item[self.of]
        if self.kind in ("words", *SAID_AGAIN):
            return tidy(found or "")
        return date.fromisoformat(found) if self.kind == "day" and found else (found if found != "" else None)


@dataclass(frozen=True)
class Table:
    """`empty` is said where there is no row, `note` below the rows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "Nothing to show."
    note: str = ""

    def only(self, *headings: str) -> "Table":
        """The same rows with these columns, in this order."""
        places = [[column.heading for column in self.columns].index(heading) for heading in headings]
        columns = tuple(self.columns[place] for place in places)
        return replace(self, columns=columns, rows=tuple(tuple(row[place] for place in places) for row in self.rows))

    def in_numbers(self) -> "Table":
        """Without the columns that say in words what others hold as numbers."""
        return self.only(*(column.heading for column in self.columns if column.kind not in SAID_AGAIN))

    def column(self, heading: str) -> list[Cell]:
        return [row[0] for row in self.only(heading).rows]

    def in_words(self) -> list[list[str]]:
        return [[shown(cell, column) for cell, column in zip(row, self.columns, strict=True)] for row in self.rows]


def shown(cell: Cell, column: Column) -> str:
    """A cell for people: 1,000, 6 August 2025, On track."""
    if isinstance(cell, date):
        return str(day(cell))
    if isinstance(cell, int):
        return str(number(cell))
    return RATING_NAMES.get(cell or "", cell or "") if column.kind == "rating" else cell or ""


def tidy(text: str) -> str:
    return UNWRITABLE.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def table(title: str, columns: Iterable[Column], items: Iterable[Item], *, empty: str = "", note: str = "") -> Table:
    columns = tuple(columns)
    rows = tuple(tuple(column.cell(item) for column in columns) for item in items)
    return Table(title, columns, rows, empty or "Nothing to show.", note)
