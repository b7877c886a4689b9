"""A plan year as it stands in the portal, as the Document that a file of it would be read into."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from priorities.models import PlanYear
from reports.loading.document import Document, Key, Row
from reports.loading.history import links_of
from reports.loading.kinds import CASE_STUDY, FIGURE, KINDS, MILESTONE, OUTSIDE, PERIOD, PLAN_YEAR, STRATEGY, Kind

# Stories are told, reviewed and published on pages of their own.
EXCHANGED = tuple(kind for kind in KINDS if kind not in (CASE_STUDY, FIGURE))


@dataclass
class Portal:
    """`document` is the plan year as rows, `models` are the records behind them."""

    document: Document
    models: dict[Key, Any] = field(default_factory=dict)

    @property
    def seal(self) -> str:
        """Of all that stands: another when anything in it has changed."""
        rows = sorted((row.key, *((name, value_in(row, name)) for name in fields_of(row.kind))) for row in self.document.rows)
        return hashlib.sha256(repr(rows).encode()).hexdigest()


def read_portal(strategy: Any | None, year: PlanYear | None, *, lock: bool = False) -> Portal:
    """The strategy's rows and the year's, as far as there are any; about two statements a kind, however many rows there are.

    With `lock` they stay as they are until the transaction ends.
    """
    portal, keys = Portal(Document(())), outside_keys()
    rows: list[Row] = []
    for kind in EXCHANGED:
        for model, row in rows_of(kind, strategy, year, keys, lock=lock):
            portal.models[row.key] = model
            rows.append(row)
    portal.document = Document(tuple(rows))
    return portal


def outside_keys() -> dict[str, dict[int, Key]]:
    return {
        place: {pk: (place, code) for pk, code in model._default_manager.values_list("pk", column)}
        for place, (model, column) in OUTSIDE.items()
    }


def rows_of(kind: Kind, strategy: Any, year: Any, keys: dict[str, dict[int, Key]], *, lock: bool) -> list[tuple[Any, Row]]:
    found = selected(kind, strategy, year)
    if found is None:
        return []
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    models = sorted(found, key=in_order)
    if owner := OWNERS.get(kind.place):  # list by list, as the rows above them stand
        places = {pk: place for place, pk in enumerate(keys[owner[1]])}
        models.sort(key=lambda model: places[getattr(model, owner[0])])
    if kind not in (PERIOD, MILESTONE):  # before any row, since a body may assure one that comes after it
        keys[kind.place] = {model.pk: (kind.place, str(model.code)) for model in models}
    ids = [model.pk for model in models]
    links = {name: links_of(kind.model, name, ids) for name in sorted(kind.many)}
    return [(model, row_of(kind, model, links, keys)) for model in models]


OWNERS = {
    "commitments": ("theme_id", "themes"),
    "deliverables": ("priority_id", "priorities"),
    "milestones": ("deliverable_id", "deliverables"),
}


def selected(kind: Kind, strategy: Any, year: Any) -> QuerySet | None:
    if strategy is None:
        return None
    if kind is STRATEGY:
        return kind.model._default_manager.filter(pk=strategy.pk)
    if kind is PLAN_YEAR:
        return kind.model._default_manager.filter(pk=year.pk if year else None)
    if kind.scope == "strategy":
        return kind.model._default_manager.filter(strategy=strategy)
    found = kind.model._default_manager.filter(**{kind.scope: year.pk if year else None})
    return found.filter(ended_on=None) if kind is MILESTONE else found


def in_order(model: Any) -> tuple[Any, ...]:
    """As the pages have it: told here and not by the database, which sorts texts in its own way."""
    dated = getattr(model, "baseline_on", None) or getattr(model, "starts_on", None)
    return getattr(model, "order", 0), getattr(model, "code", ""), str(dated or ""), getattr(model, "title", ""), model.pk


def row_of(kind: Kind, model: Any, links: dict[str, Any], keys: dict[str, dict[int, Key]]) -> Row:
    columns = [name for name in kind.required + kind.optional if name not in kind.links]
    values = {name: tidied(getattr(model, name)) for name in columns}
    for name in kind.lines:
        values[name] = "\n".join(lines_in(values[name]))
    ones = [*kind.above, *(name for name in kind.links if name not in kind.many)]
    places = {"theme": "themes", "priority": "priorities", "deliverable": "deliverables"} | dict(kind.links)
    one = {name: keys.get(places.get(name, name), {}).get(getattr(model, f"{name}_id")) for name in ones}
    many = {name: frozenset(known(keys[kind.links[name]], links[name][model.pk])) for name in kind.many}
    return Row(kind, kind.place, (kind.place, code_of(kind, model, one)), values, one, many, frozenset([*kind.keys, *kind.above]))


def known(keys: dict[int, Key], ids: frozenset[int]) -> list[Key]:
    """Without what belongs to another plan year."""
    return [keys[pk] for pk in ids if pk in keys]


def code_of(kind: Kind, model: Any, one: dict[str, Key | None]) -> str:
    if kind is PERIOD:
        return f"{model.starts_on:%B %Y}"
    if kind is MILESTONE:
        return f"{(one['deliverable'] or ('', ''))[1]}: {tidied(model.title)}"
    return str(model.code)


def tidied(value: Any) -> Any:
    """As a file holds it: line ends of one kind, nothing around it, no characters that a file cannot hold."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if is_written(character)).strip()


def is_written(character: str) -> bool:
    number = ord(character)
    is_control = number < 0x20 or 0x7F <= number < 0xA0 or 0xD800 <= number < 0xE000
    return character in "\n\t" or not (is_control or number & 0xFFFE == 0xFFFE)


def lines_in(text: str) -> list[str]:
    """Each once, as a file names them."""
    return list(dict.fromkeys(line.strip() for line in text.split("\n") if line.strip()))


def fields_of(kind: Kind) -> list[str]:
    """What is compared of a row: what the file says of it, and where it belongs."""
    above = [name for name in kind.above if name in ("theme", "priority")]
    return [*above, *(name for name in kind.required + kind.optional)]


def value_in(row: Row, name: str) -> Any:
    if name in row.many:
        return tuple(sorted(row.many[name]))
    return row.one[name] if name in row.one else row.values[name]
