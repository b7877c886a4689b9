"""A period's figures in plain SQL, as one would write them by hand for SQLite and PostgreSQL alike.

It stands beside reports.gather twice: as the cost that the roll-up is measured by, and as a second opinion on its figures.
It makes a little less: no sentences and no charts.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

RATINGS = ("off_track", "at_risk", "not_reported", "on_track", "complete")
BADNESS = {"complete": 0, "on_track": 1, "not_reported": 2, "at_risk": 2, "off_track": 3}

PERIOD = "SELECT plan_year_id, starts_on, ends_on FROM priorities_reportingperiod WHERE id = {now}"
PERIODS = """
    SELECT id, starts_on FROM priorities_reportingperiod
    WHERE plan_year_id = {year} AND starts_on <= '{starts}' ORDER BY starts_on
"""
# The last word on each deliverable for each of these periods.
STANDING = """
    SELECT u.id, u.deliverable_id, u.period_id, u.rating FROM deliverables_statusupdate u
    WHERE u.period_id IN ({periods}) AND u.rating <> 'taken_back' AND NOT EXISTS (
        SELECT 1 FROM deliverables_statusupdate f
        WHERE f.period_id = u.period_id AND f.deliverable_id = u.deliverable_id AND f.number = u.number + 1)
"""
MAKE_LINES = """
    CREATE TEMPORARY TABLE line AS
    WITH steps AS (
        SELECT m.deliverable_id, count(*) AS due, count(CASE WHEN m.done_on <= '{end}' THEN 1 END) AS done
        FROM deliverables_milestone m JOIN deliverables_deliverable d ON d.id = m.deliverable_id
        WHERE d.plan_year_id = {year} AND m.baseline_on <= '{end}' AND (m.ended_on IS NULL OR m.ended_on > '{end}')
        GROUP BY m.deliverable_id),
    rated AS (
        SELECT d.id, d.code, p.code AS priority, p."order" AS priority_order, d."order" AS place, n.id AS update_id,
            coalesce(n.rating, 'not_reported') AS rating, coalesce(b.rating, 'not_reported') AS before,
            coalesce(s.due, 0) AS due, coalesce(s.done, 0) AS done
        FROM deliverables_deliverable d JOIN priorities_priority p ON p.id = d.priority_id
        LEFT JOIN ({standing_now}) n ON n.deliverable_id = d.id
        LEFT JOIN ({standing_before}) b ON b.deliverable_id = d.id
        LEFT JOIN steps s ON s.deliverable_id = d.id
        WHERE d.plan_year_id = {year} AND (d.stopped_on IS NULL OR d.stopped_on > '{end}'))
    SELECT rated.*, {rank} AS rank, CASE
        WHEN rating <> 'not_reported' THEN {badness_now} - {badness_before}
        WHEN before <> 'not_reported' THEN 1 ELSE 0 END AS change
    FROM rated
"""
IN_ORDER = "priority_order, place, line.code"
WORST_FIRST = f"rank, {IN_ORDER}"
LINES = f"SELECT code, priority, rating, before, due, done FROM line ORDER BY {IN_ORDER}"
TAGGED = """
    line JOIN deliverables_deliverable_principles t ON t.deliverable_id = line.id
    JOIN priorities_principle q ON q.id = t.principle_id
"""
TAGS = f'SELECT line.code, q.code FROM {TAGGED} ORDER BY {IN_ORDER}, q."order"'
FIGURES = """
    SELECT {by}, {counts}, {counts_before}, count(*), coalesce(sum(due), 0), coalesce(sum(done), 0), {headline}, {headline_before}
    FROM {source} {group}
"""
MATRIX = f"SELECT priority, q.code, count(*) FROM {TAGGED} GROUP BY priority, q.code"
CELLS = f"""
    SELECT placed.id, placed.priority, placed.principle, placed.code FROM (
        SELECT line.id, line.priority, q.code AS principle, line.code,
            row_number() OVER (PARTITION BY line.priority, q.code ORDER BY {WORST_FIRST}) AS number
        FROM {TAGGED}) placed
    WHERE placed.number <= 6 ORDER BY placed.priority, placed.principle, placed.number
"""
STRIPS = "SELECT deliverable_id, period_id, rating FROM ({standing}) standing WHERE deliverable_id IN ({shown})"
ATTENTION = f"""
    SELECT line.code, line.rating, line.before, coalesce(u.why, ''), coalesce(u.route, ''), u.route_on
    FROM line LEFT JOIN deliverables_statusupdate u ON u.id = line.update_id
    WHERE line.rank < 3 ORDER BY {WORST_FIRST} LIMIT 10
"""
CHANGED = f"SELECT code FROM line WHERE change {{sign}} 0 ORDER BY {WORST_FIRST} LIMIT 3"
TOTALS = """
    SELECT count(CASE WHEN rank < 3 THEN 1 END), count(CASE WHEN change > 0 THEN 1 END), count(CASE WHEN change < 0 THEN 1 END),
        count(*)
    FROM line
"""
MONTHS = "SELECT period_id, rating, count(*) FROM ({standing}) standing GROUP BY period_id, rating"
AHEAD = """
    FROM deliverables_milestone m JOIN deliverables_deliverable d ON d.id = m.deliverable_id
    WHERE d.plan_year_id = {year} AND m.forecast_on <= '{horizon}' AND (m.done_on IS NULL OR m.done_on > '{end}')
        AND (m.ended_on IS NULL OR m.ended_on > '{end}') AND (d.stopped_on IS NULL OR d.stopped_on > '{end}')
"""
DECISIONS = """
    SELECT decision, flagged, count(*) FROM (
        SELECT (SELECT x.kind FROM deliverables_decision x WHERE x.update_id = u.id ORDER BY x.id DESC LIMIT 1) AS decision,
            CASE WHEN u.second_look = '{{}}' THEN 0 ELSE 1 END AS flagged
        FROM deliverables_statusupdate u JOIN ({standing}) s ON s.id = u.id) decided
    GROUP BY decision, flagged
"""
COVERAGE = """
    SELECT coalesce(nullif(o.short_name, ''), o.name, ''), count(*), count(line.update_id)
    FROM line JOIN deliverables_deliverable d ON d.id = line.id LEFT JOIN people_organisation o ON o.id = d.lead_id
    GROUP BY 1
"""
MILESTONES = f"""
    SELECT d.code, m.title, m.baseline_on, m.forecast_on,
        (SELECT coalesce(sum(v.counts), 0) FROM deliverables_milestonemove v WHERE v.milestone_id = m.id)
    {AHEAD} ORDER BY m.forecast_on, m.id LIMIT 15
"""


def work_out(period_id: int) -> dict[str, Any]:
    """The figures of a period, in the shape of `tests.bench.roll_up.figures_of`. Not for a year's first month."""
    with connection.cursor() as cursor:
        periods, frame = read_frame(cursor, period_id)
        make_lines(cursor, frame)
        attention, worse, better, expected = rows(cursor, TOTALS)[0]
        cells = rows(cursor, CELLS)
        return {
            "plan": read_figures(cursor, "'plan'", "line", "")["plan"],
            "priorities": read_figures(cursor, "priority", "line", "GROUP BY priority"),
            "principles": read_figures(cursor, "q.code", TAGGED, "GROUP BY q.code"),
            "matrix": {(priority, principle): number for priority, principle, number in rows(cursor, MATRIX)},
            "cells": [cell[1:] for cell in cells],
            "strips": read_strips(cursor, periods, {pk: code for pk, _, _, code in cells}),
            "lines": rows(cursor, LINES),
            "tags": rows(cursor, TAGS),
            "attention": [(*line[:5], text_of(line[5])) for line in rows(cursor, ATTENTION)],
            "worse": [code for (code,) in rows(cursor, CHANGED.format(sign=">"))],
            "better": [code for (code,) in rows(cursor, CHANGED.format(sign="<"))],
            "totals": (attention, worse, better),
            "months": read_months(cursor, periods, expected),
            "milestones": [(*row[:2], *map(text_of, row[2:4]), row[4]) for row in rows(cursor, MILESTONES.format(**frame))],
            "decisions": read_decisions(cursor, frame["now"]),
            "coverage": sorted(rows(cursor, COVERAGE), key=lambda row: (row[2] - row[1], row[0]))[:20],
            "milestones_total": rows(cursor, f"SELECT count(*) {AHEAD.format(**frame)}")[0][0],
        }


def read_frame(cursor: Any, period_id: int) -> tuple[list[int], dict[str, Any]]:
    year, starts, ends = rows(cursor, PERIOD.format(now=period_id))[0]
    periods = [pk for pk, _ in rows(cursor, PERIODS.format(year=year, starts=starts))]
    end = date.fromisoformat(str(ends))
    return periods, {"year": year, "now": period_id, "before": periods[-2], "end": end, "horizon": end + timedelta(days=90)}


def make_lines(cursor: Any, frame: dict[str, Any]) -> None:
    cursor.execute("DROP TABLE IF EXISTS line")
    badness = {"badness_now": case("rating", BADNESS), "badness_before": case("before", BADNESS)}
    rank = case("rating", {code: rank for rank, code in enumerate(RATINGS)})
    said = {"standing_now": standing([frame["now"]]), "standing_before": standing([frame["before"]])}
    cursor.execute(MAKE_LINES.format(rank=rank, **said, **badness, **frame))


def read_figures(cursor: Any, by: str, source: str, group: str) -> dict[str, Any]:
    counted = {"counts": counts("rating"), "counts_before": counts("before")}
    worst = {"headline": headline("rating"), "headline_before": headline("before")}
    return {
        code: {
            "distribution": dict(zip(RATINGS, values[:5], strict=True)),
            "expected": values[10],
            "reported": values[10] - values[2],
            "milestones_due": values[11],
            "milestones_done": values[12],
            "headline": values[13],
            "headline_before": values[14],
        }
        for code, *values in rows(cursor, FIGURES.format(by=by, source=source, group=group, **counted, **worst))
    }


def read_strips(cursor: Any, periods: list[int], shown: dict[int, str]) -> dict[str, list[str]]:
    statement = STRIPS.format(standing=standing(periods), shown=", ".join(map(str, shown)) or "NULL")
    found = {(pk, period): rating for pk, period, rating in rows(cursor, statement)}
    return {code: [found.get((pk, period), "not_reported") for period in periods] for pk, code in shown.items()}


def read_months(cursor: Any, periods: list[int], expected: int) -> list[dict[str, int]]:
    found = {(pk, rating): number for pk, rating, number in rows(cursor, MONTHS.format(standing=standing(periods)))}
    months = [{rating: found.get((pk, rating), 0) for rating in RATINGS} for pk in periods]
    return [month | {"not_reported": expected - sum(month.values())} for month in months]


def read_decisions(cursor: Any, period: int) -> dict[str, int]:
    found = {"agreed": 0, "returned": 0, "flagged": 0, "undecided": 0}
    for decision, flagged, number in rows(cursor, DECISIONS.format(standing=standing([period]))):
        found[{"agree": "agreed", "return": "returned"}.get(decision, "undecided")] += number
        found["flagged"] += number if flagged and decision is None else 0
    return found


def standing(periods: list[int]) -> str:
    return STANDING.format(periods=", ".join(map(str, periods)))


def case(column: str, values: dict[str, int]) -> str:
    return f"CASE {column} {' '.join(f'WHEN {code!r} THEN {value}' for code, value in values.items())} END"


def counts(column: str) -> str:
    return ", ".join(f"count(CASE WHEN {column} = '{code}' THEN 1 END)" for code in RATINGS)


def headline(column: str) -> str:
    """Worst first; at risk also when somebody is silent; complete only when all are."""
    return f"""CASE WHEN count(CASE WHEN {column} = 'off_track' THEN 1 END) > 0 THEN 'off_track'
        WHEN count(CASE WHEN {column} IN ('at_risk', 'not_reported') THEN 1 END) > 0 THEN 'at_risk'
        WHEN count(CASE WHEN {column} = 'complete' THEN 1 END) = count(*) THEN 'complete' ELSE 'on_track' END"""


def text_of(day: Any) -> str | None:
    """SQLite gives days as text, PostgreSQL as dates."""
    return str(day) if day else None


def rows(cursor: Any, statement: str) -> list[tuple[Any, ...]]:
    cursor.execute(statement)
    return cursor.fetchall()
