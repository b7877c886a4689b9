"""The roll-up rule, version 1. Pure: lines in, summary out, nothing else read.

Each deliverable counts once in the plan, once in its priority and once in each principle that it serves. The headline is
worst first: off track if any is off track; else at risk if any is at risk or not reported; else complete if all are; else on
track. Nothing is averaged, and silence is never green. Source: DESIGN.md section 4, agreed with the owner.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from deliverables.ratings import AT_RISK, COMPLETE, NOT_REPORTED, OFF_TRACK, ON_TRACK, direction

RULES_VERSION = 1
NOTHING_PLANNED = "nothing_planned"
WORST_FIRST = (OFF_TRACK, AT_RISK, NOT_REPORTED, ON_TRACK, COMPLETE)
SHOWN_IN_A_CELL = 6
SHOWN_FOR_ATTENTION = 10
SHOWN_AS_CHANGED = 3
SHOWN_AS_UNTAGGED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One deliverable in one period. `before` is last period's rating, None where there was no last period for it."""

    id: int
    code: str
    name: str
    priority: str
    principles: tuple[str, ...]
    rating: str
    before: str | None
    milestones_due: int
    milestones_done: int

    @property
    def direction(self) -> str:
        return direction(self.rating, self.before)

    @property
    def is_behind(self) -> bool:
        """Off track by what was said, or late by what was promised."""
        return self.rating == OFF_TRACK or self.milestones_done < self.milestones_due


@dataclass(slots=True)
class Group:
    """The figures of the plan, of a priority or of a principle."""

    distribution: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WORST_FIRST, 0))
    before: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WORST_FIRST, 0))
    milestones_due: int = 0
    milestones_done: int = 0
    behind: int = 0

    def add(self, line: Line) -> None:
        self.distribution[line.rating] += 1
        if line.before is not None:
            self.before[line.before] += 1
        self.milestones_due += line.milestones_due
        self.milestones_done += line.milestones_done
        self.behind += line.is_behind

    @property
    def expected(self) -> int:
        return sum(self.distribution.values())

    @property
    def reported(self) -> int:
        return self.expected - self.distribution[NOT_REPORTED]

    @property
    def headline(self) -> str:
        return headline(self.distribution)

    @property
    def headline_before(self) -> str | None:
        return headline(self.before) if any(self.before.values()) else None

    @property
    def direction(self) -> str:
        """Never better while someone is silent: the headline may have risen only because a bad rating was not reported."""
        found = direction(self.headline, self.headline_before)
        return "same" if found == "better" and self.reported < self.expected else found


@dataclass(frozen=True, slots=True)
class Shown:
    """The lines that a page shows of a list, worst first, and how many there are in all."""

    lines: tuple[Line, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Summary:
    plan: Group
    priorities: dict[str, Group]
    principles: dict[str, Group]
    cells: dict[tuple[str, str], Shown]
    untagged: Shown
    attention: Shown
    worse: Shown
    better: Shown


def headline(distribution: dict[str, int]) -> str:
    """The one rating that a group is given: see the rule at the top."""
    total = sum(distribution.values())
    if total == 0:
        return NOTHING_PLANNED
    if distribution[OFF_TRACK]:
        return OFF_TRACK
    if distribution[AT_RISK] or distribution[NOT_REPORTED]:
        return AT_RISK
    return COMPLETE if distribution[COMPLETE] == total else ON_TRACK


def show(lines: Iterable[Line], most: int) -> Shown:
    """Worst first; among equals in the order of the plan."""
    found = sorted(lines, key=lambda line: WORST_FIRST.index(line.rating))
    return Shown(tuple(found[:most]), len(found))


def summarise(lines: Sequence[Line], priorities: Sequence[str], principles: Sequence[str]) -> Summary:
    """Every figure of a period. Priorities and principles without a deliverable are there too, with nothing planned."""
    plan = Group()
    by_priority = {code: Group() for code in priorities}
    by_principle = {code: Group() for code in principles}
    cells: dict[tuple[str, str], list[Line]] = {(row, column): [] for row in priorities for column in principles}
    for line in lines:
        plan.add(line)
        by_priority[line.priority].add(line)
        for principle in line.principles:
            by_principle[principle].add(line)
            cells[line.priority, principle].append(line)
    return Summary(
        plan=plan,
        priorities=by_priority,
        principles=by_principle,
        cells={key: show(found, SHOWN_IN_A_CELL) for key, found in cells.items()},
        untagged=show((line for line in lines if not line.principles), SHOWN_AS_UNTAGGED),
        attention=show((line for line in lines if line.rating in (OFF_TRACK, AT_RISK, NOT_REPORTED)), SHOWN_FOR_ATTENTION),
        worse=show((line for line in lines if line.direction == "worse"), SHOWN_AS_CHANGED),
        better=show((line for line in lines if line.direction == "better"), SHOWN_AS_CHANGED),
    )
