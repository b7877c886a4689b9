"""What becomes of a plan year's priorities, deliverables and commitments in the next. Pure: promises and choices in, a year out.

A choice is what somebody typed, so anything may stand in it. `decide` says all that is missing, each beside its row; where
nothing is, every promise has one fate, and what goes on has its place in the new year.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from string import ascii_uppercase

CARRIED, REWORDED, MERGED, SPLIT, COMPLETED, STOPPED = "carried", "reworded", "merged", "split", "completed", "stopped"
FATES = (CARRIED, REWORDED, MERGED, SPLIT, COMPLETED, STOPPED)
ENDS = (COMPLETED, STOPPED)
STAYS_ONE = (CARRIED, REWORDED)
PRIORITY, DELIVERABLE, COMMITMENT = "p", "d", "c"
LONGEST_NAME = {PRIORITY: 120, DELIVERABLE: 200, COMMITMENT: 200}
LONGEST_WORDS, LONGEST_SHORT, LONGEST_REASON, LONGEST_CODE = 4000, 80, 1000, 20
MOST_PARTS = 9


@dataclass(frozen=True)
class Promise:
    """Something that the old year promised. `key` is its kind and number: p1, d12, c40. `under` is its priority's or theme's."""

    key: str
    code: str
    name: str
    words: str
    short: str = ""
    under: str = ""
    stopped: str = ""  # why it was stopped within the year

    @property
    def kind(self) -> str:
        return self.key[0]

    @property
    def label(self) -> str:
        return f"{self.code} {self.short or self.name or self.words[:60]}"


@dataclass(frozen=True)
class Choice:
    """What is to become of one promise, as it was typed."""

    fate: str = CARRIED
    name: str = ""
    short: str = ""
    words: str = ""
    into: str = ""
    parts: str = ""
    reason: str = ""
    under: str = ""

    @classmethod
    def of(cls, typed: Mapping[str, str]) -> "Choice":
        return cls(**{one.name: str(typed[one.name]) for one in fields(cls) if typed.get(one.name)})

    @cached_property
    def lines(self) -> list[str]:
        """The parts, one a line; a dash or a number that somebody put before each is not part of its name."""
        stripped = (re.sub(r"^\s*(?:[-*•–]|\d+[.)])\s+", "", line).strip() for line in self.parts.splitlines())
        return [line for line in stripped if line]


@dataclass(frozen=True)
class Going:
    """Something that the new year holds: one promise that goes on, or a part of one. `merged` are those that went into it."""

    key: str
    of: Promise
    code: str
    name: str
    words: str
    short: str
    under: str
    merged: tuple[Promise, ...] = ()

    @property
    def kind(self) -> str:
        return self.key[0]


@dataclass(frozen=True)
class Problem:
    """What is missing or wrong, beside the row and the field of it."""

    key: str
    field: str
    text: str


@dataclass
class Decided:
    """`fates` are the choices as they count, by key. `becomes` are the keys in the new year, none where it ends."""

    goings: dict[str, Going] = field(default_factory=dict)
    fates: dict[str, Choice] = field(default_factory=dict)
    becomes: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    homeless: set[str] = field(default_factory=set)  # deliverables whose priority does not go on as one


def choice_of(promise: Promise, choices: Mapping[str, Choice]) -> Choice:
    """What was stopped within the year stays stopped, and takes its reason along."""
    if promise.stopped:
        return Choice(fate=STOPPED, reason=promise.stopped)
    return choices.get(promise.key) or Choice()


def decide(promises: Iterable[Promise], choices: Mapping[str, Choice]) -> Decided:
    found, listed = Decided(), list(promises)
    found.fates = {one.key: choice_of(one, choices) for one in listed}
    by_code: dict[tuple[str, str], list[Promise]] = {}
    for one in listed:
        by_code.setdefault((one.kind, one.code.casefold()), []).append(one)
    for kind in (PRIORITY, DELIVERABLE, COMMITMENT):
        of_kind = [one for one in listed if one.kind == kind]
        for one in of_kind:
            found.problems += problems_of(one, found, by_code)
        place_all(of_kind, found, by_code)
    return found


def place_all(of_kind: list[Promise], found: Decided, by_code: Mapping[tuple[str, str], list[Promise]]) -> None:
    """Gives each of one kind its place in the new year; those that are merged, once the others have theirs."""
    taken = Counter(one.code for one in of_kind if found.fates[one.key].fate in STAYS_ONE)
    for one in of_kind:
        made = list(goings_of(one, found, taken))
        found.goings |= {going.key: going for going in made}
        found.becomes[one.key] = [going.key for going in made]
    for one in of_kind:
        target = target_of(one, found, by_code)
        if target is not None and target.key in found.goings:
            going = found.goings[target.key]
            found.goings[target.key] = replace(going, merged=(*going.merged, one))
            found.becomes[one.key] = [target.key]


def goings_of(one: Promise, found: Decided, taken: Counter[str]) -> Iterator[Going]:
    choice, under = found.fates[one.key], home_of(one, found)
    if choice.fate == CARRIED:
        yield Going(one.key, one, one.code, one.name, one.words, one.short, under)
    elif choice.fate == REWORDED:
        yield Going(one.key, one, one.code, choice.name.strip(), tidy(choice.words), short_of(one, choice), under)
    elif choice.fate == SPLIT:
        for number, line in enumerate(choice.lines[:MOST_PARTS], start=1):
            code = code_of_part(one.code, taken)
            named = (line, one.words) if one.kind != COMMITMENT else (line[: LONGEST_NAME[COMMITMENT]], line)
            yield Going(f"{one.key}.{number}", one, code, *named, "", under)


def short_of(one: Promise, choice: Choice) -> str:
    """A short title that was left as it was says the old title, so beside a new one it goes."""
    short = choice.short.strip()
    return "" if choice.name.strip() != one.name and short == one.short else short


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def code_of_part(code: str, taken: Counter[str]) -> str:
    """FCN-2 is split into FCN-2A, FCN-2B and so on, past those that are taken."""
    for letter in ascii_uppercase:
        made = f"{code[: LONGEST_CODE - 1]}{letter}"
        if not taken[made]:
            break
    taken[made] += 1
    return made


def home_of(one: Promise, found: Decided) -> str:
    """Under what a promise goes on: where its priority went, if that is one place; else what was chosen, or what is natural."""
    if one.kind != DELIVERABLE:
        return one.under
    places = found.becomes.get(one.under, [])
    return places[0] if len(places) == 1 else found.fates[one.key].under or home_if_left(one, found)


def home_if_left(one: Promise, found: Decided) -> str:
    """Where its priority does not go on as one: under the first part of it, or under the only priority that there will be."""
    if parts := found.becomes.get(one.under):
        return parts[0]
    priorities = [key for key in found.goings if key[0] == PRIORITY]
    return priorities[0] if len(priorities) == 1 else ""


def target_of(one: Promise, found: Decided, by_code: Mapping[tuple[str, str], list[Promise]]) -> Promise | None:
    choice = found.fates[one.key]
    named = by_code.get((one.kind, choice.into.strip().partition(" ")[0].casefold()), [])
    fits = choice.fate == MERGED and len(named) == 1 and named[0] is not one and found.fates[named[0].key].fate in STAYS_ONE
    return named[0] if fits else None


# What is missing


def problems_of(one: Promise, found: Decided, by_code: Mapping[tuple[str, str], list[Promise]]) -> Iterator[Problem]:
    choice = found.fates[one.key]
    check = {REWORDED: reworded, MERGED: merged, SPLIT: split, COMPLETED: ends, STOPPED: ends, CARRIED: carried}.get(choice.fate)
    if check is None:
        yield Problem(one.key, "fate", f"Choose what becomes of {one.label}")
        return
    yield from check(one, found, by_code)
    if one.kind == DELIVERABLE and choice.fate in (CARRIED, REWORDED, SPLIT):
        yield from homeless(one, found)


def carried(one: Promise, found: Decided, by_code: object) -> Iterator[Problem]:
    yield from ()


def homeless(one: Promise, found: Decided) -> Iterator[Problem]:
    if len(found.becomes.get(one.under, [])) == 1:
        return
    found.homeless.add(one.key)
    home = found.goings.get(home_of(one, found))
    if home is None or home.kind != PRIORITY:
        yield Problem(
            one.key, "under", f"Choose the priority under which {one.label} goes on, since its own does not go on as one"
        )


def reworded(one: Promise, found: Decided, by_code: object) -> Iterator[Problem]:
    choice = found.fates[one.key]
    name, words, short = choice.name.strip(), tidy(choice.words), choice.short.strip()
    needed = "words" if one.kind == COMMITMENT else "name"
    if not (words if needed == "words" else name):
        yield Problem(one.key, needed, f"Enter the new words of {one.label}")
    elif (name, words, short) == (one.name, tidy(one.words), one.short):
        yield Problem(one.key, needed, f"Change the words of {one.label}, or choose that it is carried on")
    yield from too_long(one, "name", name, LONGEST_NAME[one.kind])
    yield from too_long(one, "words", words, LONGEST_WORDS)
    yield from too_long(one, "short", short, LONGEST_SHORT)


def merged(one: Promise, found: Decided, by_code: Mapping[tuple[str, str], list[Promise]]) -> Iterator[Problem]:
    code = found.fates[one.key].into.strip().partition(" ")[0]
    named = by_code.get((one.kind, code.casefold()), [])
    if not code:
        yield Problem(one.key, "into", f"Enter the code of what {one.label} is merged into")
    elif len(named) != 1:
        yield Problem(one.key, "into", f"{'More than one has' if named else 'Nothing here has'} the code {code[:LONGEST_CODE]}")
    elif named[0] is one:
        yield Problem(one.key, "into", f"{one.label} cannot be merged into itself")
    elif found.fates[named[0].key].fate not in STAYS_ONE:
        yield Problem(one.key, "into", f"{named[0].label} does not go on as one, so nothing can be merged into it")


def split(one: Promise, found: Decided, by_code: object) -> Iterator[Problem]:
    lines = found.fates[one.key].lines
    if len(lines) < 2:
        yield Problem(one.key, "parts", f"Name at least two parts of {one.label}, one a line")
    elif len(lines) > MOST_PARTS:
        yield Problem(one.key, "parts", f"{one.label} can be split into {MOST_PARTS} parts at most")
    elif len({line.casefold() for line in lines}) < len(lines):
        yield Problem(one.key, "parts", f"Two parts of {one.label} have the same name")
    longest = LONGEST_WORDS if one.kind == COMMITMENT else LONGEST_NAME[one.kind]
    yield from too_long(one, "parts", max(lines, key=len, default=""), longest)


def ends(one: Promise, found: Decided, by_code: object) -> Iterator[Problem]:
    choice = found.fates[one.key]
    if not choice.reason.strip():
        yield Problem(one.key, "reason", f"Say why {one.label} {'is stopped' if choice.fate == STOPPED else 'is complete'}")
    yield from too_long(one, "reason", tidy(choice.reason), LONGEST_REASON)


def too_long(one: Promise, name: str, text: str, longest: int) -> Iterator[Problem]:
    if len(text) > longest:
        what = {"name": "The name", "short": "The short title", "parts": "A part", "reason": "The reason"}.get(name, "The text")
        yield Problem(one.key, name, f"{what} of {one.label} must be {longest} characters or fewer")
