"""Reports as they are issued, made by hand: nine deliverables with awkward words, three hundred, and none at all."""

from copy import deepcopy
from typing import Any

from deliverables.ratings import NOT_REPORTED, direction
from reports import sentences
from reports.pack.document import Document
from reports.rollup import WORST_FIRST, Group, Line, Shown, summarise

LONG_WORD = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2
AWKWARD = (
    "=1+1",
    '\t=HYPERLINK("http://example.org","Read")',
    " =2+2 after a space",
    "＝3+3 full width",
    "@SUM(A1)",
    "-5 people, +7 places",
    "<b>not bold</b> & <script>alert(1)</script> <r>rich</r>",
    '#let x = 1; #panic("no") *star* _under_ $x^2$ `raw` \\ // comment @label [square]',
    f"Emoji 😀 👩🏽\u200d⚕️ and {LONG_WORD}",
    "مرحبا بالعالم and שלום עולם, then English \u202eagain",
    "First line\nsecond line\r\nthird line\n\nA new paragraph; “quotes”, naïve café, £0.2m, 5 µg, ½",
    "e\u0301 combined, ﬁ ligature, \u0007 bell, 漢字, \ufeffmark, a\u00a0hard space",
)
MONTH_NAMES = ("April", "May", "June", "July", "August", "September", "October", "November")
MONTHS = [
    {"month": f"2025-{place:02}", "name": f"{name} 2025", "short": name}
    | {"ends_on": f"2025-{place:02}-{30 if place in (4, 6, 9, 11) else 31}", "due_on": f"2025-{place + 1:02}-05"}
    for place, name in enumerate(MONTH_NAMES, start=4)
]
PRIORITIES = [("P1", "Health and work"), ("P2", "Children and young people"), ("P3", "Frailty and complex needs")]
PRINCIPLES = [("PREVENTION", "Prevention"), ("EQUITY", "Equity"), ("INTEGRATION", "Integration")]
ORGANISATIONS = ("Nottingham City Council", "Nottinghamshire County Council", "", "Mid-Nottinghamshire Place", "ICB")
LETTERS = {"c": "complete", "o": "on_track", "a": "at_risk", "f": "off_track", "n": NOT_REPORTED}

# Code, name, priority, principles, a letter a month, milestones due and done.
NINE = [
    ("HW-1", "Map the health and work response", "P1", ["PREVENTION"], "ooaooncc", 4, 4),
    ("HW-2", "Health and Work Collaborative", "P1", ["EQUITY"], "naaoonon", 2, 2),
    ("HW-3", "Jobs and skills through neighbourhood teams", "P1", ["INTEGRATION"], "onoanooo", 3, 3),
    ("CYP-1", "Refreshed Best Start strategy", "P2", ["PREVENTION"], "ooonnooo", 3, 2),
    ("CYP-2", "Keeping Children Safe, Helping Families Thrive", "P2", ["EQUITY"], "nnonaoon", 3, 2),
    ("CYP-3", "Mental Health Support Teams in schools", "P2", ["INTEGRATION"], "ooonoooa", 3, 3),
    ("FCN-1", "Integrated Neighbourhood Health Teams", "P3", ["INTEGRATION"], "ooonaaaa", 3, 2),
    ("FCN-2", "Home devices and sensors", "P3", ["PREVENTION"], "ooanafff", 4, 2),
    ("FCN-3", "Eating and moving with frailty: <b>Strength</b> & balance", "P3", ["PREVENTION", "EQUITY"], "nooooooo", 3, 3),
]
Row = tuple[str, str, str, list[str], str, int, int]


def awkward(place: int) -> str:
    return AWKWARD[place % len(AWKWARD)]


def strip(letters: str) -> list[dict[str, str]]:
    return [
        {"month": month["month"], "short": month["short"], "rating": LETTERS[letter]}
        for month, letter in zip(MONTHS, letters, strict=True)
    ]


def milestone(place: int, number: int, *, done: bool) -> dict[str, Any]:
    moved = (place + number) % 3 if not done else 0
    return {
        "title": f"Step {number} of {place}: {awkward(place + number)[:60]}",
        "baseline_on": "2025-09-30",
        "forecast_on": "2025-12-15" if moved else "2025-09-30",
        "proposed_on": "2026-01-31" if moved == 2 else None,
        "done_on": "2025-09-28" if done else None,
        "moved": moved,
        "slip": 76 if moved else 0,
        "overdue": not done and not moved,
    }


def line(place: int, row: Row) -> dict[str, Any]:
    code, name, priority, principles, letters, due, done = row
    rating, before = LETTERS[letters[-1]], LETTERS[letters[-2]]
    silent, bad = rating == NOT_REPORTED, rating in ("at_risk", "off_track")
    flag = {
        "code": "moved",
        "label": "Milestone moved twice",
        "words": "“Second supplier contracted” has moved twice, 76 days in all.",
    }
    return {
        "code": code,
        "name": name,
        "title": f"{name}, so that people live well for longer",
        "priority": priority,
        "principles": principles,
        "rating": rating,
        "before": before,
        "direction": direction(rating, before),
        "milestones_due": due,
        "milestones_done": done,
        "lead": ORGANISATIONS[place % 5],
        "running": len(letters) - len(letters.rstrip(letters[-1])),
        "strip": strip(letters),
        "done": "" if silent else f"410 of 1,200 homes are connected. {awkward(place)}",
        "why": f"Supplier mobilisation slipped twice. {awkward(place + 1)}" if bad else "",
        "route": f"A second supplier starts in January. {awkward(place + 2)}" if bad else "",
        "route_on": "2026-01-31" if bad else None,
        "evidence": awkward(place + 3) if rating == "complete" else "",
        "second_look": {"version": 1, "flags": [flag]} if bad else {},
        "answer": "The second supplier is under contract since 20 November." if bad else "",
        "is_demonstration": False,
        "is_late": place % 4 == 1,
        "submitted_by": "" if silent else awkward(place) if place % 3 == 0 else "Priya Example",
        "submitted_on": None if silent else "2025-12-04",
        "decision": None if silent else ("return" if place == 3 else "agree"),
        "board_line": f"The group supports the route to on track. {awkward(place + 4)}" if bad else "",
        "milestones": [milestone(place, number, done=number <= done) for number in range(1, due + 2)],
        "changed": [
            {
                "month": MONTHS[-1]["month"],
                "name": MONTHS[-1]["name"],
                "rating": rating,
                "before": before,
                "words": awkward(place),
            }
        ]
        if rating != before
        else [],
    }


def figures(group: Group) -> dict[str, Any]:
    keys = ("headline", "headline_before", "direction", "expected", "reported", "milestones_due", "milestones_done")
    return {key: getattr(group, key) for key in keys} | {"distribution": dict(group.distribution)}


def short(line: Line) -> dict[str, Any]:
    keys = ("code", "name", "priority", "rating", "before", "direction", "milestones_due", "milestones_done")
    return {key: getattr(line, key) for key in keys} | {"principles": list(line.principles)}


def attention(shown: Shown, lines: dict[str, Any]) -> dict[str, Any]:
    keys = ("why", "route", "route_on", "second_look", "answer", "is_demonstration", "running")
    rows = [
        short(found)
        | {key: lines[found.code][key] for key in keys}
        | {"board_line": lines[found.code]["board_line"], "asks": [ask for ask in asks() if ask["code"] == found.code]}
        for found in shown.lines
    ]
    return {"lines": rows, "more": shown.total - len(rows)}


def changed(shown: Shown) -> dict[str, Any]:
    lines = [{key: getattr(found, key) for key in ("code", "name", "rating", "before")} for found in shown.lines]
    return {"lines": lines, "total": shown.total}


def months(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counted = [[line["strip"][place]["rating"] for line in lines] for place in range(len(MONTHS))]
    return [month | {code: ratings.count(code) for code in WORST_FIRST} for month, ratings in zip(MONTHS, counted, strict=True)]


def coverage(lines: list[dict[str, Any]]) -> dict[str, Any]:
    rows = []
    for name in sorted({line["lead"] for line in lines}):
        led = [line for line in lines if line["lead"] == name]
        rows.append({"name": name, "expected": len(led), "reported": sum(line["rating"] != NOT_REPORTED for line in led)})
    return {"rows": rows, "more": 0}


def ahead(lines: list[dict[str, Any]]) -> dict[str, Any]:
    open_steps = [step | {"code": line["code"]} for line in lines for step in line["milestones"] if not step["done_on"]]
    rows = [{key: value for key, value in step.items() if key != "done_on"} for step in open_steps]
    return {"rows": rows[:15], "more": max(0, len(rows) - 15)}


def asks() -> list[dict[str, Any]]:
    ask = {"raised": "November 2025", "decision": None, "owner": "Olu Adeyemi", "wanted_on": "2025-12-18"}
    decided = {"kind": "agreed", "name": "Agreed", "words": "Agreed, with a report in March.", "decided_on": "2025-11-11"}
    return [
        ask | {"number": 1, "code": "FCN-2", "deliverable": "Home devices and sensors"}
        | {"wording": "Release £0.2m of contingency so that a second supplier can start in January."},
        ask | {"number": 2, "code": "", "deliverable": ""}
        | {"wording": f"Write to the chief executives. {AWKWARD[6]}\n\n{AWKWARD[7]}"},
        ask | {"number": 3, "code": "CYP-3", "deliverable": "Mental Health Support Teams in schools"}
        | {"wording": AWKWARD[0], "raised": "October 2025", "decision": decided, "owner": AWKWARD[4]},
    ]  # fmt: skip


def changes(worse: Shown, better: Shown) -> dict[str, Any]:
    moved = {"code": "FCN-2", "name": "Home devices and sensors", "milestone": "Second supplier contracted"}
    done = {"code": "HW-1", "name": "Map the health and work response", "milestone": "=Map published", "done_on": "2025-11-14"}
    return {
        "since": "October 2025",
        "report": "2025-10.1",
        "better": changed(better),
        "worse": changed(worse),
        "added": {"lines": [{"code": "FCN-3", "name": "Eating and moving with frailty"}], "total": 1},
        "removed": {"lines": [], "total": 0},
        "moved": {"lines": [moved | {"from_on": "2025-09-30", "to_on": "2025-12-15"}], "total": 4},
        "done": {"lines": [done], "total": 1},
    }


def document(rows: list[Row] = NINE, *, demonstration: bool = False) -> Document:
    lines = [line(place, row) | {"is_demonstration": demonstration} for place, row in enumerate(rows)]
    by_code = {found["code"]: found for found in lines}
    counted = [
        Line(n, r[0], r[1], r[2], tuple(r[3]), LETTERS[r[4][-1]], LETTERS[r[4][-2]], r[5], r[6]) for n, r in enumerate(rows)
    ]
    summary = summarise(counted, [code for code, _ in PRIORITIES], [code for code, _ in PRINCIPLES])
    troubled = {"off_track", "at_risk", NOT_REPORTED}
    content: dict[str, Any] = {
        "rules_version": 1,
        "strategy": "Integrated Care Strategy 2023-2027",
        "plan_year": "2025/26",
        "period": MONTHS[-1],
        "before": MONTHS[-2],
        "plan": figures(summary.plan),
        "priorities": [
            {"code": code, "slug": code.lower(), "name": name} | figures(summary.priorities[code]) for code, name in PRIORITIES
        ],
        "principles": [{"code": code, "name": name} | figures(summary.principles[code]) for code, name in PRINCIPLES],
        "matrix": [
            {"priority": name, "slug": code.lower(), "cells": [cell(summary.cells[code, p], p, by_code) for p, _ in PRINCIPLES]}
            for code, name in PRIORITIES
        ],
        "attention": attention(summary.attention, by_code),
        "worse": changed(summary.worse),
        "better": changed(summary.better),
        "months": months(lines),
        "milestones": ahead(lines),
        "decisions": {"agreed": 6, "returned": 1, "flagged": 2, "undecided": 0},
        "coverage": coverage(lines),
        "issued": {"version": 1, "at": "2025-12-09T14:05:00+00:00", "on": "2025-12-09", "by": "Olu Adeyemi", "reason": ""},
        "note": f"Two deliverables need the board this month.\n\nWe ask for one decision. {AWKWARD[7]}",
        "asks": asks() if rows else [],
        "balance": {
            "sentence": "Prevention carries half of the late and off-track work." if rows else "",
            "rows": [
                {"code": code, "name": name, "expected": summary.principles[code].expected}
                | {"troubled": sum(summary.principles[code].distribution[rating] for rating in troubled), "overdue": place}
                for place, (code, name) in enumerate(PRINCIPLES)
            ],
        },
        "gaps": {
            "cells": [{"priority": "Health and work", "principle": "Equity"}],
            "untagged": [{"code": "HW-9", "name": "Alone"}],
            "untagged_more": 2,
        },
        "changes": changes(summary.worse, summary.better),
        "is_demonstration": demonstration,
    }
    readings = {
        "priorities": "Frailty and complex needs is off track: 1 of 3 priorities.",
        "principles": "Prevention is off track.",
    }
    readings |= {"coverage": "Most is missing from ICB.", "milestones": "Nine of 14 milestones are overdue."}
    content["sentences"] = sentences.position(content) | readings
    return Document(content=content, lines=lines, sha256="0f" * 32)


def cell(shown: Shown, principle: str, lines: dict[str, Any]) -> dict[str, Any]:
    names = dict(PRINCIPLES)
    rows = [
        short(found)
        | {"strip": [month["rating"] for month in lines[found.code]["strip"]]}
        | {"also": [names[code] for code in found.principles if code != principle]}
        for found in shown.lines
    ]
    return {"principle": names[principle], "code": principle, "lines": rows, "more": shown.total - len(rows)}


def many(count: int = 300) -> Document:
    histories = [row[4] for row in NINE]
    rows = [
        (f"D-{n:03}", f"Deliverable {n} {awkward(n)}", PRIORITIES[n % 3][0], [PRINCIPLES[n % 3][0]], histories[n % 9], 4, n % 5)
        for n in range(count)
    ]
    return document(rows)


def none_planned() -> Document:
    """Nothing planned, nothing asked, and no month before."""
    made = document([])
    made.content.update(before=None, note="", months=made.content["months"][-1:])
    made.content["changes"] |= {"since": None, "report": ""} | {
        key: {"lines": [], "total": 0} for key in ("better", "worse", "added", "removed", "moved", "done")
    }
    made.content["gaps"] = {"cells": [], "untagged": [], "untagged_more": 0}
    return made


def silent() -> Document:
    """A month in which nobody reported."""
    return document([(*row[:4], f"{row[4][:-1]}n", *row[5:]) for row in NINE])


def correction() -> Document:
    made = deepcopy(document(demonstration=True))
    made.content["issued"] |= {"version": 2, "reason": "The rating of FCN-2 was entered for the wrong month."}
    return made
