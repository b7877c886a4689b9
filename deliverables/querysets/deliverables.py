"""All reading of deliverables."""

from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.db.models.lookups import Exact

from deliverables.definition import FIELDS
from deliverables.maturity import AGREED, BASELINED, DRAFTED, EXPECTED, wrote
from deliverables.querysets.expressions import HasRow, LastRating
from deliverables.ratings import NOT_REPORTED, TAKEN_BACK
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal import clock

LINKS = ("principles", "aims", "commitments", "partners", "managers")


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

    def with_readiness(self):
        """With what deliverables.maturity.facts_of needs beside the row: its milestones, and whether anybody can report on it."""
        from deliverables.models import Milestone
        from people.models import Membership

        steps = Milestone.objects.filter(deliverable=OuterRef("pk")).in_plan().order_by().values("deliverable")
        number = steps.annotate(n=Count("pk")).values("n")
        late = steps.filter(baseline_on__gt=OuterRef("due_on")).annotate(n=Count("pk")).values("n")
        reporting = Membership.objects.giving("report_progress").order_by()
        named = self.model.managers.through.objects.filter(deliverable=OuterRef("pk"), user__in=reporting.values("user"))
        return self.annotate(
            step_count=Coalesce(Subquery(number), 0),
            late_step_count=Coalesce(Subquery(late), 0),
            has_reporters=Exists(named) | Exists(reporting.filter(organisation=OuterRef("lead"))),
        )

    def tied_to(self, deliverable: Any) -> dict[str, set[int]]:
        """The numbers of what a deliverable is tied to, by kind, in one statement."""
        fields = [self.model._meta.get_field(name) for name in LINKS]
        parts = [
            field.remote_field.through.objects.filter(deliverable=deliverable)
            .order_by()
            .values_list(Value(field.name), f"{field.m2m_reverse_field_name()}_id")
            for field in fields
        ]
        found: dict[str, set[int]] = {name: set() for name in LINKS}
        for kind, number in parts[0].union(*parts[1:], all=True):
            found[kind].add(number)
        return found

    def wrote_definitions(self, numbers: Any) -> dict[int, set[int]]:
        """By deliverable: who has worded its definition or sent it to the group, from their history in one statement."""
        columns = ["lead_id" if name == "lead" else name for name in FIELDS]
        rows = self.model.history.filter(id__in=numbers).order_by("history_id")
        found: dict[int, list[tuple[Any, ...]]] = {number: [] for number in numbers}
        for number, *record in rows.values_list("id", "history_user", "maturity", *columns):
            found[number].append(tuple(record))
        return {number: wrote(records) for number, records in found.items()}

    def with_seen(self):
        """With `seen`: the number of its newest edit, as strategy_portal.editing.seen_of says it."""
        edits = self.model.history.filter(id=OuterRef("pk")).order_by("-history_id").values("history_id")
        return self.annotate(seen=Coalesce(Subquery(edits[:1]), 0))

    def with_is_reported(self):
        """With `is_reported`: whether anything was said of it, or a report issued since it is there, which names it."""
        from deliverables.models import DefinitionChange, DefinitionReturn, Evidence, MilestoneChange, MilestoneMove, StatusUpdate

        first = self.model.history.filter(id=OuterRef(OuterRef("pk"))).order_by("history_id").values("history_date")
        issued = ReportingPeriod.objects.filter(plan_year=OuterRef("plan_year"), closed_at__gte=Subquery(first[:1]))
        found = Exists(issued) | Exists(MilestoneMove.objects.filter(milestone__deliverable=OuterRef("pk")))
        for model in (StatusUpdate, Evidence, MilestoneChange, DefinitionChange, DefinitionReturn):
            found |= Exists(model.objects.filter(deliverable=OuterRef("pk")))
        return self.annotate(is_reported=found)

    def with_definition(self):
        """With `matured_at`, when it reached the maturity that it has, `version`, how many wordings were ever in force, and
        `changes`, whether any is on its way."""
        from deliverables.models import DefinitionChange

        edits = self.model.history.filter(id=OuterRef("pk"))
        others = self.model.history.filter(id=OuterRef("id")).exclude(maturity=OuterRef("maturity")).order_by("-history_id")
        last_other = Coalesce(Subquery(others.values("history_id")[:1]), 0)
        since = edits.filter(maturity=OuterRef("maturity"), history_id__gt=last_other).order_by("history_id")
        changes = DefinitionChange.objects.filter(
            deliverable=OuterRef("pk"), agreed=True, takes_effect__starts_on__lte=clock.today()
        )
        number = changes.order_by().values("deliverable").annotate(n=Count("pk")).values("n")
        return self.annotate(
            matured_at=Subquery(since.values("history_date")[:1]),
            version=Coalesce(Subquery(number), 0) + Value(1),
            changes=Exists(DefinitionChange.objects.on_their_way().filter(deliverable=OuterRef("pk"))),
        )

    def for_definition(self, user: Any):
        """One, with all that its definition's page asks."""
        found = self.select_related("plan_year", "priority", "lead").with_may_report(user).with_readiness()
        return found.with_seen().with_definition()

    def immature(self):
        """Those that are part of the plan and not baselined: first what waits for the group, then what waits for its managers."""
        rank = Case(*(When(maturity=code, then=place) for place, code in enumerate((DRAFTED, AGREED, EXPECTED))), default=9)
        found = self.filter(stopped_on=None).exclude(maturity=BASELINED).select_related("priority", "lead")
        return found.with_readiness().with_seen().annotate(rank=rank).order_by("rank", "priority__order", "order", "code")

    def for_plan(self):
        """In the plan's order, each with its place in its priority and how many that holds."""
        of_priority = {"partition_by": F("priority")}
        placed = Window(RowNumber(), order_by=[F("order"), F("code")], **of_priority)
        return (
            self.annotate(place=placed, places=Window(Count("pk"), **of_priority)).select_related("priority", "lead").in_order()
        )

    def for_page(self):
        return self.select_related("priority", "lead").with_milestones()

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
