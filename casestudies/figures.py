"""How a story's figures are shown: two values of one metric stand side by side, with what changed between them. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NOT_EXACT = "the change is not known exactly, since a value is not exact"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Said:
    """One value as it stands large: less than · 25% · 2024/25."""

    before: str
    number: str
    below: str


@dataclass(frozen=True)
class Shown:
    """One figure, or a first and a last value of the same metric."""

    first: Any
    last: Any = None

    @property
    def both(self) -> list[Any]:
        return [self.first] if self.last is None else [self.first, self.last]

    @property
    def metric(self) -> str:
        return str(self.first.metric)

    @property
    def values(self) -> list[Said]:
        """Below each its time, or what it counts where it is of no time."""
        below = [one.period or ("" if says_its_unit(one) or self.last else one.unit) for one in self.both]
        return [Said(one.qualifier, number(one), words) for one, words in zip(self.both, below, strict=True)]

    @property
    def counted_in(self) -> str:
        """Where no value says it."""
        said_below = self.last is None and not self.first.period
        return "" if said_below or says_its_unit(self.first) else str(self.first.unit)

    @property
    def is_exact(self) -> bool:
        return not any(one.qualifier for one in self.both)

    @property
    def change(self) -> Decimal | None:
        """None where there is one value, or where one of them is not exact."""
        return self.last.value - self.first.value if self.last is not None and self.is_exact else None

    @property
    def size(self) -> Decimal:
        return abs(self.change or Decimal(0))

    @property
    def way(self) -> str:
        return "fewer" if self.change and self.change < 0 else "more"

    @property
    def percent(self) -> int | None:
        """The change as a share of the first value, in whole percent. Places in an order have no shares."""
        if self.change is None or not self.first.value or self.first.unit == "rank":
            return None
        return int(abs(self.change) * 100 / abs(self.first.value) + Decimal("0.5"))

    @property
    def is_better(self) -> bool | None:
        """Whether the change goes the way that is better; None where the story does not say which way that is."""
        if not self.change or not self.last.better or self.first.unit == "rank":
            return None
        return bool((self.change < 0) == (self.last.better == "lower"))

    @property
    def change_said(self) -> str:
        """1,871 fewer (35%), which is the better way; nothing of a single figure."""
        if self.last is None:
            return ""
        if self.change is None:
            return NOT_EXACT
        if not self.change:
            return "no change"
        judged = {True: ", which is the better way", False: ", which is the worse way", None: ""}[self.is_better]
        return f"{self.difference}{judged}"

    @property
    def difference(self) -> str:
        size = plainly(self.size)
        if self.first.unit == "rank":
            way = "nearer the top" if self.way == "fewer" else "further from the top"
            return f"{size} place{'' if self.size == 1 else 's'} {way}"
        if self.first.unit == "percent":
            return f"{size} percentage points {self.way}"
        return f"{size} {self.way}" + (f" ({self.percent}%)" if self.percent else "")

    @property
    def caution(self) -> str:
        """What its figures do not show, each caution once."""
        return " ".join(dict.fromkeys(self.said("note")))

    @property
    def source(self) -> str:
        return "; ".join(dict.fromkeys(self.said("source")))

    def said(self, name: str) -> list[str]:
        ones = [getattr(one, name, "").strip() for one in self.both]
        return [words for words in ones if words]


def paired(figures: Iterable[Any]) -> list[Shown]:
    """In the story's order. A metric that is given twice is one entry."""
    by_metric: dict[str, list[Any]] = {}
    for figure in sorted(figures, key=lambda figure: figure.order):
        by_metric.setdefault(figure.metric, []).append(figure)
    return [entry(found) for found in by_metric.values()]


def entry(found: Sequence[Any]) -> Shown:
    """Two are put in the order of their time, as far as their periods say it."""
    if len(found) == 1:
        return Shown(found[0])
    first, last = found[0], found[-1]
    return Shown(last, first) if comes_before(last.period, first.period) else Shown(first, last)


def comes_before(one: str, other: str) -> bool:
    """Whether one period plainly begins before another: 2019/20 before 2021/22, July 2025 before October 2025."""
    begins, other_begins = begin(one), begin(other)
    if begins is None or other_begins is None:
        return False
    (year, month), (other_year, other_month) = begins, other_begins
    return year < other_year or (year == other_year and 0 < month < other_month)


def begin(period: str) -> tuple[int, int] | None:
    """The first year that it names, and the month before it: 0 where it names none."""
    found = re.search(r"(?:\b([a-z]{3})[a-z]* )?\b((?:19|20)\d\d)\b", period.lower())
    if found is None:
        return None
    return int(found[2]), MONTHS.index(found[1]) + 1 if found[1] in MONTHS else 0


def plainly(value: Decimal) -> str:
    """1,000 and 2.5"""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(figure: Any) -> str:
    """5,304; 25%; 8th"""
    text = plainly(figure.value)
    if figure.unit == "rank":
        return f"{text}{ordinal_ending(figure.value)}"
    return f"{text}%" if figure.unit == "percent" else text


def ordinal_ending(value: Decimal) -> str:
    if value % 1:
        return ""
    return "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(int(value % 10), "th")


def says_its_unit(figure: Any) -> bool:
    return figure.unit in ("rank", "percent")


def quantity(figure: Any) -> str:
    """over 600 people; less than 25%; 8th"""
    unit = "" if says_its_unit(figure) else figure.unit
    return " ".join(filter(None, [figure.qualifier, number(figure), unit]))


def in_time(period: str) -> str:
    """In 2019/20; in March 2025; (before the checks)"""
    if not period:
        return ""
    is_plain = period[:1].isdigit() or period[:3].lower() in MONTHS
    return f" in {period}" if is_plain else f" ({period[0].lower()}{period[1:]})"


def in_words(shown: Shown) -> str:
    """A figure, or two with what changed between them, in one line. It never says why."""
    parts = [f"{quantity(one)}{in_time(one.period)}" for one in shown.both]
    return ", then ".join(parts) + (f": {shown.change_said}" if shown.change_said else "")
