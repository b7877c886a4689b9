"""Chart figures from a roll-up's content. Pure. plotly is imported when the first figure is drawn, never at start-up."""

from typing import Any

from deliverables.ratings import AT_RISK, COMPLETE, NAMES, NOT_REPORTED, OFF_TRACK, ON_TRACK

INK, QUIET, RULE = "#212b32", "#4c6272", "#d8dde0"
COLOURS = {COMPLETE: "#005eb8", ON_TRACK: "#007f3b", AT_RISK: "#ffb81c", OFF_TRACK: "#d5281b", NOT_REPORTED: "#aeb7bd"}
PATTERNS = {COMPLETE: "", ON_TRACK: "", AT_RISK: "/", OFF_TRACK: "x", NOT_REPORTED: "."}  # so that colour is never alone
PATTERN = {"fillmode": "overlay", "fgcolor": "#ffffff", "size": 6}  # over the colour; "replace" would take it away
MATURING = (
    ("baselined", "Baselined", "#003087", ""),
    ("agreed", "Agreed", "#005eb8", "/"),
    ("drafted", "Drafted", "#768692", "x"),
    ("expected", "Expected", "#aeb7bd", "."),
)  # shades, not the colours of the ratings: nothing here is good or bad
STACK = (COMPLETE, ON_TRACK, AT_RISK, OFF_TRACK, NOT_REPORTED)
LAYOUT = {
    "font": {"family": "Arial, sans-serif", "size": 14, "color": INK},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "hoverlabel": {"font": {"family": "Arial, sans-serif"}},
}


LYING = {
    "barmode": "stack",
    "bargap": 0.35,
    "margin": {"l": 8, "r": 8, "t": 8, "b": 32},
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "traceorder": "normal"},
    "xaxis": {"gridcolor": RULE, "rangemode": "tozero", "tickformat": "d"},
    "yaxis": {"autorange": "reversed", "automargin": True},
}


def draw(content: dict[str, Any]) -> dict[str, Any]:
    """Every chart of a roll-up, as JSON that the browser's plotly takes."""
    return {
        "months": months(content),
        "milestones": milestones(content),
        "priorities": distribution(content["priorities"]),
        "principles": distribution(content["principles"]),
        "coverage": coverage(content["coverage"]["rows"]),
    }


def months(content: dict[str, Any]) -> dict[str, Any]:
    """Deliverables by rating, a stacked bar a month."""
    names = [month["short"][:3] for month in content["months"]]
    bars = [
        {
            "type": "bar",
            "name": NAMES[code],
            "x": names,
            "y": [month[code] for month in content["months"]],
            "marker": {"color": COLOURS[code], "pattern": PATTERN | {"shape": PATTERNS[code]}},
        }
        for code in STACK
    ]
    layout = LAYOUT | {
        "barmode": "stack",
        "bargap": 0.25,
        "margin": {"l": 32, "r": 0, "t": 0, "b": 60},
        "legend": {"orientation": "h", "y": -0.15, "traceorder": "normal"},
        "yaxis": {"gridcolor": RULE, "rangemode": "tozero"},
    }
    return figure(bars, layout)


def milestones(content: dict[str, Any]) -> dict[str, Any]:
    """Baseline and forecast of each milestone ahead, joined by a line as long as the slip."""
    rows = content["milestones"]["rows"]
    names = [f"{row['code']} {shorten(row['title'])}" for row in rows]
    marks = [forecast_mark(row) for row in rows]
    hollow = {"symbol": "diamond-open", "size": 12, "color": QUIET, "line": {"width": 2}}
    filled = {"symbol": [m[0] for m in marks], "size": 12, "color": [m[1] for m in marks]}
    both = {"type": "scatter", "mode": "markers", "y": names}
    traces = [
        slips(rows, names),
        both | {"name": "Baseline", "x": [row["baseline_on"] for row in rows], "marker": hollow},
        both | {"name": "Forecast", "x": [row["forecast_on"] for row in rows], "marker": filled},
    ]
    layout = LAYOUT | {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 40},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        "xaxis": {"gridcolor": RULE, "type": "date"},
        "yaxis": {
            "autorange": "reversed",
            "automargin": True,
            "gridcolor": RULE,
            "categoryorder": "array",
            "categoryarray": names,
        },
        "shapes": [end_of_period(content)],
    }
    return figure(traces, layout)


def distribution(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Deliverables by rating, a bar lying down for each priority or principle."""
    names = [group["name"] for group in groups]
    bars = [
        lying(NAMES[code], names, [group["distribution"][code] for group in groups], COLOURS[code], PATTERNS[code])
        for code in STACK
    ]
    return figure(bars, LAYOUT | LYING)


def coverage(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Updates that are in, and those that are missing, for each organisation."""
    names = [row["name"] or "No lead" for row in rows]
    missing = [row["expected"] - row["reported"] for row in rows]
    bars = [
        lying("In", names, [row["reported"] for row in rows], COLOURS[COMPLETE], PATTERNS[COMPLETE]),
        lying("Missing", names, missing, COLOURS[NOT_REPORTED], PATTERNS[NOT_REPORTED]),
    ]
    return figure(bars, LAYOUT | LYING)


def definitions(weeks: list[dict[str, Any]]) -> dict[str, Any]:
    """Definitions by maturity at the end of each week: what is not baselined yet shrinks from above."""
    days = [week["day"] for week in weeks]
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": days,
            "y": [week[code] for week in weeks],
            "marker": {"color": colour, "pattern": PATTERN | {"shape": shape}},
        }
        for code, name, colour, shape in MATURING
    ]
    layout = LAYOUT | {
        "barmode": "stack",
        "bargap": 0.25,
        "margin": {"l": 40, "r": 0, "t": 8, "b": 72},
        "legend": {"orientation": "h", "y": -0.2, "traceorder": "normal"},
        "xaxis": {"type": "category", "tickangle": -45},
        "yaxis": {"gridcolor": RULE, "rangemode": "tozero", "tickformat": "d"},
    }
    return figure(bars, layout)


def lying(name: str, names: list[str], counts: list[int], colour: str, shape: str) -> dict[str, Any]:
    marker = {"color": colour, "pattern": PATTERN | {"shape": shape}}
    return {"type": "bar", "orientation": "h", "name": name, "y": names, "x": counts, "marker": marker}


def slips(rows: list[dict[str, Any]], names: list[str]) -> dict[str, Any]:
    """A line from baseline to forecast for each milestone; None lifts the pen between two."""
    moved = [(row, name) for row, name in zip(rows, names, strict=True) if row["slip"]]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Slip",
        "x": [day for row, _ in moved for day in (row["baseline_on"], row["forecast_on"], None)],
        "y": [place for _, name in moved for place in (name, name, None)],
        "line": {"color": "#aeb7bd", "width": 3},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def forecast_mark(row: dict[str, Any]) -> tuple[str, str]:
    """Shape and colour: overdue, later than its baseline, or as planned."""
    if row["overdue"]:
        return "diamond", COLOURS[OFF_TRACK]
    return ("triangle-up", COLOURS[AT_RISK]) if row["slip"] > 0 else ("circle", COLOURS[ON_TRACK])


def end_of_period(content: dict[str, Any]) -> dict[str, Any]:
    end = content["period"]["ends_on"]
    return {"type": "line", "x0": end, "x1": end, "yref": "paper", "y0": 0, "y1": 1, "line": {"color": INK, "dash": "dot"}}


def shorten(title: str) -> str:
    return title if len(title) <= 36 else f"{title[:35].rstrip()}…"


def figure(traces: list[Any], layout: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON, without the 7 kB of plotly's default template. A test lets plotly check every figure; here that would be half
    of the time."""
    import json

    from plotly import graph_objects as go
    from plotly import io

    io.templates.default = "none"
    made: dict[str, Any] = json.loads(json.dumps(go.Figure(data=traces, layout=layout, _validate=False).to_plotly_json()))
    made["layout"].pop("template", None)
    return made
