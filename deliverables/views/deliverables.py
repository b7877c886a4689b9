"""Pages of the deliverables."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from deliverables.filters import DeliverableFilter
from deliverables.history import Month, by_month, row_of, running
from deliverables.lineage import lineage_of
from deliverables.models import Deliverable, Evidence
from people.permissions import can_view_group, can_view_plan
from priorities.models import ReportingPeriod
from strategy_portal.access import access
from strategy_portal.paging import page_of


@access(can_view_plan)
def deliverables(request: HttpRequest) -> HttpResponse:
    """With the ratings of the newest month that the person may see; before the first report is issued, with none."""
    recent = ReportingPeriod.objects.newest_two(request.user)
    period = recent[0] if recent else ReportingPeriod.objects.begun().first()
    if period is None:
        return render(request, "deliverables/deliverables.html", {"period": None})
    narrowed = DeliverableFilter.read(request.GET, period, by_rating=bool(recent))
    found = narrowed.apply(Deliverable.objects.of(period.plan_year), period).with_frame().in_order()
    page = page_of(found.with_updates_of(*recent, authors=False), request)
    rows = [row_of(deliverable, recent) for deliverable in page.rows]
    before = f"{recent[-1].starts_on:%B}" if recent else ""
    context = {"period": period, "filter": narrowed, "page": page, "rows": rows, "issued": bool(recent), "before_name": before}
    return render(request, "deliverables/deliverables.html", context)


def evidence_beside(months: list[Month], items: Iterable[Evidence], may_report: bool) -> list[Evidence]:
    """The rule of Evidence.objects.visible_to, from months that are read already."""
    shown = {month.period.pk for month in months if month.standing or month.period.closed_at}
    return [item for item in items if may_report or item.period_id in shown]


@access(can_view_plan)
def deliverable(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """Its months as far as the person may see them; who reports on it sees all that was said."""
    found = get_object_or_404(Deliverable.objects.in_year(year).with_may_report(request.user).for_page(), code=code)
    begun = list(ReportingPeriod.objects.begun().filter(plan_year=found.plan_year_id).select_related(None))
    sees_all = found.may_report or can_view_group(request.user)
    periods = [period for period in begun if sees_all or period.closed_at]
    months = by_month(found.updates.filter(period__in=periods).with_author(), periods)
    names = Deliverable.objects.names_around(found)
    context = {
        "deliverable": found,
        "names": names,
        "lineage": lineage_of(found.pk, names.get("lineage", [])),
        "period": periods[0] if periods else None,
        "months": months,
        "running": running(months),
        "may_report": found.may_report,
        "evidence": evidence_beside(months, Evidence.objects.of(found), found.may_report),
        "asks": [ask for ask in found.asks.for_deliverable() if ask["closed_at"] or can_view_group(request.user)],
    }
    return render(request, "deliverables/deliverable.html", context)
