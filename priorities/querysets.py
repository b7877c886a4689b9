"""All reading of the frame of the plan."""

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from people.permissions import can_view_group
from strategy_portal import clock
from strategy_portal.prepared import prepared


class PlanYearQuerySet(QuerySet):
    def current(self, on: date | None = None):
        """The year that holds the day, else the last one before it, else the first."""
        day = on or clock.today()
        return self.filter(starts_on__lte=day).order_by("-starts_on").first() or self.order_by("starts_on").first()

    def current_id(self, on: date | None = None):
        """The current year's id as a subquery. A year that has not begun is nobody's current year here."""
        return Subquery(self.filter(starts_on__lte=on or clock.today()).order_by("-starts_on").values("pk")[:1])

    def current_code(self, on: date | None = None):
        """The current year's code, for a page that says beside its own rows which year is the current one."""
        return Subquery(self.filter(starts_on__lte=on or clock.today()).order_by("-starts_on").values("code")[:1])

    def named(self, code: str):
        """The year of an address; the current one where it names none. None if there is no such year."""
        found = self.coded(code) if code else self.begun_last(clock.today())
        return found[0] if found else None if code else self.select_related("strategy").current()

    @prepared
    def coded(self, code: str):
        return self.filter(code=code).select_related("strategy")[:1]

    @prepared
    def begun_last(self, on: date):
        return self.filter(starts_on__lte=on).select_related("strategy").order_by("-starts_on")[:1]

    def of(self, year):
        """The years of the same strategy, this one among them, newest first."""
        return self.filter(strategy=year.strategy_id).order_by("-starts_on")

    def after(self, year: Any):
        """The plan year that follows another of the same strategy; or None."""
        return self.filter(strategy=year.strategy_id, starts_on__gt=year.ends_on).order_by("starts_on").first()

    def before(self, year: Any):
        """The plan year before another of the same strategy; or None."""
        return self.filter(strategy=year.strategy_id, ends_on__lt=year.starts_on).order_by("-starts_on").first()

    def newest_first(self):
        return self.order_by("-starts_on", "pk")

    def counting(self, **rows: QuerySet) -> dict[str, int]:
        """How many rows each of these has, for the one plan year here, in one statement."""
        number = Func(F("pk"), function="COUNT", output_field=IntegerField())
        counts = {name: Subquery(found.order_by().values(number_of_rows=number)) for name, found in rows.items()}
        return self.annotate(**counts).values(*counts).get()


class ReportingPeriodQuerySet(QuerySet):
    def begun(self, on: date | None = None):
        """Those that may have been reported on: open now or closed before. Newest first."""
        return self.filter(opens_on__lte=on or clock.today()).select_related("plan_year__strategy").order_by("-starts_on")

    @prepared
    def all_begun(self, on: date):
        return self.begun(on).select_related(None).select_related("plan_year")

    @prepared
    def newest_begun(self, on: date, year: str | None = None):
        """The last 14, of one plan year if it is named: more than a year, and more than can still be open."""
        found = self.begun(on).filter(plan_year__code=year) if year else self.begun(on)
        return found.select_related(None).select_related("plan_year")[:14]

    @prepared
    def begun_of(self, year: int, on: date):
        """Those of one plan year."""
        return self.begun(on).filter(plan_year=year).select_related(None)

    def open(self, on: date | None = None):
        return self.begun(on).filter(closed_at=None)

    @prepared
    def all_open(self, on: date):
        return self.open(on)

    def next_to_issue(self, on: date | None = None):
        """The newest that is open, else the first that will open; None when neither is there."""
        coming = self.filter(opens_on__gt=on or clock.today(), closed_at=None).order_by("starts_on")
        return self.open(on).first() or coming.first()

    def for_calendar(self, on: date | None = None):
        """Those of the current plan year, and what is still open of the year before. The oldest first."""
        from priorities.models import PlanYear

        day = on or clock.today()
        still_open = Q(opens_on__lte=day, closed_at=None)
        return self.filter(Q(plan_year=PlanYear.objects.current_id(day)) | still_open).order_by("starts_on")

    def in_year(self, code: str | None, on: date | None = None):
        """Those of the plan year that an address names, such as 2025-26; of the current year where it names none."""
        from priorities.models import PlanYear

        return self.filter(plan_year__code=code) if code else self.filter(plan_year=PlanYear.objects.current_id(on))

    def newest_two(self, user: Any, year: str = "", on: date | None = None):
        """The year's newest that is shown to the person, and the one before it. A list of none, one or two."""
        return self.prepared_newest_two(on or clock.today(), year or None, can_view_group(user))

    @prepared
    def prepared_newest_two(self, on: date, year: str | None, all_begun: bool):
        """Shown are all that have begun to the group, to others those whose report is issued."""
        return (self.begun(on) if all_begun else self.begun(on).filter(closed_at__isnull=False)).in_year(year, on)[:2]

    def two_up_to(self, period: Any) -> list[Any]:
        """A period and the one before it in the year, if there is one."""
        return self.prepared_two_up_to(period.plan_year_id, period.starts_on)

    @prepared
    def prepared_two_up_to(self, year: int, on: date):
        return self.filter(plan_year=year, starts_on__lte=on).order_by("-starts_on")[:2]

    def in_month(self, month: str):
        """The period of an address such as 2025-11; none for anything else."""
        try:
            return self.filter(starts_on=date.fromisoformat(f"{month}-01"))
        except ValueError:
            return self.none()


class BankHolidayQuerySet(QuerySet):
    def changed(self) -> dict[date, bool]:
        """What priorities.calendar is to count otherwise than its package: whether each of these days is a working day."""
        return dict(self.days())

    @prepared
    def days(self):
        return self.values_list("day_on", "is_working_day")


class PriorityQuerySet(QuerySet):
    def for_page(self, slug: str, year: str = ""):
        """The one of this slug in the year of an address, with its plan year and `current_year`; a list of it, or of none."""
        return self.prepared_for_page(slug, year or None, clock.today())

    @prepared
    def prepared_for_page(self, slug: str, year: str | None, on: date):
        from priorities.models import PlanYear

        found = self.filter(plan_year__code=year) if year else self.filter(plan_year=PlanYear.objects.current_id(on))
        return found.filter(slug=slug).select_related("plan_year").annotate(current_year=PlanYear.objects.current_code(on))

    @prepared
    def named_beside_principles(self, year: int, strategy: int):
        """Kind, order, code and name: of priorities, principles, and of plan years, which are named by their first day."""
        from priorities.models import PlanYear, Principle

        priorities = self.filter(plan_year=year).values_list(Value("priority"), "order", "slug", "name")
        principles = Principle.objects.filter(strategy=strategy).values_list(Value("principle"), "order", "code", "name")
        began = Cast("starts_on", CharField())
        years = PlanYear.objects.filter(strategy=strategy).values_list(Value("year"), Value(0), "code", began)
        return priorities.union(principles, years)

    def of(self, plan_year):
        return self.filter(plan_year=plan_year).order_by("order")

    def with_numbers(self):
        """With `number_of_deliverables`, stopped ones too, and whether anything of them `was_reported`."""
        from priorities.models import Priority

        model = Priority._meta.get_field("deliverables").related_model
        updates = model._meta.get_field("updates").related_model
        reported = updates.objects.filter(deliverable__priority=OuterRef("pk"))
        return self.annotate(number_of_deliverables=Count("deliverables"), was_reported=Exists(reported))

    def next_place(self) -> int:
        return (self.order_by().aggregate(last=Max("order"))["last"] or 0) + 1


class ReachQuerySet(QuerySet):
    def of_current_year(self):
        """Those of the strategy whose plan year holds today."""
        from priorities.models import PlanYear

        return self.filter(strategy__plan_years=PlanYear.objects.current_id())

    def of(self, strategy_id: int):
        """Core20 first, then the groups chosen here, then the clinical areas of adults and of children."""
        kinds = self.model.Kind
        rank = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(kinds)), output_field=IntegerField())
        return self.filter(strategy=strategy_id).order_by(rank, "order", "name")

    def plus(self):
        """Those that are chosen here."""
        return self.filter(kind=self.model.Kind.PLUS)

    def with_uses(self):
        """With `uses`: how many deliverables of any year name it."""
        return self.annotate(uses=Count("deliverables"))

    def offered(self, on: date | None = None):
        """Those that have not ended."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=on or clock.today()))

    def offered_to(self, deliverable: Any):
        """Those that have not ended, and those that the deliverable names already. In order."""
        named = deliverable.reach.through.objects.filter(deliverable=deliverable).values("reachgroup")
        groups = self.of(deliverable.plan_year.strategy_id)
        return groups.filter(Q(ended_on=None) | Q(ended_on__gt=clock.today()) | Q(pk__in=named))
