"""What someone manages goes to somebody else: in one step, and the history keeps both."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Value

from deliverables.models import Deliverable
from people.models import User
from priorities.plan.actions import lock_every_year
from strategy_portal import clock
from strategy_portal.editing import Refused


@transaction.atomic
def hand_over(*, by: User, leaver: User, successor: int, deliverables: Iterable[int]) -> tuple[User, list[Deliverable]]:
    """Of these deliverables, by id, those that the leaver still manages have the successor in her place.

    Returns the successor and what moved. As many statements for one as for a hundred. A second time moves nothing more.
    """
    lock_every_year()
    to = User.objects.able_to("report_progress").filter(pk=successor).exclude(pk=leaver.pk).first()
    if to is None:
        raise Refused("Choose somebody who can report progress", field="successor")
    hers = Deliverable.objects.not_over().filter(pk__in=list(deliverables), managers=leaver)
    moving = list(hers.select_for_update(of=("self",)).order_by("pk"))
    if moving:
        places = Deliverable.managers.through.objects.filter(deliverable__in=moving)
        there = places.filter(user=to).values("deliverable")
        places.filter(user=leaver).exclude(deliverable__in=there).update(user=to)
        places.filter(user=leaver).delete()
        keep_history(moving, by=by, reason=f"Handed over by {leaver.name} to {to.name}"[:100])
    return to, moving


def keep_history(rows: list[Deliverable], *, by: User, reason: str) -> None:
    """An edit of each with all that it is tied to, as simple-history writes it one row at a time."""
    history: Any = Deliverable.history
    dated = {"default_user": by, "default_change_reason": reason, "default_date": clock.now()}
    records = history.bulk_history_create(rows, update=True, **dated)
    by_row = {record.id: record.pk for record in records}
    fields = {field.name: field for field in history.model._history_m2m_fields}
    tied_to: dict[str, list[Any]] = {name: [] for name in fields}
    ties = [ties_of(field, rows) for field in fields.values()]
    for name, link, row, end in ties[0].union(*ties[1:], all=True):
        tied, field = getattr(history.model, name).model, fields[name]
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        tied_to[name].append(tied(history_id=by_row[row], id=link, **{f"{own}_id": row, f"{other}_id": end}))
    for name, found in tied_to.items():
        getattr(history.model, name).model.objects.bulk_create(found)


def ties_of(field: Any, rows: list[Deliverable]) -> QuerySet:
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    through = field.remote_field.through.objects.filter(**{f"{own}__in": rows})
    return through.order_by().values_list(Value(field.name), "pk", own, other)
