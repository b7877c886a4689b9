"""What shows that something was done: the list, adding and removing, and the files themselves."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from deliverables.actions import NoRoom, add_file, add_link, remove_evidence
from deliverables.evidence_form import EvidenceForm
from deliverables.models import Deliverable, Evidence
from people.permissions import can_report_progress, can_view_plan
from priorities.actions import PeriodClosed
from priorities.addresses import asked_year
from priorities.models import ReportingPeriod
from strategy_portal.access import access


def month_of(request: HttpRequest) -> tuple[ReportingPeriod | None, bool]:
    """The month to which evidence would be added, and whether it was asked for: that of the form, open or not; else that of
    the address if it is open; else the newest that is."""
    sent, year = request.method == "POST", asked_year(request)
    begun = [period for period in ReportingPeriod.objects.begun()[:14] if year in ("", period.plan_year.code)]
    open_now = [period for period in begun if period.closed_at is None]
    asked = (request.POST if sent else request.GET).get("month", "")
    named = next((period for period in (begun if sent else open_now) if period.month == asked), None)
    return named or (open_now[0] if open_now else None), named is not None


def place_of(request: HttpRequest, code: str) -> tuple[Any, ReportingPeriod | None]:
    """A code names a deliverable of every plan year: that of the month or the year asked for, else of this year."""
    period, asked = month_of(request)
    year = Deliverable.objects.in_year(asked_year(request))
    if period and asked:
        year = Deliverable.objects.of(period.plan_year_id)
    deliverable = get_object_or_404(year.with_may_report(request.user).select_related("plan_year"), code=code)
    return deliverable, period if period and period.plan_year_id == deliverable.plan_year_id else None


@access(can_view_plan, posts=True)
def evidence(request: HttpRequest, code: str) -> HttpResponse:
    deliverable, period = place_of(request, code)
    sent, refused = request.method == "POST", ""
    if sent and not deliverable.may_report:
        refuse(request)
    form = form_for(request, deliverable, period) if deliverable.may_report and period else None
    if sent and form is None:
        refused = "No month is open."
    elif sent and form.is_valid():
        refused = add(request.user, deliverable, period, form)
        if not refused:
            messages.success(request, f"“{form.cleaned_data['title']}” is added to the evidence for {period}.")
            return redirect(address_of(deliverable, period))
    page = {
        "deliverable": deliverable,
        "period": period,
        "may_report": deliverable.may_report,
        "form": form,
        "refused": refused,
        "months": by_month(Evidence.objects.for_deliverable(deliverable, request.user)),
    }
    return render(request, "deliverables/evidence.html", page)


def refuse(request: HttpRequest) -> None:
    """Who never reports may not; for who reports on others, this one is not there."""
    if can_report_progress(request.user):
        raise Http404
    raise PermissionDenied


def form_for(request: HttpRequest, deliverable: Any, period: ReportingPeriod) -> EvidenceForm:
    milestones = deliverable.milestones.in_plan().in_order()
    if request.method == "POST":
        return EvidenceForm(request.POST, request.FILES, period=period, milestones=milestones)
    return EvidenceForm(period=period, milestones=milestones)


def add(user: Any, deliverable: Deliverable, period: Any, form: EvidenceForm) -> str:
    """Why it was not added; nothing if it was."""
    where = {"deliverable": deliverable, "period": period, "title": form.cleaned_data["title"], "milestone": form.milestone}
    try:
        if form.upload:
            add_file(by=user, upload=form.upload, **where)
        else:
            add_link(by=user, link=form.cleaned_data["link"], **where)
    except (PeriodClosed, NoRoom) as reason:
        return str(reason)
    return ""


def by_month(items: Iterable[Evidence]) -> list[tuple[ReportingPeriod, list[Evidence]]]:
    return [(found[0].period, found) for _, group in groupby(items, lambda item: item.period_id) if (found := list(group))]


def address_of(deliverable: Deliverable, period: ReportingPeriod) -> str:
    return f"{reverse('evidence', args=[deliverable.code])}?month={period.month}"


@access(can_report_progress, posts=True)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Sending the form twice is removing once; its page is there for what stands."""
    mine = Evidence.objects.reported_by(request.user).select_related("deliverable", "period__plan_year", "milestone")
    found = get_object_or_404(mine if request.method == "POST" else mine.standing(), pk=pk)
    refused = ""
    if request.method == "POST":
        try:
            remove_evidence(by=request.user, evidence=found)
            messages.success(request, f"“{found}” is removed. It is kept in the history.")
            return redirect(address_of(found.deliverable, found.period))
        except PeriodClosed as closed:
            refused = str(closed)
    return render(request, "deliverables/evidence_remove.html", {"evidence": found, "refused": refused})


TO_SAVE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@access(can_view_plan)
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Always something to save, never something to show. A link has no file, and nothing leads out of the portal by itself."""
    found = get_object_or_404(Evidence.objects.visible_to(request.user).exclude(file=""), pk=pk)
    try:
        stream = found.file.open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(stream, as_attachment=True, filename=found.file_name, content_type=found.type_of_file.content_type)
    for name, value in TO_SAVE.items():
        response[name] = value
    return response
