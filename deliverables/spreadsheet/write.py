"""The file that goes out. Every text is written as text: nothing in it can run as a formula, whatever it begins with."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError

from deliverables.entry import Entry
from deliverables.forms import DayField, MilestoneForm
from deliverables.mine import Months
from deliverables.models import MilestoneMove, StatusUpdate
from deliverables.ratings import NAMES, NOT_REPORTED, RATINGS
from deliverables.spreadsheet.layout import (
    CHOICES,
    COLUMNS,
    FORMAT,
    HELP,
    MILESTONES,
    NOTE,
    NOTE_BEGINS,
    NOTE_PIECE,
    UPDATES,
    Column,
    Note,
    Written,
    as_typed,
    digest,
    sign,
    step_name,
)
from people.models import User
from strategy_portal import clock
from strategy_portal.forms import NhsDateField

BLUE, GREY, RULE, NEEDED = "#005EB8", "#F0F4F5", "#AEB7BD", "#FFF4CC"
FORMULA_BEGINS = tuple("=+-@\t\r\n|%＝＋－＠")
FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2099, 12, 31)

Row = list[Any]  # its cells, from the left: text, a date, or None


def write(entries: Sequence[Entry], *, user: User, months: Months) -> bytes:
    """One row for each entry and for each of its milestones, with what stands or is drafted already in the white cells."""
    import xlsxwriter

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d mmmm yyyy"})
    title = f"Updates for {months.period}"
    book.set_properties({"title": title, "created": clock.now().replace(tzinfo=None)})
    paper = Paper(book, title)
    updates = [update_row(entry) for entry in entries]
    steps = [step_row(entry, step) for entry in entries for step in entry.steps]
    paper.table(UPDATES, updates)
    paper.table(MILESTONES, steps)
    paper.words(HELP, how_to(user, months))
    paper.note(note_of(entries, updates, steps, user=user, months=months))
    book.close()
    return out.getvalue()


def update_row(entry: Entry) -> Row:
    last, given = entry.last, entry.form.initial
    locked = [entry.deliverable.code, entry.deliverable.name, NAMES[last.rating if last else NOT_REPORTED], said(last)]
    typed = {name: given.get(name) for name in ("done", "why", "route", "evidence")}
    typed |= {"rating": NAMES.get(str(given.get("rating")), ""), "route_on": day_of(given.get("route_on"))}
    return locked + [typed[column.name] or None for column in COLUMNS[UPDATES] if column.name]


def said(update: StatusUpdate | None) -> str:
    if update is None:
        return ""
    route = f"Route back: {update.route} By {update.route_on:%-d %B %Y}." if update.route and update.route_on else ""
    return "\n".join(filter(None, [update.done, update.why and f"Why: {update.why}", route]))


def day_of(value: Any) -> date | None:
    """A day, from a draft too; None where what was typed is none."""
    try:
        return (NhsDateField if isinstance(value, dict) else DayField)(required=False).clean(value)
    except ValidationError:
        return None


def step_row(entry: Entry, step: MilestoneForm) -> Row:
    stands, given = step.milestone, step.initial
    forecast_on, reasons = day_of(given["forecast_on"]), dict(MilestoneMove.Reason.choices)
    moves = forecast_on if forecast_on != stands.expected_on else None
    done_on = day_of(given["done_on"]) or (clock.today() if given["done"] else None)
    locked = [entry.deliverable.code, stands.title, stands.baseline_on, stands.expected_on]
    return [*locked, moves, reasons.get(given.get("reason", "")), given.get("words") or None, done_on]


def note_of(entries: Sequence[Entry], updates: list[Row], steps: list[Row], *, user: User, months: Months) -> Note:
    def written(row: Row, sheet: str, **more: Any) -> Written:
        texts = [as_typed(value) for value in row]
        split = sum(not column.name for column in COLUMNS[sheet])
        return Written(locked=digest(texts[:split]), typed=digest(texts[split:]), **more)

    of_step = [(entry, step.milestone) for entry in entries for step in entry.steps]
    return Note(
        user=user.pk,
        period=months.period.pk,
        month=months.period.month,
        file=uuid4().hex,
        updates=tuple(
            written(row, UPDATES, pk=entry.deliverable.pk, name=entry.deliverable.code, seen=str(entry.number))
            for entry, row in zip(entries, updates, strict=True)
        ),
        steps=tuple(
            written(
                row,
                MILESTONES,
                pk=step.pk,
                name=step_name(entry.deliverable.code, step.title),
                seen=step.expected_on.isoformat(),
                of=entry.deliverable.pk,
            )
            for (entry, step), row in zip(of_step, steps, strict=True)
        ),
    )


def how_to(user: User, months: Months) -> list[tuple[str, str]]:
    """Headings and what they say; a line without a heading goes on."""
    period, due = months.period, f"{months.period.due_on:%-d %B %Y}"
    meanings = [(rating.name, rating.meaning) for rating in RATINGS.values()]
    return [
        ("What this is", f"Updates for {period}, due by {due}. The file is made for {user.name} and works for that month only."),
        ("", "Fill in the white cells. The grey ones are locked: they show what was reported last month."),
        ("", "Save the file and choose it under My updates, Upload. You see what will change before anything is sent."),
        ("", "A row that you leave as it is changes nothing. Nothing is sent unless every row that you filled in is right."),
        *meanings,
        ("At risk, off track", "Also say why, how it gets back on track, and by when."),
        ("Complete", "Also say what shows that it is complete: a link or a few words. If there is no evidence, say why."),
        ("Milestones", "Fill in a new date only if the date moves; then choose a reason and say why. The baseline stays."),
        ("", "Fill in “Done on” when the milestone is done. A milestone is reported together with its update."),
        ("Dates", "15 January 2026 and 15/01/2026 are both understood."),
        ("Not taken", "Formulas, further rows, changed headings, and the file of another person or another month."),
    ]


class Paper:
    """The workbook while it is being written."""

    def __init__(self, book: Any, title: str) -> None:
        self.book, self.title = book, title
        plain = {"font_name": "Arial", "font_size": 11, "valign": "top", "text_wrap": True}
        lined = {**plain, "border": 1, "border_color": RULE}
        grey, text = {**lined, "bg_color": GREY}, {"num_format": "@"}
        day = {"num_format": "d mmmm yyyy", "align": "left"}
        self.formats = {
            "heading": book.add_format({**lined, "bold": True, "font_color": "white", "bg_color": BLUE}),
            "locked": book.add_format({**grey, **text}),
            "locked as text": book.add_format({**grey, **text, "quote_prefix": True}),
            "locked day": book.add_format({**grey, **day}),
            "open": book.add_format({**lined, **text, "locked": False}),
            "open as text": book.add_format({**lined, **text, "locked": False, "quote_prefix": True}),
            "open day": book.add_format({**lined, **day, "locked": False}),
            "plain": book.add_format({**plain, **text}),
            "plain as text": book.add_format({**plain, **text, "quote_prefix": True}),
            "bold": book.add_format({**plain, "bold": True}),
        }
        self.needed = book.add_format({"bg_color": NEEDED})

    def table(self, name: str, rows: list[Row]) -> None:
        columns, sheet = COLUMNS[name], self.book.add_worksheet(name)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            self.put(sheet, 0, place, column.heading, "heading")
            for number, row in enumerate(rows, start=1):
                self.put_value(sheet, number, place, row[place], column)
            if column.name and rows:
                sheet.data_validation(1, place, len(rows), place, allowed(column))
        if name == UPDATES and rows:
            self.show_what_is_needed(sheet, len(rows))
        sheet.freeze_panes(1, 2)
        self.protect(sheet)
        self.print_setup(sheet, pages=2 if name == UPDATES else 1)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, 1)

    def put_value(self, sheet: Any, row: int, place: int, value: Any, column: Column) -> None:
        kind = "open" if column.name else "locked"
        if isinstance(value, date):
            sheet.write_datetime(row, place, value, self.formats[f"{kind} day"])
        elif value is None and column.kind == "day":
            sheet.write_blank(row, place, None, self.formats[f"{kind} day"])
        else:
            self.put(sheet, row, place, str(value or ""), kind)

    def put(self, sheet: Any, row: int, place: int, text: str, kind: str) -> None:
        """As text. What begins as a formula would is marked as text too, for whoever edits the cell."""
        looks_like_one = text.lstrip(" ").startswith(FORMULA_BEGINS) and f"{kind} as text" in self.formats
        style = self.formats[f"{kind} as text" if looks_like_one else kind]
        if text.startswith("<r>") and text.endswith("</r>"):
            # xlsxwriter takes such a text for its own markup and writes it unescaped; in two pieces it does not.
            font = self.formats["plain"]
            sheet.write_rich_string(row, place, font, text[:1], font, text[1:], style)
        elif text:
            sheet.write_string(row, place, text, style)
        else:
            sheet.write_blank(row, place, None, style)

    def show_what_is_needed(self, sheet: Any, rows: int) -> None:
        """Colours what the chosen rating asks for and is empty. Excel's own rule for looks, in no cell."""
        off_course = 'OR($E2="At risk",$E2="Off track")'
        for place, when in ((5, '$E2<>""'), (6, off_course), (7, off_course), (8, off_course), (9, '$E2="Complete"')):
            rule = f'=AND({when},{chr(ord("A") + place)}2="")'
            sheet.conditional_format(1, place, rows, place, {"type": "formula", "criteria": rule, "format": self.needed})

    def words(self, name: str, lines: list[tuple[str, str]]) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        sheet.hide_gridlines(2)
        for number, (heading, text) in enumerate(lines):
            self.put(sheet, number, 0, heading, "bold")
            self.put(sheet, number, 1, text, "plain")
        self.protect(sheet)
        self.print_setup(sheet)

    def note(self, note: Note) -> None:
        sheet, text = self.book.add_worksheet(NOTE), sign(note)
        pieces = [text[start : start + NOTE_PIECE] for start in range(0, len(text), NOTE_PIECE)]
        for number, piece in enumerate([NOTE_BEGINS, str(FORMAT), *pieces]):
            sheet.write_string(number, 0, piece)
        self.protect(sheet)
        sheet.very_hidden()

    def protect(self, sheet: Any) -> None:
        """Without a password: it keeps a slip of the hand away from the headings, no more."""
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def print_setup(self, sheet: Any, *, pages: int = 1) -> None:
        """`pages` wide, and as long as it takes."""
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.fit_to_pages(pages, 0)
        sheet.set_footer(f"&L{self.title}, &A&RPage &P of &N")


def allowed(column: Column) -> dict[str, Any]:
    """Excel's own check of a cell, with what it says. The portal checks again."""
    if column.kind == "choice":
        rule: dict[str, Any] = {"validate": "list", "source": list(CHOICES[column.name])}
        return rule | {"error_title": column.heading, "error_message": "Choose one from the list."}
    if column.kind == "day":
        rule = {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        return rule | {"error_title": column.heading, "error_message": "Enter a date, such as 15 January 2026."}
    rule = {"validate": "length", "criteria": "<=", "value": column.most}
    return rule | {"error_title": column.heading, "error_message": f"At most {column.most} characters."}
