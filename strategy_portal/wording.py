"""Two texts held against each other. Pure."""

import re
from difflib import SequenceMatcher


def word_by_word(then: str, now: str) -> list[tuple[str, str]]:
    """The two texts as one: pieces that are the same, gone or new, in reading order."""
    old, new = re.findall(r"\S+|\s+", then), re.findall(r"\S+|\s+", now)
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(old[a:b])))
            continue
        pieces += [("gone", "".join(old[a:b]))] if b > a else []
        pieces += [("new", "".join(new[c:d]))] if d > c else []
    return pieces


def readable(then: str, now: str) -> list[tuple[str, str]]:
    """Word by word while most of it stands; the old text and then the new where it was written anew."""
    pieces = joined(word_by_word(then, now))
    same = sum(len(text) for kind, text in pieces if kind == "same")
    if 2 * same >= max(len(then), len(now)):
        return pieces
    between = "\n" if then and now else ""
    return [piece for piece in (("gone", then), ("same", between), ("new", now)) if piece[1]]


def joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Changes with nothing but a blank between them are one change: what is gone, then what is new."""
    found: list[tuple[str, str]] = []
    gone = new = ""
    for number, (kind, text) in enumerate(pieces):
        last = number == len(pieces) - 1
        if kind == "same" and (text.strip() or last or not (gone or new)):
            found += [*changed(gone, new), ("same", text)]
            gone = new = ""
        else:
            gone += text if kind != "new" else ""
            new += text if kind != "gone" else ""
    return found + changed(gone, new)


def changed(gone: str, new: str) -> list[tuple[str, str]]:
    """Blanks at their edges are not marked; one stands between what is gone and what is new."""
    edge = new or gone
    start, end = edge[: len(edge) - len(edge.lstrip())], edge[len(edge.rstrip()) :]
    between = " " if gone.strip() and new.strip() else ""
    after = end if edge.strip() else ""
    kept = [("same", start), ("gone", gone.strip()), ("same", between), ("new", new.strip()), ("same", after)]
    return [piece for piece in kept if piece[1]]
