"""All reading of deliverables."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from deliverables.querysets.expressions import HasRow, LastRating
from deliverables.ratings import NOT_REPORTED, TAKEN_BACK
from priorities.models import PlanYear


class DeliverableQuerySet(QuerySet):
    def of(self, plan_year: Any):
        return self.filter(plan_year=plan_year)

    def of_current_year(self):
        """Those of the plan year that holds today, else of the last one before it, found in the same statement."""
        return self.filter(plan_year=PlanYear.objects.current_id())

    def in_year(self, code: str):
        """Those of the plan year that an address names, such as 2025-26; of the current year where it names none."""
        return self.filter(plan_year__code=code) if code else self.of_current_year()

    def going(self, period: Any):
        """Those that were not stopped by the period's end: what is stopped has not to be reported, and holds up nobody."""
        return self.filter(Q(stopped_on=None) | Q(stopped_on__gt=period.ends_on))

    def in_order(self):
        return self.order_by("priority__order", "order", "code")

    def reported_by(self, user: Any):
        """Those that the person reports on: led by an organisation she reports for, or assigned to her by name."""
        if not user.may("report_progress"):
            return self.none()
        assigned = HasRow(self.model.managers.through, deliverable="pk", user=Value(user.pk))
        return self.filter(Q(lead__in=user.organisation_ids_reported_for) | Q(assigned))

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

    def with_rating_before(self, period: Any | None):
        """With `rating_before`: that of its last row of the period before, if there is one, where no more of it is shown."""
        return self.annotate(rating_before=LastRating(period) if period else Value(None, CharField()))

    def with_milestones(self):
        from deliverables.models import Milestone, MilestoneMove

        moves = Prefetch("moves", MilestoneMove.objects.select_related("moved_by").order_by("moved_at", "pk"))
        milestones = Milestone.objects.in_plan().with_moves().in_order().prefetch_related(moves)
        return self.prefetch_related(Prefetch("milestones", milestones))

    def unreported(self, period: Any):
        """Those without a standing update for the period."""
        return self.rated(NOT_REPORTED, period)

    def with_number_in(self, period: Any):
        """With `number_in`: the number of the newest row about it in a period, 0 if there is none."""
        from deliverables.models import StatusUpdate

        rows = StatusUpdate.objects.filter(deliverable=OuterRef("pk"), period=period).order_by("-number")
        return self.annotate(number_in=Coalesce(Subquery(rows.values("number")[:1]), 0))

    def with_evidence(self):
        """With `has_evidence`: whether a link or a file stands behind it."""
        from deliverables.models import Evidence

        return self.annotate(has_evidence=HasRow(Evidence, deliverable="pk", removed_at=None))

    def for_page(self):
        return self.select_related("priority", "lead", "plan_year").with_milestones()

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
        return self.filter(Exact(LastRating(period), TAKEN_BACK if rating == NOT_REPORTED else rating))

    def names_around(self, deliverable: Any) -> dict[str, list[str]]:
        """The names of what a deliverable is tied to, by kind, in one statement; and its lineage (deliverables.lineage)."""
        from deliverables.models import DeliverableSuccession

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
        parts.append(DeliverableSuccession.objects.around(deliverable))
        found: dict[str, list[str]] = {}
        for kind, _, name in sorted(parts[0].union(*parts[1:], all=True)):
            found.setdefault(kind, []).append(name)
        return found
