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
