"""A slide deck in the look of the portal: a title and notes on every slide, a table over as many slides as it needs."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime
from io import BytesIO
from typing import IO, Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import PP_ALIGN
from pptx.util import Pt

from reports.pack.deck.look import BOTTOM, HIGH, ROOM, SIDE, TOP, WIDE, dress
from reports.pack.deck.parts import INSET_X, INSET_Y, as_set, comment, table, write
from reports.pack.fitting import LINE, any_broken, height_of, size_for, slides_of, wrapped
from reports.pack.tables.shape import tidy

FACT = 255  # characters, the most of a property of the file
MOST = 11  # rows on a slide
SIZES = (18, 16, 14, 12)  # of letters, in points


Row = Sequence[str]


class Deck:
    """The presentation while it is being made. `source` stands in the foot and in the notes of each slide."""

    def __init__(self, *, title: str, author: str, moment: datetime, foot: str, source: str) -> None:
        self.show = Presentation()
        self.foot, self.source = foot, source
        self.show.slide_width, self.show.slide_height = Pt(WIDE), Pt(HIGH)
        facts = self.show.core_properties
        facts.title, facts.author, facts.last_modified_by, facts.language = title, author[:FACT], author[:FACT], "en-GB"
        facts.created = facts.modified = moment
        dress(self.show)

    def slide(self, title: str, notes: str) -> Any:
        layout = self.show.slide_layouts[0]
        slide = self.show.slides.add_slide(layout)
        slide.shapes.title.text = title
        for shape in layout.placeholders:
            if shape.placeholder_format.type in (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.FOOTER):
                slide.shapes._spTree.append(deepcopy(shape._element))  # python-pptx leaves these two out
        for shape in slide.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
                shape.text = tidy(self.foot)
                for paragraph in shape.text_frame.paragraphs:
                    paragraph.alignment, paragraph.font.size, paragraph.font.name = PP_ALIGN.LEFT, Pt(11), "Arial"
        slide.notes_slide.notes_text_frame.text = tidy("\n".join(filter(None, [notes, self.source])))
        return slide

    def slides(self, title: str, headings: Row, rows: Sequence[Row], **how: Any) -> None:
        """A table over as many slides as it needs: `shares` of the width, `right` the columns of numbers."""
        shares, remark = how["shares"], how.get("remark", "")
        size, parts = laid_out(headings, rows, shares, room=BOTTOM - TOP - (30 if remark else 0))
        for place, part in enumerate(parts, start=1):
            name = title if len(parts) == 1 else f"{title} ({place} of {len(parts)})"
            slide = self.slide(name, how.get("notes", ""))
            bottom = table(slide, headings, part, name=name, shares=shares, size=size, top=TOP, right=how.get("right", ()))
            if place == len(parts):
                comment(slide, remark, bottom)

    def prose(self, title: str, words: str, notes: str) -> None:
        """A text, over as many slides as it needs."""
        tall = BOTTOM - TOP
        size = size_for(words, ROOM, tall, SIZES)
        words = tidy(words)
        lines, fit = wrapped(words, ROOM, size), int(tall / (size * LINE))
        for start in range(0, len(lines), fit):
            part = words if len(lines) <= fit else "\n".join(lines[start : start + fit])
            write(self.slide(title, notes), part, left=SIDE, top=TOP, width=ROOM, height=tall, size=size)

    def made(self) -> bytes:
        return written(self.show.save)


def laid_out(headings: Row, rows: Sequence[Row], shares: Sequence[int], *, room: float) -> tuple[float, list[list[Row]]]:
    """On as few slides as the smallest letters need, in the largest that need no more."""
    widths, found = [share * ROOM / sum(shares) - 2 * INSET_X for share in shares], []
    for size in reversed(SIZES):
        head = height_of(headings, widths, size, 2 * INSET_Y, bold=True)
        parts = slides_of(rows, widths, size, room=room - head, padding=2 * INSET_Y, most=MOST, as_set=as_set)
        if found and (len(parts) > len(found[-1][1]) or any_broken([headings, *rows], widths, size)):
            break
        found.append((size, parts))
    return found[-1]


def written(to: Callable[[IO[bytes]], None]) -> bytes:
    out = BytesIO()
    to(out)
    return out.getvalue()
