"""All reading of deliverables, milestones and updates."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet


class StatusUpdateQuerySet(QuerySet):
    def standing(self):
        """The last submission for each deliverable and period. Numbers run from one without a gap, so it has no next."""
        following = self.model.objects.filter(
            period=OuterRef("period"), deliverable=OuterRef("deliverable"), number=OuterRef("number") + 1
        )
        return self.filter(~Exists(following))

    def last_word(self, *, deliverable: Any, period: Any):
        """The standing update of one deliverable and period, or None."""
        return self.filter(deliverable=deliverable, period=period).order_by("-number").first()

    def for_history(self):
        """Newest month first; within a month the standing update, then those it superseded."""
        return self.select_related("period", "submitted_by").prefetch_related("moves__milestone").order_by(
            "-period__starts_on", "-number"
        )


class MilestoneQuerySet(QuerySet):
    def in_order(self):
        return self.order_by("baseline_on", "pk")

    def due_by(self, day):
        return self.filter(baseline_on__lte=day)

    def to_report(self, period):
        """What a report for the period has to speak of: not done, and forecast or promised within the following month."""
        horizon = period.ends_on + timedelta(days=31)
        return self.filter(done_on=None).filter(Q(baseline_on__lte=horizon) | Q(forecast_on__lte=horizon)).in_order()


class DeliverableQuerySet(QuerySet):
    def of(self, plan_year: Any):
        return self.filter(plan_year=plan_year)

    def in_order(self):
        return self.order_by("priority__order", "order", "code")

    def reported_by(self, user: Any):
        """Those that the person reports on: led by an organisation she reports for, or assigned to her by name."""
        if not user.may("report_progress"):
            return self.none()
        assigned = self.model.managers.through.objects.filter(deliverable=OuterRef("pk"), user=user)
        return self.filter(Q(lead__in=user.organisation_ids_reported_for) | Exists(assigned))

    def with_frame(self):
        return self.select_related("plan_year__strategy", "priority", "lead").prefetch_related("principles")

    def with_updates_of(self, *periods: Any):
        """With `recent_updates`: the standing updates of these periods, in one query more."""
        from deliverables.models import StatusUpdate

        updates = StatusUpdate.objects.filter(period__in=periods).standing().select_related("submitted_by", "period")
        return self.prefetch_related(Prefetch("updates", updates.order_by("-period__starts_on"), to_attr="recent_updates"))

    def for_page(self):
        from deliverables.models import Milestone

        return self.with_frame().prefetch_related(
            "aims", "commitments", "partners", "managers", Prefetch("milestones", Milestone.objects.in_order().prefetch_related("moves"))
        )
