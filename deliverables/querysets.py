"""All reading of deliverables, milestones and updates."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value, When
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
        """With `decision` (agree, return or None), the group's last word on each."""
        from deliverables.models import Decision

        last = Decision.objects.filter(update=OuterRef("pk")).order_by("-pk")
        return self.annotate(decision=Subquery(last.values("kind")[:1]))

    def with_decision_reason(self):
        """With `decision` and `decision_reason`."""
        from deliverables.models import Decision

        last = Decision.objects.filter(update=OuterRef("pk")).order_by("-pk")
        return self.with_decision().annotate(decision_reason=Subquery(last.values("reason")[:1]))

    def newest_before(self, period: Any, deliverables: Any):
        """For each of these deliverables its newest standing update of an earlier month of the year, oldest first."""
        earlier = self.filter(deliverable__in=deliverables, period__plan_year=period.plan_year_id)
        return (
            earlier.filter(period__starts_on__lt=period.starts_on)
            .standing()
            .select_related("period")
            .order_by("period__starts_on")
        )

    def unchanged_on_track(self, period: Any):
        """Standing updates that need no talk: on track as last month, nothing flagged, no date moved, nothing decided yet."""
        from deliverables.models import MilestoneMove

        before = self.model.objects.filter(
            deliverable=OuterRef("deliverable"), period__ends_on=period.starts_on - timedelta(days=1), rating=ON_TRACK
        ).standing()
        moves = MilestoneMove.objects.filter(update=OuterRef("pk"))
        found = self.filter(period=period, rating=ON_TRACK, second_look={}).standing().with_decision()
        return found.filter(Exists(before), ~Exists(moves), decision=None).select_related("deliverable__plan_year", "period")

    def to_challenge(self, period: Any):
        """Standing updates on which the group has not said its word, those with a flag first, in the plan's order."""
        found = self.filter(period=period).standing().with_decision().filter(decision=None)
        unflagged = Case(When(second_look={}, then=Value(1)), default=Value(0))
        return found.annotate(unflagged=unflagged).order_by(
            "unflagged", "deliverable__priority__order", "deliverable__order", "deliverable__code"
        )

    def for_history(self):
        """Newest month first; within a month the standing update, then those it superseded."""
        return self.select_related("period", "submitted_by").order_by("-period__starts_on", "-number")


class DecisionQuerySet(QuerySet):
    def last_word(self, *, deliverable: Any, period: Any) -> tuple[int, str, str] | None:
        """The update's id, the kind and the reason of the newest decision about a deliverable's month; or None."""
        found = self.filter(update__deliverable=deliverable, update__period=period).order_by("-pk")
        return found.values_list("update_id", "kind", "reason").first()


class UpdateDraftQuerySet(QuerySet):
    def begun_for(self, period: Any, deliverables: Any) -> set[int]:
        """The ids of those on which somebody has begun to write. What is written is for its author alone."""
        return set(self.filter(period=period, deliverable__in=deliverables).values_list("deliverable", flat=True))


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

    def reported_by(self, user: Any):
        """That of the deliverables she reports on, removed or not."""
        return self.filter(Exists(self.of_hers(user)))

    def visible_to(self, user: Any):
        """Those who report on the deliverable see all that stands. Others who read the plan see it from the moment there is an
        update that it stands behind: one of the month in which it was added. When that month is closed, they see it for good."""
        from deliverables.models import StatusUpdate

        if not user.may("view_plan"):
            return self.none()
        reported = StatusUpdate.objects.filter(deliverable=OuterRef("deliverable"), period=OuterRef("period")).standing()
        shown = Q(period__closed_at__isnull=False) | Exists(reported)
        return self.standing().filter(shown | Exists(self.of_hers(user)) if user.may("report_progress") else shown)

    def of_hers(self, user: Any):
        from deliverables.models import Deliverable

        return Deliverable.objects.reported_by(user).filter(pk=OuterRef("deliverable"))

    def of(self, deliverable: Any):
        """All that stands behind one deliverable, newest month first, with what deliverables/evidence_list.html shows.
        For those who may see it all; others see what `visible_to` says."""
        found = self.standing().filter(deliverable=deliverable).select_related("period", "milestone", "added_by")
        return found.order_by("-period__starts_on", "-added_at", "-pk")

    def for_deliverable(self, deliverable: Any, user: Any):
        """What she may see behind one deliverable, newest month first, with all that deliverables/evidence_list.html shows."""
        found = self.visible_to(user).filter(deliverable=deliverable).select_related("period", "milestone", "added_by")
        return found.order_by("-period__starts_on", "-added_at", "-pk")


class DeliverableQuerySet(QuerySet):
    def of(self, plan_year: Any):
        return self.filter(plan_year=plan_year)

    def of_current_year(self):
        """Those of the plan year that holds today, else of the last one before it, found in the same statement."""
        return self.filter(plan_year=PlanYear.objects.current_id())

    def going(self, period: Any):
        """Those that were not stopped by the period's end: what is stopped has not to be reported, and holds up nobody."""
        return self.filter(Q(stopped_on=None) | Q(stopped_on__gt=period.ends_on))

    def in_order(self):
        return self.order_by("priority__order", "order", "code")

    def reported_by(self, user: Any):
        """Those that the person reports on: led by an organisation she reports for, or assigned to her by name."""
        if not user.may("report_progress"):
            return self.none()
        assigned = self.model.managers.through.objects.filter(deliverable=OuterRef("pk"), user=user)
        return self.filter(Q(lead__in=user.organisation_ids_reported_for) | Exists(assigned))

    def with_may_report(self, user: Any):
        """With `may_report`: whether the person reports on it."""
        hers = Exists(self.model.objects.reported_by(user).filter(pk=OuterRef("pk")))
        return self.annotate(may_report=hers if user.may("report_progress") else Value(False))

    def with_frame(self):
        return self.select_related("priority", "lead").prefetch_related("principles")

    def with_updates_of(self, *periods: Any, decided: bool = False, reasons: bool = False, authors: bool = True):
        """With `recent_updates`: the standing updates of these periods, in one query more; on request with the group's word."""
        from deliverables.models import StatusUpdate

        updates = StatusUpdate.objects.filter(period__in=periods).standing()
        if authors:
            updates = updates.select_related("submitted_by")
        if decided or reasons:
            updates = updates.with_decision_reason() if reasons else updates.with_decision()
        return self.prefetch_related(Prefetch("updates", updates, to_attr="recent_updates"))

    def with_milestones(self):
        from deliverables.models import Milestone, MilestoneMove

        moves = Prefetch("moves", MilestoneMove.objects.select_related("moved_by").order_by("moved_at", "pk"))
        milestones = Milestone.objects.in_plan().with_moves().in_order().prefetch_related(moves)
        return self.prefetch_related(Prefetch("milestones", milestones))

    def unreported(self, period: Any):
        """Those without a standing update for the period."""
        from deliverables.models import StatusUpdate

        standing = StatusUpdate.objects.filter(deliverable=OuterRef("pk"), period=period).standing()
        return self.filter(~Exists(standing))

    def with_number_in(self, period: Any):
        """With `number_in`: the number of the newest row about it in a period, 0 if there is none."""
        from deliverables.models import StatusUpdate

        rows = StatusUpdate.objects.filter(deliverable=OuterRef("pk"), period=period).order_by("-number")
        return self.annotate(number_in=Coalesce(Subquery(rows.values("number")[:1]), 0))

    def with_evidence(self):
        """With `has_evidence`: whether a link or a file stands behind it."""
        from deliverables.models import Evidence

        return self.annotate(has_evidence=Exists(Evidence.objects.standing().filter(deliverable=OuterRef("pk"))))

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
