"""A document as an Excel workbook, a sheet a table, and back. Every text is written as text: nothing in it can run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.db.models import DateField, IntegerField

from deliverables.spreadsheet.layout import NOTE
from deliverables.spreadsheet.write import FIRST_DAY, LAST_DAY, Paper
from reports.exchange.difference import label_of
from reports.exchange.portal import EXCHANGED, value_in
from reports.loading.document import Document, Row
from reports.loading.kinds import COMMITMENT, DELIVERABLE, MILESTONE, PERIOD, Kind
from strategy_portal import clock

FORMAT = "1"  # goes up when columns change: a file of another format is refused
NOTE_BEGINS = "strategy portal, plan year"
HELP = "How to change this"
CELL = 32_767  # characters that Excel has room for
ROWS, IN_CELLS = 10_000, 400_000  # of a sheet, and brackets in all: what is read again, see deliverables.spreadsheet.opening
NEW_ROWS = 2_000  # to which the lists and dates are held
PARENTS = {COMMITMENT.place: "theme", DELIVERABLE.place: "priority", MILESTONE.place: "deliverable"}
WIDTHS = {"code": 14, "codes": 26, "day": 17, "number": 12, "choice": 24, "lines": 30, "words": 36}
LONG = ("summary", "note", "statement", "why", "measure", "role", "oversees", "focus")
LINES = [
    ("What it is", "The plan year as the portal has it: a sheet a table, a row a thing, in the order of the pages."),
    ("Changing it", "Change cells, add rows below the last one, or move rows. Import it, and you see what it changes first."),
    ("Codes", "They tie rows together. Keep the codes of rows that are there, and give new rows new ones."),
    ("Several in a cell", "One a line: Alt and Enter begins a new line in a cell."),
    ("Taking a row out", "Nothing is deleted: a row that is not in the file is named to you and stays in the portal."),
    (
        "The next year",
        "It is started on its own page of the portal, where every promise says where it goes. Then a file can change it.",
    ),
    ("Not taken", "Formulas, other headings, further columns and further sheets."),
]


class TooLong(Exception):
    """Excel has no room for one of the texts. The sentence says which and what to do."""


@dataclass(frozen=True)
class Column:
    name: str
    heading: str
    form: str  # code, codes, day, number, choice, lines, words


def sheet_name(kind: Kind) -> str:
    return "Months" if kind is PERIOD else kind.place.replace("_", " ").capitalize()


def columns_of(kind: Kind) -> list[Column]:
    parent = PARENTS.get(kind.place)
    found = [Column(parent, f"{parent.capitalize()} (code)", "code")] if parent else []
    return found + [Column(name, heading_of(kind, name), form_of(kind, name)) for name in kind.required + kind.optional]


def heading_of(kind: Kind, name: str) -> str:
    label, form = label_of(kind, name), form_of(kind, name)
    what = "emails" if kind.links.get(name) == "people" else "codes"
    beside = {"code": " (code)", "codes": f" ({what}, one a line)", "lines": " (one a line)"}
    return label + beside.get(form, "")


def form_of(kind: Kind, name: str) -> str:
    if name in kind.links:
        return "codes" if name in kind.many else "code"
    column = kind.column(name)
    if isinstance(column, DateField):
        return "day"
    if isinstance(column, IntegerField):
        return "number"
    return "choice" if column.choices else "lines" if name in kind.lines else "words"


def as_workbook(document: Document) -> bytes:
    """Raises TooLong."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = f"Plan year {document.rows[1].key[1]}"
    book.set_properties({"title": title, "created": clock.now().replace(tzinfo=None)})
    paper = Paper(book, title)
    paper.formats["open number"] = book.add_format({"font_name": "Arial", "font_size": 11, "border": 1, "locked": False})
    for kind in EXCHANGED:
        write_table(paper, kind, document.of(kind))
    paper.words(HELP, LINES)
    note = book.add_worksheet(NOTE)
    note.write_column(0, 0, [NOTE_BEGINS, FORMAT])
    paper.protect(note)
    note.very_hidden()
    book.close()
    return out.getvalue()


def write_table(paper: Paper, kind: Kind, rows: list[Row]) -> None:
    if len(rows) > ROWS:
        raise TooLong(f"{sheet_name(kind)} has more than {ROWS:,} rows. Export the plan year as YAML instead.")
    sheet, columns = paper.book.add_worksheet(sheet_name(kind)), columns_of(kind)
    for place, column in enumerate(columns):
        width = 60 if column.name in LONG else WIDTHS[column.form]
        sheet.set_column(place, place, width, paper.formats["open day" if column.form == "day" else "open"])
        paper.put(sheet, 0, place, column.heading, "heading")
        if check := allowed(kind, column):
            sheet.data_validation(1, place, NEW_ROWS, place, check)
        for number, row in enumerate(rows, start=1):
            put_cell(paper, sheet, number, place, shown(row, column), kind)
    sheet.freeze_panes(1, 2 if len(columns) > 4 else 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True})
    paper.print_setup(sheet, pages=1 if len(columns) < 8 else 3)
    sheet.repeat_rows(0)


def shown(row: Row, column: Column) -> Any:
    value = value_in(row, column.name)
    if column.form == "codes":
        return "\n".join(code for _, code in value)
    if column.form == "code":
        return value[1] if value else ""
    return dict(row.kind.column(column.name).flatchoices).get(value, value) if column.form == "choice" else value


def put_cell(paper: Paper, sheet: Any, row: int, place: int, value: Any, kind: Kind) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, place, datetime(value.year, value.month, value.day), paper.formats["open day"])
    elif isinstance(value, int):
        sheet.write_number(row, place, value, paper.formats["open number"])
    elif len(value or "") > CELL:
        named = f"{sheet_name(kind)}, row {row + 1}"
        raise TooLong(f"A text in {named} is longer than a cell of Excel can be. Export the plan year as YAML instead.")
    elif value or place == 0:
        paper.put(sheet, row, place, value or "", "open")


def allowed(kind: Kind, column: Column) -> dict[str, Any] | None:
    """Excel's own check of a cell, with what it says. The portal checks again."""
    if column.form == "choice":
        words = [str(label) for _, label in kind.column(column.name).flatchoices]
        return {"validate": "list", "source": words, "error_title": column.heading, "error_message": "Choose one from the list."}
    if column.form == "day":
        rule = {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        return rule | {"error_title": column.heading, "error_message": "Enter a date, such as 15 January 2026."}
    return None


def letters(place: int) -> Iterator[str]:
    """The letters of a column, the last first: A to Z, then AA."""
    while place >= 0:
        yield chr(ord("A") + place % 26)
        place = place // 26 - 1


def cell_name(kind: Kind, place: int, row: int) -> str:
    return f"{sheet_name(kind)}!{''.join(letters(place))[::-1]}{row}"
