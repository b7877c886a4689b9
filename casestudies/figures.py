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


def quantity(figure: Any) -> str:
    """over 600 people; 25%; 8 (rank)"""
    value = f"{figure.value:,f}"
    value = value.rstrip("0").rstrip(".") if "." in value else value
    unit = "%" if figure.unit == "percent" else f" {figure.unit}" if figure.unit else ""
    return f"{figure.qualifier} {value}{unit}".strip()


def change_in_words(shown: Shown) -> str:
    """1,871 fewer (35%), which is the better way; nothing of a single figure. It never says why."""
    if shown.last is None:
        return ""
    if not shown.change:
        return "no change"
    size = f"{shown.size:,f}"
    size = size.rstrip("0").rstrip(".") if "." in size else size
    share = f" ({shown.percent}%)" if shown.percent is not None else ""
    judged = {True: ", which is the better way", False: ", which is the worse way", None: ""}[shown.is_better]
    return f"{size} {shown.way}{share}{judged}"


def in_words(shown: Shown) -> str:
    """A figure, or two with what changed between them, as one sentence."""
    parts = [" in ".join(filter(None, [quantity(one), one.period])) for one in (shown.first, shown.last) if one is not None]
    change = change_in_words(shown)
    return ", then ".join(parts) + (f": {change}" if change else "")


def caution_of(shown: Shown) -> str:
    """What its figures do not show, each caution once."""
    notes = [one.note.strip() for one in (shown.first, shown.last) if one is not None and one.note.strip()]
    return " ".join(dict.fromkeys(notes))


def source_of(shown: Shown) -> str:
    sources = [one.source.strip() for one in (shown.first, shown.last) if one is not None and one.source.strip()]
    return "; ".join(dict.fromkeys(sources))
