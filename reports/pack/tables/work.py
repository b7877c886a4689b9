"""The tables of deliverables, milestones, asks and changes. Pure."""

from deliverables.ratings import NAMES
from reports.pack.document import Document
from reports.pack.tables.columns import ASKS, CHANGES, DELIVERABLES, LOOKED, MILESTONE, NAMED, NO_LEAD, RATED, SAID, STORIES
from reports.pack.tables.shape import Column, Item, Table, table
from reports.sentences import joined
from strategy_portal.templatetags.portal import day, number


def ahead(document: Document) -> Table:
    """Milestones overdue or due in the next 90 days, as the report shows them."""
    names = {line["code"]: line["name"] for line in document.lines}
    found = document.content["milestones"]
    columns = (
        Column("Code", 9, "code"),
        Column("Deliverable", 34, lambda row: names.get(row["code"], "")),
        Column("Milestone", 40, "title"),
        *MILESTONE,
    )
    more = f"And {number(found['more'])} more." if found["more"] else ""
    note = f"{document.content['sentences'].get('milestones', '')} {more}".strip()
    return table("Milestones in the next 90 days", columns, found["rows"], empty="None is overdue or due.", note=note)


def milestones(document: Document) -> Table:
    """All that there are."""
    columns = (*NAMED, Column("Milestone", 40, "milestone"), *MILESTONE, Column("Done on", 17, "done_on", "day"))
    items = [line | {"milestone": step["title"]} | step for line in document.lines for step in line["milestones"]]
    return table("Milestones", columns, items)


def attention(document: Document) -> Table:
    found, lines = document.content["attention"], {line["code"]: line for line in document.lines}
    items = [lines.get(row["code"], {"board_line": "", "lead": ""}) | row for row in found["lines"]]
    columns = (*NAMED, Column("Lead", 24, lambda item: item["lead"] or NO_LEAD), *RATED, *SAID, *LOOKED)
    note = f"And {number(found['more'])} more, under “Every deliverable”." if found["more"] else ""
    empty = "Everything is on track or complete." if document.lines else "No deliverables are planned yet."
    return table("For the board’s attention", columns, items, empty=empty, note=note)


def asks(document: Document) -> Table:
    return table("What is asked of the board", ASKS, document.content["asks"], empty="Nothing is asked of the board this month.")


def stories(document: Document) -> Table:
    """A row for each figure of each story, or one for a story without figures. Most reports have none."""
    found = document.content.get("stories", [])
    items = [told(story, shown) for story in found for shown in (story["figures"] or [{}])]
    return table("Case studies", STORIES, items, empty="No case study goes with this report.")


def told(story: Item, shown: Item) -> Item:
    cautions = (shown.get("caution", ""), story["caution"])
    made_up = " (demonstration)" if story["is_demonstration"] else ""
    sources = dict.fromkeys([shown.get("source", ""), story.get("source", "")])  # reports of before name no source of a story
    both = {"cautions": "\n".join(filter(None, cautions)), "source": "\n".join(filter(None, sources))}
    return story | shown | both | {"title": story["title"] + made_up}


def deliverables(document: Document) -> Table:
    names = {found["code"]: found["name"] for key in ("priorities", "principles") for found in document.content[key]}
    items = [
        line
        | {
            "priority_name": names.get(line["priority"], line["priority"]),
            "principle_names": ", ".join(names.get(code, code) for code in line["principles"]),
        }
        for line in document.lines
    ]
    return table("Every deliverable", DELIVERABLES, items, empty="No deliverables are planned yet.")


def history(document: Document) -> Table:
    columns = (
        *NAMED,
        Column("Month", 18, "month"),
        Column("From", 14, "was", "rating"),
        Column("To", 14, "now", "rating"),
        Column("In words", 50, "words"),
    )
    items = [
        {"code": line["code"], "name": line["name"], "month": change["name"], "words": change["words"]}
        | {"was": change["before"], "now": change["rating"]}
        for line in document.lines
        for change in line["changed"]
    ]
    return table("When ratings changed", columns, items)


def by_month(document: Document) -> Table:
    """Each deliverable's rating in each month of the report."""
    names = {month["month"]: month["name"] for month in document.content["months"]}
    of_month = [
        Column(name, 15, lambda line, month=month: rating_in(line, month), "rating")  # type: ignore[misc]
        for month, name in names.items()
    ]
    return table("Ratings by month", (*NAMED, *of_month), document.lines)


def rating_in(line: Item, month: str) -> str | None:
    return next((point["rating"] for point in line["strip"] if point["month"] == month), None)


def changes(document: Document) -> Table:
    found = document.content["changes"]
    items = [
        *(rating_change("Got worse", line) for line in found["worse"]["lines"]),
        *(rating_change("Got better", line) for line in found["better"]["lines"]),
        *(line | {"change": "Added", "from": "", "to": ""} for line in found["added"]["lines"]),
        *(line | {"change": "Removed", "from": "", "to": ""} for line in found["removed"]["lines"]),
        *(
            line | {"change": "Milestone moved", "from": day(line["from_on"]), "to": day(line["to_on"])}
            for line in found["moved"]["lines"]
        ),
        *(line | {"change": "Milestone done", "from": "", "to": day(line["done_on"])} for line in found["done"]["lines"]),
    ]
    since = f"What changed since {found['since']}" if found["since"] else "What changed"
    empty = "Nothing changed." if found["since"] else "This is the first month: there is nothing to compare with."
    return table(since, CHANGES, items, empty=empty, note=not_named(found))


def rating_change(change: str, line: Item) -> Item:
    return line | {"change": change, "from": NAMES.get(line["before"], ""), "to": NAMES[line["rating"]]}


def not_named(found: Item) -> str:
    """How many of each kind of change have no row."""
    said = {
        "worse": "got worse",
        "better": "got better",
        "added": "added",
        "removed": "removed",
        "moved": "milestones moved",
        "done": "milestones done",
    }
    left = [(found[key]["total"] - len(found[key]["lines"]), words) for key, words in said.items()]
    parts = [f"{number(count)} more {words}" for count, words in left if count]
    return f"Not shown here: {joined(parts)}." if parts else ""
