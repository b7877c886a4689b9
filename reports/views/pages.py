"""Pages that read across the plan, the work and the stories."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from deliverables.history import row_of
from deliverables.models import Deliverable
from people.permissions import can_view_plan
from priorities.models import PlanYear, Priority, ReportingPeriod
from reports import explanation, plan
from reports.gather import current, current_lines
from strategy_portal.access import access
from strategy_portal.paging import page_of


def chosen_period(request: HttpRequest, periods: list[ReportingPeriod]) -> ReportingPeriod | None:
    """The month named in the address, else the newest that has begun."""
    asked = [period for period in periods if period.month == request.GET.get("month")]
    return (asked or periods or [None])[0]


@access(can_view_plan)
def overview(request: HttpRequest) -> HttpResponse:
    periods = list(ReportingPeriod.objects.begun())
    period = chosen_period(request, periods)
    if period is None:
        return render(request, "reports/nothing_yet.html")
    return render(request, "reports/overview.html", current(period) | {"period": period, "periods": periods})


@access(can_view_plan)
def priorities(request: HttpRequest) -> HttpResponse:
    year = PlanYear.objects.select_related("strategy").current()
    return render(request, "reports/priorities.html", {"year": year, "plan": plan.on_a_page(year) if year else None})


@access(can_view_plan)
def priority(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Priority.objects.of_current_year().select_related("plan_year"), slug=slug)
    periods = list(ReportingPeriod.objects.begun().filter(plan_year=found.plan_year_id)[:2])
    period = periods[0] if periods else None
    deliverables = Deliverable.objects.filter(priority=found).select_related("lead").in_order()
    page = page_of(deliverables.with_updates_of(*periods), request)
    context: dict[str, Any] = {
        "priority": found,
        "period": period,
        "page": page,
        "rows": [row_of(deliverable, periods) for deliverable in page.rows] if periods else [],
        "studies": found.case_studies.published().order_by("order"),
    }
    if period:
        content = current(period)["content"]
        context["content"] = content
        context["figures"] = next(figures for figures in content["priorities"] if figures["slug"] == slug)
    return render(request, "reports/priority.html", context)


@access(can_view_plan)
def explain(request: HttpRequest) -> HttpResponse:
    """The rule behind a headline, and the rows that it was applied to."""
    periods = list(ReportingPeriod.objects.begun())
    period = chosen_period(request, periods)
    if period is None:
        return render(request, "reports/nothing_yet.html")
    content, lines = current_lines(period)
    context = explanation.explain(content, lines, of=request.GET.get("of", ""), page=request.GET.get("page", ""))
    return render(request, "reports/explain.html", context | {"content": content, "period": period})
