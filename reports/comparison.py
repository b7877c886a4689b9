"""Two issued reports side by side: what differs, group by group. All but `between` is pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.compare import Difference, difference
from reports.models import ProgressReport
from reports.reading import apart
from strategy_portal.wording import readable

TITLES = {
    "worse": "Got worse",
    "better": "Got better",
    "turned": "Rating changed, neither better nor worse",
    "added": "Added",
    "removed": "Removed",
    "moved": "Dates moved",
    "steps": "Milestones done, new or gone",
    "asks": "Decisions asked of the board",
    "stories": "Case studies",
    "words": "Words changed",
    "others": "Other changes",
}
RATINGS = ("worse", "better", "turned", "added", "removed")
NOTE = "Covering note"


@dataclass(frozen=True)
class Section:
    """All that differs in one way. `rows` are as its template, named by `form`, reads them."""

    kind: str
    title: str
    form: str
    rows: list[dict[str, Any]]


def between(then: ProgressReport, now: ProgressReport) -> list[Difference]:
    """In the order of `now`, then what is there no more: two statements, and one pair of lines in memory at a time.

    A code may mean other work in another plan year: across years, one with another title is another deliverable.
    """
    across, found, others = years_apart(then.content, now.content), [], []
    for old, new in now.lines.in_order().beside(then).values_list("then", "content").iterator(chunk_size=500):
        if across and old and old["title"] != new["title"]:
            others.append((old["code"], old["rating"], old["name"]))
            old = None
        if not (made := difference(old, new)).is_empty:
            found.append(made)
    gone = then.lines.missing_from(now).in_order().values_list("code", "rating", "content__name")
    return found + [Difference(code, name, "removed", before=rating) for code, rating, name in [*others, *gone]]


def years_apart(then: dict[str, Any], now: dict[str, Any]) -> tuple[str, str] | None:
    """The plan years of two reports, if they differ."""
    years = then["plan_year"], now["plan_year"]
    return None if years[0] == years[1] else years


def kind_of(one: Difference) -> str:
    """Which of the groups of ratings it belongs to, if any."""
    if one.kind != "changed":
        return one.kind
    if one.rating == one.before:
        return ""
    return one.direction if one.direction in ("better", "worse") else "turned"


def rows_of(one: Difference) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that differs of one deliverable: the group, and the row in it."""
    head = {"code": one.code, "name": one.name}
    if kind := kind_of(one):
        yield kind, head | {"rating": one.rating, "before": one.before}
    for move in one.moved:
        days = (date.fromisoformat(move.to_on) - date.fromisoformat(move.from_on)).days
        yield "moved", head | {"step": move.title, "from_on": move.from_on, "to_on": move.to_on, "apart": apart(days)}
    for title, day in one.done:
        yield "steps", head | {"step": title, "what": "Done", "on": day}
    for what, titles in (("No longer done", one.undone), ("New", one.new_steps), ("No longer in the plan", one.gone_steps)):
        for title in titles:
            yield "steps", head | {"step": title, "what": what}
    if one.words:
        yield "words", head | {"texts": [(label, readable(old, new)) for label, old, new in one.words]}
    if one.others:
        yield "others", head | {"sentences": one.others}


def kinds_of(one: Difference) -> Counter[str]:
    """How many rows of which group it fills. It does not read the words."""
    found = Counter({"moved": len(one.moved), "words": bool(one.words), "others": bool(one.others)})
    found["steps"] = len(one.done) + len(one.undone) + len(one.new_steps) + len(one.gone_steps)
    found[kind_of(one)] += 1
    return +Counter({kind: number for kind, number in found.items() if kind})


def whole(then: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """What differs in the reports themselves, beside their deliverables: the note, what is asked of the board, the stories."""
    found: list[tuple[str, dict[str, Any]]] = []
    if then["note"] != now["note"]:
        found.append(("words", {"code": "", "name": NOTE, "texts": [("", readable(then["note"], now["note"]))]}))
    before = {ask["wording"]: ask["decision"] for ask in then["asks"]}
    after = {ask["wording"]: ask["decision"] for ask in now["asks"]}
    for wording, decision in after.items():
        if wording not in before:
            found.append(("asks", {"what": "New", "wording": wording, "decision": decision}))
        elif decision != before[wording]:
            found.append(("asks", {"what": "Decided", "wording": wording, "decision": decision}))
    found += [("asks", {"what": "No longer there", "wording": wording}) for wording in before if wording not in after]
    return [*found, *stories_apart(then.get("stories", []), now.get("stories", []))]


def stories_apart(then: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A story is the same one as long as its address is."""
    before, after = ({story["address"]: story for story in stories} for stories in (then, now))
    for address, story in after.items():
        if story != before.get(address):
            yield "stories", {"what": "Told otherwise" if address in before else "New", "wording": story["title"]}
    for address, story in before.items():
        if address not in after:
            yield "stories", {"what": "No longer there", "wording": story["title"]}


def sections(rows: Iterable[tuple[str, dict[str, Any]]]) -> list[Section]:
    """The groups that hold anything, the gravest first."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in TITLES}
    for kind, row in rows:
        found[kind].append(row)
    return [Section(kind, TITLES[kind], "ratings" if kind in RATINGS else kind, some) for kind, some in found.items() if some]


@dataclass(frozen=True)
class Count:
    kind: str
    title: str
    number: int


def counts(differing: Iterable[Difference], beside: Iterable[tuple[str, Any]]) -> list[Count]:
    total: Counter[str] = Counter(kind for kind, _ in beside)
    for one in differing:
        total += kinds_of(one)
    return [Count(kind, title, total[kind]) for kind, title in TITLES.items() if total[kind]]
