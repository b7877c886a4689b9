"""The second look, version 1: where a rating and what stands beside it disagree. Pure: one case in, flags out.

A flag never changes a rating and never blocks. The author is asked before she submits, and her answer is kept and shown to the
group and in the report. Source: DESIGN.md section 4, agreed with the owner.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from deliverables.ratings import BADNESS, COMPLETE, ON_TRACK, RATINGS

RULES_VERSION = 1
MANY_MOVES = 2
BIG_STEP = 2
NOBODY = "nobody"


@dataclass(frozen=True)
class Flag:
    """`label` names it in a table; `words` ask the author."""

    code: str
    label: str
    words: str


@dataclass(frozen=True)
class Step:
    """A milestone as it will stand once the update is in. `slip` is in days from the baseline."""

    title: str
    forecast_on: date
    is_done: bool
    moves: int
    slip: int


@dataclass(frozen=True)
class Case:
    """An update beside what is known. `before` and `before_done` are of the last month that was reported, "" if none was."""

    rating: str
    done: str
    route_on: date | None
    has_evidence: bool
    before: str
    before_done: str
    before_month: str
    due_on: date | None
    today: date
    steps: tuple[Step, ...] = ()
    reporters: int = 1


Check = Callable[[Case], Flag | None]


def second_look(case: Case) -> tuple[Flag, ...]:
    """What fires, in the order of CHECKS. Nothing fires before a rating is chosen."""
    if case.rating not in RATINGS:
        return ()
    return tuple(flag for check in CHECKS if (flag := check(case)))


def kept(flags: Iterable[Flag]) -> dict[str, Any]:
    """As it is stored with an update: the words of the day, and the version of the rules that found them."""
    found = [asdict(flag) for flag in flags]
    return {"version": RULES_VERSION, "flags": found} if found else {}


def fingerprint(flags: Iterable[Flag]) -> str:
    """What a form sends back to say that its author has seen these."""
    return " ".join(sorted(flag.code for flag in flags))


def overdue(case: Case) -> Flag | None:
    late = [step for step in case.steps if not step.is_done and step.forecast_on < case.today]
    if not late or case.rating not in (ON_TRACK, COMPLETE):
        return None
    name = RATINGS[case.rating].name
    if len(late) == 1:
        found = f"“{late[0].title}” was forecast for {day(late[0].forecast_on)} and is not done."
    else:
        titles = ", ".join(f"“{step.title}”" for step in late)
        found = f"{len(late)} milestones are past their forecast and not done: {titles}."
    label = f"{name} with {'a milestone' if len(late) == 1 else f'{len(late)} milestones'} overdue"
    return Flag("overdue", label, f"{found} Say why it is {name.lower()} all the same.")


def moved_often(case: Case) -> Flag | None:
    moved = sorted((step for step in case.steps if not step.is_done and step.moves >= MANY_MOVES), key=lambda step: -step.moves)
    if not moved:
        return None
    worst, others = moved[0], len(moved) - 1
    more = f", and {others} other{'s' if others > 1 else ''} at least twice" if others else ""
    words = f"“{worst.title}” has moved {times(worst.moves)}, {worst.slip} days in all{more}. Say what is different this time."
    return Flag("moved", f"Milestone moved {times(worst.moves)}", words)


def no_dated_route(case: Case) -> Flag | None:
    rating = RATINGS[case.rating]
    if not rating.needs_route:
        return None
    if case.route_on is None:
        return Flag("route", "No date on route to on track", "Say by when it will be back on track.")
    if case.route_on < case.today:
        words = f"The date of the route back, {day(case.route_on)}, has passed. Give the date that is expected now."
        return Flag("route", "Date of the route back has passed", words)
    return None


def same_words(case: Case) -> Flag | None:
    if not plain(case.done) or plain(case.done) != plain(case.before_done):
        return None
    words = f"These are the words of {case.before_month}. Say what has changed since, or that nothing has."
    return Flag("words", f"Same words as {case.before_month}", words)


def no_evidence(case: Case) -> Flag | None:
    if case.rating != COMPLETE or case.has_evidence:
        return None
    words = "No link and no file shows that it is complete. Add one, or say why there is none."
    return Flag("evidence", "Complete without evidence", words)


def big_step(case: Case) -> Flag | None:
    if case.before not in RATINGS or BADNESS[case.before] - BADNESS[case.rating] < BIG_STEP:
        return None
    was, now = RATINGS[case.before].name.lower(), RATINGS[case.rating].name.lower()
    words = f"It was {was} in {case.before_month} and is {now} now. Say what made the difference."
    return Flag("step", f"From {was} to {now} at once", words)


def past_due(case: Case) -> Flag | None:
    if case.rating != ON_TRACK or case.due_on is None or case.due_on >= case.today:
        return None
    words = f"The deliverable was due on {day(case.due_on)}. Say what is left, or whether it is complete."
    return Flag("due", "On track past its due date", words)


def nobody_can_report(case: Case) -> Flag | None:
    if case.reporters:
        return None
    words = "Nobody who can sign in reports on this deliverable. An administrator has to name someone."
    return Flag(NOBODY, "Nobody can report it", words)


CHECKS: tuple[Check, ...] = (
    overdue,
    moved_often,
    no_dated_route,
    same_words,
    no_evidence,
    big_step,
    past_due,
    nobody_can_report,
)


def plain(words: str) -> str:
    """Words alone: a comma or a capital does not make a new report."""
    return " ".join(re.findall(r"\w+", words.casefold()))


def times(number: int) -> str:
    return "once" if number == 1 else "twice" if number == 2 else f"{number} times"


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
