"""Which reminder is due today, and what its subject says. Pure: days in, a reason or none out.

The timetable of a period, in working days: when it opens; five and one before it is due; the day after; then every week, with a
copy to the group. A person may choose one e-mail a week instead, about what is due within that week or late, or to hear of what
is late alone.

Every reminder lists all that is due from its reader. So one that was written on a reason's day or later has said it: each reason
is given once, and of several whose days were missed only the newest.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from priorities.calendar import AS_THE_PACKAGE_SAYS, Changed, add_working_days, is_working_day

DAILY, WEEKLY, LATE = "daily", "weekly", "late"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Window:
    """The days of a period in which it is reported on."""

    opens_on: date
    due_on: date
    is_closed: bool = False


@dataclass(frozen=True)
class Reason:
    code: str
    from_on: date  # to be given on this day, or on the next working day
    copies_group: bool = False


def reason_today(
    window: Window, *, today: date, choice: str, last_on: date | None = None, changed: Changed = AS_THE_PACKAGE_SAYS
) -> Reason | None:
    """`last_on` is the day of the last reminder that the person was written, of whatever kind."""
    if window.is_closed or today < window.opens_on or not is_working_day(today, changed):
        return None
    reason = of_the_week(window, today, changed) if choice == WEEKLY else newest(window, today, choice, changed)
    said = reason is None or (last_on is not None and last_on >= reason.from_on)
    return None if said else reason


def newest(window: Window, today: date, choice: str, changed: Changed) -> Reason | None:
    """The last one whose day has come."""
    come = [reason for reason in timetable(window, today, changed) if reason.from_on <= today]
    wanted = [reason for reason in come if choice != LATE or reason.from_on > window.due_on]
    return wanted[-1] if wanted else None


def timetable(window: Window, until: date, changed: Changed) -> Iterator[Reason]:
    """In the order of their days. What would come before the period opens is left out."""
    late = add_working_days(window.due_on, 1, changed)
    yield Reason("opens", window.opens_on)
    for code, days in (("five_days", -5), ("one_day", -1)):
        before = add_working_days(window.due_on, days, changed)
        if before >= window.opens_on:
            yield Reason(code, before)
    yield Reason("day_after", late)
    for n in count(1):
        if late + n * WEEK > until:
            return
        yield Reason(f"week_{n}", late + n * WEEK, copies_group=True)


def of_the_week(window: Window, today: date, changed: Changed) -> Reason | None:
    """Once from Monday on, if the period is due by the end of the week."""
    monday = today - timedelta(days=today.weekday())
    if window.due_on >= monday + WEEK:
        return None
    chased = add_working_days(window.due_on, 1, changed) + WEEK
    return Reason(f"week_of_{monday}", monday, copies_group=today >= chased)


def subject(due_days: Iterable[date], today: date) -> str:
    """Of the days on which updates are or were due: "2 updates are late and 1 is due on 5 December 2025"."""
    days = sorted(due_days)
    coming = [day for day in days if day >= today]
    late = len(days) - len(coming)
    said = [f"{updates(late)} late"] if late else []
    if coming:
        first = f"{coming[0]:%-d %B %Y}"
        when = f"due on {first}" if coming[0] == coming[-1] else f"due, the first on {first}"
        said.append(f"{len(coming)} {is_or_are(len(coming))} {when}" if late else f"{updates(len(coming))} {when}")
    return " and ".join(said)


def updates(number: int) -> str:
    return f"{number} {'update' if number == 1 else 'updates'} {is_or_are(number)}"


def is_or_are(number: int) -> str:
    return "is" if number == 1 else "are"
