"""What every edit of the plan stands behind: nobody writes over a change that she has not seen, and all can be read back.

Works for any model with `history = HistoricalRecords()`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, Field, Model, QuerySet, Value
from django.db.models.functions import Cast

from strategy_portal.templatetags.portal import day
from strategy_portal.wording import readable

NOTHING = "Not set"


class Overtaken(Exception):
    """Somebody else has saved the row since it was read, so nothing was saved. The sentence says who and what to do."""

    def __init__(self, theirs: Any) -> None:
        who = theirs.history_user.name if theirs.history_user else "The portal"
        super().__init__(f"{who} has saved other words since you opened this page. Compare them with yours, then save again.")
        self.theirs = theirs


class Refused(Exception):
    """Nothing was saved. The sentence says why, and what to do; `field` names the box that it is about, if there is one."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def seen_of(row: Model) -> int:
    """The number of the row's newest edit: a form carries it, and gives it back as `seen`. 0 for a row without any."""
    return row.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0  # type: ignore[attr-defined]


def lock_as_seen(row: Any, *, seen: int) -> Any:
    """The row as it stands, locked until the transaction ends. Raises Overtaken if it was edited after `seen`."""
    locked = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    newest = locked.history.select_related("history_user").order_by("-history_id").first()
    if newest is not None and newest.history_id != seen:
        raise Overtaken(newest)
    return locked


@dataclass(frozen=True)
class Change:
    """One field that differs, as people read it. `pieces` are both texts as one: kind (same, gone, new) and text."""

    label: str
    before: str
    after: str

    @property
    def pieces(self) -> list[tuple[str, str]]:
        return readable(self.before, self.after)


@dataclass(frozen=True)
class Edit:
    """One entry of a row's edit history. `by` is empty where the portal did it."""

    at: datetime
    by: str
    what: str
    reason: str
    changes: list[Change]


WHAT = {"+": "Added", "~": "Changed", "-": "Removed"}


def changes_between(labels: Mapping[str, str], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Those of the labelled values that differ, in the order of the labels: for a preview."""
    shown = ((label, in_words(before.get(name)), in_words(after.get(name))) for name, label in labels.items())
    return [Change(label, old, new) for label, old, new in shown if old != new]


def in_words(value: Any) -> str:
    """A value as people read it. Rows are given by their names, several in a list."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple | set | frozenset | QuerySet):
        return ", ".join(str(one) for one in value) or NOTHING
    return str(value).replace("\r\n", "\n").strip() or NOTHING


def edits_of(records: QuerySet, *, leave_out: Iterable[str] = ()) -> list[Edit]:
    """The edits of one row, newest first, each with what it changed; entries that changed nothing shown are left out.

    `records` is `row.history.all()`. Two statements, however many edits. Rows that it points at are named as they are called now.
    """
    fields = [f for f in records.model.tracked_fields if f.name not in {"id", *leave_out}]
    links = list(records.model._history_m2m_fields)
    ones = [f.name for f in fields if f.is_relation]
    read = list(records.select_related("history_user", *ones).order_by("-history_id"))
    linked = links_of(read, links)
    states = [state(record, fields) | {f: linked.get((f.name, record.history_id), NOTHING) for f in links} for record in read]
    found = [edit(record, now, then) for record, now, then in zip(read, states, [*states[1:], {}], strict=True)]
    return [one for one in found if one.changes or one.what != WHAT["~"]]


def state(record: Any, fields: Iterable[Field]) -> dict[Field, str]:
    return {f: in_words(dict(f.flatchoices).get(value, value) if f.choices else value) for f, value in values(record, fields)}


def values(record: Any, fields: Iterable[Field]) -> Iterator[tuple[Field, Any]]:
    for f in fields:
        found, pk = getattr(record, f.name), getattr(record, f.attname)
        yield f, f"Number {pk}, which is gone" if found is None and pk is not None else found


def edit(record: Any, now: Mapping[Field, str], then: Mapping[Field, str]) -> Edit:
    is_first = record.history_type == "+" or not then
    changes = [Change(str(f.verbose_name).capitalize(), then.get(f, NOTHING), said) for f, said in now.items()]
    by = record.history_user.name if record.history_user else ""
    return Edit(
        at=record.history_date,
        by=by,
        what=WHAT[record.history_type],
        reason=record.history_change_reason or "",
        changes=[] if is_first else [change for change in changes if change.before != change.after],
    )


def links_of(records: list[Any], links: list[Any]) -> dict[tuple[str, int], str]:
    """The names of what each record of a history was tied to, by field and record, in one statement."""
    parts = [part(records, link) for link in links] if records else []
    found: dict[tuple[str, int], list[str]] = {}
    for field, record, name in sorted(parts[0].union(*parts[1:], all=True)) if parts else []:
        found.setdefault((field, record), []).append(name)
    return {key: ", ".join(names) for key, names in found.items()}


def part(records: list[Any], link: Any) -> QuerySet:
    """By the name of what is linked, or by its code where it has no name."""
    rows = getattr(type(records[0]), link.name).model.objects.filter(history__in=[record.history_id for record in records])
    columns = {f.name for f in link.related_model._meta.concrete_fields}
    named = F(f"{link.m2m_reverse_field_name()}__{'name' if 'name' in columns else 'code'}")
    return rows.order_by().values_list(Value(link.name), "history_id", Cast(named, CharField()))
