"""The roll-up beside the same figures in plain SQL."""

from dataclasses import dataclass
from typing import Any

from priorities.models import ReportingPeriod
from reports import charts
from reports.actions import store_roll_up
from reports.gather import Position, work_out
from reports.models import RollUp
from tests.bench import raw_sql
from tests.bench.measure import Cost, counting, side_by_side

FIGURES = ("distribution", "expected", "reported", "milestones_due", "milestones_done", "headline", "headline_before")
LINE = ("code", "priority", "rating", "before", "milestones_due", "milestones_done")
SAID = ("code", "rating", "before", "why", "route", "route_on")
STEP = ("code", "title", "baseline_on", "forecast_on", "moved")


@dataclass(frozen=True)
class RollUpCost:
    statements: int
    rows: int
    portal: Cost
    raw: Cost
    charts: Cost
    stored: Cost

    @property
    def times(self) -> float:
        return self.portal.cpu / self.raw.cpu


def measure_roll_up(period: ReportingPeriod, size: int) -> RollUpCost:
    with counting() as count:
        position = work_out(period)
    refuse_difference(figures_of(position), raw_sql.work_out(period.pk))
    rounds = 21 if size <= 1_000 else 9
    portal, raw = side_by_side(lambda: work_out(period), lambda: raw_sql.work_out(period.pk), rounds)
    drawn, stored = side_by_side(lambda: charts.draw(position.content), lambda: store_anew(period), rounds // 2)
    return RollUpCost(count.statements, count.rows, portal, raw, drawn, stored)


def refuse_difference(ours: dict[str, Any], raw: dict[str, Any]) -> None:
    for name, figures in ours.items():
        if figures != raw[name]:
            raise SystemExit(f"The roll-up and plain SQL differ in '{name}':\n  roll-up: {figures}\n  SQL:     {raw[name]}")


def store_anew(period: ReportingPeriod) -> None:
    RollUp.objects.filter(period=period).delete()
    store_roll_up(period_id=period.pk)


def figures_of(position: Position) -> dict[str, Any]:
    """What a roll-up says, in the shape of raw_sql.work_out."""
    content, lines = position.content, position.lines
    codes = {priority["slug"]: priority["code"] for priority in content["priorities"]}
    cells = [(codes[row["slug"]], cell) for row in content["matrix"] for cell in row["cells"]]
    attention, worse, better, milestones = (content[name] for name in ("attention", "worse", "better", "milestones"))
    return {
        "plan": only(FIGURES, content["plan"]),
        "priorities": {figures["code"]: only(FIGURES, figures) for figures in content["priorities"]},
        "principles": {figures["code"]: only(FIGURES, figures) for figures in content["principles"]},
        "matrix": {(code, cell["code"]): len(cell["lines"]) + cell["more"] for code, cell in cells},
        "cells": sorted_cells(cells),
        "strips": {line["code"]: line["strip"] for _, cell in cells for line in cell["lines"]},
        "lines": [tuple(only(LINE, line).values()) for line in lines],
        "tags": [(line["code"], principle) for line in lines for principle in line["principles"]],
        "attention": [tuple(only(SAID, line).values()) for line in attention["lines"]],
        "worse": [line["code"] for line in worse["lines"]],
        "better": [line["code"] for line in better["lines"]],
        "totals": (len(attention["lines"]) + attention["more"], worse["total"], better["total"]),
        "months": [only(raw_sql.RATINGS, month) for month in content["months"]],
        "milestones": [tuple(only(STEP, row).values()) for row in milestones["rows"]],
        "decisions": content["decisions"],
        "coverage": [(row["name"], row["expected"], row["reported"]) for row in content["coverage"]["rows"]],
        "milestones_total": len(milestones["rows"]) + milestones["more"],
    }


def sorted_cells(cells: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, str, str]]:
    in_order = sorted(cells, key=lambda found: (found[0], found[1]["code"]))
    return [(priority, cell["code"], line["code"]) for priority, cell in in_order for line in cell["lines"]]


def only(names: tuple[str, ...], found: dict[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in names}
