"""Why a headline is what it is: the rule in words, and the rows in the order in which they decide. Pure."""

from typing import Any

from deliverables.ratings import AT_RISK, COMPLETE, NAMES, NOT_REPORTED, OFF_TRACK
from reports.rollup import NOTHING_PLANNED, WORST_FIRST
from reports.sentences import are, count, sentence

RULE = (
    "Each deliverable counts once in the plan, once in its priority and once in each principle that it serves.",
    "The headline is off track if any deliverable is off track.",
    "Otherwise it is at risk if any is at risk or has not been reported.",
    "Otherwise it is complete if all are complete.",
    "Otherwise it is on track.",
    "Nothing is averaged, and a missing update is never counted as on track.",
)


def explain(content: dict[str, Any], of: str) -> dict[str, Any]:
    """Of a priority (by slug) or a principle (by code); of the plan for anything else."""
    figures, _ = chosen(content, of)
    return {
        "of": of if "name" in figures else "",
        "name": figures.get("name", f"Plan year {content['plan_year']}"),
        "figures": figures,
        "because": because(figures),
        "rule": RULE,
    }


def chosen(content: dict[str, Any], of: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The figures, and what narrows the rows to those behind them."""
    for figures in content["priorities"]:
        if figures["slug"] == of:
            return figures, {"priority": figures["code"]}
    for figures in content["principles"]:
        if figures["code"] == of:
            return figures, {"principle": figures["code"]}
    return content["plan"], {}


def worst_first(lines: list[dict[str, Any]], *, priority: str = "", principle: str = "") -> list[dict[str, Any]]:
    """The rows of a roll-up, in the order in which they decide."""
    behind = [
        line
        for line in lines
        if (not priority or line["priority"] == priority) and (not principle or principle in line["principles"])
    ]
    return sorted(behind, key=lambda line: WORST_FIRST.index(line["rating"]))


def because(figures: dict[str, Any]) -> str:
    """The one sentence: which step of the rule decided."""
    spread, name = figures["distribution"], NAMES.get(figures["headline"], "").lower()
    if figures["headline"] == NOTHING_PLANNED:
        return "There is no deliverable to count."
    if spread[OFF_TRACK]:
        return f"The headline is {name} because {count(spread[OFF_TRACK])} {are(spread[OFF_TRACK])} off track."
    causes = [f"{count(spread[AT_RISK])} {are(spread[AT_RISK])} at risk"] if spread[AT_RISK] else []
    if spread[NOT_REPORTED]:
        causes.append(f"{count(spread[NOT_REPORTED])} {'has' if spread[NOT_REPORTED] == 1 else 'have'} not been reported")
    if causes:
        return f"The headline is {name} because {' and '.join(causes)}, and none is off track."
    if figures["headline"] == COMPLETE:
        return sentence("the headline is complete because every deliverable is complete")
    return sentence("the headline is on track because none is off track, at risk or unreported")
