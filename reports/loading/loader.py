"""Writes the rows of a strategy file into the portal."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from people.models import User
from priorities.actions import lock_periods, mark_changed
from priorities.models import PlanYear
from priorities.plan.rules import why_not_begun
from reports.loading.document import Document, Key, Refused, Row
from reports.loading.history import REASON, Portal, plain
from reports.loading.kinds import KINDS, MILESTONE, OUTSIDE, PLAN_YEAR, STRATEGY, Kind
from reports.loading.report import LoadReport, difference


def refuse_new_year(document: Document) -> list[str]:
    """The first plan year of a strategy begins by a file, and no other: see priorities.plan.rules."""
    strategy, year = document.of(STRATEGY)[0], document.of(PLAN_YEAR)[0]
    years, code = PlanYear.objects.filter(strategy__code=strategy.key[1]), year.key[1]
    if years.filter(code=code).exists() or not (refused := why_not_begun(code, years)):
        return []
    return [f"{year.path}.code: {refused} Then bring this file in to change it."]


@transaction.atomic
def load_strategy(*, by: User | None, document: Document) -> LoadReport:
    """Loads all rows or none. Run twice, it changes nothing.

    A field takes the file's value while it holds what the loader last wrote into it. Once a person has changed it, it is kept,
    and reported for as long as the file says something else. A field that the file leaves out belongs to the portal.
    Rows that the file has not are reported, never deleted; rows that a person removed do not come back; a period whose
    report is issued does not move. Raises Refused when a row, or the plan year, cannot stand beside those that the portal has.
    """
    if problems := refuse_new_year(document):
        raise Refused(problems)
    loader = Loader(by=by, document=document)
    loader.find_outside()
    for kind in KINDS:
        loader.load_kind(kind)
    if loader.report.changed:
        mark_changed(plan_year=loader.head(PLAN_YEAR.as_parent))
    return loader.report


class Loader:
    def __init__(self, *, by: User | None, document: Document) -> None:
        self.by = by
        self.document = document
        self.known: dict[Key, Model | None] = {}
        self.codes: dict[str, dict[int, str]] = {}
        self.report = LoadReport()

    def head(self, name: str) -> Any:
        """The strategy or the plan year that the file is about."""
        return next(row for (place, _), row in self.known.items() if place == name)

    def find_outside(self) -> None:
        """The organisations and people that the file names. Raises Refused where the portal has none such."""
        found, problems = outside(self.document.rows)
        if problems:
            raise Refused(problems)
        for key, row in found.items():
            self.known[key] = row
            self.codes.setdefault(key[0], {})[row.pk] = key[1]

    def load_kind(self, kind: Kind) -> None:
        rows = self.document.of(kind)
        portal = self.portal(kind, rows)
        self.codes[kind.place] = {row.pk: label(row) for row in portal.rows.values()}
        for row in rows:
            self.known[row.key] = self.load_row(row, portal)
        if kind is PLAN_YEAR:
            lock_periods(plan_year=self.head(kind.as_parent))
        loaded = {self.id_of(row.key) for row in rows}
        if kind is MILESTONE and not rows:
            return  # the strategy names none, and what a portal adds is not missing from it
        self.report.missing += [f"{kind.name} {label(row)}" for row in portal.rows.values() if row.pk not in loaded]

    def portal(self, kind: Kind, rows: list[Row]) -> Portal:
        if kind.scope:
            scope = {kind.scope: self.head(kind.scope.rpartition("__")[2])} | dict(kind.only)
        else:
            scope = {"code": rows[0].values["code"]} | {name: self.head(name) for name in kind.above}
        first = rows[0] if rows else None
        return Portal(kind, scope, one=first.one if first else (), columns=first.values if first else ())

    def load_row(self, row: Row, portal: Portal) -> Model | None:
        """The row as it stands afterwards; none if it, or one that encloses it, was removed."""
        if any(self.id_of(row.one[name]) is None for name in row.kind.above):
            return None
        wanted = self.wanted(row)
        identity = portal.identity_of(wanted)
        if found := portal.rows.get(identity):
            return self.update(row, found, self.changes(row, found, wanted, portal))
        if identity in portal.removed:
            self.report.kept.append(f"{row.name}: removed in the portal, still in the file")
            return None
        return self.create(row, wanted)

    def wanted(self, row: Row) -> dict[str, Any]:
        """What the file says, with the ids of the rows that it names."""
        one = {f"{name}_id": self.id_of(key) for name, key in row.one.items()}
        many = {name: frozenset(found for key in keys if (found := self.id_of(key))) for name, keys in row.many.items()}
        return row.values | one | many

    def id_of(self, key: Key | None) -> int | None:
        found = self.known[key] if key else None
        return found.pk if found else None

    def create(self, row: Row, wanted: dict[str, Any]) -> Model:
        starts_as = {name: wanted[other] for name, other in row.kind.starts_as.items()}
        made = row.kind.model(**{name: value for name, value in wanted.items() if name not in row.many}, **starts_as)
        self.save(row, made)
        if links := {name: wanted[name] for name in row.many if wanted[name]}:
            self.set_links(made, links)
            self.save(row, made)
        self.codes[row.kind.place][made.pk] = label(made)
        self.report.created[row.kind.place.replace("_", " ")] += 1
        return made

    def update(self, row: Row, found: Model, changes: dict[str, Any]) -> Model:
        if not changes:
            self.report.unchanged += 1
            return found
        for name in changes.keys() - row.many.keys():
            setattr(found, name, changes[name])
        self.set_links(found, {name: changes[name] for name in row.many if name in changes})
        self.save(row, found)
        self.report.updated.append(f"{row.name}: {', '.join(title(row, name) for name in changes)}")
        return found

    def changes(self, row: Row, found: Model, wanted: dict[str, Any], portal: Portal) -> dict[str, Any]:
        """What to write. Reports the fields that a person edited and of which the file says something else."""
        now, written, changes = portal.now(found), portal.written[found.pk], {}
        for name, value in wanted.items():
            if now[name] == plain(value):
                continue
            if name in written and written[name] == now[name] and not is_closed(found):
                changes[name] = value
            elif name.removesuffix("_id") in row.given or written.get(name, value) != value:
                sides = (self.shown(row, name, side) for side in (now[name], value))
                self.report.kept.append(f"{row.name} {difference(title(row, name), *sides)}")
        return changes

    def save(self, row: Row, instance: Any) -> None:
        """Signed, so that a later load can tell from the edit history what was ours."""
        instance._change_reason, instance._history_user = REASON, self.by
        try:
            with transaction.atomic():
                instance.save()
        except IntegrityError as error:
            raise Refused([f"{row.path}: {reason}" for reason in reasons(instance, error)]) from error

    def set_links(self, instance: Any, links: dict[str, frozenset[int]]) -> None:
        """Without a record of its own for each: the save that follows records them all."""
        instance.skip_history_when_saving = True
        for name, ids in links.items():
            getattr(instance, name).set(ids)
        del instance.skip_history_when_saving

    def shown(self, row: Row, name: str, value: Any) -> Any:
        """A value as people know it: rows by their codes."""
        field = name.removesuffix("_id")
        if field not in row.one and field not in row.many:
            return value
        place = row.kind.links.get(field) or next(key[0] for key in [row.one[field]] if key)
        codes = sorted(self.codes[place].get(pk, f"number {pk}") for pk in (value if name in row.many else [value]) if pk)
        return codes


def outside(rows: Iterable[Row]) -> tuple[dict[Key, Any], list[str]]:
    """The rows of the portal that a file names and does not hold, in one statement a table; and what cannot be found."""
    named: dict[Key, str] = {}
    for row in rows:
        for name, place in row.kind.links.items():
            if place in OUTSIDE:
                keys = row.many[name] if name in row.many else filter(None, [row.one[name]])
                named |= dict.fromkeys(keys, f"{row.path}.{name}")
    found: dict[Key, Any] = {}
    for place, (model, column) in OUTSIDE.items():
        codes = [key[1] for key in named if key[0] == place]
        rows_of = model._default_manager.filter(**{f"{column}__in": codes}) if codes else ()
        found |= {(place, getattr(row, column)): row for row in rows_of}
    lost = [f"{path}: the portal has no {noun(key[0])} '{key[1]}'." for key, path in named.items() if key not in found]
    return found, lost


def noun(place: str) -> str:
    return "person with the email" if place == "people" else str(OUTSIDE[place][0]._meta.verbose_name)


def title(row: Row, name: str) -> str:
    return str(row.kind.column(name.removesuffix("_id")).verbose_name)


def label(row: Any) -> str:
    return getattr(row, "code", None) or str(row)


def is_closed(row: Any) -> bool:
    return getattr(row, "closed_at", None) is not None


def reasons(instance: Any, error: IntegrityError) -> list[str]:
    """Why the database would not have the row, in sentences where the model has them."""
    try:
        instance.full_clean()
    except ValidationError as refused:
        return list(refused.messages)
    return [str(error)]
