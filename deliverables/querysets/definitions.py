"""All reading of changes of definitions."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from deliverables.definition import Agreed, Wording, otherwise
from strategy_portal import clock


class DefinitionChangeQuerySet(QuerySet):
    def waiting(self):
        """Asked and not decided, oldest first."""
        return self.filter(agreed=None).order_by("asked_at", "pk")

    def agreed(self):
        """In the order of the months from which they take effect, which is that of their numbers."""
        return self.filter(agreed=True).order_by("pk")

    def to_come(self):
        """Agreed, and not in the row of their deliverable yet."""
        return self.agreed().filter(is_in_force=False)

    def due(self, on: date | None = None):
        """Those whose month has begun."""
        return self.to_come().filter(takes_effect__starts_on__lte=on or clock.today())

    def otherwise_on(self, day: date) -> dict[int, Wording]:
        """By deliverable: what the wording in force on a day says otherwise than the row does now. One statement."""
        undone = Q(is_in_force=True, takes_effect__starts_on__gt=day)
        not_done = Q(is_in_force=False, takes_effect__starts_on__lte=day)
        rows = self.agreed().filter(undone | not_done)
        found: dict[int, list[Agreed]] = defaultdict(list)
        for pk, asked, was, starts_on, done in rows.values_list(
            "deliverable_id", "asked", "was", "takes_effect__starts_on", "is_in_force"
        ):
            found[pk].append(Agreed(asked, was, starts_on <= day, done))
        return {pk: otherwise(changes) for pk, changes in found.items()}

    def for_group(self):
        """Those that wait, oldest first, with what the group reads of each."""
        return self.waiting().select_related("deliverable__plan_year", "takes_effect", "asked_by")

    def beside(self, changes: Any):
        """What is agreed and to come of the same deliverables."""
        return self.to_come().filter(deliverable__in=[change.deliverable_id for change in changes])

    def on_their_way(self):
        """Those that wait for the group, and those that are agreed and not in the row yet; with their months."""
        return self.filter(is_in_force=False).exclude(agreed=False).select_related("takes_effect").order_by("pk")

    def for_deliverable(self, deliverable: Any):
        """Those of one, newest first, with the people."""
        found = self.filter(deliverable=deliverable).select_related("takes_effect", "asked_by", "decided_by")
        return found.order_by("-pk")
