"""All reading of deliverables, milestones and updates."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from deliverables.ratings import NOT_REPORTED, ON_TRACK, TAKEN_BACK
from priorities.models import PlanYear


def horizon(period: Any) -> date:
    """How far ahead a report looks: the end of the month that follows its period."""
    return (period.ends_on + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class StatusUpdateQuerySet(QuerySet):
    def standing(self):
        """What counts for each deliverable and period: the last submission, unless that took it back.
        Numbers run from one without a gap, so the last has no next."""
        following = self.model.objects.filter(
            period=OuterRef("period"), deliverable=OuterRef("deliverable"), number=OuterRef("number") + 1
        )
        return self.filter(~Exists(following)).exclude(rating=TAKEN_BACK)

    def last_word(self, *, deliverable: Any, period: Any):
        """The newest row of one deliverable and period, which may be that it was taken back; or None."""
        return self.filter(deliverable=deliverable, period=period).order_by("-number").first()

    def with_decision(self):
        """With `decision` (agree, return or None): the group's last word on each."""
        from deliverables.models import Decision

        last = Decision.objects.filter(update=OuterRef("pk")).order_by("-pk").values("kind")[:1]
        return self.annotate(decision=Subquery(last))

    def unchanged_on_track(self, period: Any):
        """Standing updates that need no talk: on track as last month, nothing flagged, no date moved, nothing decided yet."""
        from deliverables.models import MilestoneMove

        before = self.model.objects.filter(
            deliverable=OuterRef("deliverable"), period__ends_on=period.starts_on - timedelta(days=1), rating=ON_TRACK
        ).standing()
        moves = MilestoneMove.objects.filter(update=OuterRef("pk"))
        found = self.filter(period=period, rating=ON_TRACK, second_look={}).standing().with_decision()
        return found.filter(Exists(before), ~Exists(moves), decision=None).select_related("deliverable__plan_year", "period")

    def for_history(self):
        """Newest month first; within a month the standing update, then those it superseded."""
        return self.select_related("period", "submitted_by").order_by("-period__starts_on", "-number")


class MilestoneQuerySet(QuerySet):
    def in_order(self):
        return self.order_by("baseline_on", "pk")

    def in_plan(self, on: date | None = None):
        """Those that are part of the plan, or were on a day."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on) if on else Q(ended_on=None))

    def with_moves(self):
        """With `moved`, how often the forecast has moved."""
        return self.annotate(moved=Coalesce(Sum("moves__counts"), 0))

    def to_report(self, period):
        """What a report for the period may speak of: what is promised or forecast by the end of the following month and not done,
        and what was done since the period began, so that a slip of the hand can be put right."""
        near = Q(baseline_on__lte=horizon(period)) | Q(forecast_on__lte=horizon(period))
        found = self.in_plan().filter(Q(done_on=None) & near | Q(done_on__gte=period.starts_on))
        return found.with_moves().in_order()


class MilestoneChangeQuerySet(QuerySet):
    def waiting(self):
        """Asked and not decided, oldest first."""
        return self.filter(agreed=None).order_by("asked_at", "pk")


class EvidenceQuerySet(QuerySet):
    def standing(self):
        return self.filter(removed_at=None)


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
        milestones = Milestone.objects.in_plan().with_moves().in_order().prefetch_related(moves)
        return self.prefetch_related(Prefetch("milestones", milestones))

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
        last = Subquery(updates.order_by("-number").values("rating")[:1])
        if rating == NOT_REPORTED:
            return self.alias(last_rating=Coalesce(last, Value(TAKEN_BACK))).filter(last_rating=TAKEN_BACK)
        return self.alias(last_rating=last).filter(last_rating=rating)

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
