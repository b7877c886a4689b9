"""How much room a text takes, so that a table is cut into slides before it runs over the edge. Pure.

Slides are set in Arial, which is as wide as the pack's own font, letter for letter.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from PIL import ImageFont

from reports.pack.glyphs import FONTS, glyphs

MEASURED_AT = 200  # pixels a letter: enough to be exact
LINE = 1.22  # height of a line, in sizes of its letters
MARK = 1.2  # room for the mark of a rating, in sizes of its letters
ORDINARY = 20  # letters: what is longer is no word
SLACK = 1.04  # programs set text a little differently

Texts = Sequence[str]


@cache
def font(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf", MEASURED_AT)


@cache
def width_of(character: str, bold: bool) -> float:
    """In sizes of its letters. What the font has not got is taken to be as wide as an emoji."""
    return font(bold).getlength(character) / MEASURED_AT * SLACK if ord(character) in glyphs() else 1.3


@cache
def width(text: str, bold: bool) -> float:
    return sum(width_of(character, bold) for character in text)


def wrapped(text: str, points: float, size: float, bold: bool = False) -> list[str]:
    """The lines that a text takes in a column of so many points."""
    return [line for part in text.split("\n") for line in lines_of(part, points / size, bold)]


def lines_of(text: str, room: float, bold: bool) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer, bold) > room:
            yield line
            longer = word
        *full, line = broken(longer, room, bold) if width(longer, bold) > room else [longer]
        yield from full
    yield line


def broken(word: str, room: float, bold: bool) -> list[str]:
    """A word that is wider than its column, letter by letter."""
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1], bold) + width_of(character, bold) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def size_for(text: str, points: float, height: float, sizes: Sequence[float]) -> float:
    """The largest in which the text fits, else the smallest."""
    return next((size for size in sizes if len(wrapped(text, points, size)) * size * LINE <= height), sizes[-1])


def any_broken(rows: Sequence[Texts], widths: Sequence[float], size: float) -> bool:
    """Whether an ordinary word is wider than its column."""
    return any(
        width(word, True) * size > room
        for row in rows
        for text, room in zip(row, widths, strict=True)
        for word in text.split()
        if len(word) <= ORDINARY
    )


def height_of(row: Texts, widths: Sequence[float], size: float, padding: float, *, bold: bool = False) -> float:
    """Of a table's row, in points."""
    most = max(len(wrapped(text, points, size, bold)) for text, points in zip(row, widths, strict=True))
    return most * size * LINE + padding


def slides_of(
    rows: Sequence[Texts],
    widths: Sequence[float],
    size: float,
    *,
    room: float,
    padding: float,
    most: int,
    as_set: Callable[[str], str] = str,
) -> list[list[Texts]]:
    """The rows by slide: no more than fit, and no more than `most`. A row that fits on no slide is cut in pieces.

    `as_set` adds to a text what it is given when it is set, to be measured with it.
    """
    slides: list[list[Texts]] = [[]]
    used = 0.0
    pieces = [piece for row in rows for piece in cut(row, widths, size, room - padding)]
    for piece in pieces:
        tall = height_of([as_set(text) for text in piece], widths, size, padding)
        if slides[-1] and (used + tall > room or len(slides[-1]) >= most):
            slides.append([])
            used = 0.0
        slides[-1].append(piece)
        used += tall
    return slides


def cut(row: Texts, widths: Sequence[float], size: float, room: float) -> list[Texts]:
    """The row, or as many as it takes; each but the first repeats the first cell."""
    lines = [wrapped(text, points - MARK * size, size) for text, points in zip(row, widths, strict=True)]
    fit = max(1, int(room / (size * LINE)))
    longest = max(len(found) for found in lines)
    if longest <= fit:
        return [row]
    first, rest = lines[0][:fit], lines[1:]
    return [
        ["\n".join(first), *("\n".join(found[start : start + fit]) for found in rest)]
        for start in range(0, max(len(found) for found in rest), fit)
    ]
