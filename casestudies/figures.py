"""How a story's figures are shown: two values of one metric stand side by side, with what changed between them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Shown:
    """One figure, or a first and a last value of the same metric."""

    first: Any
    last: Any = None

    @property
    def metric(self) -> str:
        return str(self.first.metric)

    @property
    def change(self) -> Decimal | None:
        return None if self.last is None else self.last.value - self.first.value

    @property
    def size(self) -> Decimal:
        return abs(self.change or Decimal(0))

    @property
    def way(self) -> str:
        return "fewer" if self.change and self.change < 0 else "more"

    @property
    def percent(self) -> int | None:
        """The change as a share of the first value, in whole percent."""
        if self.change is None or not self.first.value:
            return None
        return int(abs(self.change) * 100 / abs(self.first.value) + Decimal("0.5"))

    @property
    def is_better(self) -> bool | None:
        """Whether the change goes the way that is better; None where the story does not say which way that is."""
        if not self.change or not self.last.better:
            return None
        return bool((self.change < 0) == (self.last.better == "lower"))


def paired(figures: Iterable[Any]) -> list[Shown]:
    """In the story's order. A metric that is given twice is one entry."""
    by_metric: dict[str, list[Any]] = {}
    for figure in sorted(figures, key=lambda figure: figure.order):
        by_metric.setdefault(figure.metric, []).append(figure)
    return [entry for found in by_metric.values() for entry in entries(found)]


def entries(found: Sequence[Any]) -> list[Shown]:
    return [Shown(found[0], found[-1])] if len(found) > 1 else [Shown(found[0])]
