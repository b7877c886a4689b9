"""Whom a deliverable reaches. Reports do not say it, so that no roll-up is owed again."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from deliverables.models import Deliverable
from people.models import User
from strategy_portal.editing import lock_as_seen, seen_of


@dataclass(frozen=True)
class Reach:
    """The groups and clinical areas by their ids, and in words who benefits and who might be missed."""

    groups: frozenset[int]
    benefits: str
    missed: str

    @classmethod
    def of(cls, row: Any) -> "Reach":
        """As a deliverable says it, or as one entry of its history does."""
        links = row.reach.values_list("reachgroup" if hasattr(row, "history_id") else "pk", flat=True)
        return cls(frozenset(links), row.benefits, row.missed)


@transaction.atomic
def name_reach(*, by: User, deliverable: Deliverable, reach: Reach, seen: int) -> Deliverable:
    """One edit of the deliverable; none where nothing differs, as when a form is sent twice.

    Raises editing.Overtaken if somebody has said otherwise whom it reaches since `seen`; other edits are in nobody's way.
    """
    named = Deliverable.objects.select_for_update(of=("self",)).get(pk=deliverable.pk)
    stands = Reach.of(named)
    if stands == reach:
        return named
    if seen_of(named) != seen and reach_at(named, seen) != stands:
        named = lock_as_seen(named, seen=seen)
    named.benefits, named.missed = reach.benefits, reach.missed
    named.skip_history_when_saving = True
    named.reach.set(reach.groups)
    del named.skip_history_when_saving
    named._history_user = by
    named.save(update_fields=["benefits", "missed"])
    return named


def reach_at(deliverable: Any, seen: int) -> Reach | None:
    """As the edit with this number left it."""
    then = deliverable.history.filter(history_id=seen).first()
    return Reach.of(then) if then else None
