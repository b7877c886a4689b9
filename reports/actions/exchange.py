"""A plan year from a file, after an administrator has looked at what it changes."""

from typing import Any

from django.db import IntegrityError, transaction

from deliverables.actions.milestones import edit
from deliverables.spreadsheet.opening import Refused
from people.models import User
from priorities.actions import lock_periods, mark_changed
from priorities.models import PlanYear
from reports.exchange.difference import Altered, file_order, parent_of
from reports.exchange.portal import EXCHANGED
from reports.exchange.preview import Preview, Upload, heads_of
from reports.exchange.read_workbook import in_cells
from reports.loading.document import Key, Row
from reports.loading.history import links_of
from reports.loading.kinds import MILESTONE, PLAN_YEAR
from reports.loading.loader import reasons

REASON = "Imported from a file"


class PlanChanged(Exception):
    """Somebody has edited the plan since the preview was made, so nothing was imported. `preview` is what holds now."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("The plan has changed since you looked at this. Nothing was imported. Look at it again.")
        self.preview = preview


@transaction.atomic
def import_plan_year(*, by: User, upload: Upload, seal: str) -> Preview:
    """Sets the fields that the file has to what it says, and adds its new rows: all of it or nothing. Deletes nothing.

    Unlike load_strategy it takes no heed of who wrote a field last: an administrator has seen each change before it is made.
    `seal` is that of the plan which she saw beside the file. Raises PlanChanged and Refused.
    """
    _, year = heads_of(upload.document)
    if year is not None:
        lock_periods(plan_year=year)
    preview = Preview(upload, lock=True)
    if preview.problems:
        raise Refused(*preview.problems)
    if preview.differences.any and preview.portal.seal != seal:
        raise PlanChanged(preview)
    if preview.differences.any:
        Writer(by, preview).write()
        owe_roll_ups(preview)
    return preview


def owe_roll_ups(preview: Preview) -> None:
    """Of every year of the strategy: its aims, principles and bodies are shared by them."""
    strategy = preview.document.of(PLAN_YEAR)[0].one["strategy"]
    for year in PlanYear.objects.filter(strategy__code=strategy[1] if strategy else "").order_by("pk"):
        mark_changed(plan_year=year)


class Writer:
    """Writes what a preview shows, row by row, each with one record in its history."""

    def __init__(self, by: User, preview: Preview) -> None:
        self.by, self.preview, self.differences = by, preview, preview.differences
        self.models: dict[Key, Any] = preview.portal.models | preview.outside
        self.orders = self.new_orders()

    def write(self) -> None:
        for kind in EXCHANGED:
            for row in self.differences.added:
                if row.kind is kind:
                    self.create(row)
            for altered in self.differences.changed:
                if altered.row.kind is kind:
                    self.update(altered)
        for key, order in self.orders.items():
            if self.models[key].order != order:
                self.models[key].order = order
                self.save(self.models[key], key[1])

    def new_orders(self) -> dict[Key, int]:
        """Of each row in a list whose order changes, and of what is new in a list, which goes to its end."""
        found = {
            (one.kind.place, code): place for one in self.differences.reordered for place, code in enumerate(one.after, start=1)
        }
        moved = {altered.row.key for altered in self.differences.changed if {"theme", "priority"} & set(altered.fields)}
        new = {row.key for row in self.differences.added} | moved
        for kind in (kind for kind in EXCHANGED if kind.is_ordered):
            last: dict[Key, int] = {}
            for row in self.preview.portal.document.of(kind):
                last[parent_of(row)] = max(last.get(parent_of(row), 0), self.models[row.key].order)
            for parent, codes in file_order(kind, self.preview.document).items():
                for key in ((kind.place, code) for code in codes):
                    if key in new and key not in found:
                        last[parent] = found[key] = last.get(parent, 0) + 1
        return found

    def create(self, row: Row) -> None:
        values = {name: value for name, value in row.values.items() if name != "order"}
        values |= {name: self.models[key] for name, key in row.one.items() if key}
        values |= {name: values[other] for name, other in row.kind.starts_as.items()}
        if row.key in self.orders:
            values["order"] = self.orders[row.key]
        made = row.kind.model(**values)
        self.models[row.key] = made
        self.save(made, row.path)
        if links := {name: keys for name, keys in row.many.items() if keys}:
            self.set_links(made, links)
            self.save(made, row.path)

    def update(self, altered: Altered) -> None:
        row, found = altered.row, self.models[altered.row.key]
        if row.kind is MILESTONE:
            found._change_reason = REASON
            edit(by=self.by, milestone=found, title=found.title, baseline_on=row.values["baseline_on"])
            return
        for name in altered.fields:
            if name in row.values:
                setattr(found, name, row.values[name])
            elif name in row.one:
                key = row.one[name]
                setattr(found, name, self.models[key] if key else None)
        if row.key in self.orders:
            found.order = self.orders[row.key]
        self.set_links(found, {name: row.many[name] for name in altered.fields if name in row.many})
        self.save(found, row.path)

    def save(self, model: Any, path: str) -> None:
        model._change_reason, model._history_user = REASON, self.by
        try:
            with transaction.atomic():
                model.save()
        except IntegrityError as error:
            places = self.preview.upload.places
            raise Refused(*(in_cells(f"{path}: {reason}", places) for reason in reasons(model, error))) from error

    def set_links(self, model: Any, links: dict[str, Any]) -> None:
        """Without a record of its own for each; what belongs to another plan year stays linked."""
        model.skip_history_when_saving = True
        for name, keys in links.items():
            elsewhere = self.elsewhere(model, name) if name == "commitments" else ()
            getattr(model, name).set([*(self.models[key].pk for key in keys), *elsewhere])
        del model.skip_history_when_saving

    def elsewhere(self, model: Any, name: str) -> frozenset[int]:
        here = {one.pk for key, one in self.models.items() if key[0] == name}
        return links_of(type(model), name, [model.pk])[model.pk] - here
