"""What every file of the pack is made from."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Document:
    """One issued report: what its pages show, every deliverable in full, its charts, and the hash of all three.

    Words, numbers and ISO dates; only the JSON holds the charts, so that whoever has it can work the hash out anew.
    """

    content: dict[str, Any]
    lines: list[dict[str, Any]]
    sha256: str
    charts: dict[str, Any] = field(default_factory=dict)
