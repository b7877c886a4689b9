"""What the portal has of one kind, and what the loader itself wrote into each field: told from the edit history."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any

from django.db.models import Model, Q

from reports.loading.kinds import Kind

REASON = "Loaded from the strategy file"


class Portal:
    """The rows of one kind within a scope, and their past. As few statements for a hundred rows as for one.

    `written` is the base that a row and the file are compared with: for each row, what the loader last put into a field.
    `removed` are the identities of rows that someone deleted.
    """

    def __init__(self, kind: Kind, scope: dict[str, Any], *, one: Iterable[str], columns: Iterable[str]) -> None:
        self.kind = kind
        self.columns = [*columns, *(f"{name}_id" for name in one)]
        self.identity = [f"{name}_id" if name in kind.above else name for name in kind.identity]
        # Locked, so that an edit made meanwhile waits and is not overwritten; what merely points at these rows does not wait.
        rows = kind.model._default_manager.filter(**scope).select_for_update(of=("self",), no_key=True)
        self.rows = {self.identity_of(vars(row)): row for row in rows}
        ids = [row.pk for row in self.rows.values()]
        self.links = {name: links_of(kind.model, name, ids) for name in kind.many}
        self.removed: set[Hashable] = set()
        self.written: dict[int, dict[str, Any]] = defaultdict(dict)
        gone = Q(history_type="-", **scope) if kind.scope else Q()
        self.read_past(list(kind.model.history.filter(Q(id__in=ids) | gone).order_by("history_id")))

    def identity_of(self, values: dict[str, Any]) -> Hashable:
        return tuple(values.get(name) for name in self.identity)

    def now(self, row: Model) -> dict[str, Any]:
        """The row's fields as they stand."""
        links = {name: found[row.pk] for name, found in self.links.items()}
        return {name: plain(getattr(row, name)) for name in self.columns} | links

    def read_past(self, records: list[Any]) -> None:
        """Walks the history from its beginning. A record of the loader counts for the fields that it changed: what it merely
        carried along was written by a person, and stays hers."""
        ids = [record.history_id for record in records]
        links = {name: links_of(self.kind.model.history.model, name, ids) for name in self.kind.many}
        before: dict[int, dict[str, Any]] = defaultdict(dict)
        for record in records:
            then = {name: plain(getattr(record, name)) for name in self.columns}
            then |= {name: found[record.history_id] for name, found in links.items()}
            known, before[record.id] = before[record.id], then
            if record.history_type == "-":
                self.removed.add(self.identity_of(vars(record)))
            elif record.history_change_reason == REASON:
                self.written[record.id] |= {name: value for name, value in then.items() if known.get(name, self) != value}


def links_of(model: type[Any], name: str, ids: list[int]) -> dict[int, frozenset[int]]:
    """For each row of a model, or each record of its history, the rows that a many-to-many field links it to."""
    is_history = hasattr(model, "instance_type")
    field = (model.instance_type if is_history else model)._meta.get_field(name)
    rows = getattr(model, name).model.objects if is_history else field.remote_field.through.objects
    own = "history_id" if is_history else f"{field.m2m_field_name()}_id"
    found: dict[int, frozenset[int]] = defaultdict(frozenset)
    for mine, theirs in rows.filter(**{f"{own}__in": ids}).values_list(own, f"{field.m2m_reverse_field_name()}_id"):
        found[mine] |= {theirs}
    return found


def plain(value: Any) -> Any:
    """Without what a browser's form adds to a text: line ends of another kind, blanks around it."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
