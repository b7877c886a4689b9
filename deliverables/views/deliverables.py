"""Pages of the deliverables."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from deliverables.filters import DeliverableFilter
from deliverables.history import by_month, row_of, running
from deliverables.models import Deliverable, Evidence
from people.permissions import can_view_plan
from priorities.models import ReportingPeriod
from strategy_portal.access import access
from strategy_portal.paging import page_of


@access(can_view_plan)
def deliverables(request: HttpRequest) -> HttpResponse:
    recent = ReportingPeriod.objects.newest_two()
    if not recent:
        return render(request, "deliverables/deliverables.html", {"period": None})
    period = recent[0]
    narrowed = DeliverableFilter.read(request.GET, period)
    found = narrowed.apply(Deliverable.objects.of(period.plan_year), period).with_frame().in_order()
    page = page_of(found.with_updates_of(*recent), request)
    rows = [row_of(deliverable, recent) for deliverable in page.rows]
    context = {"period": period, "filter": narrowed, "page": page, "rows": rows}
    return render(request, "deliverables/deliverables.html", context | {"before_name": f"{recent[-1].starts_on:%B}"})


@access(can_view_plan)
def deliverable(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Deliverable.objects.of_current_year().with_may_report(request.user).for_page(), code=code)
    periods = list(ReportingPeriod.objects.begun().filter(plan_year=found.plan_year_id))
    months = by_month(found.updates.for_history(), periods)
    context = {
        "deliverable": found,
        "names": Deliverable.objects.names_around(found),
        "period": periods[0] if periods else None,
        "months": months,
        "running": running(months),
        "may_report": found.may_report,
        "evidence": Evidence.objects.for_deliverable(found, request.user),
    }
    return render(request, "deliverables/deliverable.html", context)
