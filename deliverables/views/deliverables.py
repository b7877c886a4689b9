"""Pages of the deliverables."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from deliverables.changes_shown import put_into_words
from deliverables.filters import DeliverableFilter
from deliverables.history import Month, by_month, row_of, running
from deliverables.lineage import lineage_of
from deliverables.maturity import NAMES, facts_of, in_the_way, next_step
from deliverables.models import Deliverable, Evidence, Milestone, StatusUpdate
from people.permissions import can_edit_plan, can_view_group, can_view_plan
from priorities.addresses import Place
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal import clock
from strategy_portal.access import access
from strategy_portal.paging import page_of
from strategy_portal.prepared import one_or_404


@access(can_view_plan)
def deliverables(request: HttpRequest, year: str = "") -> HttpResponse:
    """With the ratings of the year's newest month that the person may see; before its first report is issued, with none."""
    recent = ReportingPeriod.objects.newest_two(request.user, year)
    shown = recent[0].plan_year if recent else PlanYear.objects.named(year)
    if shown is None:
        return no_plan(request, year)
    narrowed, period = DeliverableFilter.read(request.GET, shown, by_rating=bool(recent)), recent[0] if recent else None
    page = page_of(narrowed.apply(Deliverable.objects.of(shown), period).with_frame().with_reach_gap().in_order(), request)
    Deliverable.objects.give_principles(page.rows)
    context = {
        "place": Place.among(narrowed.years, shown, is_named=bool(year)),
        "period": period,
        "filter": narrowed,
        "page": page,
        "rows": [row_of(one, recent) for one in StatusUpdate.objects.give_to(page.rows, *recent, words=False)],
        "issued": bool(recent),
        "before_name": f"{recent[-1].starts_on:%B}" if recent else "",
    }
    return render(request, "deliverables/deliverables.html", context)


def no_plan(request: HttpRequest, year: str) -> HttpResponse:
    if year:
        raise Http404
    return render(request, "deliverables/deliverables.html", {"place": None})


def evidence_beside(months: list[Month], items: Iterable[Evidence], may_report: bool) -> list[Evidence]:
    """The rule of Evidence.objects.visible_to, from months that are read already."""
    shown = {month.period.pk for month in months if month.standing or month.period.closed_at}
    return [item for item in items if may_report or item.period_id in shown]


@access(can_view_plan)
def deliverable(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """Its months as far as the person may see them; who reports on it sees all that was said."""
    found = one_or_404(Deliverable.objects.for_page(code, request.user, year))
    if found.changes_from and found.changes_from <= clock.today():  # due, and the sweep has not come by yet
        put_into_words(found, found.definition_changes.on_their_way())
    begun = ReportingPeriod.objects.begun_of(found.plan_year_id, clock.today())
    asks = found.asks.model.objects  # of an app above this one
    sees_all = found.may_report or can_view_group(request.user)
    periods = [period for period in begun if sees_all or period.closed_at]
    months = by_month(StatusUpdate.objects.said_of(found.pk, [period.pk for period in periods]), periods)
    names = Deliverable.objects.names_around(found)
    context = {
        "deliverable": found,
        "place": Place(found.plan_year, found.current_year, bool(year)),
        "names": names,
        "lineage": lineage_of(found.pk, map(str, names.get("lineage", []))),
        "period": periods[0] if periods else None,
        "months": months,
        "running": running(months),
        "may_report": found.may_report,
        "may_name_reach": found.is_open and (found.may_report or can_edit_plan(request.user)),
        "milestones": Milestone.objects.with_all_moves(found.pk),
        "evidence": evidence_beside(months, Evidence.objects.of(found.pk), found.may_report),
        "asks": [ask for ask in asks.for_deliverable(found.pk) if ask["closed_at"] or can_view_group(request.user)],
    }
    return render(request, "deliverables/deliverable.html", context | definition_beside(request, found))


def definition_beside(request: HttpRequest, row: Any) -> dict[str, Any]:
    """What the panel of the definition says beside the row itself."""
    return {
        "may_edit": can_edit_plan(request.user),
        "sees_history": row.may_report or can_view_group(request.user) or can_edit_plan(request.user),
        "in_the_way": in_the_way(facts_of(row)),
        "next_maturity": NAMES.get(next_step(row.maturity), ""),
        "is_to_change": row.changes_from is not None and row.changes_from > clock.today(),
    }
