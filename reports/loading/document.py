"""Reads the strategy file into plain rows, or refuses it with every place and reason."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, TypeGuard

from priorities.calendar import months, plan_year_ends_on, plan_year_starts_on, reporting_cycle
from reports.loading.kinds import BODY, FIGURE, HEADS, KINDS, MILESTONE, OUTSIDE, PERIOD, PLAN_YEAR, SECTIONS, STRATEGY, Kind
from reports.loading.values import Wrong, clean, lines_of, text_of, texts_of
from reports.loading.yaml_text import Broken, parse_yaml

TOP = "top level"

Key = tuple[str, str]
"""The section and the code of a row: ("aims", "AIM-1")."""


@dataclass(frozen=True)
class Row:
    """One row of the file. `given` are the fields that the file sets; the others hold their defaults.

    `values` are plain columns, `one` foreign keys and `many` many-to-many links, both by the keys of other rows.
    """

    kind: Kind
    path: str
    key: Key
    values: dict[str, Any]
    one: dict[str, Key | None]
    many: dict[str, frozenset[Key]]
    given: frozenset[str]

    @property
    def name(self) -> str:
        return self.kind.name if self.kind is STRATEGY else f"{self.kind.name} {self.key[1]}"

    @property
    def shown(self) -> str:
        """What it is called, beside its code; nothing if its code says it."""
        names = (self.values.get(name) for name in ("short_title", "title", "name", "audience", "summary"))
        found = next(filter(None, names), "")
        return "" if self.key[1].endswith(found) else found


@dataclass(frozen=True)
class Document:
    """All rows; within a kind, a row comes after the one that it names."""

    rows: tuple[Row, ...]

    def of(self, kind: Kind) -> list[Row]:
        return [row for row in self.rows if row.kind is kind]


class Refused(Exception):
    """The file cannot be loaded. Holds every place and reason."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def read(path: Path) -> Document:
    """The rows of the file. Raises Refused."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refused([f"byte {error.start}: it is not UTF-8 text. Save the file as UTF-8."]) from error
    except OSError as error:
        raise Refused([f"{path}: the file cannot be read ({error.strerror})."]) from error
    return parse(text)


def parse(text: str) -> Document:
    try:
        return document_of(parse_yaml(text))
    except Broken as error:
        raise Refused([str(error)]) from error


def document_of(data: object, *, blanks: bool = False) -> Document:
    """With `blanks` a key that has to be there may be empty where the portal's own column may."""
    reader = Reader(blanks=blanks)
    reader.read_file(data)
    if reader.problems:
        raise Refused(reader.problems)
    return Document(tuple(reader.rows))


class Reader:
    """Walks the file once and gathers rows and problems."""

    def __init__(self, *, blanks: bool = False) -> None:
        self.blanks = blanks
        self.rows: list[Row] = []
        self.problems: list[str] = []
        self.seen: dict[tuple[str, str, str], str] = {}

    def refuse(self, path: str, reason: object) -> None:
        self.problems.append(f"{path}: {reason}")

    def read_file(self, data: object) -> None:
        if not self.is_mapping(data, TOP):
            return
        self.check_keys(TOP, data, required=[kind.place for kind in HEADS + SECTIONS])
        above: dict[str, Key] = {}
        for kind in HEADS:
            found = kind.place in data
            above[kind.as_parent] = self.read_row(kind, kind.place, data[kind.place], above) if found else (kind.place, "")
        if not any(row.kind is PERIOD for row in self.rows):
            self.add_periods(above)
        for kind in SECTIONS:
            self.read_section(kind, kind.place, data.get(kind.place, []), above)
        self.check_links()
        self.sort_bodies()

    def read_section(self, kind: Kind, path: str, rows: object, above: dict[str, Key]) -> None:
        if not isinstance(rows, list):
            self.refuse(path, f"expected a list, found {text_of(rows)}.")
            return
        for index, row in enumerate(rows):
            self.read_row(kind, f"{path}[{index}]", row, above, order=index + 1)

    def read_row(self, kind: Kind, path: str, data: object, above: dict[str, Key], order: int = 0) -> Key:
        """Adds the row and those below it. It has a key even when it is broken, so that the rows below are checked too."""
        if not self.is_mapping(data, path):
            return kind.place, ""
        self.check_keys(path, data, required=kind.required, known=kind.keys)
        values = self.values_of(kind, path, data) | ({"order": order} if order and kind.is_ordered else {})
        self.check_once(kind, path, values)
        code = self.code_of(kind, path, values, above, order)
        if kind is PLAN_YEAR:
            values |= self.dates_of_year(path, code)
        self.add(kind, path, code, values, data, above)
        for child in kind.children:
            below = above | {kind.as_parent: (kind.place, code)}
            self.read_section(child, f"{path}.{child.place}", data.get(child.place, []), below)
        return kind.place, code

    def code_of(self, kind: Kind, path: str, values: dict[str, Any], above: dict[str, Key], order: int) -> str:
        """What names the row among its kind. Refuses a second month or milestone of one name."""
        if kind is FIGURE:
            return f"{order} of {above['case_study'][1]}"
        if kind not in (PERIOD, MILESTONE):
            return values["code"]
        starts_on, parent = values.get("starts_on"), above["plan_year" if kind is PERIOD else "deliverable"][1]
        named = f"{starts_on:%B %Y}" if starts_on else values.get("title", "")
        code = named if kind is PERIOD else f"{parent}: {named}"
        before = self.seen.setdefault((kind.place, "", code), path)
        if before != path and named:
            self.refuse(path, f"'{named}' is there before, at {before}.")
        return code

    def add(self, kind: Kind, path: str, code: str, values: dict[str, Any], data: dict[Any, Any], above: dict[str, Key]) -> None:
        codes = {name: self.codes_of(kind, f"{path}.{name}", name, data) for name in kind.links}
        links = {name: [(kind.links[name], code) for code in found] for name, found in codes.items()}
        one: dict[str, Key | None] = {name: above[name] for name in kind.above}
        one |= {name: next(iter(keys), None) for name, keys in links.items() if name not in kind.many}
        many = {name: frozenset(keys) for name, keys in links.items() if name in kind.many}
        computed = values.keys() - set(kind.keys)
        self.rows.append(Row(kind, path, (kind.place, code), values, one, many, frozenset({*data, *computed, *kind.above})))

    def add_periods(self, above: dict[str, Key]) -> None:
        """Where the file has no periods, they follow from its plan year, and stand at its path."""
        year = [row for row in self.rows if row.kind is PLAN_YEAR and "starts_on" in row.values]
        for month in months(year[0].key[1]) if year else ():
            cycle = asdict(reporting_cycle(month))
            self.add(PERIOD, PLAN_YEAR.place, f"{month:%B %Y}", cycle, cycle, above)

    def is_mapping(self, data: object, path: str) -> TypeGuard[dict[Any, Any]]:
        if not isinstance(data, dict):
            self.refuse(path, f"expected keys with values, found {text_of(data)}.")
        return isinstance(data, dict)

    def check_keys(self, path: str, data: dict[Any, Any], *, required: Iterable[str], known: Iterable[str] = ()) -> None:
        required, known = list(required), list(known) or list(required)
        for key in data:
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                hint = f"Did you mean '{near[0]}'?" if near else f"Use one of {', '.join(known)}."
                self.refuse(path, f"there is no key '{key}'. {hint}")
        for key in required:
            if key not in data:
                self.refuse(path, f"the key '{key}' is missing.")

    def values_of(self, kind: Kind, path: str, data: dict[Any, Any]) -> dict[str, Any]:
        names = [name for name in kind.required + kind.optional if name not in kind.links]
        return {name: self.value_of(kind, f"{path}.{name}", name, data) for name in names}

    def value_of(self, kind: Kind, path: str, name: str, data: dict[Any, Any]) -> Any:
        column, raw = kind.column(name), data.get(name)
        try:
            if name in data and (raw is not None or name in kind.required):
                required = name in kind.required and not (self.blanks and column.blank)
                return lines_of(raw) if name in kind.lines else clean(column, raw, required=required)
        except Wrong as error:
            self.refuse(path, error)
        return column.get_default()

    def codes_of(self, kind: Kind, path: str, name: str, data: dict[Any, Any]) -> list[str]:
        raw = data.get(name)
        if name not in data or (raw is None and name not in kind.required):
            return []
        try:
            found = texts_of(raw if name in kind.many else [raw])
            return [text.lower() for text in found] if kind.links[name] == "people" else found
        except Wrong as error:
            self.refuse(path, error)
            return []

    def dates_of_year(self, path: str, code: str) -> dict[str, date]:
        try:
            return {"starts_on": plan_year_starts_on(code), "ends_on": plan_year_ends_on(code)}
        except ValueError as error:
            if code:
                self.refuse(f"{path}.code", str(error).replace("2025/26", "2025-26"))
            return {}

    def check_once(self, kind: Kind, path: str, values: dict[str, Any]) -> None:
        for name in ("code", "slug"):
            if value := values.get(name):
                before = self.seen.setdefault((kind.place, name, value), path)
                if before != path:
                    self.refuse(f"{path}.{name}", f"'{value}' is used before, at {before}.")

    def check_links(self) -> None:
        codes: dict[str, dict[str, None]] = {kind.place: {} for kind in KINDS}
        for row in self.rows:
            if row.key[1]:
                codes[row.kind.place][row.key[1]] = None
        for row in self.rows:
            for name, place in row.kind.links.items():
                named: list[Key | None] = [*sorted(row.many.get(name, ()))] or [row.one.get(name)]
                for key in named:
                    if key and place not in OUTSIDE and key[1] not in codes[place]:
                        self.refuse_link(f"{row.path}.{name}", place, key[1], list(codes[place]))

    def refuse_link(self, path: str, place: str, code: str, codes: list[str]) -> None:
        target = next(kind for kind in KINDS if kind.place == place)
        use = f"Use one of {', '.join(codes)}." if codes else "The file has none."
        self.refuse(path, f"there is no {target.name} '{code}'. {use}")

    def sort_bodies(self) -> None:
        """Puts a body after the one that it assures, so that it can be written after it."""
        bodies = {row.key: row for row in self.rows if row.kind is BODY}
        graph = {key: {row.one["assures"]} & bodies.keys() for key, row in bodies.items()}
        try:
            place = {key: index for index, key in enumerate(TopologicalSorter(graph).static_order())}
        except CycleError as error:
            self.refuse(f"{bodies[error.args[1][0]].path}.assures", "the body assures itself, directly or through others.")
        else:
            self.rows.sort(key=lambda row: place.get(row.key, -1))
