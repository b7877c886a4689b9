"""How far each file of a board pack is, in words. Pure."""

from dataclasses import dataclass

from reports.models import PackFile
from reports.pack import Kind
from reports.querysets import GIVES_UP_AFTER

WHAT_FOR = {
    "pdf": "To read and to print",
    "pptx": "Slides for the meeting",
    "xlsx": "Every figure and every deliverable, a sheet each",
    "csv": "Deliverables as plain rows",
    "json": "The whole report for other programs",
}


@dataclass(frozen=True)
class State:
    """`name` is ready, building, failed or missing: nobody has asked for it."""

    kind: Kind
    name: str
    what_for: str
    size: str = ""
    tries: int = 0


def state_of(kind: Kind, file: PackFile | None) -> State:
    words = WHAT_FOR.get(kind.code, "")
    if file is None:
        return State(kind, "missing", words)
    if file.built_at is not None:
        return State(kind, "ready", words, size=size_of(file.size))
    return State(kind, "failed" if file.tries >= GIVES_UP_AFTER else "building", words, tries=file.tries)


def size_of(number: int) -> str:
    """As the NHS writes it: 120KB, 1.5MB."""
    if number < 1_000_000:
        return f"{max(1, round(number / 1000))}KB"
    return f"{round(number / 1_000_000, 1):g}MB"
