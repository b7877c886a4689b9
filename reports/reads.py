"""What a position is read from, each statement put together once: a roll-up of a small plan was half made of that.

The two statements that read an update of every deliverable are not here: they are read in parts, and stand in gather.py.
"""

from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from deliverables.models import Deliverable, MilestoneMove
from strategy_portal.prepared import prepared

MILESTONES_SHOWN = 15


@prepared
def periods_so_far(periods: Any, year: int, on: date) -> QuerySet:
    return periods.filter(plan_year=year, starts_on__lte=on).order_by("starts_on")


@prepared
def priorities_of(priorities: Any, year: int) -> QuerySet:
    return priorities.filter(plan_year=year)


@prepared
def principles_of(principles: Any, strategy: int) -> QuerySet:
    return principles.filter(strategy=strategy)


@prepared
def tags(deliverables: Any, year: int) -> QuerySet:
    """In the order of the principles."""
    through = Deliverable.principles.through.objects.filter(deliverable__plan_year=year)
    return through.order_by("principle__order", "principle__code").values_list("deliverable_id", "principle__code")


@prepared
def going(deliverables: Any, year: int, end: date) -> QuerySet:
    rows = deliverables.of(year).going_after(end)
    return rows.values_list("pk", "code", "short_title", "title", "priority__code", "priority__order", "order")


@prepared
def leads(deliverables: Any, year: int, end: date) -> QuerySet:
    return deliverables.of(year).going_after(end).values_list("pk", "lead__short_name", "lead__name")


@prepared
def stopped(deliverables: Any, year: int) -> QuerySet:
    return deliverables.of(year).exclude(stopped_on=None).values_list("stopped_on", flat=True)


@prepared
def milestones_counted(milestones: Any, year: int, end: date) -> QuerySet:
    """By deliverable: how many were due by their baseline, and how many of those were done by then."""
    due = milestones.filter(deliverable__plan_year=year, baseline_on__lte=end).filter(Q(ended_on=None) | Q(ended_on__gt=end))
    counts = {"due": Count("pk"), "finished": Count("pk", filter=Q(done_on__lte=end))}
    return due.values_list("deliverable_id").annotate(**counts)


@prepared
def ratings_counted(updates: Any, periods: list[int], only_going: bool) -> QuerySet:
    """By period and rating, of what counts; on request without what was stopped by the period's end."""
    rows = updates.filter(period__in=periods).standing()
    if only_going:
        rows = rows.filter(Q(deliverable__stopped_on=None) | Q(deliverable__stopped_on__gt=F("period__ends_on")))
    return rows.values_list("period_id", "rating").annotate(n=Count("pk")).order_by()


@prepared
def ratings_of(updates: Any, periods: list[int], deliverables: list[int]) -> QuerySet:
    rows = updates.filter(period__in=periods, deliverable__in=deliverables).standing()
    return rows.values_list("deliverable_id", "period_id", "rating")


@prepared
def words_of(updates: Any, period: int, deliverables: list[int]) -> QuerySet:
    rows = updates.filter(period=period, deliverable__in=deliverables).standing()
    return rows.values("deliverable_id", "why", "route", "route_on", "second_look", "answer", "is_demonstration")


@prepared
def decisions_counted(updates: Any, period: int) -> QuerySet:
    """By the group's word, and by whether the second look asked something."""
    flagged = Case(When(second_look={}, then=Value(False)), default=Value(True))
    rows = updates.filter(period=period).standing().with_decision().annotate(flagged=flagged)
    return rows.values_list("decision", "flagged").annotate(n=Count("*")).order_by()


def ahead(milestones: Any, year: int, end: date, until: date) -> QuerySet:
    """Of what is going, in the plan and not done at the period's end, those forecast up to a day after it."""
    going_on = Q(deliverable__stopped_on=None) | Q(deliverable__stopped_on__gt=end)
    open_then = (Q(done_on=None) | Q(done_on__gt=end), Q(ended_on=None) | Q(ended_on__gt=end))
    return milestones.filter(going_on, *open_then, deliverable__plan_year=year, forecast_on__lte=until)


@prepared
def number_ahead(milestones: Any, year: int, end: date, until: date) -> QuerySet:
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return ahead(milestones, year, end, until).order_by().values_list(count, flat=True)


@prepared
def first_ahead(milestones: Any, year: int, end: date, until: date) -> QuerySet:
    """Soonest first."""
    moves = MilestoneMove.objects.filter(milestone=OuterRef("pk")).order_by().values("milestone").annotate(n=Sum("counts"))
    rows = ahead(milestones, year, end, until)
    rows = rows.annotate(code=F("deliverable__code"), moved=Coalesce(Subquery(moves.values("n")), 0)).order_by(
        "forecast_on", "pk"
    )
    return rows.values("code", "title", "baseline_on", "forecast_on", "proposed_on", "moved")[:MILESTONES_SHOWN]
