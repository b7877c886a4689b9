"""Which position a person is shown: an issued report; the live one only to the group, and only when asked for."""

from dataclasses import dataclass
from typing import Any

from people.permissions import can_view_group
from priorities.calendar import plan_year_label
from priorities.models import PlanYear, ReportingPeriod
from reports.models import ProgressReport
from strategy_portal import clock


@dataclass(frozen=True)
class Choice:
    """One month that can be chosen."""

    month: str
    name: str
    is_live: bool
    year: str  # the plan year, as 2025/26
    seal: str = ""  # of an issued report: its hash, which is another when its content is


@dataclass(frozen=True)
class Chosen:
    """`report` is the issued one without its content, or `live` the open period. Neither: nothing is issued yet."""

    choices: list[Choice]
    report: ProgressReport | None = None
    live: ReportingPeriod | None = None
    missed: str = ""  # the month that was asked for and cannot be shown
    years: tuple[tuple[str, str], ...] = ()  # each other plan year, with the newest of its months

    @property
    def period(self) -> ReportingPeriod | None:
        return self.live or (self.report.period if self.report else None)


def choose(user: Any, month: str, *, of: PlanYear | None = None) -> Chosen:
    """The month named in the address, else the last that was issued; of one plan year, if one is given.

    The choices are the months of the plan year that is shown.
    """
    reports: dict[str, ProgressReport] = {}
    for report in ProgressReport.objects.for_months():
        reports.setdefault(report.period.month, report)  # the last version comes first
    open_now = ReportingPeriod.objects.all_open(clock.today()) if can_view_group(user) else []
    live = {period.month: period for period in open_now if period.month not in reports}
    if of is not None:
        reports = {name: report for name, report in reports.items() if report.period.plan_year_id == of.pk}
        live = {name: period for name, period in live.items() if period.plan_year_id == of.pk}
    choices = [Choice(month, str(period), True, year_of(period)) for month, period in live.items()]
    choices += [Choice(month, str(one.period), False, year_of(one.period), one.sha256) for month, one in reports.items()]
    if month in live:
        return among(choices, live=live[month])
    missed = month if month and month not in reports else ""
    return among(choices, report=reports.get(month) or next(iter(reports.values()), None), missed=missed)


def among(choices: list[Choice], **shown: Any) -> Chosen:
    """With the choices of the year that is shown, the newest first, and one of each other year."""
    choices.sort(key=lambda choice: choice.month, reverse=True)
    period = Chosen([], **shown).period
    here = year_of(period) if period else ""
    others: dict[str, str] = {}
    for choice in choices:
        others.setdefault(choice.year, choice.month)
    others.pop(here, None)
    return Chosen([choice for choice in choices if choice.year == here], years=tuple(others.items()), **shown)


def year_of(period: ReportingPeriod) -> str:
    return plan_year_label(period.starts_on)


def content_of(chosen: Chosen) -> dict[str, Any]:
    """`content` and `charts` of what was chosen, in one statement."""
    from reports.gather import current

    if chosen.live:
        return current(chosen.live)
    (found,) = ProgressReport.objects.shown_of(chosen.report.pk)
    return found
