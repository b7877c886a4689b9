"""The demonstration as plain data: what demonstration.yaml says, with its dates and moments understood."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from reports.demonstration.stories import Tale
from reports.loading.yaml_text import parse_yaml
from strategy_portal.clock import LONDON

OURS = Path(__file__).with_name("demonstration.yaml")
DOMAIN = "example.org"  # kept free for examples: no letter sent there reaches anyone


@dataclass(frozen=True)
class Partner:
    code: str
    name: str
    short_name: str


@dataclass(frozen=True)
class Person:
    code: str
    name: str
    job_title: str
    roles: tuple[tuple[str, str], ...]  # an organisation's code, a role's code

    @property
    def email(self) -> str:
        return f"{self.code}@{DOMAIN}"


@dataclass(frozen=True)
class Plan:
    """How a deliverable is defined from a moment on. Organisations and people by their codes."""

    at: datetime
    lead: str | None
    partners: tuple[str, ...]
    managers: tuple[str, ...]
    maturity: str
    starts_on: date | None = None
    due_on: date | None = None
    measure: str = ""


@dataclass(frozen=True)
class Goal:
    """A milestone."""

    code: str
    title: str
    baseline_on: date


@dataclass(frozen=True)
class Step:
    """What an update says of a milestone: done on a day, or moved with a reason."""

    milestone: str
    done_on: date | None = None
    forecast_on: date | None = None
    reason: str = ""
    words: str = ""


@dataclass(frozen=True)
class Submission:
    """One update. The number counts those of the same deliverable and month: 2 supersedes 1."""

    code: str
    month: str
    number: int
    at: datetime
    by: str
    rating: str
    done: str
    why: str = ""
    route: str = ""
    route_on: date | None = None
    evidence: str = ""
    answer: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Word:
    """The group's word on an update of a month that is open still: agreed, or returned with a reason."""

    code: str
    month: str
    at: datetime
    by: str
    returned: str = ""


@dataclass(frozen=True)
class Reached:
    """Whom a deliverable reaches. Groups by the codes of the strategy."""

    groups: tuple[str, ...]
    benefits: str
    missed: str


@dataclass(frozen=True)
class Work:
    """One deliverable's year: its definitions, oldest first, its milestones and its updates."""

    code: str
    plans: tuple[Plan, ...]
    goals: tuple[Goal, ...]
    submissions: tuple[Submission, ...]
    reach: Reached | None = None


@dataclass(frozen=True)
class Request:
    """A decision asked of the board; `decided` is what it said, if it has."""

    code: str
    wording: str
    wanted_on: date
    owner: str
    decided: dict[str, Any] | None = None


@dataclass(frozen=True)
class Change:
    """Other words for a baselined definition, asked of the group; `agreed_at` if it has agreed them."""

    code: str
    at: datetime
    by: str
    takes_effect: str
    values: dict[str, Any]
    why: str
    effect: str
    agreed_at: datetime | None = None


@dataclass(frozen=True)
class Issued:
    """What the group says to the board with the report of a closed month."""

    month: str
    board_lines: dict[str, str]
    asks: tuple[Request, ...]


@dataclass(frozen=True)
class Content:
    begins: datetime
    closed: tuple[str, ...]
    partners: tuple[Partner, ...]
    people: tuple[Person, ...]
    works: tuple[Work, ...]
    words: tuple[Word, ...]
    changes: tuple[Change, ...]
    reports: tuple[Issued, ...]
    tales: tuple[Tale, ...]


def read(path: Path = OURS) -> Content:
    said = parse_yaml(path.read_text(encoding="utf-8"))
    begins = moment(said["begins"])
    return Content(
        begins=begins,
        closed=tuple(said["closed"]),
        partners=tuple(Partner(code, **given) for code, given in said["organisations"].items()),
        people=tuple(person(code, **given) for code, given in said["people"].items()),
        works=tuple(work(code, begins, **given) for code, given in said["deliverables"].items()),
        words=tuple(Word(**given | {"at": moment(given["at"])}) for given in said["decisions"]),
        changes=tuple(change(**given) for given in said["changes"]),
        reports=tuple(issued(**given) for given in said["reports"]),
        tales=tuple(tale(**given) for given in said["stories"]),
    )


def tale(at: str, sent: dict[str, str] | None = None, **given: Any) -> Tale:
    sent_at = {"sent": sent | {"at": moment(sent["at"])}} if sent else {}
    return Tale(at=moment(at), **understood(given) | sent_at)


def change(*, at: str, values: dict[str, Any], agreed_at: str = "", **given: str) -> Change:
    return Change(at=moment(at), values=understood(values), agreed_at=moment(agreed_at) if agreed_at else None, **given)


def issued(month: str, *, board_lines: dict[str, str], asks: list[dict[str, Any]]) -> Issued:
    return Issued(month, board_lines, tuple(Request(**understood(given)) for given in asks))


def person(code: str, *, name: str, job_title: str, roles: dict[str, list[str]]) -> Person:
    pairs = ((organisation, role) for organisation, given in roles.items() for role in given)
    return Person(code, name, job_title, tuple(pairs))


def work(
    code: str,
    begins: datetime,
    *,
    milestones: dict[str, dict[str, str]],
    updates: list[dict[str, Any]],
    later: list[dict[str, Any]] | None = None,
    reach: dict[str, Any] | None = None,
    **definition: Any,
) -> Work:
    goals = (Goal(key, given["title"], date.fromisoformat(given["baseline_on"])) for key, given in milestones.items())
    reached = Reached(**understood(reach)) if reach else None
    return Work(code, plans(begins, definition, later or []), tuple(goals), submissions(code, updates), reached)


def plans(begins: datetime, definition: dict[str, Any], later: list[dict[str, Any]]) -> tuple[Plan, ...]:
    found = [Plan(at=begins, **understood(definition))]
    for change in later:
        since = datetime.combine(date.fromisoformat(change["since"]), time(9), LONDON)
        fields = {name: value for name, value in change.items() if name != "since"}
        found.append(replace(found[-1], at=since, **understood(fields)))
    return tuple(found)


def submissions(code: str, updates: list[dict[str, Any]]) -> tuple[Submission, ...]:
    numbers: dict[str, int] = {}
    found = []
    for given in updates:
        month = given["month"]
        numbers[month] = numbers.get(month, 0) + 1
        steps = tuple(Step(key, **understood(said)) for key, said in given.get("steps", {}).items())
        fields = understood(given) | {"at": moment(given["at"]), "steps": steps}
        found.append(Submission(code=code, number=numbers[month], **fields))
    return tuple(found)


def understood(given: dict[str, Any]) -> dict[str, Any]:
    """Fields that end in _on as dates, lists as tuples."""
    return {name: value_of(name, value) for name, value in given.items()}


def value_of(name: str, value: Any) -> Any:
    if name.endswith("_on") and value:
        return date.fromisoformat(value)
    if isinstance(value, dict):
        return understood(value)
    return tuple(value) if isinstance(value, list) else value


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)
