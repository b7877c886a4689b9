"""The board pack: one issued progress report as files. Pure: a Document in, bytes out.

tables flattens the document once, and every file shows those tables. What is heavy to import is imported when a file is made.
"""

from collections.abc import Callable
from dataclasses import dataclass

from reports.pack.document import Document


@dataclass(frozen=True)
class Kind:
    """A kind of file. `make` gives the same bytes for the same document."""

    code: str
    name: str
    content_type: str
    ending: str
    make: Callable[[Document], bytes]


def make_pdf(document: Document) -> bytes:
    from reports.pack.pdf import make

    return make(document)


def make_pptx(document: Document) -> bytes:
    from reports.pack.pptx import make

    return make(document)


def make_xlsx(document: Document) -> bytes:
    from reports.pack.xlsx import make

    return make(document)


def make_csv(document: Document) -> bytes:
    from reports.pack.comma import make

    return make(document)


def make_json(document: Document) -> bytes:
    from reports.pack.plain import make

    return make(document)


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.code: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", ".pdf", make_pdf),
        Kind("pptx", "PowerPoint", f"{OFFICE}.presentationml.presentation", ".pptx", make_pptx),
        Kind("xlsx", "Excel", f"{OFFICE}.spreadsheetml.sheet", ".xlsx", make_xlsx),
        Kind("csv", "CSV", "text/csv; charset=utf-8", ".csv", make_csv),
        Kind("json", "JSON", "application/json", ".json", make_json),
    )
}
