"""The columns that tables share, and where each finds its cell. Pure."""

from deliverables.ratings import NAMES
from reports.charts import STACK
from reports.pack.tables.shape import Column, Item
from strategy_portal.templatetags.portal import number

DIRECTIONS = {"better": "Better", "same": "Same", "worse": "Worse", "new": "New"}
DECISIONS = {"agree": "Agreed", "return": "Returned"}
NO_LEAD = "No lead organisation"


def of(some: int, all_of_them: int) -> str:
    return f"{number(some)} of {number(all_of_them)}"


def how_it_stands(step: Item) -> str:
    """Of a milestone: whether it is overdue, how often it was moved, and how far from its baseline it is."""
    times = {0: "", 1: "moved once", 2: "moved twice"}.get(step["moved"], f"moved {number(step['moved'])} times")
    days = "day" if abs(step["slip"]) == 1 else "days"
    later = f"{number(abs(step['slip']))} {days} {'later' if step['slip'] > 0 else 'earlier'}" if step["slip"] else ""
    words = ", ".join(filter(None, ["overdue" if step["overdue"] else "", times, later])) or "as planned"
    return words.capitalize()


def spread(of: str = "") -> tuple[Column, ...]:
    """A column for each rating, best first; `of` is where an item keeps them, if not in itself."""
    return tuple(
        Column(NAMES[code], 9, lambda item, code=code: (item[of] if of else item)[code], "number")  # type: ignore[misc]
        for code in STACK
    )


# The same two by two, for people. A spreadsheet has the numbers themselves.
OF_UPDATES = Column("Updates", 12, lambda item: of(item["reported"], item["expected"]), "ratio")
OF_MILESTONES = Column("Milestones done", 12, lambda item: of(item["milestones_done"], item["milestones_due"]), "ratio")
FIGURES = (
    Column("Headline", 14, "headline", "rating"),
    Column("Month before", 14, "headline_before", "rating"),
    Column("Change", 9, lambda item: DIRECTIONS[item["direction"]]),
    Column("Deliverables", 12, "expected", "number"),
    *spread("distribution"),
    Column("Updates received", 10, "reported", "number"),
    Column("Milestones due", 11, "milestones_due", "number"),
    Column("Of those done", 10, "milestones_done", "number"),
    OF_UPDATES,
    OF_MILESTONES,
)
CHANGES = (
    Column("Change", 17, "change"),
    Column("Code", 9, "code"),
    Column("Deliverable", 34, "name"),
    Column("Milestone", 34, lambda item: item.get("milestone")),
    Column("From", 18, "from"),
    Column("To", 18, "to"),
)
MILESTONE = (
    Column("Baseline", 17, "baseline_on", "day"),
    Column("Expected", 17, "forecast_on", "day"),
    Column("Proposed", 17, "proposed_on", "day"),
    Column("Times moved", 9, "moved", "number"),
    Column("Days later", 9, "slip", "number"),
    Column("Overdue", 10, lambda item: "Overdue" if item["overdue"] else ""),
    Column("How it stands", 20, lambda item: how_it_stands(item), "phrase"),
)
SAID = (
    Column("Why", 44, "why"),
    Column("Route to on track", 44, "route"),
    Column("On track by", 17, "route_on", "day"),
)
LOOKED = (
    Column("Second look", 40, lambda item: "\n".join(flag["words"] for flag in item["second_look"].get("flags", []))),
    Column("Answer", 34, "answer"),
    Column("Line for the board", 44, "board_line"),
)
NAMED = (Column("Code", 9, "code"), Column("Deliverable", 34, "name"))
RATED = (
    Column("Rating", 14, "rating", "rating"),
    Column("Month before", 14, "before", "rating"),
    Column("Change", 9, lambda item: DIRECTIONS[item["direction"]]),
    Column("Months so", 9, "running", "number"),
)
DELIVERABLES = (
    *NAMED,
    Column("Full title", 44, "title"),
    Column("Priority", 24, "priority_name"),
    Column("Principles", 24, "principle_names"),
    *RATED,
    Column("Milestones due", 11, "milestones_due", "number"),
    Column("Of those done", 10, "milestones_done", "number"),
    OF_MILESTONES,
    Column("Lead", 24, lambda item: item["lead"] or NO_LEAD),
    Column("What was done", 50, "done"),
    *SAID,
    Column("Evidence", 34, "evidence"),
    *LOOKED,
    Column("Group’s decision", 13, lambda item: DECISIONS.get(item["decision"] or "", "")),
    Column("Late", 8, lambda item: "Late" if item["is_late"] else ""),
    Column("Submitted by", 22, "submitted_by"),
    Column("Submitted on", 17, "submitted_on", "day"),
    Column("Demonstration", 15, lambda item: "Demonstration" if item["is_demonstration"] else ""),
)
STORIES = (
    Column("Case study", 30, "title"),
    Column("Organisation", 26, "organisation"),
    Column("In short", 50, "summary"),
    Column("What is counted", 34, lambda item: item.get("metric")),
    Column("Figure", 40, lambda item: item.get("words")),
    Column("What it does not show", 44, "cautions"),
    Column("Source", 26, lambda item: item.get("source")),
    Column("Address", 34, "address"),
)
ASKS = (
    Column("Number", 8, "number", "number"),
    Column("What is asked", 60, "wording"),
    Column("Code", 9, "code"),
    Column("Deliverable", 30, "deliverable"),
    Column("Wanted by", 17, "wanted_on", "day"),
    Column("Who will act", 24, "owner"),
    Column("First asked", 17, "raised"),
    Column("Decision", 15, lambda item: item["decision"]["name"] if item["decision"] else "Not decided yet"),
    Column("Decided on", 17, lambda item: item["decision"] and item["decision"]["decided_on"], "day"),
    Column("In the board’s words", 44, lambda item: item["decision"] and item["decision"]["words"]),
)
