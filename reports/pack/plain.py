"""The pack as JSON: the report entire, as it was issued, with its hash. The same report gives the same bytes."""

from reports.canonical import canonical
from reports.pack.document import Document


def make(document: Document) -> bytes:
    parts = {"content": document.content, "charts": document.charts, "lines": document.lines}
    return canonical(parts | {"sha256": document.sha256})
