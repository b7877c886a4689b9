"""Where an administrator begins: what of the plan needs her, and where each part of it is edited."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deliverables.models import Deliverable
from people.permissions import can_edit_plan
from priorities.models import PlanYear
from reports.needs import counts_of, needs_in
from strategy_portal.access import access

SHOWN = 10


@access(can_edit_plan)
def plan(request: HttpRequest) -> HttpResponse:
    year = PlanYear.objects.select_related("strategy").current()
    if year is None:
        return render(request, "plan/plan.html", {"year": None})
    counts = counts_of(year)
    lacking = Deliverable.objects.of(year).not_over().lacking().in_order()
    context = {"year": year, "counts": counts, "needs": needs_in(counts), "lacking": lacking[:SHOWN], "shown": SHOWN}
    return render(request, "plan/plan.html", context)
