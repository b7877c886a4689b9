"""All reading of deliverables, milestones and updates."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value

from deliverables.ratings import NOT_REPORTED
from priorities.models import PlanYear


def horizon(period: Any) -> date:
    """How far ahead a report looks: the end of the month that follows its period."""
    return (period.ends_on + timedelta(days=32)).replace(day=1) - timedelta(days=1)


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
        return self.select_related("period", "submitted_by").order_by("-period__starts_on", "-number")


class MilestoneQuerySet(QuerySet):
    def in_order(self):
        return self.order_by("baseline_on", "pk")

    def to_report(self, period):
        """What a report for the period may speak of: what is promised or forecast by the end of the following month and not done,
        and what was done since the period began, so that a slip of the hand can be put right."""
        near = Q(baseline_on__lte=horizon(period)) | Q(forecast_on__lte=horizon(period))
        return self.filter(Q(done_on=None) & near | Q(done_on__gte=period.starts_on)).annotate(moved=Count("moves")).in_order()


class DeliverableQuerySet(QuerySet):
    def of(self, plan_year: Any):
        return self.filter(plan_year=plan_year)

    def of_current_year(self):
        """Those of the plan year that holds today, else of the last one before it, found in the same statement."""
        return self.filter(plan_year=PlanYear.objects.current_id())

    def in_order(self):
        return self.order_by("priority__order", "order", "code")

    def reported_by(self, user: Any):
        """Those that the person reports on: led by an organisation she reports for, or assigned to her by name."""
        if not user.may("report_progress"):
            return self.none()
        assigned = self.model.managers.through.objects.filter(deliverable=OuterRef("pk"), user=user)
        return self.filter(Q(lead__in=user.organisation_ids_reported_for) | Exists(assigned))

    def with_frame(self):
        return self.select_related("priority", "lead").prefetch_related("principles")

    def with_updates_of(self, *periods: Any):
        """With `recent_updates`: the standing updates of these periods, in one query more."""
        from deliverables.models import StatusUpdate

        updates = StatusUpdate.objects.filter(period__in=periods).standing().select_related("submitted_by")
        return self.prefetch_related(Prefetch("updates", updates, to_attr="recent_updates"))

    def with_milestones(self):
        from deliverables.models import Milestone, MilestoneMove

        moves = Prefetch("moves", MilestoneMove.objects.select_related("moved_by").order_by("moved_at", "pk"))
        return self.prefetch_related(Prefetch("milestones", Milestone.objects.in_order().prefetch_related(moves)))

    def for_page(self):
        return self.select_related("plan_year__strategy", "priority", "lead").with_milestones()

    def search(self, words: str):
        """Every word in the code, the titles, the summary or the lead's name, in any order."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(
                Q(code__icontains=word)
                | Q(title__icontains=word)
                | Q(short_title__icontains=word)
                | Q(summary__icontains=word)
                | Q(lead__name__icontains=word)
                | Q(lead__short_name__icontains=word)
            )
        return found

    def rated(self, rating: str, period: Any):
        """By the standing update of a period; not reported means that there is none."""
        from deliverables.models import StatusUpdate

        updates = StatusUpdate.objects.filter(deliverable=OuterRef("pk"), period=period)
        known = self.alias(last_rating=Subquery(updates.order_by("-number").values("rating")[:1]))
        return known.filter(last_rating=None if rating == NOT_REPORTED else rating)

    def names_around(self, deliverable: Any) -> dict[str, list[str]]:
        """The names of what a deliverable is tied to, by kind, in one statement."""
        model = self.model
        parts = [
            through.objects.filter(deliverable=deliverable)
            .order_by()
            .values_list(Value(kind), f"{name}__{order}", f"{name}__name")
            for kind, through, name, order in (
                ("principles", model.principles.through, "principle", "order"),
                ("aims", model.aims.through, "aim", "order"),
                ("partners", model.partners.through, "organisation", "pk"),
                ("managers", model.managers.through, "user", "pk"),
            )
        ]
        found: dict[str, list[str]] = {}
        for kind, _, name in sorted(parts[0].union(*parts[1:], all=True)):
            found.setdefault(kind, []).append(name)
        return found
