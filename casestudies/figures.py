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

    @property
    def change_said(self) -> str:
        """1,871 fewer (35%), which is the better way; nothing of a single figure."""
        if self.last is None:
            return ""
        if not self.change:
            return "no change"
        judged = {True: ", which is the better way", False: ", which is the worse way", None: ""}[self.is_better]
        if self.first.unit == "percent":
            return f"{plainly(self.size)} percentage points {self.way}{judged}"
        share = f" ({self.percent}%)" if self.percent else ""
        return f"{plainly(self.size)} {self.way}{share}{judged}"

    @property
    def caution(self) -> str:
        """What its figures do not show, each caution once."""
        return " ".join(dict.fromkeys(self.said("note")))

    @property
    def source(self) -> str:
        return "; ".join(dict.fromkeys(self.said("source")))

    def said(self, name: str) -> list[str]:
        ones = [getattr(one, name, "").strip() for one in (self.first, self.last) if one is not None]
        return [words for words in ones if words]


def paired(figures: Iterable[Any]) -> list[Shown]:
    """In the story's order. A metric that is given twice is one entry."""
    by_metric: dict[str, list[Any]] = {}
    for figure in sorted(figures, key=lambda figure: figure.order):
        by_metric.setdefault(figure.metric, []).append(figure)
    return [entry for found in by_metric.values() for entry in entries(found)]


def entries(found: Sequence[Any]) -> list[Shown]:
    return [Shown(found[0], found[-1])] if len(found) > 1 else [Shown(found[0])]


def plainly(value: Decimal) -> str:
    """1,000 and 2.5"""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(figure: Any) -> str:
    """over 600 people; less than 25%"""
    if figure.unit == "rank":
        return f"{figure.qualifier} rank {plainly(figure.value)}".strip()
    unit = "%" if figure.unit == "percent" else f" {figure.unit}" if figure.unit else ""
    return f"{figure.qualifier} {plainly(figure.value)}{unit}".strip()


def in_words(shown: Shown) -> str:
    """A figure, or two with what changed between them, in one line. It never says why."""
    parts = [" in ".join(filter(None, [quantity(one), one.period])) for one in (shown.first, shown.last) if one is not None]
    return ", then ".join(parts) + (f": {shown.change_said}" if shown.change_said else "")
