"""How a definition matures, and what stands between one step and the next. Pure.

Expected: what the strategy says of it. Drafted: its managers have worded it. Agreed: the group agrees the words. Baselined: it is
what the work is measured against, and changes only by asking the group.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

EXPECTED, DRAFTED, AGREED, BASELINED = "expected", "drafted", "agreed", "baselined"
LADDER = (EXPECTED, DRAFTED, AGREED, BASELINED)
NAMES = {EXPECTED: "Expected", DRAFTED: "Drafted", AGREED: "Agreed", BASELINED: "Baselined"}


@dataclass(frozen=True)
class Facts:
    """What is known of a definition."""

    maturity: str
    summary: str
    lead: bool
    reporters: bool  # whether somebody who can sign in reports on it
    measure: str
    starts_on: date | None
    due_on: date | None
    milestones: int
    late_milestones: int  # whose baseline is after the day on which all is due


@dataclass(frozen=True)
class Check:
    """One thing that a definition needs before it can take the step to `needed_for`."""

    code: str
    name: str
    needed_for: str
    done: bool
    words: str  # what is there, or what is to be done


def facts_of(row: Any) -> Facts:
    """Of a deliverable that was read with DeliverableQuerySet.with_readiness()."""
    return Facts(
        maturity=row.maturity,
        summary=row.summary,
        lead=row.lead_id is not None,
        reporters=row.has_reporter,
        measure=row.measure,
        starts_on=row.starts_on,
        due_on=row.due_on,
        milestones=row.step_count,
        late_milestones=row.late_step_count,
    )


def checklist(facts: Facts) -> list[Check]:
    """In the order in which things are needed."""
    dated = facts.starts_on is not None and facts.due_on is not None
    steps = facts.milestones > 0 and not facts.late_milestones
    return [
        Check("summary", "Summary", DRAFTED, bool(facts.summary), said(facts.summary, "Say what is to be delivered.")),
        Check("measure", "Measure", DRAFTED, bool(facts.measure), said(facts.measure, "Say how it is measured.")),
        Check("lead", "Lead", AGREED, facts.lead, said(facts.lead, "An administrator sets the lead organisation.")),
        Check("manager", "Manager", AGREED, facts.reporters, said(facts.reporters, NOBODY)),
        Check("dates", "Dates", AGREED, dated, said(dated, "Say when it starts and when it is due.")),
        Check("milestones", "Milestones", BASELINED, steps, milestones_in_words(facts)),
    ]


NOBODY = "Nobody who can sign in reports on it. An administrator names a manager."


def said(there: Any, otherwise: str) -> str:
    return "Set." if there else otherwise


def milestones_in_words(facts: Facts) -> str:
    if not facts.milestones:
        return "Set at least one dated milestone."
    if facts.late_milestones:
        return f"{counted(facts.late_milestones)} after the day on which it is due. Change one date or the other."
    return f"{counted(facts.milestones)} set."


def counted(number: int) -> str:
    return f"{number} milestone is" if number == 1 else f"{number} milestones are"


def next_step(maturity: str) -> str:
    """Empty for a definition that is baselined."""
    place = LADDER.index(maturity) + 1
    return LADDER[place] if place < len(LADDER) else ""


def missing(facts: Facts, to: str) -> list[Check]:
    """What is not there and is needed for a step, or for one below it."""
    return [check for check in checklist(facts) if not check.done and LADDER.index(check.needed_for) <= LADDER.index(to)]


def in_the_way(facts: Facts) -> list[Check]:
    """What stands between it and its next step."""
    step = next_step(facts.maturity)
    return missing(facts, step) if step else []


def wrote(records: Iterable[tuple[Any, ...]]) -> set[int]:
    """Who has worded a definition or sent it to the group, from its history, oldest first: (person, maturity, words …).

    They cannot agree it. Where the portal set it up, nobody did.
    """
    found: set[int] = set()
    before: tuple[Any, ...] = ()
    for person, maturity, *words in records:
        sent = maturity == DRAFTED and before and before[0] == EXPECTED
        if person and (words != list(before[1:]) or sent):
            found.add(person)
        before = (maturity, *words)
    return found
