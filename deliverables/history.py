"""A deliverable's months: what stood at the end of each, and what was said before that. Pure, from rows already read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from deliverables.models import Deliverable, StatusUpdate
from deliverables.ratings import NOT_REPORTED, TAKEN_BACK, direction
from priorities.models import ReportingPeriod


@dataclass(frozen=True)
class Month:
    period: ReportingPeriod
    standing: StatusUpdate | None
    superseded: tuple[StatusUpdate, ...]

    @property
    def rating(self) -> str:
        return self.standing.rating if self.standing else NOT_REPORTED

    @property
    def month_name(self) -> str:
        return str(self.period)

    @property
    def number(self) -> int:
        """That of the newest row, standing or not; 0 if there is none."""
        return max((update.number for update in (self.standing, *self.superseded) if update), default=0)


def by_month(updates: Iterable[StatusUpdate], periods: Sequence[ReportingPeriod]) -> list[Month]:
    """One entry for each period in the order given; a month that nobody reported on is there too."""
    found: dict[int, list[StatusUpdate]] = {}
    for update in updates:
        found.setdefault(update.period_id, []).append(update)
    months = []
    for period in periods:
        last_first = sorted(found.get(period.pk, []), key=lambda update: -update.number)
        for update in last_first:
            update.period = period  # which is read already
        stands = bool(last_first) and last_first[0].rating != TAKEN_BACK
        months.append(Month(period, last_first[0] if stands else None, tuple(last_first[stands:])))
    return months


def running(months: Sequence[Month]) -> int:
    """For how many months, newest first, the newest rating has stood."""
    count = 0
    for month in months:
        if month.rating != months[0].rating:
            break
        count += 1
    return count


@dataclass(frozen=True)
class Row:
    """A deliverable in a list: its standing update of a period, and its rating of the period before if there is one."""

    deliverable: Deliverable
    now: StatusUpdate | None
    was: str | None

    @property
    def rating(self) -> str:
        return self.now.rating if self.now else NOT_REPORTED

    @property
    def direction(self) -> str:
        return direction(self.rating, self.was)


def row_of(deliverable: Any, recent: Sequence[ReportingPeriod]) -> Row:
    """From `recent_updates`, read for these one or two periods, newest first; of none, nothing is known."""
    if not recent:
        return Row(deliverable, None, None)
    found = {update.period_id: update for update in deliverable.recent_updates}
    ratings = [found[period.pk].rating if period.pk in found else NOT_REPORTED for period in recent]
    return Row(deliverable, known_in(recent[0], found.get(recent[0].pk)), ratings[1] if len(ratings) > 1 else None)


def row_beside(deliverable: Any, period: ReportingPeriod) -> Row:
    """The same from `recent_updates` of this period alone, and `rating_before`."""
    was = NOT_REPORTED if deliverable.rating_before == TAKEN_BACK else deliverable.rating_before
    return Row(deliverable, known_in(period, next(iter(deliverable.recent_updates), None)), was)


def known_in(period: ReportingPeriod, update: StatusUpdate | None) -> StatusUpdate | None:
    """The update with its period, which is read already."""
    if update:
        update.period = period
    return update
