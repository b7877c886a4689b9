"""All reading of deliverables."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from deliverables.querysets.expressions import HasRow, LastRating, ReachGap
from deliverables.querysets.plan import PlanQuerySet
from deliverables.ratings import NOT_REPORTED, TAKEN_BACK
from priorities.models import PlanYear
from strategy_portal import clock
from strategy_portal.prepared import prepared

REACHED = {"core20": "", "plus": "", "adults": "adults: ", "across": "", "children": "children: "}


class DeliverableQuerySet(PlanQuerySet):
    def of(self, plan_year: Any):
        return self.filter(plan_year=plan_year)

    def of_current_year(self, on: Any = None):
        """Those of the plan year that holds today, else of the last one before it, found in the same statement."""
        return self.filter(plan_year=PlanYear.objects.current_id(on))

    def in_year(self, code: str | None, on: Any = None):
        """Those of the plan year that an address names, such as 2025-26; of the current year where it names none."""
        return self.filter(plan_year__code=code) if code else self.of_current_year(on)

    def going(self, period: Any):
        """Those that were not stopped by the period's end: what is stopped has not to be reported, and holds up nobody."""
        return self.going_after(period.ends_on)

    def going_after(self, day: date):
        return self.filter(Q(stopped_on=None) | Q(stopped_on__gt=day))

    def in_order(self):
        return self.order_by("priority__order", "order", "code")

    def reported_by(self, user: Any):
        """Those that the person reports on: led by an organisation she reports for, or assigned to her by name."""
        return self.reported_for(*reporter(user)) if user.may("report_progress") else self.none()

    def reported_for(self, user: int, organisations: list[int]):
        """The same from the ids of someone who may report, and of the organisations she reports for."""
        assigned = HasRow(self.model.managers.through, deliverable="pk", user=Value(user))
        return self.filter(Q(lead__in=organisations) | Q(assigned))

    def reach_named_by(self, user: Any):
        """Those of which the person says whom they reach: all for who edits the plan, else those that she reports on."""
        return self if user.may("edit_plan") else self.reported_by(user)

    def with_may_report(self, user: Any):
        """With `may_report`: whether the person reports on it."""
        return self.with_may_report_for(*reporter(user))

    def with_may_report_for(self, user: int | None, organisations: list[int]):
        if user is None:
            return self.annotate(may_report=Value(False))
        return self.annotate(may_report=Exists(self.model.objects.reported_for(user, organisations).filter(pk=OuterRef("pk"))))

    def with_frame(self):
        return self.select_related("priority", "lead")

    def give_principles(self, deliverables: list[Any]) -> list[Any]:
        """Each of these with `serves`, the names of its principles, in one query more."""
        found: dict[int, list[str]] = {deliverable.pk: [] for deliverable in deliverables}
        for pk, name in self.names_served(list(found)):
            found[pk].append(name)
        for deliverable in deliverables:
            deliverable.serves = found[deliverable.pk]
        return deliverables

    @prepared
    def named_on(self, deliverables: list[int]):
        """The ids of each of these and of the people who report on it by name."""
        return self.model.managers.through.objects.filter(deliverable__in=deliverables).values_list("deliverable", "user")

    @prepared
    def names_served(self, deliverables: list[int]):
        tags = self.model.principles.through.objects.filter(deliverable__in=deliverables)
        return tags.order_by("principle__order", "principle__code").values_list("deliverable", "principle__name")

    def with_rating_before(self, period: Any | None):
        """With `rating_before`: that of its last row of the period before, if there is one, where no more of it is shown."""
        return self.annotate(rating_before=LastRating(period) if period else Value(None, CharField()))

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

    def with_reach_gap(self):
        """With `reach_gap`: whether it is tagged equity and names nobody whom it reaches."""
        return self.annotate(reach_gap=ReachGap("pk"))

    def in_reach_gap(self):
        return self.filter(ReachGap("pk"))

    def with_year(self, on: date | None = None):
        """With its plan year, and `current_year`, the code of the year that is current now."""
        return self.select_related("plan_year").annotate(current_year=PlanYear.objects.current_code(on))

    def for_page(self, code: str, user: Any, year: str = ""):
        """The one of this code in the year of an address, with `may_report`; a list of it, or of none."""
        where = (code, year or None, clock.today(), settings.PORTAL_DEMONSTRATION)
        return self.prepared_for_page(*where, *reporter(user))

    @prepared
    def prepared_for_page(
        self, code: str, year: str | None, on: date, demonstration: bool, user: int | None, organisations: list[int]
    ):
        found = self.in_year(year, on).with_year(on).filter(code=code).with_may_report_for(user, organisations)
        found = found.with_readiness(on, demonstration).with_definition(on).with_reach_gap().with_is_open()
        return found.select_related("plan_year", "priority", "lead")

    def one_due_from(self, user: Any, code: str, period: Any):
        """The one of this code that she reports on in the period, with `has_evidence`; a list of it, or of none."""
        person, organisations = reporter(user)
        return self.prepared_due(code, period.plan_year_id, period.ends_on, person, organisations) if person else []

    @prepared
    def prepared_due(self, code: str, year: int, end: date, user: int, organisations: list[int]):
        found = self.reported_for(user, organisations).of(year).going_after(end).filter(code=code)
        return found.select_related("priority").with_evidence()

    @prepared
    def coded(self, code: str, year: int):
        """The one of this code in a plan year; a list of it, or of none."""
        return self.filter(code=code, plan_year=year).select_related("priority", "lead")

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

    def names_around(self, deliverable: Any) -> dict[str, list[Any]]:
        """What a deliverable is tied to, by kind, in one statement. `reach`: whom it reaches."""
        found: dict[str, list[Any]] = {}
        for kind, _, *named in sorted(self.prepared_names_around(deliverable.pk, clock.today())):
            found.setdefault(kind, []).append(Named(*named))
        found["stories"] = newest_of_each(found.get("stories", []))
        found["reach"] = [f"{said}{name}" for kind, said in REACHED.items() for name in found.get(kind, ())]
        return found

    @prepared
    def prepared_names_around(self, deliverable: int, on: date):
        from deliverables.models import DeliverableSuccession

        model = self.model
        tied = (
            ("principles", model.principles.through, "principle__order", "principle__name"),
            ("aims", model.aims.through, "aim__order", "aim__name"),
            ("partners", model.partners.through, "organisation", "organisation__name"),
            ("managers", model.managers.through, "user", "user__name"),
        )
        parts = [
            through.objects.filter(deliverable=deliverable).order_by().values_list(Value(kind), order, name, *[Value("")] * 3)
            for kind, through, order, name in tied
        ]
        published = model.case_studies.rel.related_model.objects.published(on)  # of an app above this one
        line = DeliverableSuccession.objects.line_of(deliverable, "deliverable")
        stories = model.case_studies.through.objects.filter(line, casestudy__in=published).order_by()
        called = Coalesce("casestudy__owner__name", "casestudy__organisation")  # as it is called today
        told = [*(f"casestudy__{name}" for name in ("order", "title", "slug")), called, "deliverable__plan_year__code"]
        reached = [f"reachgroup__{name}" for name in ("kind", "order", "name")]
        parts.append(model.reach.through.objects.filter(deliverable=deliverable).values_list(*reached, *[Value("")] * 3))
        parts.append(DeliverableSuccession.objects.around(deliverable, *[Value("")] * 3))
        return stories.values_list(Value("stories"), *told).union(*parts, all=True)


class Named(NamedTuple):
    """Something that a row of the plan is tied to. Of a case study also its address, its organisation, and the plan year of what
    it tells of."""

    name: str
    slug: str
    organisation: str
    year: str  # as in an address: 2025-26

    def __str__(self) -> str:
        return self.name

    @property
    def year_name(self) -> str:
        return self.year.replace("-", "/")


def newest_of_each(stories: Iterable[Named]) -> list[Named]:
    """In their order, and one that tells of several plan years once, as of the last."""
    found: dict[str, Named] = {}
    for story in stories:
        found[story.slug] = max(story, found.get(story.slug, story), key=lambda one: one.year)
    return list(found.values())


def reporter(user: Any) -> tuple[int | None, list[int]]:
    """Who she is and for whom, if she may report at all."""
    return (user.pk, sorted(user.organisation_ids_reported_for)) if user.may("report_progress") else (None, [])
