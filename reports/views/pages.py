"""Pages that read across the plan, the work and the stories."""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render

from casestudies.models import CaseStudy
from deliverables.history import row_of
from deliverables.lineage import lineage_of
from deliverables.models import Deliverable, PrioritySuccession, StatusUpdate
from people.permissions import can_view_plan
from priorities.addresses import Place, at_year
from priorities.models import PlanYear, Priority, ReportingPeriod
from reports import explanation, plan
from reports.gather import current_lines
from reports.models import ReportLine
from reports.shown import Chosen, choose, content_of
from strategy_portal.access import access
from strategy_portal.paging import page_of, page_of_list
from strategy_portal.prepared import one_or_404
from strategy_portal.release import release

PER_PAGE = 20


@access(can_view_plan)
def overview(request: HttpRequest) -> HttpResponse:
    """The last issued report, or the one of the month in the address. It is sent again only if it has changed."""
    chosen = choose(request.user, request.GET.get("month", ""))
    if chosen.period is None:
        return nothing_issued(request)
    tag = tag_of(request, chosen)
    if tag and tag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "reports/overview.html", content_of(chosen) | {"chosen": chosen, "period": chosen.period})
    if tag:
        response.headers["ETag"], response.headers["Cache-Control"] = tag, "private, no-cache"
    return response


def tag_of(request: HttpRequest, chosen: Chosen) -> str:
    """Of the reports, the reader in her session and the portal's own release; none where something is to be said once."""
    if chosen.live or messages.get_messages(request):
        return ""
    seals = [choice.seal for choice in chosen.choices]
    session = [request.session.session_key, request.META.get("CSRF_COOKIE")]  # of which the page's forms carry a token
    reader = [request.user.pk, *session, request.user.role_line, *sorted(request.user.permissions)]
    made_of = [release(), chosen.report.sha256, chosen.missed, *chosen.years, *seals, *reader, settings.PORTAL_TODAY]
    return f'W/"{sha256(repr(made_of).encode()).hexdigest()[:32]}"'


def nothing_issued(request: HttpRequest) -> HttpResponse:
    first = ReportingPeriod.objects.next_to_issue()
    return render(request, "reports/nothing_yet.html", {"first": first})


@access(can_view_plan)
def priorities(request: HttpRequest, year: str = "") -> HttpResponse:
    shown = PlanYear.objects.named(year)
    if shown is None:
        if year:
            raise Http404
        return render(request, "reports/priorities.html", {"year": None})
    on_a_page = plan.on_a_page(shown, only_unanswered=request.GET.get("show") == "unanswered")
    place = Place.among(on_a_page["years"], shown, is_named=bool(year))
    return render(request, "reports/priorities.html", {"year": shown, "place": place, "plan": on_a_page})


@access(can_view_plan)
def definitions(request: HttpRequest, year: str = "") -> HttpResponse:
    """How the definitions of a year matured over its first quarter, and which are not baselined yet."""
    shown = PlanYear.objects.named(year)
    if shown is None:
        raise Http404
    waiting = Deliverable.objects.of(shown).filter(stopped_on=None).exclude(maturity=Deliverable.Maturity.BASELINED)
    context = {
        "year": shown,
        "at": at_year(shown) if year else "",
        "now": Deliverable.objects.of(shown).definitions(),
        "page": page_of(waiting.select_related("priority", "lead").in_order(), request, PER_PAGE),
    }
    return render(request, "reports/definitions.html", context | plan.matured(shown))


@access(can_view_plan)
def priority(request: HttpRequest, slug: str, year: str = "") -> HttpResponse:
    """One priority, with the figures of its year's last issued report or of the month in the address."""
    found = one_or_404(Priority.objects.for_page(slug, year))
    chosen = choose(request.user, request.GET.get("month", ""), of=found.plan_year)
    periods = ReportingPeriod.objects.two_up_to(chosen.period) if chosen.period else []
    deliverables = Deliverable.objects.filter(priority=found).select_related("lead").with_reach_gap().in_order()
    page = page_of(deliverables, request)
    context: dict[str, Any] = {
        "priority": found,
        "place": Place(found.plan_year, found.current_year, bool(year)),
        "chosen": chosen,
        "period": chosen.period,
        "page": page,
        "rows": [row_of(deliverable, periods) for deliverable in StatusUpdate.objects.give_to(page.rows, *periods)],
        "lineage": lineage_of(found.pk, [text for _, _, text in sorted(PrioritySuccession.objects.around(found))]),
        "studies": CaseStudy.objects.for_priority(found.pk),
    }
    if chosen.period:
        content = content_of(chosen)["content"]
        context["content"] = content
        context["figures"] = next((figures for figures in content["priorities"] if figures["slug"] == slug), None)
    return render(request, "reports/priority.html", context)


@access(can_view_plan)
def explain(request: HttpRequest) -> HttpResponse:
    """The rule behind a headline, and the rows that it was applied to."""
    chosen, of = choose(request.user, request.GET.get("month", "")), request.GET.get("of", "")
    if chosen.period is None:
        return nothing_issued(request)
    if chosen.live:
        content, lines = current_lines(chosen.live)
        page = page_of_list(explanation.worst_first(lines, **explanation.chosen(content, of)[1]), request, PER_PAGE)
    else:
        content = content_of(chosen)["content"]
        rows = ReportLine.objects.filter(report=chosen.report).of(**explanation.chosen(content, of)[1])
        page = page_of(rows.worst_first(), request, PER_PAGE)
        page.rows[:] = [line.content for line in page.rows]
    context = {"content": content, "page": page, "chosen": chosen, "period": chosen.period}
    return render(request, "reports/explain.html", context | explanation.explain(content, of))
