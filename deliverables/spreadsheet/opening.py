"""Opening a file from outside: what is no workbook is refused before anything in it is unpacked."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from deliverables.spreadsheet.layout import COLUMNS, MILESTONES, NOTE, UPDATES

MEGABYTE = 1024 * 1024
MOST_SENT, MOST_UNPACKED, MOST_PARTS, MOST_ROWS = 2 * MEGABYTE, 20 * MEGABYTE, 200, 2_000
# Opening brackets of XML, in the cells and in all else: each is an object that takes openpyxl up to 50 microseconds to make,
# so a file of 40 kilobytes could keep a web worker busy for minutes. A file of 1,000 rows has about 100,000.
MOST_IN_CELLS, MOST_ELSEWHERE = 150_000, 20_000
AGAIN = "Download a new file under My updates and fill that in."
NO_WORKBOOK = "This is not an Excel workbook (.xlsx). Choose the file that you downloaded and filled in."
NOT_OURS = "This is not a file that the portal made, or its hidden sheet was changed."


@dataclass(frozen=True)
class Problem:
    """What is wrong, and in which cell; the whole file where there is none."""

    words: str
    place: str = ""


class Refused(Exception):
    """The file cannot be taken. `problems` says why, each with its cell."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(" ".join(problem.words for problem in problems))
        self.problems = list(problems)


Sheet = list[tuple[int, list[Any]]]  # the rows that hold anything, each with its number and its cells


def sheets_of(sent: bytes) -> dict[str, Sheet]:
    """By name. Raises Refused."""
    widths = {name: len(COLUMNS.get(name, ())) for name in (NOTE, UPDATES, MILESTONES)}
    return tables_of(sent, widths, again=AGAIN)[0]


def tables_of(
    sent: bytes, widths: Mapping[str, int], *, again: str, most_rows: int = MOST_ROWS, most_in_cells: int = MOST_IN_CELLS
) -> tuple[dict[str, Sheet], list[str]]:
    """The sheets of these names, each with so many columns; and the names of all that the file has. Raises Refused."""
    refuse_what_is_no_workbook(sent, again)
    try:
        refuse_what_takes_too_long(sent, again, most_in_cells)
        book = opened(sent)
        return {name: list(rows_of(book, name, width, again, most_rows)) for name, width in widths.items()}, book.sheetnames
    except Refused:
        raise
    except Exception as error:  # a broken or hostile file may fail in any way, and none may fail the page
        raise Refused(Problem(f"The file cannot be read. Open it in Excel, save it as .xlsx and try again. {again}")) from error


def refuse_what_is_no_workbook(sent: bytes, again: str) -> None:
    """By what the file holds, not by its name; before anything is unpacked."""
    if len(sent) > MOST_SENT:
        raise Refused(Problem(f"The file is larger than 2MB, so it is not one that the portal made. {again}"))
    if sent.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(Problem("The file has a password or is in the old format .xls. Save it as .xlsx without a password."))
    try:
        parts = zipfile.ZipFile(BytesIO(sent)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise Refused(Problem(NO_WORKBOOK)) from error
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(Problem("The file is protected by a password. Save it without one."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(Problem(f"The file unpacks to more than 20MB, so it was not opened. {again}"))
    if any(name.endswith(("vbaproject.bin", "xl/workbook.bin")) for name in names):
        raise Refused(Problem("The file holds macros or is in another format. Save it as .xlsx, not as .xlsm or .xlsb."))
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        raise Refused(Problem(NO_WORKBOOK))


def refuse_what_takes_too_long(sent: bytes, again: str, most_in_cells: int) -> None:
    """Counted before it is parsed; in UTF-8 alone, since in another encoding a bracket may be another byte."""
    found = {"cells": 0, "elsewhere": 0}
    with zipfile.ZipFile(BytesIO(sent)) as archive:
        for part in archive.infolist():
            content = archive.read(part)
            encoding = re.search(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([^"']*)""", content[:400])
            if encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
                raise Refused(Problem(f"The file is written in an unusual way. Open it in Excel and save it as .xlsx. {again}"))
            holds_cells = part.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
            found["cells" if holds_cells else "elsewhere"] += content.count(b"<")
    if found["cells"] > most_in_cells or found["elsewhere"] > MOST_ELSEWHERE:
        raise Refused(Problem(f"The file holds far more than the portal wrote into it, so it was not opened. {again}"))


def opened(sent: bytes) -> Any:
    """Read row by row, with formulas as formulas. openpyxl refuses XML entities by itself where defusedxml is installed."""
    from openpyxl import DEFUSEDXML
    from openpyxl.cell.text import Text
    from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
    from openpyxl.xml.constants import SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is missing, so no file from outside is opened")

    class Reader(ExcelReader):
        def read_strings(self) -> None:
            """As they stand in the file: openpyxl's own way drops the sign that tells a written _x000D_ from a line end."""
            part = self.package.find(SHARED_STRINGS)
            if part is not None:
                with self.archive.open(part.PartName[1:]) as source:
                    for _, node in iterparse(source):
                        if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                            self.shared_strings.append(Text.from_tree(node).content)
                            node.clear()

    reader = Reader(BytesIO(sent), read_only=True, keep_links=False)
    reader.read()
    return reader.wb


def rows_of(book: Any, name: str, columns: int, again: str, most_rows: int) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a sheet that hold anything, each with its number and its cells."""
    if name not in book.sheetnames:
        if name == NOTE:
            raise Refused(Problem(f"{NOT_OURS} {again}"))
        raise Refused(Problem(f"The sheet “{name}” is missing. {again}"))
    sheet = book[name]
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    width = columns + 5
    for number, cells in enumerate(sheet.iter_rows(max_col=width), start=1):
        if number > most_rows + 1:
            raise Refused(Problem(f"The sheet has more than {most_rows:,} rows. {again}", f"{name}!A{number}"))
        if any(cell.value is not None for cell in cells):
            yield number, list(cells)


def decoded(text: str) -> str:
    """Excel writes a character that XML cannot hold as _x000D_, and a text that looks like that as _x005F_x000D_."""

    def character(found: re.Match[str]) -> str:
        number = int(found[1], 16)
        return found[0] if 0xD800 <= number <= 0xDFFF else chr(number)

    return re.sub(r"_x([0-9A-Fa-f]{4})_", character, text)
