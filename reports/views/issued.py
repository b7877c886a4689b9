"""Issued reports: the list, one to read, its status history, two compared, and the files of its board pack."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.ratings import NAMES
from deliverables.views.evidence import TO_SAVE
from people.permissions import can_view_plan
from priorities.models import ReportingPeriod
from reports import comparison, reading
from reports.actions import request_pack
from reports.compare_form import CompareForm
from reports.models import PackFile, ProgressReport
from reports.pack import KINDS
from reports.pack_state import state_of
from strategy_portal.access import access
from strategy_portal.paging import page_of, page_of_list
from strategy_portal.prepared import one_or_404

PER_PAGE = 20  # differences
LINES = 10  # deliverables in full


def opened(address: str) -> dict[str, Any]:
    """The report at an address, for a page: itself, its content, its versions, and the address by which the reader came."""
    report = one_or_404(ProgressReport.objects.for_page(address))
    return {"report": report, "content": report.content, "editions": reading.editions_of(report), "address": address}


@access(can_view_plan)
def reports(request: HttpRequest) -> HttpResponse:
    page = page_of(ProgressReport.objects.for_list(), request)
    context = {
        "page": page,
        "rows": [(row, reading.editions_of(row)) for row in ProgressReport.objects.give_versions_to(page.rows)],
        "form": CompareForm({}, ProgressReport.objects.for_choice()),
        "first": None if page.rows else ReportingPeriod.objects.next_to_issue(),
    }
    return render(request, "reports/issued/reports.html", context)


@access(can_view_plan)
def report(request: HttpRequest, address: str) -> HttpResponse:
    """Everything on it comes from what was issued. Only whether it still stands is asked anew."""
    context = opened(address)
    found = context["report"]
    page = page_of(found.lines.in_order(), request, LINES)
    context |= {"page": page, "chapters": reading.chapters([line.content for line in page.rows], found.content)}
    if found.version > 1 and page.number == 1:
        context |= corrected(found)
    return render(request, "reports/issued/report.html", context)


def corrected(now: ProgressReport) -> dict[str, Any]:
    """What a correction changed in the version before it."""
    then = get_object_or_404(ProgressReport.objects.whole(), period=now.period_id, version=now.version - 1)
    ProgressReport.objects.give_versions_to([then])
    differing, beside = comparison.between(then, now), comparison.whole(then.content, now.content)
    rows = [*beside, *(row for one in differing[:PER_PAGE] for row in comparison.rows_of(one))]
    return {"then": reading.editions_of(then).this, "sections": comparison.sections(rows), "more": len(differing) - PER_PAGE}


@access(can_view_plan)
def figures(request: HttpRequest, address: str) -> HttpResponse:
    """The charts that the worker drew when the report was issued, each with its table."""
    context = opened(address)
    charts = ProgressReport.objects.values_list("charts", flat=True).get(pk=context["report"].pk)
    return render(request, "reports/issued/figures.html", context | {"charts": charts})


@access(can_view_plan)
def history(request: HttpRequest, address: str) -> HttpResponse:
    """Deliverables by month, and why each rating changed."""
    context = opened(address)
    choice = reading.choice_of(request.GET, context["content"])
    page = page_of(context["report"].lines.of(priority=choice.code).in_order(), request, LINES)
    rows = [reading.history(line.content, choice.months) for line in page.rows]
    months = rows[0]["cells"] if rows else []
    context |= {
        "page": page,
        "choice": choice,
        "rows": rows,
        "months": months,
        "fewer": len(months) < choice.months,
        "span": len(months) + 1,
        "key": list(NAMES),
        "priorities": [(priority["slug"], priority["name"]) for priority in context["content"]["priorities"]],
    }
    return render(request, "reports/issued/history.html", context)


@access(can_view_plan)
def compare(request: HttpRequest) -> HttpResponse:
    """Whatever is wrong with the choice is said beside it."""
    form = CompareForm(request.GET, ProgressReport.objects.for_choice())
    context: dict[str, Any] = {"form": form}
    if form.enough and form.is_valid():
        context |= compared(request, form)
    return render(request, "reports/issued/compare.html", context)


def compared(request: HttpRequest, form: CompareForm) -> dict[str, Any]:
    ids = [form.id_of(address) for address in form.pair]
    found = ProgressReport.objects.defer("charts", "marks").in_bulk(ids)
    then, now = (found[pk] for pk in ids)
    differing, beside = comparison.between(then, now), comparison.whole(then.content, now.content)
    only = request.GET.get("show", "") if request.GET.get("show") in comparison.TITLES else ""
    chosen = [one for one in differing if not only or only in comparison.kinds_of(one)]
    page = page_of_list(chosen, request, PER_PAGE)
    rows = [*(beside if page.number == 1 else []), *(row for one in page.rows for row in comparison.rows_of(one))]
    return {
        "sides": list(zip(form.pair, (then.content, now.content), strict=True)),
        "turned": form.turned,
        "years_apart": comparison.years_apart(then.content, now.content),
        "counts": comparison.counts(differing, beside),
        "only": only,
        "sections": [section for section in comparison.sections(rows) if only in ("", section.kind)],
        "page": page,
    }


@access(can_view_plan, posts=True)
def board_pack(request: HttpRequest, address: str) -> HttpResponse:
    """The files and how far each is. Only the button asks for them."""
    context = opened(address)
    if request.method == "POST":
        request_pack(by=request.user, report=context["report"])
        messages.success(request, "The board pack has been asked for. Its files appear here as they are built.")
        return redirect("board_pack", address)
    files = {file.kind: file for file in PackFile.objects.filter(report=context["report"]).without_content()}
    states = [state_of(kind, files.get(kind.code)) for kind in KINDS.values()]
    context |= {
        "states": states,
        "ready": sum(state.name == "ready" for state in states),
        "building": any(state.name == "building" for state in states),
        "can_ask": any(state.name in ("missing", "failed") for state in states),
        "failed": any(state.name == "failed" for state in states),
    }
    return render(request, "reports/issued/board_pack.html", context)


@access(can_view_plan)
def pack_file(request: HttpRequest, address: str, kind: str) -> HttpResponseBase:
    """Always something to save. What is not built is not there."""
    report = ProgressReport.objects.at(address).light().first()
    if report is None or kind not in KINDS:
        raise Http404
    file = get_object_or_404(PackFile.objects.built(report, kind))
    version = f", version {report.version}" if report.version > 1 else ""
    name = f"Progress report {report.name}{version}{KINDS[kind].ending}"
    response = FileResponse(BytesIO(file.content), as_attachment=True, filename=name, content_type=KINDS[kind].content_type)
    for header, value in TO_SAVE.items():
        response[header] = value
    return response
