"""One deliverable in a report, with all that was said of it. Pure: facts in, plain data out."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from deliverables.ratings import AT_RISK, NOT_REPORTED, OFF_TRACK
from reports.content import row, running
from reports.rollup import Line
from strategy_portal.clock import LONDON

if TYPE_CHECKING:
    from priorities.models import ReportingPeriod
    from reports.gather import Frame

SAID = ("done", "why", "route", "route_on", "evidence", "second_look", "answer", "is_demonstration")
STEP = ("title", "baseline_on", "forecast_on", "proposed_on", "done_on")
SILENCE: dict[str, Any] = {
    **dict.fromkeys(("done", "why", "route", "evidence", "answer"), ""),
    **{"route_on": None, "second_look": {}, "is_demonstration": False},
}


@dataclass
class Facts:
    """What stands behind one line, beside its figures."""

    title: str = ""
    lead: str = ""
    said: dict[str, Any] | None = None  # the standing update of the period
    decision: str | None = None  # the group's last word on it
    months: dict[int, tuple[str, str, str]] = field(default_factory=dict)  # by period: rating, why, what was done
    milestones: list[dict[str, Any]] = field(default_factory=list)


def report_line(frame: "Frame", line: Line, facts: Facts, board_line: str) -> dict[str, Any]:
    """As a report keeps it, and as every page and file that shows one deliverable of a report reads it."""
    ratings = [facts.months.get(period.pk, (NOT_REPORTED, "", ""))[0] for period in frame.periods]
    return (
        row(line)
        | {"title": facts.title, "lead": facts.lead, "board_line": board_line, "decision": facts.decision}
        | said_in(facts.said, frame.period)
        | {
            "running": running(ratings),
            "strip": [month | {"rating": rating} for month, rating in zip(frame.months, ratings, strict=True)],
            "changed": changed(frame.periods, ratings, facts),
            "milestones": [step(milestone, frame.period.ends_on) for milestone in facts.milestones],
        }
    )


def said_in(said: dict[str, Any] | None, period: "ReportingPeriod") -> dict[str, Any]:
    if said is None:
        return SILENCE | {"submitted_by": "", "submitted_on": None, "is_late": False}
    on = said["submitted_at"].astimezone(LONDON).date()
    words = {name: said[name] for name in SAID} | {"route_on": iso(said["route_on"])}
    return words | {"submitted_by": said["submitted_by"], "submitted_on": iso(on), "is_late": on > period.due_on}


def changed(periods: "list[ReportingPeriod]", ratings: list[str], facts: Facts) -> list[dict[str, str]]:
    """Each month that said something else than the month before it, and the reason in the words of that month."""
    found = []
    for number, period in enumerate(periods[1:], start=1):
        before, rating = ratings[number - 1], ratings[number]
        if before != rating:
            _, why, done = facts.months.get(period.pk, (rating, "", ""))
            words = why if rating in (AT_RISK, OFF_TRACK) else done
            found.append({"month": period.month, "name": str(period), "rating": rating, "before": before, "words": words})
    return found


def step(milestone: dict[str, Any], end: date) -> dict[str, Any]:
    done_on = milestone["done_on"]
    return {
        "title": milestone["title"],
        "baseline_on": iso(milestone["baseline_on"]),
        "forecast_on": iso(milestone["forecast_on"]),
        "proposed_on": iso(milestone["proposed_on"]),
        "done_on": iso(done_on),
        "moved": milestone["moved"],
        "slip": (milestone["forecast_on"] - milestone["baseline_on"]).days,
        "overdue": milestone["forecast_on"] <= end and (done_on is None or done_on > end),
    }


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
