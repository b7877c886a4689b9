from typing import Any


def figures_of(content: dict[str, Any]) -> dict[str, Any]:
    """What a roll-up says, as far as tests.bench.raw_sql says it too, in the same shape."""
    wanted = ("distribution", "expected", "reported", "milestones_due", "milestones_done", "headline", "headline_before")
    only = lambda figures: {name: figures[name] for name in wanted}
    codes = {priority["slug"]: priority["code"] for priority in content["priorities"]}
    cells = [(codes[row["slug"]], cell) for row in content["matrix"] for cell in row["cells"]]
    said = ("code", "rating", "before", "why", "route", "route_on")
    step = ("code", "title", "baseline_on", "forecast_on", "moved")
    lists = [content["attention"], content["worse"], content["better"]]
    milestones = content["milestones"]
    return {
        "plan": only(content["plan"]),
        "priorities": {figures["code"]: only(figures) for figures in content["priorities"]},
        "principles": {figures["code"]: only(figures) for figures in content["principles"]},
        "matrix": {(code, cell["code"]): len(cell["lines"]) + cell["more"] for code, cell in cells},
        "attention": [tuple(line[name] for name in said) for line in content["attention"]["lines"]],
        "worse": [line["code"] for line in content["worse"]["lines"]],
        "better": [line["code"] for line in content["better"]["lines"]],
        "totals": (content["attention"]["more"] + len(content["attention"]["lines"]), content["worse"]["total"], content["better"]["total"]),
        "months": [{code: month[code] for code in month if code in content["plan"]["distribution"]} for month in content["months"]],
        "milestones": [tuple(row[name] for name in step) for row in milestones["rows"]],
        "milestones_total": milestones["more"] + len(milestones["rows"]),
    }
