"""A deliverable's months: what stood at the end of each, and what was said before that. Pure, from rows already read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """A deliverable in a list: its standing update of a period, and of the period before if there is one."""

    deliverable: Deliverable
    now: StatusUpdate | None
    before: StatusUpdate | None
    is_first: bool

    @property
    def rating(self) -> str:
        return self.now.rating if self.now else NOT_REPORTED

    @property
    def was(self) -> str | None:
        if self.is_first:
            return None
        return self.before.rating if self.before else NOT_REPORTED

    @property
    def direction(self) -> str:
        return direction(self.rating, self.was)


def row_of(deliverable: Deliverable, recent: Sequence[ReportingPeriod]) -> Row:
    """From `recent_updates`, read for these one or two periods, newest first."""
    found = {update.period_id: update for update in deliverable.recent_updates}  # type: ignore[attr-defined]
    updates = [found.get(period.pk) for period in recent]
    for update, period in zip(updates, recent, strict=True):
        if update:
            update.period = period
    return Row(deliverable, updates[0], updates[1] if len(updates) > 1 else None, is_first=len(updates) == 1)
