"""Short phrases that the paper and the slides share. Pure."""

from typing import Any

from deliverables.ratings import NOT_REPORTED
from reports.pack.document import Document
from reports.pack.tables.shape import RATING_NAMES
from strategy_portal.templatetags.portal import day, number

MADE_UP = "Demonstration. People and updates are made up."


def trend(item: dict[str, Any], before: dict[str, str] | None) -> str:
    """How a rating stands to the month before: the words of templates/components/direction.html."""
    now, was = item.get("rating") or item["headline"], item["before"] if "before" in item else item["headline_before"]
    if not was or not before or item["direction"] == "new":
        return "First month"
    if was == now:
        return f"Same as {before['short']}"
    if was == NOT_REPORTED:
        return f"Not reported in {before['short']}"
    if now == NOT_REPORTED or item["direction"] == "same":
        return f"Was {RATING_NAMES[was].lower()} in {before['short']}"
    return f"{'Down' if item['direction'] == 'worse' else 'Up'} from {RATING_NAMES[was].lower()}"


def standing(line: dict[str, Any], before: dict[str, str] | None) -> str:
    if line["running"] > 1:
        return f"{RATING_NAMES[line['rating']]} for {line['running']} months"
    return trend(line, before)


def received(figures: dict[str, Any]) -> str:
    return f"{number(figures['reported'])} of {number(figures['expected'])} updates received"


def milestones_done(figures: dict[str, Any]) -> str:
    due = figures["milestones_due"]
    if not due:
        return "No milestones are due yet"
    words = "milestone due is" if due == 1 else "milestones due are"
    return f"{number(figures['milestones_done'])} of {number(due)} {words} done"


def issued(document: Document) -> str:
    found = document.content["issued"]
    return f"Version {found['version']}, issued by {found['by']} on {day(found['on'])}"


def strip_in_words(strip: list[dict[str, str]]) -> str:
    """What a row of marks shows."""
    return ", ".join(f"{point['short']} {RATING_NAMES[point['rating']].lower()}" for point in strip)
