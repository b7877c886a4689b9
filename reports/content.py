"""What a roll-up says, as plain data: the same for the stored row, the pages and every file made from it.

Pure: takes what gather read and rollup worked out, returns dictionaries of words, numbers and ISO dates.
"""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from reports import sentences
from reports.rollup import RULES_VERSION, WORST_FIRST, Group, Line, Shown, Summary

ORGANISATIONS_SHOWN = 20

if TYPE_CHECKING:
    from priorities.models import ReportingPeriod
    from reports.gather import Frame


def compose(
    *,
    frame: "Frame",
    summary: Summary,
    months: list[tuple["ReportingPeriod", Counter[str]]],
    strips: dict[int, list[str]],
    words: dict[int, dict[str, Any]],
    milestones: tuple[list[dict[str, Any]], int],
    decisions: dict[str, int],
    coverage: list[tuple[str, int, int]],
) -> dict[str, Any]:
    names = {p.code: p.name for p in frame.principles}
    made: dict[str, Any] = {
        "rules_version": RULES_VERSION,
        "strategy": frame.period.plan_year.strategy.title,
        "plan_year": str(frame.period.plan_year),
        "period": month_of(frame.period),
        "before": month_of(frame.before) if frame.before else None,
        "plan": figures(summary.plan),
        "priorities": [
            {"code": p.code, "slug": p.slug, "name": p.name} | figures(summary.priorities[p.code]) for p in frame.priorities
        ],
        "principles": [{"code": p.code, "name": p.name} | figures(summary.principles[p.code]) for p in frame.principles],
        "matrix": [
            {
                "priority": priority.name,
                "slug": priority.slug,
                "cells": [cell(summary.cells[priority.code, p.code], p.code, names, strips) for p in frame.principles],
            }
            for priority in frame.priorities
        ],
        "balance": balance(summary, names),
        "gaps": gaps(frame, summary),
        "attention": attention(summary.attention, strips, words),
        "worse": changes(summary.worse),
        "better": changes(summary.better),
        "months": [month_of(period) | {code: counts[code] for code in WORST_FIRST} for period, counts in months],
        "milestones": timeline(milestones[0], milestones[1], frame.period.ends_on),
        "decisions": decisions,
        "coverage": by_organisation(coverage),
    }
    made["sentences"] = sentences.position(made) | sentences.readings(made)
    return made


def balance(summary: Summary, names: dict[str, str]) -> dict[str, Any]:
    """How late and off-track work lies among the principles."""
    rows = [
        {
            "code": code,
            "name": names[code],
            "troubled": group.behind,
            "overdue": group.milestones_due - group.milestones_done,
            "expected": group.expected,
        }
        for code, group in summary.principles.items()
    ]
    return {"rows": rows, "sentence": sentences.balance(rows, summary.plan.behind)}


def gaps(frame: "Frame", summary: Summary) -> dict[str, Any]:
    """Where the plan has nothing: a principle that a priority does not serve, and deliverables that serve none."""
    empty = [
        {"priority": priority.name, "principle": principle.name}
        for priority in frame.priorities
        for principle in frame.principles
        if not summary.cells[priority.code, principle.code].total
    ]
    untagged = [{"code": line.code, "name": line.name} for line in summary.untagged.lines]
    return {"cells": empty, "untagged": untagged, "untagged_more": summary.untagged.total - len(untagged)}


def month_of(period: "ReportingPeriod") -> dict[str, str]:
    return {
        "month": period.month,
        "name": str(period),
        "short": f"{period.starts_on:%B}",
        "ends_on": period.ends_on.isoformat(),
        "due_on": period.due_on.isoformat(),
    }


def figures(group: Group) -> dict[str, Any]:
    return {
        "headline": group.headline,
        "headline_before": group.headline_before,
        "direction": group.direction,
        "distribution": dict(group.distribution),
        "expected": group.expected,
        "reported": group.reported,
        "milestones_due": group.milestones_due,
        "milestones_done": group.milestones_done,
    }


def row(line: Line) -> dict[str, Any]:
    """One line of the rows behind a roll-up."""
    return {
        "code": line.code,
        "name": line.name,
        "priority": line.priority,
        "principles": list(line.principles),
        "rating": line.rating,
        "before": line.before,
        "direction": line.direction,
        "milestones_due": line.milestones_due,
        "milestones_done": line.milestones_done,
    }


def cell(shown: Shown, principle: str, names: dict[str, str], strips: dict[int, list[str]]) -> dict[str, Any]:
    """A deliverable that serves two principles stands in two columns, and each says which other."""
    return {
        "principle": names[principle],
        "code": principle,
        "lines": [
            row(line) | {"strip": strips[line.id], "also": [names[code] for code in line.principles if code != principle]}
            for line in shown.lines
        ],
        "more": shown.total - len(shown.lines),
    }


def attention(shown: Shown, strips: dict[int, list[str]], words: dict[int, dict[str, Any]]) -> dict[str, Any]:
    nothing = {"why": "", "route": "", "route_on": None, "second_look": {}, "answer": "", "is_demonstration": False}
    lines = []
    for line in shown.lines:
        said = words.get(line.id, nothing)
        said = said | {"route_on": said["route_on"].isoformat() if said["route_on"] else None}
        lines.append(row(line) | said | {"running": running(strips[line.id])})
    return {"lines": lines, "more": shown.total - len(lines)}


def running(strip: list[str]) -> int:
    """For how many months in a row the last rating has stood."""
    count = 0
    for rating in reversed(strip):
        if rating != strip[-1]:
            break
        count += 1
    return count


def by_organisation(coverage: list[tuple[str, int, int]]) -> dict[str, Any]:
    """Where most is missing comes first; what has no lead is named as such."""
    ordered = sorted(coverage, key=lambda row: (row[2] - row[1], row[0]))
    rows = [{"name": name, "expected": expected, "reported": reported} for name, expected, reported in ordered]
    return {"rows": rows[:ORGANISATIONS_SHOWN], "more": max(0, len(rows) - ORGANISATIONS_SHOWN)}


def changes(shown: Shown) -> dict[str, Any]:
    lines = [{"code": line.code, "name": line.name, "rating": line.rating, "before": line.before} for line in shown.lines]
    return {"lines": lines, "total": shown.total}


def timeline(rows: list[dict[str, Any]], total: int, end: date) -> dict[str, Any]:
    made = [
        row
        | {
            "baseline_on": row["baseline_on"].isoformat(),
            "forecast_on": row["forecast_on"].isoformat(),
            "proposed_on": row["proposed_on"].isoformat() if row["proposed_on"] else None,
            "slip": (row["forecast_on"] - row["baseline_on"]).days,
            "overdue": row["forecast_on"] <= end,
        }
        for row in rows
    ]
    return {"rows": made, "more": total - len(made)}
