"""Decisions asked of the board: put, changed, withdrawn, and what the board said."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.models import Deliverable
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.permissions import can_view_group
from priorities.actions import PeriodClosed
from priorities.models import ReportingPeriod
from reports.actions import AskFrozen, change_ask, put_ask, record_decision, withdraw_ask
from reports.forms import AskDecisionForm, AskForm
from reports.models import Ask
from reports.views.group import groups_period
from strategy_portal.access import access
from strategy_portal.paging import page_of

MOST = 500  # deliverables in the list to choose from


def deliverables_of(period: ReportingPeriod) -> list[Deliverable]:
    return list(Deliverable.objects.of(period.plan_year_id).going(period).in_order()[:MOST])


@access(can_view_group)
def asks(request: HttpRequest) -> HttpResponse:
    """All that the board was asked, newest first."""
    period, _ = groups_period(request)
    page = page_of(Ask.objects.for_list(), request)
    return render(request, "reports/asks.html", {"page": page, "period": period})


@access(can_view_group, posts=True, keep=keep_sent)
def new_ask(request: HttpRequest) -> HttpResponse:
    period, _ = groups_period(request)
    if period is None or period.closed_at is not None:
        messages.info(request, "No month is open, so there is no report to ask with.")
        return redirect("asks")
    if kept := answer_keeping(request):
        return kept
    form = bind(AskForm, request, deliverables=deliverables_of(period))
    if request.method == "POST" and form.is_valid():
        try:
            put_ask(by=request.user, period=period, **form.words())
            forget(request)
            messages.success(request, f"The board is asked with the {period} report")
            return redirect(f"/outcomes-group/agree/?month={period.month}#asks")
        except PeriodClosed as closed:
            messages.error(request, str(closed))
    return render(request, "reports/ask.html", {"period": period, "form": form, "ask": None, "kept": keeping(request)})


@access(can_view_group, posts=True, keep=keep_sent)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Its words, until the report is issued; after that, they stand."""
    found = get_object_or_404(Ask.objects.select_related("period__plan_year", "deliverable"), pk=number)
    if kept := answer_keeping(request):
        return kept
    initial = {
        "deliverable": found.deliverable.code if found.deliverable else "",
        **{name: getattr(found, name) for name in ("wording", "wanted_on", "owner")},
    }
    form = bind(AskForm, request, deliverables=deliverables_of(found.period), initial=initial)
    back = f"/outcomes-group/agree/?month={found.period.month}#asks"
    try:
        if request.method == "POST" and request.POST.get("do") == "withdraw":
            withdraw_ask(by=request.user, ask=found)
            messages.success(request, "The board is not asked for it any more")
            return redirect(back)
        if request.method == "POST" and form.is_valid():
            change_ask(by=request.user, ask=found, **form.words())
            forget(request)
            messages.success(request, "What the board is asked is saved")
            return redirect(back)
    except AskFrozen as frozen:
        messages.error(request, str(frozen))
        return redirect("asks")
    if found.period.closed_at is not None:
        return redirect("ask_decision", number=found.pk)
    return render(request, "reports/ask.html", {"period": found.period, "form": form, "ask": found, "kept": keeping(request)})


@access(can_view_group, posts=True, keep=keep_sent)
def ask_decision(request: HttpRequest, number: int) -> HttpResponse:
    """What the board said, recorded after its meeting."""
    found = get_object_or_404(Ask.objects.for_list(), pk=number)
    if kept := answer_keeping(request):
        return kept
    said = found.decided[0] if found.decided else None
    initial: dict[str, Any] = {name: getattr(said, name) for name in ("kind", "words", "decided_on")} if said else {}
    form = bind(AskDecisionForm, request, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            record_decision(by=request.user, ask=found, **form.cleaned_data)
            forget(request)
            messages.success(request, "The decision is recorded. The next report shows it.")
            return redirect("asks")
        except AskFrozen as frozen:
            messages.error(request, str(frozen))
            return redirect("asks")
    context = {"period": found.period, "form": form, "ask": found, "said": found.decided, "kept": keeping(request)}
    return render(request, "reports/ask_decision.html", context)
