"""One way to write a report down, and the hash of it. Pure.

Canonical JSON: keys sorted, no blanks, UTF-8, no floats; the same report gives the same bytes on every database and machine.
The hash is SHA-256 of each line in its order, then the content, then the charts, each on a line of its own: so it can be
worked out while the lines go by.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any


def canonical(value: Any) -> bytes:
    """Raises TypeError for what JSON cannot hold."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


class Seal:
    """The hash of a report, which takes its lines one by one."""

    def __init__(self) -> None:
        self._hash = sha256()

    def add(self, part: Any) -> None:
        self._hash.update(canonical(part) + b"\n")

    def close(self, content: Any, charts: Any) -> str:
        self.add(content)
        self.add(charts)
        return self._hash.hexdigest()


def hash_of(content: Any, charts: Any, lines: Iterable[Any]) -> str:
    seal = Seal()
    for line in lines:
        seal.add(line)
    return seal.close(content, charts)
