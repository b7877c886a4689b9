"""Reading of deliverables for those who edit the plan, and for those who word, agree and change definitions."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, Lag, RowNumber

from deliverables.definition import FIELDS
from deliverables.maturity import AGREED, BASELINED, DRAFTED, EXPECTED, wrote
from deliverables.querysets.expressions import HasRow, ReachGap
from people.roles import roles_with
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal import clock

LINKS = ("principles", "aims", "commitments", "partners", "managers")
TIES = REPORTED, PROMISED, FOLLOWED, WAS_AGREED = "reported", "promised", "followed", "agreed"


class PlanQuerySet(QuerySet):
    def not_over(self):
        """Those still to be reported on: of the current plan year or a later one, and not stopped."""
        day = clock.today()
        return self.filter(Q(stopped_on=None) | Q(stopped_on__gt=day), plan_year__ends_on__gte=day)

    def with_reporter(self, on: date | None = None, demonstration: bool | None = None):
        """With `has_reporter`: whether anybody can report on it, by name or for its lead."""
        from people.models import Membership

        able = Membership.objects.giving("report_progress", on, demonstration).order_by()
        named = self.model.managers.through.objects.filter(deliverable=OuterRef("pk"), user__in=able.values("user"))
        return self.annotate(has_reporter=Exists(named) | Exists(able.filter(organisation=OuterRef("lead"))))

    def lacking(self):
        """Those without a lead, a manager, a due date or anybody who can report; with `has_manager` and `has_reporter`."""
        managers = self.model.managers.through.objects.filter(deliverable=OuterRef("pk"))
        found = self.with_reporter().annotate(has_manager=Exists(managers))
        return found.filter(Q(lead=None) | Q(has_manager=False) | Q(due_on=None) | Q(has_reporter=False))

    def left_by(self, user: Any):
        """What her leaving would touch: what she manages by name, and what nobody else could report on.

        With `is_hers` (by name) and `has_others`, whether somebody else can report on it."""
        from people.models import Membership

        able = Membership.objects.giving("report_progress").exclude(user=user)
        assigned = self.model.managers.through.objects.filter(deliverable=OuterRef("pk"))
        theirs = Exists(assigned.filter(user__in=able.values("user"))) | Exists(able.filter(organisation=OuterRef("lead")))
        through_lead = user.memberships.current().filter(role__in=roles_with("report_progress")).values("organisation")
        found = self.annotate(is_hers=Exists(assigned.filter(user=user)), has_others=theirs)
        return found.filter(Q(is_hers=True) | Q(lead__in=through_lead, has_others=False))

    def with_readiness(self, on: date | None = None, demonstration: bool | None = None):
        """With what deliverables.maturity.facts_of needs beside the row: its milestones, and whether anybody can report on it."""
        from deliverables.models import Milestone

        steps = Milestone.objects.filter(deliverable=OuterRef("pk")).in_plan().order_by().values("deliverable")
        number = steps.annotate(n=Count("pk")).values("n")
        late = steps.filter(baseline_on__gt=OuterRef("due_on")).annotate(n=Count("pk")).values("n")
        counted = self.annotate(step_count=Coalesce(Subquery(number), 0), late_step_count=Coalesce(Subquery(late), 0))
        return counted.with_reporter(on, demonstration)

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

    def with_what_keeps_it(self):
        """With `kept_for`: the first of its ties (a name in TIES) for which it must not be deleted, empty where there is none."""
        from deliverables.models import DeliverableSuccession

        edits = self.model.history.filter(id=OuterRef("pk"))
        lineage = DeliverableSuccession.objects.filter(Q(was=OuterRef("pk")) | Q(became=OuterRef("pk")))
        found = {
            REPORTED: self.said_or_reported(),
            PROMISED: ~Q(source="") | Exists(edits.exclude(source="")),
            FOLLOWED: Exists(lineage),
            WAS_AGREED: Exists(edits.filter(maturity__in=(AGREED, BASELINED))),
        }
        ties = (When(tie, then=Value(name)) for name, tie in found.items())
        return self.annotate(kept_for=Case(*ties, default=Value("")))

    def said_or_reported(self) -> Any:
        """Whether anything was said of it, or a report issued since it is there, which names it."""
        from deliverables.models import DefinitionChange, DefinitionReturn, Evidence, MilestoneChange, MilestoneMove, StatusUpdate

        first = self.model.history.filter(id=OuterRef(OuterRef("pk"))).order_by("history_id").values("history_date")
        issued = ReportingPeriod.objects.filter(plan_year=OuterRef("plan_year"), closed_at__gte=Subquery(first[:1]))
        found = Exists(issued) | Exists(MilestoneMove.objects.filter(milestone__deliverable=OuterRef("pk")))
        for model in (StatusUpdate, Evidence, MilestoneChange, DefinitionChange, DefinitionReturn):
            found |= Exists(model.objects.filter(deliverable=OuterRef("pk")))
        return found

    def with_definition(self, on: date | None = None):
        """With `matured_at`, when it reached the maturity that it has, `version`, how many wordings were ever in force,
        `waits`, whether a change waits for the group, and `changes_from`, the month of the first that is agreed and to come."""
        from deliverables.models import DefinitionChange

        edits = self.model.history.filter(id=OuterRef("pk"))
        others = self.model.history.filter(id=OuterRef("id")).exclude(maturity=OuterRef("maturity")).order_by("-history_id")
        last_other = Coalesce(Subquery(others.values("history_id")[:1]), 0)
        since = edits.filter(maturity=OuterRef("maturity"), history_id__gt=last_other).order_by("history_id")
        changes = DefinitionChange.objects.filter(
            deliverable=OuterRef("pk"), agreed=True, takes_effect__starts_on__lte=on or clock.today()
        )
        number = changes.order_by().values("deliverable").annotate(n=Count("pk")).values("n")
        to_come = DefinitionChange.objects.to_come().filter(deliverable=OuterRef("pk"))
        return self.annotate(
            matured_at=Subquery(since.values("history_date")[:1]),
            version=Coalesce(Subquery(number), 0) + Value(1),
            waits=Exists(DefinitionChange.objects.waiting().filter(deliverable=OuterRef("pk"))),
            changes_from=Subquery(to_come.values("takes_effect__starts_on")[:1]),
        )

    def for_definition(self, user: Any):
        """One, with all that its definition's page asks."""
        found = self.select_related("plan_year", "priority", "lead").with_may_report(user).with_readiness()
        return found.with_seen().with_definition().with_is_open()

    def with_is_open(self):
        """With `is_open`: whether a month of its plan year has no issued report yet."""
        return self.annotate(is_open=HasRow(ReportingPeriod, plan_year="plan_year", closed_at=None))

    def immature(self):
        """Those that are part of the plan and not baselined: first what waits for the group, then what waits for its managers."""
        rank = Case(*(When(maturity=code, then=place) for place, code in enumerate((DRAFTED, AGREED, EXPECTED))), default=9)
        found = self.filter(stopped_on=None).exclude(maturity=BASELINED).select_related("priority", "lead")
        return found.with_readiness().with_seen().annotate(rank=rank).order_by("rank", "priority__order", "order", "code")

    def matured_by_year(self):
        """Of the current plan year and each that is published already: how many definitions there are, and are baselined."""
        today, goes_on = clock.today(), Q(deliverables__stopped_on=None)
        years = PlanYear.objects.filter(Q(pk=PlanYear.objects.current_id(today)) | Q(starts_on__gt=today))
        return years.order_by("starts_on").annotate(
            number=Count("deliverables", filter=goes_on),
            baselined=Count("deliverables", filter=goes_on & Q(deliverables__maturity=BASELINED)),
            has_begun=Q(starts_on__lte=today),
        )

    def for_plan(self):
        """In the plan's order, each with its place in its priority and how many that holds."""
        of_priority = {"partition_by": F("priority")}
        placed = Window(RowNumber(), order_by=[F("order"), F("code")], **of_priority)
        return (
            self.annotate(place=placed, places=Window(Count("pk"), **of_priority)).select_related("priority", "lead").in_order()
        )

    def changes_of_maturity(self, plan_year: Any, until: date):
        """From the histories of those that were not stopped, as they were written up to a day: moment, deliverable, maturity.
        Edits of anything else are passed over."""
        going = self.of(plan_year).filter(stopped_on=None)
        edits = self.model.history.filter(id__in=going.values("pk"), history_date__lt=clock.on(until + timedelta(days=1)))
        before = Window(Lag("maturity"), partition_by="id", order_by="history_id")
        changes = edits.annotate(before=before).filter(Q(before=None) | ~Q(before=F("maturity")))
        return changes.order_by("history_id").values_list("history_date", "id", "maturity")

    def definitions(self) -> dict[str, int]:
        """Of those that were not stopped: how many there are, how many are baselined, and how many are gaps of reach."""
        found: dict[str, int] = self.filter(stopped_on=None).aggregate(
            total=Count("pk"),
            baselined=Count("pk", filter=Q(maturity="baselined")),
            gaps=Count("pk", filter=Q(ReachGap("pk"))),
        )
        return found
