"""The pack on paper: an accessible PDF (PDF/UA-1), set by typst. This is what stands on its pages; board_pack.typ, how it looks.

Every text reaches typst as JSON, and JSON alone: nothing in it is read as typst's own language.
"""

import json
from pathlib import Path

import typst

from deliverables.ratings import NAMES
from reports.charts import COLOURS, STACK
from reports.pack import words
from reports.pack.document import Document
from reports.pack.glyphs import FONTS, writable
from reports.pack.tables import tables
from reports.pack.tables.figures import is_demonstration, title
from reports.pack.tables.shape import RATING_NAMES, Item, Table

HERE = Path(__file__).parent
OF_FIGURES = {"Headline": 23} | dict.fromkeys((NAMES[code] for code in STACK), 16) | {"Updates": 17, "Milestones done": 21}
# What a page of A4 has room for: a table, its columns, and their shares of the width.
ON_PAPER: dict[str, dict[str, int]] = {
    "asks": {"What is asked": 62, "Deliverable": 30, "Wanted by": 26, "Who will act": 28, "First asked": 26},
    "priorities": {"Priority": 32} | OF_FIGURES,
    "principles": {"Principle": 32} | OF_FIGURES,
    "balance": {"Principle": 60, "Late or off track": 30, "Milestones overdue": 30, "Deliverables": 30},
    "gaps": {"Where": 80, "What is missing": 90},
    "months": {"Month": 40} | dict.fromkeys((*(NAMES[code] for code in STACK), "All"), 22),
    "ahead": {"Code": 14, "Milestone": 42, "Baseline": 30, "Expected": 30, "Proposed": 30, "How it stands": 28},
    "changes": {"Change": 25, "Code": 14, "Deliverable": 40, "Milestone": 35, "From": 30, "To": 30},
    "coverage": {"Organisation": 100, "Updates expected": 35, "Updates received": 35},
    "rules": {"What": 30, "In words": 140},
}


def make(document: Document) -> bytes:
    made = typst.compile(
        HERE / "board_pack.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(page_data(document))},
        pdf_standards="ua-1",
    )
    return bytes(made)


def page_data(document: Document) -> Item:
    found = tables(document)
    data = front(document) | {
        "names": RATING_NAMES,
        "codes": {name: code for code, name in RATING_NAMES.items()},
        "colours": COLOURS,
        "stack": list(STACK),
        "tables": {name: on_paper(found[name], shares) for name, shares in ON_PAPER.items()},
        "asks": asks(found["asks"]),
        "stories": stories(document),
        "attention": attention(document, found["attention"]),
        "priorities": priorities(document),
        "matrix": matrix(document) | {"title": found["matrix"].title},
        "months": months(document),
        "deliverables": deliverables(document, found["deliverables"], found["milestones"]),
        "history": by_code(found["history"]),
    }
    fit: Item = writable(data)
    return fit | {"sha256": document.sha256}


def front(document: Document) -> Item:
    content, issued = document.content, document.content["issued"]
    return {
        "title": title(document),
        "strategy": content["strategy"],
        "caption": f"Progress report for {content['period']['name']}, plan year {content['plan_year']}",
        "lead": content["sentences"]["lead"],
        "rest": content["sentences"]["rest"],
        "by": issued["by"],
        "issued": words.issued(document),
        "date": [int(part) for part in issued["on"].split("-")],
        "version": issued["version"],
        "reason": issued["reason"] if issued["version"] > 1 else "",
        "made_up": words.MADE_UP if is_demonstration(document) else "",
        "note": content["note"],
        "spread": content["plan"]["distribution"],
        "facts": [words.received(content["plan"]), words.milestones_done(content["plan"])],
        "rules_version": content["rules_version"],
    }


def on_paper(table: Table, shares: dict[str, int]) -> Item:
    some = table.only(*shares)
    return {
        "title": table.title,
        "headings": list(shares),
        "shares": list(shares.values()),
        "kinds": [column.kind for column in some.columns],
        "rows": some.in_words(),
        "empty": table.empty,
        "note": table.note,
    }


def records(table: Table) -> list[Item]:
    """Each row by its headings."""
    headings = [column.heading for column in table.columns]
    return [dict(zip(headings, row, strict=True)) for row in table.in_words()]


def by_code(table: Table) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for record in records(table):
        found.setdefault(record["Code"], []).append(record)
    return found


def asks(table: Table) -> list[Item]:
    """What the board has decided stands below what it was asked."""
    return [record | {"decided": decided(record)} for record in records(table)]


def stories(document: Document) -> list[Item]:
    """Whole, since a story is to be read and not looked up."""
    return [
        story
        | {
            "caption": " · ".join(filter(None, [story["organisation"], story["place"], made_up(story)])),
            "told_in": f"The story is told in: {story['source']}." if story.get("source") else "",
            "sensitive": f"This story speaks of {story['sensitive']}." if story["sensitive"] else "",
            "figures": [
                {
                    "metric": shown["metric"],
                    "words": shown["words"],
                    "more": " ".join(filter(None, [shown["caution"], named(shown, story)])),
                }
                for shown in story["figures"]
            ],
        }
        for story in document.content.get("stories", [])
    ]


def made_up(story: Item) -> str:
    return "Demonstration" if story["is_demonstration"] else ""


def named(shown: Item, story: Item) -> str:
    """Where it is not where the whole story is told."""
    return f"Source: {shown['source']}." if shown["source"] not in ("", story.get("source")) else ""


def decided(record: Item) -> str:
    if not record["Decided on"]:
        return ""
    said = f" {record['In the board’s words']}" if record["In the board’s words"] else ""
    return f"{record['Decision']} on {record['Decided on']}.{said}"


def attention(document: Document, table: Table) -> Item:
    lines, before = {line["code"]: line for line in document.lines}, document.content["before"]
    rows = [record | seen(lines[record["Code"]], before) for record in records(table) if record["Code"] in lines]
    return {"rows": rows, "empty": table.empty, "note": table.note}


def seen(line: Item, before: Item | None) -> Item:
    """How a deliverable stands: its mark, its months, and the months in words."""
    return {
        "rating": line["rating"],
        "standing": words.standing(line, before),
        "strip": [point["rating"] for point in line["strip"]],
        "strip_in_words": words.strip_in_words(line["strip"]),
    }


def priorities(document: Document) -> list[Item]:
    before = document.content["before"]
    return [
        {
            "caption": f"Priority {place}",
            "name": found["name"],
            "headline": found["headline"],
            "trend": words.trend(found, before),
            "spread": found["distribution"],
            "facts": [words.received(found), words.milestones_done(found)],
        }
        for place, found in enumerate(document.content["priorities"], start=1)
    ]


def matrix(document: Document) -> Item:
    months = document.content["months"]
    rows = [
        {"priority": row["priority"], "cells": [in_cell(cell, months) for cell in row["cells"]]}
        for row in document.content["matrix"]
    ]
    return {"principles": [found["name"] for found in document.content["principles"]], "rows": rows}


def in_cell(cell: Item, months: list[Item]) -> Item:
    lines = [
        {
            "name": f"{line['code']} {line['name']}",
            "rating": line["rating"],
            "strip": line["strip"][-12:],
            "strip_in_words": words.strip_in_words(dated(line["strip"], months)),
            "also": f"also {' and '.join(line['also']).lower()}" if line["also"] else "",
        }
        for line in cell["lines"]
    ]
    return {"lines": lines, "more": f"And {cell['more']} more" if cell["more"] else ""}


def dated(strip: list[str], months: list[Item]) -> list[Item]:
    return [{"short": month["short"], "rating": rating} for month, rating in zip(months, strip, strict=False)]


def months(document: Document) -> Item:
    found = document.content["months"]
    counts = [{"name": month["short"][:3], "counts": {code: month[code] for code in STACK}} for month in found]
    return {
        "bars": counts,
        "top": max([sum(month["counts"].values()) for month in counts], default=0),
        "alt": f"Stacked bars: deliverables by rating, a bar a month. {document.content['sentences']['months']}",
    }


def deliverables(document: Document, table: Table, steps: Table) -> list[Item]:
    before, of_code = document.content["before"], by_code(steps)
    return [
        record | seen(line, before) | {"steps": of_code.get(line["code"], []), "sent": sent(record)}
        for record, line in zip(records(table), document.lines, strict=True)
    ]


def sent(record: Item) -> str:
    """Who said it and when, and what the group said to it."""
    if not record["Submitted on"]:
        return "No update was received."
    by = f" by {record['Submitted by']}" if record["Submitted by"] else ""
    late = ", late" if record["Late"] else ""
    group = {"Agreed": " The group agreed it.", "Returned": " The group returned it."}.get(record["Group’s decision"], "")
    return f"Submitted{by} on {record['Submitted on']}{late}.{group}"
