"""What the pages of an issued report show, from what the report holds and nothing else. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from deliverables.ratings import NOT_REPORTED
from strategy_portal.templatetags.portal import MonthOf


@dataclass(frozen=True)
class Edition:
    """One version of a month's report. `on` is an ISO date."""

    address: str
    name: str
    number: int
    on: str
    by: str
    reason: str
    is_standing: bool


@dataclass(frozen=True)
class Editions:
    """Of a month: the one that is read, the one that stands, the first, and all but the one that is read, newest first."""

    this: Edition
    standing: Edition
    first: Edition
    others: list[Edition]


def editions_of(report: Any) -> Editions:
    """From a report with `period.versions`."""
    newest = report.period.versions[0]
    found = [edition(row, is_standing=row.pk == newest.pk) for row in report.period.versions]
    this = next(one for one in found if one.number == report.version)
    return Editions(this, found[0], found[-1], [one for one in found if one.number != report.version])


def edition(row: Any, *, is_standing: bool) -> Edition:
    month, issued = row.period.month, row.issued
    address = month if is_standing else f"{month}.{row.version}"
    return Edition(address, row.name, row.version, issued["on"], issued["by"], issued["reason"], is_standing)


@dataclass(frozen=True)
class Chapter:
    """A priority with those of its deliverables that are on the page."""

    figures: dict[str, Any]
    lines: list[dict[str, Any]]


def chapters(lines: Iterable[dict[str, Any]], content: dict[str, Any]) -> list[Chapter]:
    """The lines come in the plan's order, so those of a priority stand together."""
    figures = {priority["code"]: priority for priority in content["priorities"]}
    principles = {principle["code"]: principle["name"] for principle in content["principles"]}
    found = groupby(lines, key=lambda line: line["priority"])
    return [Chapter(figures[code], [deliverable(line, principles) for line in some]) for code, some in found]


def deliverable(line: dict[str, Any], principles: dict[str, str]) -> dict[str, Any]:
    return line | {
        "serves": [principles[code] for code in line["principles"]],
        "months": [MonthOf(month["short"], month["rating"]) for month in line["strip"]],
        "flags": line["second_look"].get("flags", []),
        "milestones": [milestone(step) for step in line["milestones"]],
    }


def milestone(step: dict[str, Any]) -> dict[str, Any]:
    return step | {"slip_words": apart(step["slip"])}


def apart(days: int) -> str:
    """How far a date is from the one it is held against."""
    if not days:
        return "no days"
    return f"{abs(days):,} day{'' if abs(days) == 1 else 's'} {'later' if days > 0 else 'earlier'}"


@dataclass(frozen=True)
class Choice:
    """What a reader asks of a status history: how many months, and of which priority (by slug; "" for all)."""

    months: int
    priority: str
    code: str


def choice_of(asked: Any, content: dict[str, Any]) -> Choice:
    """From the address's question. Whatever is not offered is not asked."""
    months = 6 if asked.get("months") == "6" else 12
    slug = asked.get("priority", "")
    code = next((priority["code"] for priority in content["priorities"] if priority["slug"] == slug), "")
    return Choice(months, slug if code else "", code)


def history(line: dict[str, Any], months: int) -> dict[str, Any]:
    """A deliverable's last months, oldest first, and why its rating changed in them, the latest first."""
    strip = line["strip"][-months:]
    shown = {month["month"] for month in strip}
    changes = [change for change in line["changed"] if change["month"] in shown]
    return {
        "code": line["code"],
        "name": line["name"],
        "cells": strip,
        "changes": [change | {"is_silent": change["rating"] == NOT_REPORTED} for change in reversed(changes)],
    }
