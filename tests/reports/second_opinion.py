"""What stands now, read in two ways that share no query: from the tables, and from the logs up to their ends."""

from typing import Any

from priorities.models import ReportingPeriod
from reports.gather import Live, Source, position_of
from reports.lines import report_line
from reports.marks import marks_now
from reports.rebuild import Logged


def both(period: ReportingPeriod) -> tuple[Any, Any]:
    """Everything that a report of the period would say, twice."""
    return told(Live(period)), told(Logged(period, marks_now()))


def told(source: Source) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    content, lines = position_of(source)
    facts = source.facts([line.id for line in lines])
    return content, [report_line(source.frame, line, facts[line.id], "") for line in lines]
