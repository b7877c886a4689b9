"""What is set of a deliverable when it is set up, and how every edit of one is stored: as one record of its history."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from deliverables.models import Deliverable
from people.models import Organisation, User
from priorities.actions import mark_changed
from strategy_portal import clock


@dataclass(frozen=True)
class Definition:
    """Who delivers a deliverable, by when, and how it is measured. None and "" mean not set."""

    lead: Organisation | None
    partners: tuple[Organisation, ...]
    managers: tuple[User, ...]
    starts_on: date | None
    due_on: date | None
    measure: str
    maturity: str


@transaction.atomic
def define_deliverable(*, by: User | None, deliverable: Deliverable, definition: Definition) -> Deliverable:
    """Gives the deliverable this definition in place of the one that it has. Its history keeps both."""
    mark_changed(plan_year=deliverable.plan_year)
    defined = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    for name in ("lead", "starts_on", "due_on", "measure", "maturity"):
        setattr(defined, name, getattr(definition, name))
    links = {"partners": definition.partners, "managers": definition.managers}
    set_links(defined, {name: {row.pk for row in rows} for name, rows in links.items()})
    return store_deliverable(defined, by=by)


def store_deliverable(deliverable: Deliverable, *, by: User | None, reason: str = "") -> Deliverable:
    """Its history gets one record, at the portal's moment. For whoever holds the lock of the year's periods."""
    deliverable.full_clean()
    deliverable._history_user, deliverable._history_date = by, clock.now()
    deliverable._change_reason = reason or None
    deliverable.save()
    return deliverable


def set_links(deliverable: Deliverable, links: Mapping[str, Collection[int]]) -> None:
    """Straight in the table of links, so that the record of the history which follows is the only one."""
    for name, wanted in links.items():
        field = Deliverable._meta.get_field(name)
        through, theirs = field.remote_field.through, f"{field.m2m_reverse_field_name()}_id"
        rows = through.objects.filter(deliverable=deliverable)
        there = set(rows.values_list(theirs, flat=True))
        rows.filter(**{f"{theirs}__in": there - set(wanted)}).delete()
        through.objects.bulk_create(through(deliverable=deliverable, **{theirs: pk}) for pk in sorted(set(wanted) - there))
