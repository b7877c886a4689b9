"""Which position a person is shown: an issued report; the live one only to the group, and only when asked for."""

from dataclasses import dataclass
from typing import Any

from people.permissions import can_view_group
from priorities.models import ReportingPeriod
from reports.models import ProgressReport
from strategy_portal import clock


@dataclass(frozen=True)
class Choice:
    """One month that can be chosen."""

    month: str
    name: str
    is_live: bool
    seal: str = ""  # of an issued report: its hash, which is another when its content is


@dataclass(frozen=True)
class Chosen:
    """`report` is the issued one without its content, or `live` the open period. Neither: nothing is issued yet."""

    choices: list[Choice]
    report: ProgressReport | None = None
    live: ReportingPeriod | None = None
    missed: str = ""  # the month that was asked for and cannot be shown

    @property
    def period(self) -> ReportingPeriod | None:
        return self.live or (self.report.period if self.report else None)


def choose(user: Any, month: str) -> Chosen:
    """The month named in the address, else the last that was issued."""
    reports: dict[str, ProgressReport] = {}
    for report in ProgressReport.objects.for_months():
        reports.setdefault(report.period.month, report)  # the last version comes first
    open_now = ReportingPeriod.objects.all_open(clock.today()) if can_view_group(user) else []
    live = {period.month: period for period in open_now if period.month not in reports}
    choices = [Choice(month, str(period), True) for month, period in live.items()]
    choices += [Choice(month, str(report.period), False, report.sha256) for month, report in reports.items()]
    choices.sort(key=lambda choice: choice.month, reverse=True)
    if month in live:
        return Chosen(choices, live=live[month])
    missed = month if month and month not in reports else ""
    return Chosen(choices, report=reports.get(month) or next(iter(reports.values()), None), missed=missed)


def content_of(chosen: Chosen) -> dict[str, Any]:
    """`content` and `charts` of what was chosen, in one statement."""
    from reports.gather import current

    if chosen.live:
        return current(chosen.live)
    (found,) = ProgressReport.objects.shown_of(chosen.report.pk)
    return found
