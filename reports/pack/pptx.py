"""The pack as PowerPoint: what the board is asked, what is not going well, the figures, and every deliverable in a line.

Charts and tables are PowerPoint's own, so that they can be edited. What does not fit on a slide goes on the next.
"""

from typing import Any

from deliverables.ratings import NAMES
from reports.charts import QUIET, STACK
from reports.pack import words
from reports.pack.deck import Deck
from reports.pack.deck.charts import chart
from reports.pack.deck.look import BOTTOM, ROOM, SIDE, TOP
from reports.pack.deck.parts import comment, height_of_table, table, tiles, write
from reports.pack.document import Document
from reports.pack.fitting import size_for
from reports.pack.sealed import moment_of, sealed
from reports.pack.tables import tables
from reports.pack.tables.figures import is_demonstration, title
from reports.pack.tables.shape import Item, Table
from strategy_portal.templatetags.portal import number

Tables = dict[str, Table]
# A table that has slides to itself: its columns and their shares of the width.
WHOLE: dict[str, dict[str, int]] = {
    "stories": {"Case study": 22, "Organisation": 20, "In short": 34, "What is counted": 22, "Figure": 26}
    | {"What it does not show": 32},
    "changes": {"Change": 15, "Code": 9, "Deliverable": 34, "Milestone": 30, "From": 17, "To": 17},
    "deliverables": {"Code": 9, "Deliverable": 38, "Priority": 24, "Rating": 16, "Month before": 16}
    | {"Milestones done": 13, "Lead": 24},
    "ahead": {"Code": 9, "Milestone": 42, "Baseline": 18, "Expected": 18, "Proposed": 18, "How it stands": 24},
    "coverage": {"Organisation": 60, "Updates expected": 20, "Updates received": 20},
    "rules": {"What": 16, "In words": 84},
}


# The figures of priorities and principles.
SHARES = {"Headline": 17, "Month before": 17} | dict.fromkeys((NAMES[code] for code in STACK), 14)
SHARES |= {"Updates": 13, "Milestones done": 17}
BALANCE = {"Principle": 40, "Late or off track": 20, "Milestones overdue": 20, "Deliverables": 20}
SMALL, GAP = 13, 26  # points: letters of a table that shares its slide, and the space between two things


def make(document: Document) -> bytes:
    issued, found = document.content["issued"], tables(document)
    moment = moment_of(issued)
    made_up = f" · {words.MADE_UP}" if is_demonstration(document) else ""
    deck = Deck(
        title=f"{title(document)}, version {issued['version']}",
        author=issued["by"],
        moment=moment,
        foot=f"{document.content['strategy']} · {title(document)} · version {issued['version']}{made_up}",
        source=f"Source: progress report for {document.content['period']['name']}. {words.issued(document)}. {document.sha256}",
    )
    opening(deck, document)
    asks(deck, found["asks"])
    attention(deck, document, found["attention"])
    priorities(deck, document, found["priorities"])
    principles(deck, found)
    months(deck, found["months"])
    for name in ("stories", "ahead", "changes", "deliverables", "coverage", "rules"):
        if name != "stories" or found[name].rows:
            whole(deck, found[name], WHOLE[name])
    return sealed(deck.made(), moment)


def opening(deck: Deck, document: Document) -> None:
    content = document.content
    slide = deck.slide(title(document), content["note"])
    caption = f"{content['strategy']} · plan year {content['plan_year']} · {words.issued(document)}"
    write(slide, caption, left=SIDE, top=94, width=ROOM, height=20, size=14, ink=QUIET)
    write(slide, content["sentences"]["lead"], left=SIDE, top=134, width=ROOM, height=34, size=26, bold=True)
    paragraph(slide, content["sentences"]["rest"], top=172, height=120, largest=20)
    tiles(slide, content["plan"]["distribution"], top=302, number=number)
    facts = f"{words.received(content['plan'])} · {words.milestones_done(content['plan'])}"
    write(slide, facts, left=SIDE, top=402, width=ROOM, height=24, bold=True)
    paragraph(slide, warnings(document), top=436, height=62, largest=16)
    if content["note"]:
        deck.prose("Covering note", content["note"], "")


def paragraph(slide: Any, text: str, *, top: int, height: int, largest: int) -> None:
    """In letters as large as there is room for."""
    size = size_for(text, ROOM, height, range(largest, 8, -1))
    write(slide, text, left=SIDE, top=top, width=ROOM, height=height, size=size)


def warnings(document: Document) -> str:
    issued = document.content["issued"]
    corrected = f"This is a correction, version {issued['version']}. Why: {issued['reason']}" if issued["version"] > 1 else ""
    return "\n".join(filter(None, [corrected, words.MADE_UP if is_demonstration(document) else ""]))


def records(found: Table) -> list[Item]:
    headings = [column.heading for column in found.columns]
    return [dict(zip(headings, row, strict=True)) for row in found.in_words()]


def nothing(deck: Deck, found: Table) -> None:
    slide = deck.slide(found.title, found.note)
    write(slide, found.empty, left=SIDE, top=TOP, width=ROOM, height=40, size=20, ink=QUIET)


def asks(deck: Deck, found: Table) -> None:
    if not found.rows:
        return nothing(deck, found)
    rows = [
        [row["Number"], row["What is asked"], about(row), row["Wanted by"], row["Who will act"], decided(row)]
        for row in records(found)
    ]
    headings = ["Number", "What is asked", "About", "Wanted by", "Who will act", "The board’s decision"]
    deck.slides(found.title, headings, rows, shares=[12, 46, 22, 17, 18, 20], notes="What the board is asked to decide.")


def about(row: Item) -> str:
    return f"{row['Code']} {row['Deliverable']}".strip()


def decided(row: Item) -> str:
    when = f" on {row['Decided on']}" if row["Decided on"] else ""
    said = f"\n{row['In the board’s words']}" if row["In the board’s words"] else ""
    return f"{row['Decision']}{when}{said}"


def attention(deck: Deck, document: Document, found: Table) -> None:
    if not found.rows:
        return nothing(deck, found)
    lines, before = {line["code"]: line for line in document.lines}, document.content["before"]
    standing = {code: words.standing(line, before) for code, line in lines.items()}
    rows = [
        [
            f"{row['Rating']}\n{about(row)}\n{standing.get(row['Code'], '')}",
            row["Why"] or "No update was received for the month.",
            f"{row['Route to on track']}\nBy {row['On track by']}" if row["On track by"] else row["Route to on track"],
            "\n".join(filter(None, [row["Second look"], row["Answer"]])),
            row["Line for the board"],
        ]
        for row in records(found)
    ]
    headings = ["Deliverable", "Why", "Route to on track", "Second look, and the answer", "Line for the board"]
    deck.slides(found.title, headings, rows, shares=[20, 22, 22, 18, 18], remark=found.note, notes=in_notes(found.title, rows))


def in_notes(name: str, rows: list[list[str]]) -> str:
    """The same words in a row, for whoever speaks."""
    return "\n".join([name, *(". ".join(filter(None, row)).replace("\n", ", ") for row in rows)])


def priorities(deck: Deck, document: Document, found: Table) -> None:
    """A chart and the figures, on one slide if there is room."""
    figures = document.content["priorities"]
    notes = "\n".join(f"{f['name']}: {words.received(f)}. {words.milestones_done(f)}." for f in figures)
    slide = deck.slide(found.title, notes)
    left = BOTTOM - TOP - 2 * GAP - height_of_figures(found)
    together = left >= 50 * len(figures)
    chart(
        slide,
        "bars",
        [f["name"] for f in figures],
        {code: [f["distribution"][code] for f in figures] for code in STACK},
        place=(SIDE, TOP, ROOM, left if together else BOTTOM - TOP),
        description=f"Stacked bars: deliverables by rating, a bar for each priority. {notes}",
    )
    if together:
        comment(slide, found.note, of_figures(slide, found, TOP + left + GAP))
    else:
        pages(deck, found, {"Priority": 27} | SHARES, title="Priorities: headlines and figures")


def height_of_figures(found: Table) -> float:
    shares = {found.columns[0].heading: 27} | SHARES
    return height_of_table(list(shares), found.only(*shares).in_words(), list(shares.values()), SMALL)


def of_figures(slide: Any, found: Table, top: float) -> float:
    """Headlines and figures, on a slide that has something else as well."""
    shares = {found.columns[0].heading: 27} | SHARES
    some = found.only(*shares)
    rows, right = some.in_words(), numbers(some)
    return table(slide, list(shares), rows, name=found.title, shares=list(shares.values()), size=SMALL, top=top, right=right)


def numbers(found: Table) -> tuple[int, ...]:
    return tuple(place for place, column in enumerate(found.columns) if column.kind in ("number", "ratio"))


def pages(deck: Deck, found: Table, shares: dict[str, int], *, title: str = "") -> None:
    """A table on slides of its own."""
    some = found.only(*shares)
    rows, right = some.in_words(), numbers(some)
    how = {"shares": list(shares.values()), "right": right, "remark": found.note, "notes": found.note}
    deck.slides(title or found.title, list(shares), rows, **how)


def principles(deck: Deck, found: Tables) -> None:
    matrix, figures, balance = found["matrix"], found["principles"], found["balance"]
    headings = [column.heading for column in matrix.columns]
    shares = [20, *([30] * (len(headings) - 1))]
    notes = "Each deliverable stands under every principle that it serves."
    deck.slides(matrix.title, headings, matrix.in_words(), shares=shares, notes=notes)
    below = height_of_table(list(BALANCE), balance.in_words(), list(BALANCE.values()), SMALL)
    if height_of_figures(figures) + below + 4 * GAP <= BOTTOM - TOP:
        figures_and_balance(deck, figures, balance)
    else:
        pages(deck, figures, {"Principle": 27} | SHARES, title="Principles: headlines and figures")
        pages(deck, balance, BALANCE)
    if found["gaps"].rows:
        pages(deck, found["gaps"], {"Where": 50, "What is missing": 50}, title="Gaps in the plan")


def figures_and_balance(deck: Deck, figures: Table, balance: Table) -> None:
    slide = deck.slide("Principles: figures and balance", balance.note)
    below = of_figures(slide, figures, TOP)
    comment(slide, figures.note, below)
    shares, rows, right = list(BALANCE.values()), balance.in_words(), numbers(balance)
    below = table(slide, list(BALANCE), rows, name=balance.title, shares=shares, size=SMALL, top=below + 2 * GAP, right=right)
    comment(slide, balance.note, below)


def months(deck: Deck, found: Table) -> None:
    slide = deck.slide(found.title, found.note)
    names = [str(name).partition(" ")[0] for name in found.column("Month")]
    counts: dict[str, Any] = {code: found.column(NAMES[code]) for code in STACK}
    chart(
        slide,
        "columns",
        names,
        counts,
        place=(SIDE, TOP, ROOM, BOTTOM - TOP - 34),
        description=f"Stacked columns: deliverables by rating, a column a month. {found.note}",
    )
    write(slide, found.note, left=SIDE, top=BOTTOM - 28, width=ROOM, height=24)


def whole(deck: Deck, found: Table, shares: dict[str, int]) -> None:
    if not found.rows:
        return nothing(deck, found)
    pages(deck, found, shares)
