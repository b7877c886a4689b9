"""The pack as CSV: one row a deliverable, as Excel and other programs open it. Nothing in it can run as a formula."""

import csv
from datetime import date
from io import StringIO

from deliverables.spreadsheet.write import FORMULA_BEGINS
from reports.pack.document import Document
from reports.pack.tables import tables
from reports.pack.tables.shape import Cell, Column, shown

UNSEEN = " \xa0\u200b\ufeff"  # what some programs drop before they look for a formula


def make(document: Document) -> bytes:
    """UTF-8 with a byte order mark, lines ended as Windows does. Dates are ISO, so that other programs can sort them."""
    rows = tables(document)["deliverables"].in_numbers()
    report = [document.content["period"]["month"], str(document.content["issued"]["version"])]
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["Month", "Version", *(column.heading for column in rows.columns)])
    for row in rows.rows:
        writer.writerow(report + [in_csv(cell, column) for cell, column in zip(row, rows.columns, strict=True)])
    return out.getvalue().encode("utf-8-sig")


def in_csv(cell: Cell, column: Column) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int) else harmless(shown(cell, column))


def harmless(text: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.lstrip(UNSEEN).startswith(FORMULA_BEGINS) else text
