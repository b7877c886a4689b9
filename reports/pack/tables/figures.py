"""The tables of the whole plan: what the report is, its figures, its months. Pure."""

from deliverables.ratings import NAMES, RATINGS
from reports.charts import STACK
from reports.explanation import RULE
from reports.pack.document import Document
from reports.pack.tables.columns import FIGURES, NO_LEAD, spread
from reports.pack.tables.shape import Column, Item, Table, table
from reports.sentences import joined
from strategy_portal.templatetags.portal import day, number


def title(document: Document) -> str:
    return f"Position at {day(document.content['period']['ends_on'])}"


def is_demonstration(document: Document) -> bool:
    stories = document.content.get("stories", [])
    return any(item["is_demonstration"] for item in [*document.lines, *stories])


def about(document: Document) -> Table:
    """Which report this is, and who stands for it."""
    content, issued = document.content, document.content["issued"]
    facts = [
        ("Report", title(document)),
        ("Strategy", content["strategy"]),
        ("Plan year", content["plan_year"]),
        ("Month", content["period"]["name"]),
        ("In a sentence", f"{content['sentences']['lead']} {content['sentences']['rest']}".strip()),
        ("Version", str(issued["version"])),
        ("Issued on", day(issued["on"])),
        ("Issued by", issued["by"]),
        ("Why it was corrected", issued["reason"]),
        ("Demonstration", "The updates in this report are made up." if is_demonstration(document) else ""),
        ("Covering note", content["note"]),
        ("Rules version", str(content["rules_version"])),
        ("SHA-256 of the report", document.sha256),
    ]
    columns = (Column("About this report", 24, "fact"), Column("What it says", 90, "words"))
    return table("Summary", columns, [{"fact": fact, "words": words} for fact, words in facts if words])


def priorities(document: Document) -> Table:
    plan = {"name": "Whole plan"} | document.content["plan"]
    columns = (Column("Priority", 34, "name"), *FIGURES)
    return table("Priorities", columns, [plan, *document.content["priorities"]], note=reading(document, "priorities"))


def reading(document: Document, name: str) -> str:
    """What the figures show, in the report's own sentence."""
    return str(document.content["sentences"].get(name, ""))


def principles(document: Document) -> Table:
    columns = (Column("Principle", 24, "name"), *FIGURES)
    note = f"{reading(document, 'principles')} A deliverable that serves two principles counts in both.".strip()
    return table("Principles", columns, document.content["principles"], note=note)


def balance(document: Document) -> Table:
    columns = (
        Column("Principle", 24, "name"),
        Column("Late or off track", 13, "troubled", "number"),
        Column("Milestones overdue", 13, "overdue", "number"),
        Column("Deliverables", 13, "expected", "number"),
    )
    found = document.content["balance"]
    return table("Late and off-track work by principle", columns, found["rows"], note=found["sentence"])


def gaps(document: Document) -> Table:
    """Where a priority has nothing that serves a principle, and what serves none."""
    found = document.content["gaps"]
    columns = (Column("Where", 40, "where"), Column("What is missing", 44, "what"))
    empty_cells = [{"where": cell["priority"], "what": f"Nothing serves {cell['principle'].lower()}"} for cell in found["cells"]]
    untagged = [{"where": f"{line['code']} {line['name']}", "what": "It serves no principle"} for line in found["untagged"]]
    note = f"And {number(found['untagged_more'])} more that serve no principle." if found["untagged_more"] else ""
    return table("Gaps", columns, empty_cells + untagged, empty="Every priority serves every principle.", note=note)


def matrix(document: Document) -> Table:
    """A row for each priority, a column for each principle; in the cells, what serves both."""
    rows = document.content["matrix"]
    items = [{"priority": row["priority"]} | {cell["code"]: in_cell(cell) for cell in row["cells"]} for row in rows]
    columns = [Column(principle["name"], 30, principle["code"]) for principle in document.content["principles"]]
    names = [principle["name"] for principle in document.content["principles"]]
    heading = joined([*names[:1], *(name.lower() for name in names[1:])]) if names else "Principles"
    return table(heading, [Column("Priority", 20, "priority"), *columns], items)


def in_cell(cell: Item) -> str:
    said = [f"{NAMES[line['rating']]}: {line['name']}" for line in cell["lines"]]
    more = [f"And {number(cell['more'])} more"] if cell["more"] else []
    return "\n".join(said + more) or "None"


def months(document: Document) -> Table:
    total = Column("All", 9, lambda month: sum(month[code] for code in STACK), "number")
    columns = (Column("Month", 18, "name"), *spread(), total)
    return table("Status by month", columns, document.content["months"], note=document.content["sentences"]["months"])


def coverage(document: Document) -> Table:
    columns = (
        Column("Organisation", 44, lambda row: row["name"] or NO_LEAD),
        Column("Updates expected", 14, "expected", "number"),
        Column("Updates received", 14, "reported", "number"),
    )
    found = document.content["coverage"]
    more = f"And {number(found['more'])} more organisations." if found["more"] else ""
    note = f"{reading(document, 'coverage')} {more}".strip()
    return table("Updates received, by organisation", columns, found["rows"], note=note)


def rules(document: Document) -> Table:
    """How a headline is found, and what each rating means."""
    items = [{"what": f"Rule {place}", "words": words} for place, words in enumerate(RULE, start=1)]
    items += [{"what": rating.name, "words": rating.meaning} for rating in RATINGS.values()]
    items.append({"what": "Not reported", "words": "No update was received for the month. It is never counted as on track."})
    return table("How ratings are worked out", (Column("What", 16, "what"), Column("In words", 90, "words")), items)
