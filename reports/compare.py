"""What differs between two reports, deliverable by deliverable. Pure: lines of reports in, differences out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from deliverables.ratings import direction

SHOWN = 5  # of each kind
WORDS = {
    "name": "Name",
    "lead": "Lead",
    "done": "What was done",
    "why": "Why",
    "route": "Route to on track",
    "evidence": "Evidence",
    "answer": "Answer to the second look",
    "board_line": "Line for the board",
}


@dataclass(frozen=True)
class Moved:
    """A milestone whose forecast differs."""

    title: str
    from_on: str
    to_on: str


@dataclass(frozen=True)
class Difference:
    """One deliverable in two reports. `direction` is better, worse or same; added and removed have none."""

    code: str
    name: str
    kind: str  # added, removed, changed
    direction: str = ""
    rating: str = ""
    before: str = ""
    words: tuple[tuple[str, str, str], ...] = ()  # label, then, now
    moved: tuple[Moved, ...] = ()
    done: tuple[tuple[str, str], ...] = ()  # milestone, day
    undone: tuple[str, ...] = ()
    new_steps: tuple[str, ...] = ()
    gone_steps: tuple[str, ...] = ()
    others: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        things = (self.words, self.moved, self.done, self.undone, self.new_steps, self.gone_steps, self.others)
        return self.kind == "changed" and self.rating == self.before and not any(things)


def differences(then: Iterable[dict[str, Any]], now: Iterable[dict[str, Any]]) -> Iterator[Difference]:
    """In the order of `now`, then what is there no more. What is the same in both is left out."""
    old = {line["code"]: line for line in then}
    for line in now:
        found = difference(old.pop(line["code"], None), line)
        if not found.is_empty:
            yield found
    for line in old.values():
        yield Difference(line["code"], line["name"], "removed", before=line["rating"])


def difference(old: dict[str, Any] | None, new: dict[str, Any]) -> Difference:
    if old is None:
        return Difference(new["code"], new["name"], "added", rating=new["rating"])
    then, now = steps_of(old), steps_of(new)
    both = [(then[title], now[title]) for title in now if title in then]
    return Difference(
        code=new["code"],
        name=new["name"],
        kind="changed",
        direction=direction(new["rating"], old["rating"]),
        rating=new["rating"],
        before=old["rating"],
        words=tuple((label, old[key], new[key]) for key, label in WORDS.items() if old[key] != new[key]),
        moved=tuple(
            Moved(b["title"], a["forecast_on"], b["forecast_on"]) for a, b in both if a["forecast_on"] != b["forecast_on"]
        ),
        done=tuple((b["title"], b["done_on"]) for a, b in both if b["done_on"] and a["done_on"] != b["done_on"]),
        undone=tuple(b["title"] for a, b in both if a["done_on"] and not b["done_on"]),
        new_steps=tuple(title for title in now if title not in then),
        gone_steps=tuple(title for title in then if title not in now),
        others=tuple(others(old, new)),
    )


def steps_of(line: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["title"]: step for step in line["milestones"]}


def others(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """What is told in a word: neither a rating, nor a text, nor a milestone."""
    if old["priority"] != new["priority"]:
        yield "It stands under another priority."
    if old["principles"] != new["principles"]:
        yield "It serves other principles."
    if old["decision"] != new["decision"]:
        yield {"agree": "The group has agreed it.", "return": "The group has returned it."}.get(
            new["decision"], "The group's word on it is open."
        )
    if old["route_on"] != new["route_on"]:
        yield "The date of the route back is another."
    if old["second_look"] != new["second_look"]:
        yield "The second look asks something else."


def summary(found: Iterable[Difference], since: str | None) -> dict[str, Any]:
    """What changed since the last report, as its content keeps it: the first few of each kind, and how many there are."""
    kinds: dict[str, list[dict[str, Any]]] = {name: [] for name in ("better", "worse", "added", "removed", "moved", "done")}
    for one in found:
        head = {"code": one.code, "name": one.name}
        if one.kind != "changed":
            kinds[one.kind].append(head)
        elif one.direction in ("better", "worse"):
            kinds[one.direction].append(head | {"rating": one.rating, "before": one.before})
        kinds["moved"] += [head | {"milestone": m.title, "from_on": m.from_on, "to_on": m.to_on} for m in one.moved]
        kinds["done"] += [head | {"milestone": title, "done_on": day} for title, day in one.done]
    more = sum(max(0, len(rows) - SHOWN) for rows in kinds.values())
    shown = {name: {"lines": rows[:SHOWN], "total": len(rows)} for name, rows in kinds.items()}
    return {"since": since, "more": more} | shown
