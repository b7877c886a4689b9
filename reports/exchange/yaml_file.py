"""A document as YAML, in the form of priorities/data/strategy.yaml, every key written out."""

from datetime import date
from typing import Any

import yaml

from reports.loading.document import Document, Key, Row
from reports.loading.kinds import CASE_STUDY, HEADS, SECTIONS

HEAD = """\
# {title}, plan year {year}, as the portal has it.
#
# Change it and import it again under Administration. A key that is left out leaves the portal as it is, and an empty one
# empties it. Codes tie rows together: keep them. A row that is left out is not deleted. Case studies have pages of their own.

"""


def as_yaml(document: Document) -> str:
    data = data_of(document)
    head = HEAD.format(title=on_one_line(data["strategy"]["title"]), year=data["plan_year"]["code"])
    return head + yaml.dump(data, Dumper=yaml.SafeDumper, allow_unicode=True, sort_keys=False, width=120)


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def data_of(document: Document) -> dict[str, Any]:
    """The plain lists and mappings that a file of it holds."""
    below: dict[tuple[Key | None, str], list[Row]] = {}
    for row in document.rows:
        parent = next((row.one[name] for name in ("theme", "priority", "deliverable") if name in row.kind.above), None)
        below.setdefault((parent, row.kind.place), []).append(row)
    heads = {kind.place: mapping(document.of(kind)[0], below) for kind in HEADS}
    sections = {kind.place: [mapping(row, below) for row in below.get((None, kind.place), [])] for kind in SECTIONS}
    return heads | sections | {CASE_STUDY.place: []}


def mapping(row: Row, below: dict[tuple[Key | None, str], list[Row]]) -> dict[str, Any]:
    """One row, with those below it. Months stand below their year, of which there is one."""
    made = {name: plain(row, name) for name in row.kind.required + row.kind.optional}
    for child in row.kind.children:
        parent = None if row.kind in HEADS else row.key
        made[child.place] = [mapping(one, below) for one in below.get((parent, child.place), [])]
    return made


def plain(row: Row, name: str) -> Any:
    if name in row.many:
        return sorted(code for _, code in row.many[name])
    if name in row.one:
        key = row.one[name]
        return key[1] if key else None
    value = row.values[name]
    if name in row.kind.lines:
        return value.split("\n") if value else []
    return value.isoformat() if isinstance(value, date) else value
