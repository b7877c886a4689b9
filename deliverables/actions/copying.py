"""Rows of one plan year copied into another, with all their columns and links, those too that a model gets later."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from simple_history.utils import get_history_manager_for_model, get_m2m_field_name

from people.models import User
from priorities.models import PlanYear
from strategy_portal import clock

BATCH = 200  # rows of one INSERT
Places = Mapping[type[Model], Mapping[int, list[int]]]  # where the rows of each table went, by their numbers


def reason_of(before: PlanYear) -> str:
    """What the histories say of rows that come from this plan year."""
    return f"From {before}"


def copy_of(row: Any, places: Places, **changes: Any) -> Any:
    """A row like this one, not stored yet. What it points at is where that went; what must be unique starts anew."""
    values: dict[str, Any] = {}
    for column in row._meta.concrete_fields:
        if column.unique:
            continue
        value = getattr(row, column.attname)
        if value is not None and column.related_model in places:
            value = next(iter(places[column.related_model].get(value, [])), None)
        values[column.attname] = value
    return type(row)(**values | changes)


def store(
    rows: list[Any], *, by: User, reason: str, links: Mapping[int, Iterable[int]] | None = None, places: Places | None = None
) -> list[Any]:
    """Stores rows of one table with their links and one entry each in their history. `links` are the numbers of the rows whose
    links each takes over, by its place in the list."""
    if not rows:
        return []
    model = type(rows[0])
    made = model._default_manager.bulk_create(rows, batch_size=BATCH)
    if links is not None:
        copy_links(model, [(old, made[place].pk) for place, olds in links.items() for old in olds], places or {})
    history = get_history_manager_for_model(model)
    dated: dict[str, Any] = {"default_user": by, "default_change_reason": reason, "default_date": clock.now()}
    records = history.bulk_history_create(made, batch_size=BATCH, **dated)
    record_links(model, records)
    return made


def copy_links(model: type[Model], pairs: list[tuple[int, int]], places: Places) -> None:
    """Ties each new row to all that its old ones were tied to, or to where that went; to each thing once."""
    for link in model._meta.many_to_many:
        through = link.remote_field.through
        near, far = through._meta.get_field(link.m2m_field_name()), through._meta.get_field(link.m2m_reverse_field_name())
        olds: dict[int, list[Any]] = defaultdict(list)
        for row in through._default_manager.filter(**{f"{near.name}__in": {old for old, _ in pairs}}).order_by("pk"):
            olds[getattr(row, near.attname)].append(row)
        made: dict[tuple[int, int], Any] = {}
        for old, new in pairs:
            for row in olds[old]:
                at = getattr(row, far.attname)
                for place in places[far.related_model].get(at, []) if far.related_model in places else [at]:
                    made.setdefault((new, place), copy_of(row, {}, **{near.attname: new, far.attname: place}))
        through._default_manager.bulk_create(made.values(), batch_size=BATCH)


def record_links(model: type[Model], records: list[Any]) -> None:
    """What each row is tied to now, into its history, as it would be if it were saved by itself."""
    by_row = {record.id: record for record in records}
    for link in getattr(type(records[0]), "_history_m2m_fields", ()):
        through, log = link.remote_field.through, getattr(type(records[0]), link.name).model
        near = through._meta.get_field(get_m2m_field_name(link))
        names = [column.attname for column in through._meta.concrete_fields]
        tied = through._default_manager.filter(**{f"{near.name}__in": list(by_row)}).order_by("pk")
        entries = [
            log(history=by_row[getattr(row, near.attname)], **{name: getattr(row, name) for name in names}) for row in tied
        ]
        log._default_manager.bulk_create(entries, batch_size=BATCH)


def record_removal(rows: list[Any], *, by: User, reason: str) -> None:
    """That rows are gone, into their history, for rows that are then deleted past the model."""
    if not rows:
        return
    history = get_history_manager_for_model(type(rows[0])).model
    columns = [column.attname for column in history.tracked_fields]
    gone = [
        history(
            history_type="-",
            history_date=clock.now(),
            history_user=by,
            history_change_reason=reason,
            **{name: getattr(row, name) for name in columns},
        )
        for row in rows
    ]
    history._default_manager.bulk_create(gone, batch_size=BATCH)
