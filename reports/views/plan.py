"""Where an administrator begins: what of the plan needs her, and where each part of it is edited."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deliverables.models import Deliverable
from people.permissions import can_edit_plan
from priorities.addresses import at_year
from priorities.plan.years import year_if_any, years_beside
from reports.needs import counts_of, needs_in
from strategy_portal.access import access

SHOWN = 10


@access(can_edit_plan)
def plan(request: HttpRequest, year: str = "") -> HttpResponse:
    found = year_if_any(year)
    if found is None:
        return render(request, "plan/plan.html", {"year": None})
    counts = counts_of(found)
    context = {
        "year": found,
        "years": years_beside(found, "plan"),
        "at": at_year(year),
        "counts": counts,
        "needs": needs_in(counts, year),
        "lacking": Deliverable.objects.of(found).not_over().lacking().in_order()[:SHOWN],
        "shown": SHOWN,
    }
    return render(request, "plan/plan.html", context)
