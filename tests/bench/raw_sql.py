"""A period's figures in plain SQL, as one would write them by hand for SQLite and PostgreSQL alike.

It stands beside reports.gather twice: as the cost that the roll-up is measured by, and as a second opinion on its figures.
It makes less: no rows behind the figures, no strips, no sentences, no charts.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

RATINGS = ("off_track", "at_risk", "not_reported", "on_track", "complete")

# The last word on each deliverable, for these periods.
STANDING = """
    SELECT u.id, u.deliverable_id, u.period_id, u.rating FROM deliverables_statusupdate u
    WHERE u.period_id IN ({periods}) AND NOT EXISTS (
        SELECT 1 FROM deliverables_statusupdate f
        WHERE f.period_id = u.period_id AND f.deliverable_id = u.deliverable_id AND f.number = u.number + 1)
"""
LINES = """
    CREATE TEMPORARY TABLE line AS
    WITH standing AS ({standing}),
    steps AS (
        SELECT m.deliverable_id, count(*) AS due, count(CASE WHEN m.done_on <= '{end}' THEN 1 END) AS done
        FROM deliverables_milestone m JOIN deliverables_deliverable d ON d.id = m.deliverable_id
        WHERE d.plan_year_id = {year} AND m.baseline_on <= '{end}' GROUP BY m.deliverable_id),
    rated AS (
        SELECT d.id, d.code, p.code AS priority, p."order" AS priority_order, d."order" AS place, n.id AS update_id,
            coalesce(n.rating, 'not_reported') AS rating, coalesce(b.rating, 'not_reported') AS before,
            coalesce(s.due, 0) AS due, coalesce(s.done, 0) AS done
        FROM deliverables_deliverable d JOIN priorities_priority p ON p.id = d.priority_id
        LEFT JOIN standing n ON n.deliverable_id = d.id AND n.period_id = {now}
        LEFT JOIN standing b ON b.deliverable_id = d.id AND b.period_id = {before}
        LEFT JOIN steps s ON s.deliverable_id = d.id
        WHERE d.plan_year_id = {year})
    SELECT rated.*, {worst_first} AS rank,
        CASE WHEN rating <> 'not_reported' THEN {badness_now} - {badness_before} WHEN before <> 'not_reported' THEN 1 ELSE 0 END AS change
    FROM rated
"""
FIGURES = """
    SELECT {by}, {counts}, {counts_before}, count(*), coalesce(sum(due), 0), coalesce(sum(done), 0), {headline}, {headline_before}
    FROM {source} {group}
"""
TAGGED = """line JOIN deliverables_deliverable_principles t ON t.deliverable_id = line.id
    JOIN priorities_principle q ON q.id = t.principle_id"""
ATTENTION = """
    SELECT line.code, line.rating, line.before, coalesce(u.why, ''), coalesce(u.route, ''), u.route_on
    FROM line LEFT JOIN deliverables_statusupdate u ON u.id = line.update_id
    WHERE line.rank < 3 ORDER BY line.rank, line.priority_order, line.place, line.code LIMIT 10
"""
CHANGED = "SELECT code FROM line WHERE change {sign} 0 ORDER BY rank, priority_order, place, code LIMIT 3"
TOTALS = """
    SELECT count(CASE WHEN rank < 3 THEN 1 END), count(CASE WHEN change > 0 THEN 1 END), count(CASE WHEN change < 0 THEN 1 END)
    FROM line
"""
MONTHS = "SELECT period_id, rating, count(*) FROM ({standing}) standing GROUP BY period_id, rating"
AHEAD = """
    FROM deliverables_milestone m JOIN deliverables_deliverable d ON d.id = m.deliverable_id
    WHERE d.plan_year_id = {year} AND m.forecast_on <= '{horizon}' AND (m.done_on IS NULL OR m.done_on > '{end}')
"""
MILESTONES = """
    SELECT d.code, m.title, m.baseline_on, m.forecast_on,
        (SELECT count(*) FROM deliverables_milestonemove v WHERE v.milestone_id = m.id)
    {ahead} ORDER BY m.forecast_on, m.id LIMIT 15
"""


def case(column: str, values: dict[str, int]) -> str:
    return f"CASE {column} {' '.join(f'WHEN {code!r} THEN {value}' for code, value in values.items())} END"


def counts(column: str) -> str:
    return ", ".join(f"count(CASE WHEN {column} = '{code}' THEN 1 END)" for code in RATINGS)


def headline(column: str) -> str:
    """Worst first; at risk also when somebody is silent; complete only when all are."""
    return f"""CASE WHEN count(CASE WHEN {column} = 'off_track' THEN 1 END) > 0 THEN 'off_track'
        WHEN count(CASE WHEN {column} IN ('at_risk', 'not_reported') THEN 1 END) > 0 THEN 'at_risk'
        WHEN count(CASE WHEN {column} = 'complete' THEN 1 END) = count(*) THEN 'complete' ELSE 'on_track' END"""


BADNESS = {"complete": 0, "on_track": 1, "not_reported": 2, "at_risk": 2, "off_track": 3}


def work_out(period_id: int) -> dict[str, Any]:
    """The figures of a period, in the shape of `tests.bench.roll_up.figures_of`."""
    with connection.cursor() as cursor:
        periods, frame = read_frame(cursor, period_id)
        cursor.execute("DROP TABLE IF EXISTS line")
        cursor.execute(make_lines(periods, frame))
        attention, worse, better = rows(cursor, TOTALS)[0]
        return {
            "plan": read_figures(cursor, "'plan'", "line", "")["plan"],
            "priorities": read_figures(cursor, "priority", "line", "GROUP BY priority"),
            "principles": read_figures(cursor, "q.code", TAGGED, "GROUP BY q.code"),
            "matrix": {(p, q): n for p, q, n in rows(cursor, f"SELECT priority, q.code, count(*) FROM {TAGGED} GROUP BY 1, 2")},
            "attention": [(*row[:5], str(row[5]) if row[5] else None) for row in rows(cursor, ATTENTION)],
            "worse": [code for (code,) in rows(cursor, CHANGED.format(sign=">"))],
            "better": [code for (code,) in rows(cursor, CHANGED.format(sign="<"))],
            "totals": (attention, worse, better),
            "months": read_months(cursor, periods),
            "milestones": [(*row[:2], str(row[2]), str(row[3]), row[4]) for row in rows(cursor, MILESTONES.format(ahead=AHEAD.format(**frame)))],
            "milestones_total": rows(cursor, f"SELECT count(*) {AHEAD.format(**frame)}")[0][0],
        }


def read_frame(cursor: Any, period_id: int) -> tuple[list[tuple[int, str]], dict[str, Any]]:
    year, starts, ends = rows(cursor, f"SELECT plan_year_id, starts_on, ends_on FROM priorities_reportingperiod WHERE id = {period_id}")[0]
    periods = rows(
        cursor,
        f"SELECT id, starts_on FROM priorities_reportingperiod WHERE plan_year_id = {year} AND starts_on <= '{starts}' ORDER BY starts_on",
    )
    end = date.fromisoformat(str(ends))
    return periods, {"year": year, "now": period_id, "before": periods[-2][0], "end": end, "horizon": end + timedelta(days=90)}


def make_lines(periods: list[tuple[int, str]], frame: dict[str, Any]) -> str:
    rank = case("rating", {code: rank for rank, code in enumerate(RATINGS)})
    standing = STANDING.format(periods=f"{frame['now']}, {frame['before']}")
    badness = {"badness_now": case("rating", BADNESS), "badness_before": case("before", BADNESS)}
    return LINES.format(standing=standing, worst_first=rank, **badness, **frame)


def read_figures(cursor: Any, by: str, source: str, group: str) -> dict[str, Any]:
    statement = FIGURES.format(
        by=by,
        counts=counts("rating"),
        counts_before=counts("before"),
        headline=headline("rating"),
        headline_before=headline("before"),
        source=source,
        group=group,
    )
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
        for code, *values in rows(cursor, statement)
    }


def read_months(cursor: Any, periods: list[tuple[int, str]]) -> list[dict[str, int]]:
    standing = STANDING.format(periods=", ".join(str(pk) for pk, _ in periods))
    found = {(pk, rating): number for pk, rating, number in rows(cursor, MONTHS.format(standing=standing))}
    expected = rows(cursor, "SELECT count(*) FROM line")[0][0]
    months = [{rating: found.get((pk, rating), 0) for rating in RATINGS} for pk, _ in periods]
    return [month | {"not_reported": expected - sum(month.values())} for month in months]


def rows(cursor: Any, statement: str) -> list[tuple[Any, ...]]:
    cursor.execute(statement)
    return cursor.fetchall()
