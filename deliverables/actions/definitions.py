"""Who delivers a deliverable, by when, and how it is measured."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from deliverables.models import Deliverable
from people.models import Organisation, User
from priorities.actions import mark_changed


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
def stop_deliverable(*, by: User | None, deliverable: Deliverable, on: date, reason: str) -> Deliverable:
    """It is no longer part of the plan from that day on. What was reported of it stays; `reason` is for readers."""
    mark_changed(plan_year=deliverable.plan_year)
    stopped = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    stopped.stopped_on, stopped.stop_reason = on, reason
    stopped.full_clean()
    stopped._history_user = by
    stopped.save()
    return stopped


@transaction.atomic
def define_deliverable(*, by: User | None, deliverable: Deliverable, definition: Definition) -> Deliverable:
    """Gives the deliverable this definition in place of the one that it has. Its history keeps both."""
    mark_changed(plan_year=deliverable.plan_year)
    defined = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    for name in ("lead", "starts_on", "due_on", "measure", "maturity"):
        setattr(defined, name, getattr(definition, name))
    defined.full_clean()
    defined._history_user = by
    defined.save()
    defined.partners.set(definition.partners)
    defined.managers.set(definition.managers)
    return defined
