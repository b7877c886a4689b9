"""What a load did, in words."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

SHOWN = 60


@dataclass
class LoadReport:
    """`kept` are edits in the portal that stand against the file, `missing` rows of the portal that the file has not."""

    created: Counter[str] = field(default_factory=Counter)
    updated: list[str] = field(default_factory=list)
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated)

    def summary(self) -> str:
        counts = {"created": self.created.total(), "updated": len(self.updated), "unchanged": self.unchanged}
        rows = ", ".join(f"{count} {what}" for what, count in counts.items())
        return f"{rows} rows; {len(self.kept)} edits kept; {len(self.missing)} rows missing from the file"

    def lines(self) -> list[str]:
        created = [f"created: {count} {section}" for section, count in self.created.items()]
        named = {"updated": self.updated, "kept": self.kept, "missing from the file": self.missing}
        return created + [f"{what}: {line}" for what, lines in named.items() for line in lines]


def difference(name: str, portal: Any, file: Any) -> str:
    """A field that a person edited: what the portal has and what the file has, long texts from where they part."""
    mine, theirs = words(portal), words(file)
    parting = next((at for at, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs)))
    start = max(0, parting - SHOWN // 2) if max(len(mine), len(theirs)) > SHOWN else 0
    return f"{name}: portal has {excerpt(mine, start)}, file has {excerpt(theirs, start)}"


def words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:%-d %B %Y}" if isinstance(value, date) else str(value)


def excerpt(text: str, start: int) -> str:
    if not text:
        return "nothing"
    before, after = "..." if start else "", "..." if start + SHOWN < len(text) else ""
    return f'"{before}{text[start : start + SHOWN]}{after}"'
