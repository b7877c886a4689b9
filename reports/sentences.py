"""Figures in plain sentences. Pure. Numbers up to nine are written out, except where two are compared."""

from typing import Any

from deliverables.ratings import AT_RISK, COMPLETE, NAMES, NOT_REPORTED, OFF_TRACK, ON_TRACK

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count(number: int) -> str:
    return WORDS[number] if number < len(WORDS) else f"{number:,}"


def are(number: int) -> str:
    return "is" if number == 1 else "are"


def joined(parts: list[str]) -> str:
    """a, b and c"""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def position(content: dict[str, Any]) -> dict[str, str]:
    """The strong first sentence, and the few that follow it."""
    spread, expected = content["plan"]["distribution"], content["plan"]["expected"]
    if not expected:
        return {"lead": "No deliverables are planned yet.", "rest": "", "months": ""}
    things = "deliverable" if expected == 1 else "deliverables"
    lead = f"{spread[ON_TRACK]:,} of {expected:,} {things} {are(spread[ON_TRACK])} on track."
    rest = [distribution(spread), unreported(spread[NOT_REPORTED]), since(content), lasting(content)]
    return {"lead": lead, "rest": " ".join(part for part in rest if part), "months": over_the_year(content["months"])}


def readings(content: dict[str, Any]) -> dict[str, str]:
    """What each chart shows, in one sentence."""
    return {
        "priorities": worst_of(content["priorities"], "priority", "priorities"),
        "principles": worst_of(content["principles"], "principle", "principles"),
        "coverage": missing_most(content["plan"], content["coverage"]["rows"]),
        "milestones": ahead(content["milestones"]),
    }


def worst_of(groups: list[dict[str, Any]], one: str, many: str) -> str:
    """What a chart of priorities or principles shows."""
    for code in (OFF_TRACK, AT_RISK):
        names = [group["name"] for group in groups if group["headline"] == code]
        if names:
            return f"{joined(names)} {are(len(names))} {NAMES[code].lower()}: {len(names):,} of {len(groups):,} {many}."
    return f"No {one} is off track or at risk."


def missing_most(plan: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """What the chart of coverage shows. The organisation from which most is missing stands first."""
    said = f"{plan['reported']:,} of {plan['expected']:,} updates are in"
    if plan["reported"] == plan["expected"] or not rows:
        return f"{said}."
    missing = rows[0]["expected"] - rows[0]["reported"]
    return f"{said}; {count(missing)} of those missing {are(missing)} from {rows[0]['name'] or 'deliverables without a lead'}."


def ahead(milestones: dict[str, Any]) -> str:
    """What the chart of milestones shows."""
    total, overdue = len(milestones["rows"]) + milestones["more"], sum(row["overdue"] for row in milestones["rows"])
    if not total:
        return "No milestone is overdue or ahead within 90 days."
    if overdue:
        return f"{overdue:,} of {total:,} milestones {are(overdue)} overdue."
    return f"No milestone is overdue; {total:,} are ahead within 90 days."


def distribution(spread: dict[str, int]) -> str:
    parts = [
        f"{count(spread[code])} {are(spread[code])} {NAMES[code].lower()}"
        for code in (COMPLETE, AT_RISK, OFF_TRACK)
        if spread[code]
    ]
    return sentence(joined(parts)) if parts else ""


def unreported(number: int) -> str:
    return sentence(f"{count(number)} {'has' if number == 1 else 'have'} not reported") if number else ""


def since(content: dict[str, Any]) -> str:
    """What got worse since the period before; if nothing did, what got better."""
    for key in ("worse", "better"):
        # Silence is counted in a sentence of its own, so here only what somebody said is named.
        moved = [line for line in content[key]["lines"] if NOT_REPORTED not in (line["rating"], line["before"])]
        if moved:
            parts = [
                f"{line['name']} moved from {NAMES[line['before']].lower()} to {NAMES[line['rating']].lower()}" for line in moved
            ]
            return f"Since {content['before']['short']}, {joined(parts)}."
    return ""


def lasting(content: dict[str, Any]) -> str:
    long = [line for line in content["attention"]["lines"] if line["rating"] == OFF_TRACK and line["running"] > 1]
    return f"{long[0]['name']} has been off track for {count(long[0]['running'])} months." if long else ""


def over_the_year(months: list[dict[str, Any]]) -> str:
    """What the chart of months shows, in one sentence."""
    first, last = months[0], months[-1]
    if len(months) == 1:
        return f"{first['short']} is the first month of the year."
    return f"On track or complete: {going(first):,} in {first['short']}, {going(last):,} in {last['short']}."


def going(month: dict[str, Any]) -> int:
    return int(month[ON_TRACK] + month[COMPLETE])


def collecting(missing: int, *, late: bool) -> str:
    """What the group still waits for."""
    if not missing:
        return "None is missing."
    return sentence(f"{count(missing)} {are(missing)} {'late' if late else 'still to come'}")


def looking(decisions: dict[str, int]) -> str:
    """What the group has still to talk about."""
    number = decisions["flagged"]
    if not number:
        return ""
    return sentence(f"{count(number)} {'needs' if number == 1 else 'need'} a second look before the report is agreed")


def balance(rows: list[dict[str, Any]], troubled: int) -> str:
    """Said when one principle carries more than half of the work that is late or off track, and there are at least two."""
    heaviest = sorted(rows, key=lambda row: -row["troubled"])[:2]
    most = heaviest[0]["troubled"] if heaviest else 0
    if troubled < 2 or 2 * most <= troubled or (len(heaviest) > 1 and heaviest[1]["troubled"] == most):
        return ""
    return f"{heaviest[0]['name']} carries most of it: {most:,} of {troubled:,} deliverables that are late or off track serve it."


def covering_note(content: dict[str, Any], *, asks: int) -> str:
    """A first draft of what the group says to the board, from the figures alone. Paragraphs stand apart by an empty line."""
    plan, lead = content["plan"], content["sentences"]["lead"]
    coverage = f"{plan['reported']:,} of {plan['expected']:,} updates are in." if plan["expected"] else ""
    milestones = ""
    if plan["milestones_due"]:
        milestones = f"{plan['milestones_done']:,} of {plan['milestones_due']:,} milestones that were due are done."
    named = [why_of(line) for line in content["attention"]["lines"] if line["rating"] == OFF_TRACK]
    asked = sentence(f"the board is asked for {count(asks)} {'decision' if asks == 1 else 'decisions'}") if asks else ""
    parts = [
        f"{lead} {content['sentences']['rest']}".strip(),
        f"{coverage} {milestones}".strip(),
        "\n\n".join(named),
        content["balance"]["sentence"],
        asked,
    ]
    return "\n\n".join(part for part in parts if part)


def why_of(line: dict[str, Any]) -> str:
    return f"{line['name']}: {line['why']}"
