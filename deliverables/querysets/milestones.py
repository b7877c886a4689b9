"""All reading of milestones and evidence."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from deliverables.querysets.expressions import TimesMoved
from strategy_portal.prepared import prepared


def horizon(period: Any) -> date:
    """How far ahead a report looks: the end of the month that follows its period."""
    return (period.ends_on + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class MilestoneQuerySet(QuerySet):
    def in_order(self):
        return self.order_by("baseline_on", "pk")

    def in_plan(self, on: date | None = None):
        """Those that are part of the plan, or were on a day."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on) if on else Q(ended_on=None))

    def with_moves(self):
        """With `moved`, how often the forecast has moved."""
        return self.annotate(moved=TimesMoved("pk"))

    def to_report(self, period):
        """What a report for the period may speak of: what is promised or forecast by the end of the following month and not done,
        and what was done since the period began, so that a slip of the hand can be put right."""
        return self.due_by(horizon(period), period.starts_on)

    def due_by(self, end: date, since: date):
        near = Q(baseline_on__lte=end) | Q(forecast_on__lte=end)
        return self.in_plan().filter(Q(done_on=None) & near | Q(done_on__gte=since)).with_moves().in_order()

    def to_report_of(self, deliverables: list[int], period: Any):
        """The same of these deliverables."""
        return self.prepared_to_report(deliverables, horizon(period), period.starts_on)

    @prepared
    def prepared_to_report(self, deliverables: list[int], end: date, since: date):
        return self.filter(deliverable__in=deliverables).due_by(end, since)

    def with_all_moves(self, deliverable: int):
        """Those of one deliverable that are part of the plan, with `moved`, and with `all_moves`, the oldest first."""
        from deliverables.models import MilestoneMove

        found = {milestone.pk: milestone for milestone in self.planned_for(deliverable)}
        for milestone in found.values():
            milestone.all_moves = []
        for move in MilestoneMove.objects.of(deliverable):
            if move.milestone_id in found:
                found[move.milestone_id].all_moves.append(move)
        return list(found.values())

    @prepared
    def planned_for(self, deliverable: int):
        return self.in_plan().filter(deliverable=deliverable).with_moves().in_order()


class MilestoneMoveQuerySet(QuerySet):
    @prepared
    def of(self, deliverable: int):
        """Those of one deliverable's milestones, with `author`, the oldest first."""
        moves = self.filter(milestone__deliverable=deliverable).annotate(author=F("moved_by__name"))
        return moves.order_by("moved_at", "pk")


class MilestoneChangeQuerySet(QuerySet):
    def waiting(self):
        """Asked and not decided, oldest first."""
        return self.filter(agreed=None).order_by("asked_at", "pk")


class EvidenceQuerySet(QuerySet):
    def standing(self):
        return self.filter(removed_at=None)

    def reported_by(self, user: Any):
        """That of the deliverables she reports on, removed or not."""
        return self.filter(Exists(self.of_hers(user)))

    def visible_to(self, user: Any):
        """Those who report on the deliverable see all that stands. The group sees it from the moment there is an update that it
        stands behind: one of the month in which it was added. Others who read the plan see it when that month is closed."""
        from deliverables.models import StatusUpdate

        if not user.may("view_plan"):
            return self.none()
        shown = Q(period__closed_at__isnull=False)
        if user.may("view_group"):
            reported = StatusUpdate.objects.filter(deliverable=OuterRef("deliverable"), period=OuterRef("period"))
            shown |= Exists(reported.standing())
        return self.standing().filter(shown | Exists(self.of_hers(user)) if user.may("report_progress") else shown)

    def of_hers(self, user: Any):
        from deliverables.models import Deliverable

        return Deliverable.objects.reported_by(user).filter(pk=OuterRef("deliverable"))

    @prepared
    def of(self, deliverable: int):
        """All that stands behind one deliverable, newest month first, with what deliverables/evidence_list.html shows.
        For those who may see it all; others see what `visible_to` says."""
        found = self.standing().filter(deliverable=deliverable).select_related("period", "milestone", "added_by")
        return found.order_by("-period__starts_on", "-added_at", "-pk")

    def for_deliverable(self, deliverable: Any, user: Any):
        """What she may see behind one deliverable, newest month first, with all that deliverables/evidence_list.html shows."""
        found = self.visible_to(user).filter(deliverable=deliverable).select_related("period", "milestone", "added_by")
        return found.order_by("-period__starts_on", "-added_at", "-pk")
