"""All reading of the frame of the plan."""

from datetime import date
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet, Subquery

from people.permissions import can_view_group
from strategy_portal import clock


class PlanYearQuerySet(QuerySet):
    def current(self, on: date | None = None):
        """The year that holds the day, else the last one before it, else the first."""
        day = on or clock.today()
        return self.filter(starts_on__lte=day).order_by("-starts_on").first() or self.order_by("starts_on").first()

    def current_id(self, on: date | None = None):
        """The current year's id as a subquery. A year that has not begun is nobody's current year here."""
        return Subquery(self.filter(starts_on__lte=on or clock.today()).order_by("-starts_on").values("pk")[:1])

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

    def open(self, on: date | None = None):
        return self.begun(on).filter(closed_at=None)

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

    def shown_to(self, user: Any, on: date | None = None):
        """Those whose position the person may see: all that have begun for the group, else those whose report is issued."""
        return self.begun(on) if can_view_group(user) else self.begun(on).filter(closed_at__isnull=False)

    def newest_two(self, user: Any, on: date | None = None):
        """The newest that is shown to the person, and the one before it in the same plan year. A list of none, one or two."""
        found = list(self.shown_to(user, on)[:2])
        return [period for period in found if period.plan_year_id == found[0].plan_year_id]

    def up_to(self, period):
        """The year's periods so far, this one first."""
        return self.filter(plan_year=period.plan_year_id, starts_on__lte=period.starts_on).order_by("-starts_on")

    def in_month(self, month: str):
        """The period of an address such as 2025-11; none for anything else."""
        try:
            return self.filter(starts_on=date.fromisoformat(f"{month}-01"))
        except ValueError:
            return self.none()


class BankHolidayQuerySet(QuerySet):
    def changed(self) -> dict[date, bool]:
        """What priorities.calendar is to count otherwise than its package: whether each of these days is a working day."""
        return dict(self.values_list("day_on", "is_working_day"))


class PriorityQuerySet(QuerySet):
    def of_current_year(self):
        from priorities.models import PlanYear

        return self.filter(plan_year=PlanYear.objects.current_id())

    def of(self, plan_year):
        return self.filter(plan_year=plan_year).order_by("order")
