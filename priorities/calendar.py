"""Plan years, and working days in England. Pure: dates in, dates out.

A plan year is a financial year, 1 April to 31 March, written 2025/26. A working day is neither at a weekend nor a bank holiday;
a bank holiday at a weekend counts through its substitute. Royal one-off holidays come with a newer `holidays` package, or at
once through `changed`: days that people have entered (BankHoliday.objects.changed()), each a working day or not.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice
from types import MappingProxyType

Changed = Mapping[date, bool]
AS_THE_PACKAGE_SAYS: Changed = MappingProxyType({})
DAY = timedelta(days=1)
FIRST_MONTH = 4


def plan_year_label(day: date) -> str:
    """The plan year that holds the day: 2025/26."""
    start = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{start}/{(start + 1) % 100:02}"


def plan_year_starts_on(label: str) -> date:
    """The first day of a plan year, given as 2025/26 or, as in an address, 2025-26. Raises ValueError for anything else."""
    start = label[:4]
    if start.isdecimal() and int(start) > 0:
        day = date(int(start), FIRST_MONTH, 1)
        if plan_year_label(day) == label.replace("-", "/", 1):
            return day
    raise ValueError(f"'{label}' is not a plan year. Write it as 2025/26.")


def plan_year_ends_on(label: str) -> date:
    return plan_year_starts_on(label).replace(year=int(label[:4]) + 1) - DAY


def months(label: str) -> list[date]:
    """The first days of the year's twelve months, April first."""
    days = [plan_year_starts_on(label)]
    while len(days) < 12:
        days.append(next_month(days[-1]))
    return days


def next_month(day: date) -> date:
    """The first day of the month after the day's."""
    return (day.replace(day=28) + 4 * DAY).replace(day=1)


def month_ends_on(day: date) -> date:
    return next_month(day) - DAY


@cache
def bank_holidays() -> Container[date]:
    """England's. The package brings 20 MB of other countries with it, so it is loaded by the first process that asks."""
    import holidays

    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: date, changed: Changed = AS_THE_PACKAGE_SAYS) -> bool:
    known = changed.get(day)
    return day.weekday() < 5 and day not in bank_holidays() if known is None else known


def working_days_from(day: date, step: int, changed: Changed = AS_THE_PACKAGE_SAYS) -> Iterator[date]:
    """Every working day from the day on, itself included, forward (1) or back (-1)."""
    while True:
        if is_working_day(day, changed):
            yield day
        day += step * DAY


def roll_forward(day: date, changed: Changed = AS_THE_PACKAGE_SAYS) -> date:
    """The day itself if it is a working day, else the next one."""
    return next(working_days_from(day, 1, changed))


def roll_back(day: date, changed: Changed = AS_THE_PACKAGE_SAYS) -> date:
    """The day itself if it is a working day, else the last one before."""
    return next(working_days_from(day, -1, changed))


def add_working_days(day: date, n: int, changed: Changed = AS_THE_PACKAGE_SAYS) -> date:
    """The n-th working day after the day, or before it if n is below 0. The day itself if n is 0."""
    if n == 0:
        return day
    step = 1 if n > 0 else -1
    return nth(working_days_from(day + step * DAY, step, changed), abs(n))


def nth_working_day(month: date, n: int, changed: Changed = AS_THE_PACKAGE_SAYS) -> date:
    """The n-th working day of the day's month, counted from its end if n is below 0. Raises ValueError if it has not so many."""
    first, last = month.replace(day=1), month_ends_on(month)
    days = working_days_from(first, 1, changed) if n > 0 else working_days_from(last, -1, changed)
    found = nth(days, abs(n))
    if n == 0 or not first <= found <= last:
        raise ValueError(f"{month:%B %Y} has no working day number {n}.")
    return found


def nth(days: Iterator[date], n: int) -> date:
    return next(islice(days, max(n, 1) - 1, None))


def working_days_between(after: date, to: date, changed: Changed = AS_THE_PACKAGE_SAYS) -> int:
    """How many working days there are after the first day, up to and including the second."""
    return sum(is_working_day(after + n * DAY, changed) for n in range(1, (to - after).days + 1))


@dataclass(frozen=True)
class ReportingCycle:
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date


def reporting_cycle(month: date, changed: Changed = AS_THE_PACKAGE_SAYS) -> ReportingCycle:
    """The portal's default for a month: open from its fifth-last working day, due on the fifth of the month after."""
    return ReportingCycle(
        starts_on=month.replace(day=1),
        ends_on=month_ends_on(month),
        opens_on=nth_working_day(month, -5, changed),
        due_on=nth_working_day(next_month(month), 5, changed),
    )


MEETS_ON_WORKING_DAY = 10


def proposed_meeting(month: date, changed: Changed = AS_THE_PACKAGE_SAYS) -> date:
    """When the group could take the month's report: on the tenth working day of the month after, a week after updates are due.
    The strategy does not say how often the group meets, so this is the portal's default too."""
    return nth_working_day(next_month(month), MEETS_ON_WORKING_DAY, changed)
