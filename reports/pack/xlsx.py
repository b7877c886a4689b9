"""The pack as an Excel workbook: a sheet a table, dates as dates, numbers as numbers. Nothing in it can run as a formula."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from deliverables.spreadsheet.write import BLUE, RULE, Paper
from reports.charts import STACK
from reports.pack.colours import FILLS, LIGHT_LABELS, TINTS
from reports.pack.document import Document
from reports.pack.sealed import moment_of
from reports.pack.tables import tables
from reports.pack.tables.figures import title
from reports.pack.tables.shape import Cell, Column, Table, shown

# A sheet, and the tables on it from top to bottom.
SHEETS = {
    "Summary": ("about",),
    "Priorities": ("priorities",),
    "Deliverables": ("deliverables",),
    "Milestones": ("milestones",),
    "Milestones ahead": ("ahead",),
    "Status by month": ("months",),
    "Ratings by month": ("by_month",),
    "Principles": ("principles", "balance", "matrix", "gaps"),
    "Coverage": ("coverage",),
    "Asks": ("asks",),
    "Case studies": ("stories",),
    "For attention": ("attention",),
    "Changes": ("changes",),
    "Rating changes": ("history",),
    "How it is worked out": ("rules",),
}
WIDE = 15  # columns: more are printed over several pages
HATCHES = {"at_risk": "wide_upward_diagonal", "off_track": "dark_horizontal", "not_reported": "percent_10"}


def make(document: Document) -> bytes:
    out, moment = BytesIO(), moment_of(document.content["issued"])
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    name = f"{title(document)}, version {document.content['issued']['version']}"
    set_up(book, name, document, moment)
    paper, found = prepared(book, name), tables(document)
    for sheet_name, codes in SHEETS.items():
        if sheet_name == "Case studies" and not found["stories"].rows:
            continue  # the files of a report without any stay as they were
        write_sheet(paper, sheet_name, [found[code].in_numbers() for code in codes])
    draw_months(book, found["months"])
    book.close()
    return out.getvalue()


def set_up(book: Any, name: str, document: Document, moment: datetime) -> None:
    author = document.content["issued"]["by"][:255]
    book.set_properties({"title": name, "subject": document.content["strategy"], "author": author, "created": moment})
    book.set_size(24000, 14000)


def prepared(book: Any, name: str) -> Paper:
    """The paper of the updates' spreadsheet, which writes every text as text, with the formats of this one."""
    paper = Paper(book, name)
    lined = {"font_name": "Arial", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1, "border_color": RULE}
    paper.formats |= {
        "remark": book.add_format({"font_name": "Arial", "font_size": 11, "font_color": "#4C6272"}),
        "title": book.add_format({"font_name": "Arial", "font_size": 14, "bold": True, "font_color": BLUE}),
        "cell": book.add_format({**lined, "num_format": "@"}),
        "cell as text": book.add_format({**lined, "num_format": "@", "quote_prefix": True}),
        "number": book.add_format({**lined, "num_format": "#,##0", "align": "right"}),
        "day": book.add_format({**lined, "num_format": "d mmmm yyyy", "align": "left"}),
    }
    paper.formats |= {code: book.add_format({**lined, "bold": True, "bg_color": tint}) for code, tint in TINTS.items()}
    return paper


def write_sheet(paper: Paper, name: str, found: list[Table]) -> None:
    """The first table begins in the first row, with filters on it; others stand below, each under its title."""
    sheet = paper.book.add_worksheet(name)
    set_widths(sheet, found)
    row = write_table(paper, sheet, found[0], 0)
    sheet.freeze_panes(1, 2 if len(found[0].columns) > 6 else 0)
    if found[0].rows and name != "Summary":
        sheet.autofilter(0, 0, len(found[0].rows), len(found[0].columns) - 1)
    for table in found[1:]:
        paper.put(sheet, row + 1, 0, table.title, "title")
        row = write_table(paper, sheet, table, row + 2)
    paper.print_setup(sheet, pages=1 if len(found[0].columns) <= WIDE else 3)
    sheet.repeat_rows(0)


def set_widths(sheet: Any, found: list[Table]) -> None:
    """As wide as the first table needs; a column that only others have, as they need. All words in Excel are wrapped."""
    for place in range(max(len(table.columns) for table in found)):
        sheet.set_column(place, place, next(table.columns[place].width for table in found if place < len(table.columns)) + 1)


def write_table(paper: Paper, sheet: Any, table: Table, top: int) -> int:
    """Returns the first row below it."""
    for place, column in enumerate(table.columns):
        paper.put(sheet, top, place, column.heading, "heading")
    for row, cells in enumerate(table.rows, start=top + 1):
        for place, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            put_cell(paper, sheet, row, place, cell, column)
    below = top + 1 + len(table.rows)
    for words in filter(None, ["" if table.rows else table.empty, table.note]):
        paper.put(sheet, below, 0, words, "remark")
        below += 1
    return below


def put_cell(paper: Paper, sheet: Any, row: int, place: int, cell: Cell, column: Column) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), paper.formats["day"])
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell, paper.formats["number"])
    else:
        words = shown(cell, column)
        paper.put(sheet, row, place, words, str(cell) if column.kind == "rating" and cell in TINTS else "cell")


def draw_months(book: Any, months: Table) -> None:
    """A stacked bar a month, with the numbers in the bars and a pattern over the worse ratings: colour is never alone."""
    if not months.rows:
        return
    name, last = "Status by month", len(months.rows)
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for place, code in enumerate(STACK, start=1):
        series = {"name": [name, 0, place], "categories": [name, 1, 0, last, 0], "values": [name, 1, place, last, place]}
        chart.add_series(series | looks(code))
    chart.set_title({"name": "Deliverables by rating, month by month", "name_font": {"name": "Arial", "size": 14}})
    chart.set_legend({"position": "bottom", "font": {"name": "Arial", "size": 11}})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": RULE}}, "min": 0, "num_format": "#,##0"})
    chart.set_size({"width": 900, "height": 420})
    described = {"description": f"Deliverables by rating, a bar a month. {months.note}", "object_position": 2}
    book.get_worksheet_by_name(name).insert_chart(last + 3, 0, chart, described)


def looks(code: str) -> dict[str, Any]:
    """Zeros have no label: a format with an empty third part."""
    back, front = FILLS[code]
    ink = "white" if code in LIGHT_LABELS else "black"
    label = {"value": True, "num_format": "#,##0;;", "font": {"name": "Arial", "bold": True, "color": ink}}
    shared = {"data_labels": label, "gap": 40, "border": {"color": "#768692" if code == "not_reported" else "white"}}
    if not front:
        return shared | {"fill": {"color": back}}
    return shared | {"pattern": {"pattern": HATCHES[code], "fg_color": front, "bg_color": back}}
