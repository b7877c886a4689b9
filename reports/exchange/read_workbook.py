"""A workbook that comes back, as the plain lists and mappings that a YAML file of it would hold, and where each row stands."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from deliverables.spreadsheet.layout import NOTE, as_typed
from deliverables.spreadsheet.opening import NOT_OURS, Problem, Refused, Sheet, decoded, tables_of
from deliverables.spreadsheet.read import day_as_typed, number_as_typed
from reports.exchange.portal import EXCHANGED, tidied
from reports.exchange.workbook import (
    FORMAT,
    HELP,
    IN_CELLS,
    NOTE_BEGINS,
    PARENTS,
    ROWS,
    Column,
    cell_name,
    columns_of,
    sheet_name,
)
from reports.loading.kinds import CASE_STUDY, HEADS, PERIOD, PLAN_YEAR, Kind

AGAIN = "Export the plan year and change that file."
BY_PLACE = {kind.place: kind for kind in EXCHANGED}
# Of a row's path, as a YAML file has it: its kind and its number in the sheet, or LINE and the line on which it begins.
Places = dict[str, tuple[str, int]]
LINE = "line"


def read_workbook(sent: bytes) -> tuple[dict[str, Any], Places]:
    """Raises Refused with every cell that cannot be taken."""
    widths = {sheet_name(kind): len(columns_of(kind)) for kind in EXCHANGED}
    sheets, names = tables_of(sent, {NOTE: 1, **widths}, again=AGAIN, most_rows=ROWS, most_in_cells=IN_CELLS)
    refuse_other_files(sheets[NOTE])
    strange = [name[:40] for name in names if name not in {NOTE, HELP, *widths}]
    problems = [Problem(f"There is no table “{name}”. Take the sheet out.") for name in strange]
    problems += [problem for kind in EXCHANGED for problem in headings_changed(kind, sheets[sheet_name(kind)])]
    if problems:
        raise Refused(*problems)
    tables = {kind.place: Table(kind, sheets[sheet_name(kind)]) for kind in EXCHANGED}
    book = Book(tables)
    data = book.data()
    problems = [problem for table in tables.values() for problem in table.problems] + book.problems
    if problems:
        raise Refused(*problems)
    return data, book.places


def refuse_other_files(rows: Sheet) -> None:
    said = [decoded(str(cells[0].value or "")) for _, cells in rows]
    if len(said) < 2 or said[0] != NOTE_BEGINS:
        raise Refused(Problem(f"{NOT_OURS} {AGAIN}"))
    if said[1] != FORMAT:
        raise Refused(Problem(f"The file was made by another version of the portal. {AGAIN}"))


def headings_changed(kind: Kind, rows: Sheet) -> list[Problem]:
    cells, columns = dict(rows).get(1, []), columns_of(kind)
    wrong = [
        Problem(f"The heading “{column.heading}” was changed or moved. {AGAIN}", cell_name(kind, place, 1))
        for place, column in enumerate(columns)
        if place >= len(cells) or as_typed(cells[place].value) != column.heading
    ]
    more = [place for place, cell in enumerate(cells) if place >= len(columns) and cell.value is not None]
    return wrong + [Problem("There is a column too many. Take it out.", cell_name(kind, place, 1)) for place in more]


class Table:
    """One sheet: `rows` are the mappings of its rows with their numbers, `problems` what cannot be taken."""

    def __init__(self, kind: Kind, rows: Sheet) -> None:
        self.kind, self.columns = kind, columns_of(kind)
        self.problems: list[Problem] = []
        found = ((number, self.row(number, cells)) for number, cells in rows if number > 1)
        self.rows = [(number, row) for number, row in found if any(row.values())]

    def row(self, number: int, cells: list[Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for place, cell in enumerate(cells):
            try:
                if place < len(self.columns):
                    made[self.columns[place].name] = value_of(cell, self.columns[place], self.kind)
                elif cell.value is not None:
                    raise ValueError("There is something to the right of the last column. Empty it.")
            except ValueError as error:
                self.problems.append(Problem(str(error), cell_name(self.kind, place, number)))
        for column in self.columns:
            made.setdefault(column.name, empty(column))
        return made


def empty(column: Column) -> Any:
    return [] if column.form in ("codes", "lines") else "" if column.form == "words" else None


def value_of(cell: Any, column: Column, kind: Kind) -> Any:
    """Raises ValueError with a sentence."""
    text = text_of(cell, column)
    if not text:
        return empty(column)
    if column.form in ("codes", "lines"):
        return [line.strip() for line in text.split("\n") if line.strip()]
    if column.form == "number":
        return int(text) if text.isdecimal() and len(text) < 10 else text
    if column.form == "choice":
        codes = {str(label).casefold(): code for code, label in kind.column(column.name).flatchoices}
        return codes.get(text.casefold(), text)
    return text


def text_of(cell: Any, column: Column) -> str:
    value = cell.value
    if value is None or value == "":
        return ""
    if cell.data_type == "f":
        raise ValueError("Formulas are not taken. Type the text or the date itself.")
    if cell.data_type == "e":
        raise ValueError(f"The cell holds Excel's error {str(value)[:20]}. Type the text or the date itself.")
    if isinstance(value, (datetime, date)) and column.form == "day":
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, (date, time, timedelta)):
        raise ValueError("Excel has made a date or a time of what was typed. Type it as words.")
    if isinstance(value, (int, float)) and column.form == "day":
        raise ValueError(f"{number_as_typed(value)} is a number, not a date. Enter a date, such as 15 January 2026.")
    text = tidied(decoded(value) if isinstance(value, str) else number_as_typed(value))
    return day_as_typed(text) if column.form == "day" else text


class Book:
    """The tables put together as a YAML file has them: what belongs to a row, below it."""

    def __init__(self, tables: dict[str, Table]) -> None:
        self.tables = tables
        self.places: Places = {}
        self.problems: list[Problem] = []
        self.paths: dict[tuple[str, str], tuple[dict[str, Any], str]] = {}  # by kind and code: the row, and its path

    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = {CASE_STUDY.place: []}
        for place, table in self.tables.items():
            if table.kind in HEADS:
                data[place] = self.head(table)
                continue
            if table.kind is PERIOD:
                data[PLAN_YEAR.place][place] = []
            elif place not in PARENTS:
                data[place] = []
            for number, row in table.rows:
                self.put(data, table, number, row)
        return data

    def head(self, table: Table) -> dict[str, Any]:
        if len(table.rows) != 1:
            self.problems.append(Problem("There has to be one row.", cell_name(table.kind, 0, 2)))
            return {}
        number, row = table.rows[0]
        self.places[table.kind.place] = table.kind.place, number
        return dict(row)

    def put(self, data: dict[str, Any], table: Table, number: int, row: dict[str, Any]) -> None:
        kind, parent = table.kind, PARENTS.get(table.kind.place)
        if parent is None:
            rows = data[PLAN_YEAR.place][kind.place] if kind is PERIOD else data[kind.place]
            above = f"{PLAN_YEAR.place}." if kind is PERIOD else ""
        else:
            code = row.pop(parent) or ""
            if (parent, code) not in self.paths:
                words = f"There is no {parent} “{code[:40]}”." if code else f"Say to which {parent} it belongs."
                self.problems.append(Problem(words, cell_name(kind, 0, number)))
                return
            owner, path = self.paths[parent, code]
            rows, above = owner[kind.place], f"{path}."
        path = f"{above}{kind.place}[{len(rows)}]"
        made = row | {child.place: [] for child in kind.children}
        rows.append(made)
        self.places[path] = kind.place, number
        if kind.children:
            self.paths.setdefault((kind.as_parent, str(row.get("code") or "")), (made, path))


def in_cells(problem: str, places: Places) -> Problem:
    """A problem of the document, which begins with the path of its place, with the cell or the line instead."""
    path, _, words = problem.partition(": ")
    words = re.sub(r"(?<=at )[a-z_]+[a-z_.\[\]0-9]*\]", lambda found: at_cell(found[0], "", places) or found[0], words)
    row, _, name = path.rpartition(".")
    return Problem(words, at_cell(path, "", places) or at_cell(row, name, places) or path)


def at_cell(path: str, name: str, places: Places) -> str:
    """Where a row's field stands, by the row's path. Nothing if there is no such row."""
    if path not in places:
        return ""
    place, number = places[path]
    if place == LINE:
        return f"line {number}, {name}" if name else f"line {number}"
    columns = [column.name for column in columns_of(BY_PLACE[place])]
    return cell_name(BY_PLACE[place], columns.index(name) if name in columns else 0, number)
