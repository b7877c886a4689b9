"""What a slide is made of: texts, native tables, and boxes of figures."""

from collections.abc import Callable, Sequence
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from reports.charts import INK, QUIET, RULE, STACK
from reports.pack.colours import SHAPE_COLOURS, SHAPES
from reports.pack.deck.look import ROOM, SIDE, colour
from reports.pack.fitting import height_of
from reports.pack.tables.shape import RATING_NAMES, tidy

INSET_X, INSET_Y = 6, 4
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No style, no grid"
LINE_BELOW = f'<a:lnB {nsdecls("a")} w="{{width}}"><a:solidFill><a:srgbClr val="{{colour}}"/></a:solidFill></a:lnB>'
CODES = {name: code for code, name in RATING_NAMES.items()}


def write(slide: Any, words: str, *, left: float, top: float, width: float, height: float, **how: Any) -> Any:
    """A text of one size. A line end begins a new paragraph."""
    box = slide.shapes.add_textbox(Pt(left), Pt(top), Pt(width), Pt(height))
    frame = box.text_frame
    frame.word_wrap, frame.vertical_anchor = True, how.get("anchor", MSO_ANCHOR.TOP)
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = tidy(words)
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(how.get("size", 18)), how.get("bold", False)
        paragraph.font.color.rgb = colour(how.get("ink", INK))
        paragraph.space_after = Pt(how.get("after", 0))
    return box


def comment(slide: Any, words: str, below: float) -> None:
    if words:
        write(slide, words, left=SIDE, top=below + 8, width=ROOM, height=18, size=12, ink=QUIET)


def table(slide: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], **how: Any) -> float:
    """Returns where it ends, in points from the top."""
    shares, size, bottom = how["shares"], how["size"], how["top"]
    frame = slide.shapes.add_table(len(rows) + 1, len(headings), Pt(SIDE), Pt(bottom), Pt(ROOM), Pt(20))
    describe(frame, f"Table: {how['name']}. Columns: {', '.join(headings)}. Rows: {len(rows)}.")
    made, widths = frame.table, [share * ROOM / sum(shares) for share in shares]
    made._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
    made.horz_banding = False
    for place, points in enumerate(widths):
        made.columns[place].width = exactly(points)
    for place, row in enumerate([headings, *rows]):
        inner = [points - 2 * INSET_X for points in widths]
        measured = [as_set(words) for words in row] if place else row
        tall = height_of(measured, inner, size, 2 * INSET_Y, bold=place == 0)
        made.rows[place].height = exactly(tall)
        bottom += tall
        for column, words in enumerate(row):
            cell = made.cell(place, column)
            put(cell, words, size=size, bold=place == 0)
            cell._tc.get_or_add_tcPr().append(line_below(heavy=place == 0))
            if column in how.get("right", ()):
                align_right(cell)
    return float(bottom)


def height_of_table(headings: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[int], size: float) -> float:
    """In points, at the full width of a slide."""
    widths = [share * ROOM / sum(shares) - 2 * INSET_X for share in shares]
    head = height_of(headings, widths, size, 2 * INSET_Y, bold=True)
    return head + sum(height_of([as_set(words) for words in row], widths, size, 2 * INSET_Y) for row in rows)


def exactly(points: float) -> Emu:
    return Emu(round(points * Pt(1)))


def line_below(*, heavy: bool) -> Any:
    width, ink = (Pt(1.5), QUIET) if heavy else (Pt(0.75), RULE)
    return parse_xml(LINE_BELOW.format(width=int(width), colour=ink[1:]))


def align_right(cell: Any) -> None:
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT


def put(cell: Any, words: str, *, size: float, bold: bool) -> None:
    """A rating has its shape before it, so that it stands out without a colour."""
    cell.margin_left = cell.margin_right = Pt(INSET_X)
    cell.margin_top = cell.margin_bottom = Pt(INSET_Y)
    cell.vertical_anchor = MSO_ANCHOR.TOP
    frame = cell.text_frame
    frame.text = words
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(size), bold
    if not bold:
        for paragraph in frame.paragraphs:
            mark(paragraph, size)


def as_set(words: str) -> str:
    """With room for what `mark` adds: a shape, and bold letters."""
    return "\n".join(f"● {part}l" if part.partition(":")[0] in CODES else part for part in words.split("\n"))


def mark(paragraph: Any, size: float) -> None:
    name = paragraph.text.partition(":")[0]
    code = CODES.get(name, "")
    if code not in SHAPES:
        return
    words, paragraph.text = paragraph.text, ""
    shape, said = paragraph.add_run(), paragraph.add_run()
    shape.text, said.text = f"{SHAPES[code]} ", words
    shape.font.color.rgb = colour(SHAPE_COLOURS[code])
    shape.font.bold, said.font.bold = True, words == name
    shape.font.size = said.font.size = Pt(size)


def describe(shape: Any, words: str) -> None:
    """What it shows, for those who do not see it."""
    shape._element.nvGraphicFramePr.cNvPr.set("descr", words)


def tiles(slide: Any, spread: dict[str, int], *, top: float, number: Callable[[int], str]) -> None:
    """How many deliverables have each rating, a box each."""
    gap, tall = 14, 84
    wide = (ROOM - gap * (len(STACK) - 1)) / len(STACK)
    for place, code in enumerate(STACK):
        box = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(SIDE + place * (wide + gap)), Pt(top), exactly(wide), Pt(tall))
        box.fill.solid()
        box.fill.fore_color.rgb, box.line.color.rgb = colour("#ffffff"), colour(RULE)
        box.shadow.inherit = False
        frame = box.text_frame
        frame.text = f"{number(spread[code])}\n{RATING_NAMES[code]}"
        first, second = frame.paragraphs
        for paragraph, size in ((first, 32), (second, 16)):
            paragraph.alignment = PP_ALIGN.LEFT
            paragraph.font.size, paragraph.font.color.rgb = Pt(size), colour(INK)
        first.font.bold = True
        mark(second, 16)
        for run in second.runs[1:]:
            run.font.color.rgb = colour(INK)
