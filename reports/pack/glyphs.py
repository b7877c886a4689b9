"""Which characters the pack's font can show. An accessible PDF may hold no others: typst refuses them.

What it has not got is shown as its plain form if it has one (a full-width sign as the usual one), else as an empty box. The
words themselves stand untouched in the other files.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from struct import unpack_from
from typing import Any

FONTS = Path(__file__).parent / "fonts"
BOX = "\u25a1"
BREAK = "\u200b"  # a place where a line may end, and nothing to see
LONG_RUN = re.compile(r"[^\s\u200b-]{30,}")
PIECE = 12


def writable(value: Any) -> Any:
    """The same data with every text made fit for the page."""
    if isinstance(value, dict):
        return {key: writable(found) for key, found in value.items()}
    if isinstance(value, list):
        return [writable(found) for found in value]
    return printable(value) if isinstance(value, str) else value


def printable(text: str) -> str:
    known = glyphs()
    kept = "".join(c if ord(c) in known else instead(c) for c in unicodedata.normalize("NFC", text))
    return LONG_RUN.sub(breakable, kept)


def breakable(run: re.Match[str]) -> str:
    """A long word may be broken: it would run out of its column."""
    return BREAK.join(run[0][start : start + PIECE] for start in range(0, len(run[0]), PIECE))


@cache
def instead(character: str) -> str:
    """Nothing for what is not seen anyway, such as the joints of an emoji and signs that turn the direction of writing."""
    if character in "\n\t":
        return character
    if unicodedata.category(character) in ("Cf", "Cc", "Cs", "Mn", "Me", "Sk"):
        return ""
    plain = unicodedata.normalize("NFKC", character)
    if plain != character and all(ord(c) in glyphs() for c in plain):
        return plain
    return " " if character.isspace() else BOX


@cache
def glyphs() -> frozenset[int]:
    """The characters that both weights have, without control characters and signs of direction."""
    both = characters(FONTS / "LiberationSans-Regular.ttf") & characters(FONTS / "LiberationSans-Bold.ttf")
    return frozenset(c for c in both if unicodedata.category(chr(c)) not in ("Cc", "Cf", "Cs", "Co", "Cn"))


def characters(path: Path) -> set[int]:
    """Read from the font's `cmap` table, format 4 (OpenType specification)."""
    font = path.read_bytes()
    tables = {
        font[at : at + 4]: unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * unpack_from(">H", font, 4)[0], 16)
    }
    cmap = tables[b"cmap"]
    starts = [cmap + unpack_from(">I", font, cmap + 8 + 8 * n)[0] for n in range(unpack_from(">H", font, cmap + 2)[0])]
    start = next(at for at in starts if unpack_from(">H", font, at)[0] == 4)
    return {c for segment in segments(font, start) for c in segment}


def segments(font: bytes, start: int) -> list[list[int]]:
    """The characters of each segment that lead to a glyph, not to number 0, which is the box for what is missing."""
    count = unpack_from(">H", font, start + 6)[0] // 2
    ends, begins = start + 14, start + 16 + 2 * count
    deltas, offsets = begins + 2 * count, begins + 4 * count

    def glyph(n: int, c: int) -> int:
        delta, offset = unpack_from(">H", font, deltas + 2 * n)[0], unpack_from(">H", font, offsets + 2 * n)[0]
        if not offset:
            return int((c + delta) % 65536)
        found = unpack_from(">H", font, offsets + 2 * n + offset + 2 * (c - unpack_from(">H", font, begins + 2 * n)[0]))[0]
        return int((found + delta) % 65536 if found else 0)

    return [
        [
            c
            for c in range(unpack_from(">H", font, begins + 2 * n)[0], unpack_from(">H", font, ends + 2 * n)[0] + 1)
            if glyph(n, c)
        ]
        for n in range(count)
    ]
