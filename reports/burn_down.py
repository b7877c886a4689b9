"""How the year's definitions mature: what stood at the end of each week of the first quarter. Pure, without Django."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from strategy_portal.clock import LONDON

MATURITIES = ("expected", "drafted", "agreed", "baselined")
MONTHS = 3

Change = tuple[datetime, int, str]
"""When, of which deliverable, and the maturity that its definition has from then on."""


@dataclass(frozen=True)
class Standing:
    """How many definitions were of each maturity at the end of a day. A deliverable that was not planned yet is not counted."""

    on: date
    expected: int
    drafted: int
    agreed: int
    baselined: int

    @property
    def total(self) -> int:
        return self.expected + self.drafted + self.agreed + self.baselined


def last_day(starts_on: date) -> date:
    """The last day of the quarter that begins a plan year: 30 June."""
    months = starts_on.month - 1 + MONTHS
    return date(starts_on.year + months // 12, months % 12 + 1, 1) - timedelta(days=1)


def ends_of_weeks(first: date, last: date) -> list[date]:
    """Every Sunday, and the last day. None where the last is before the first."""
    sunday = first + timedelta(days=6 - first.weekday())
    sundays = [sunday + timedelta(weeks=n) for n in range((last - sunday).days // 7 + 1)]
    return sundays if last < first or last in sundays else [*sundays, last]


def standings(changes: Iterable[Change], days: Sequence[date]) -> list[Standing]:
    """`changes` as they were written, `days` in order. Of two changes that hold on a day, the one written last counts,
    whatever moments they name: a plan may be loaded after the day from which it holds."""
    found, tally = [], Counter[str]()
    steps = sorted(all_steps(changes).items(), reverse=True)  # the first is the last, where it is taken away cheaply
    for day in days:
        while steps and steps[-1][0][0] <= day:
            (_, maturity), count = steps.pop()
            tally[maturity] += count
        found.append(Standing(day, *(tally[maturity] for maturity in MATURITIES)))
    return found


def all_steps(changes: Iterable[Change]) -> Counter[tuple[date, str]]:
    """How many more or fewer definitions are of a maturity from a day on."""
    held: dict[int, list[tuple[date, str]]] = {}
    for moment, deliverable, maturity in changes:
        on, stands = moment.astimezone(LONDON).date(), held.setdefault(deliverable, [])
        while stands and stands[-1][0] >= on:
            stands.pop()
        stands.append((on, maturity))
    steps = Counter[tuple[date, str]]()
    for stands in held.values():
        steps.update(stands)
        steps.subtract((on, before) for (_, before), (on, _) in pairwise(stands))
    return steps


def reading(found: Sequence[Standing], quarter_ends_on: date) -> str:
    """The chart in one sentence; empty where there is nothing to read."""
    if not found or not found[-1].total:
        return ""
    last = found[-1]
    when = "By the end of the first quarter" if last.on == quarter_ends_on else f"By {last.on.day} {last.on:%B %Y}"
    others = [(last.agreed, "agreed"), (last.drafted, "drafted"), (last.expected, "only expected")]
    rest = [f"{count} {word}" for count, word in others if count]
    were = "was" if last.total == 1 else "were"
    said = f"{when}, {last.baselined} of {last.total} definition{'s' * (last.total > 1)} {were} baselined"
    return f"{said}{', '.join(['', *rest[:-1]])}{' and ' + rest[-1] if rest else ''}."
