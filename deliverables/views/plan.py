"""Administrators edit the plan's deliverables: /plan/deliverables/."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.actions import (
    CannotStop,
    NeedsTheGroup,
    WasReported,
    add_deliverable,
    change_deliverable,
    delete_deliverable,
    move_deliverable,
    stop_deliverable,
    take_stop_back,
)
from deliverables.choices import choices_for
from deliverables.definition import FIELDS
from deliverables.maturity import BASELINED
from deliverables.models import Deliverable
from deliverables.plan_forms import DeliverableForm, StopForm
from deliverables.publishing import Editing
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.permissions import can_edit_plan
from priorities.models import PlanYear
from strategy_portal.access import access
from strategy_portal.editing import edits_of
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of


def read(code: str) -> Any:
    rows = Deliverable.objects.of_current_year().with_seen().select_related("plan_year", "priority", "lead")
    return get_object_or_404(rows.with_is_reported(), code=code)


@access(can_edit_plan)
def plan_deliverables(request: HttpRequest) -> HttpResponse:
    """By priority, in the order in which every page shows them."""
    page = page_of(Deliverable.objects.of_current_year().for_plan(), request, per_page=60)
    groups = [(priority, list(rows)) for priority, rows in groupby(page.rows, key=lambda row: row.priority)]
    return render(request, "deliverables/plan/deliverables.html", {"page": page, "groups": groups})


@access(can_edit_plan, posts=True)
def move(request: HttpRequest, code: str) -> HttpResponse:
    """One place up or down. From elsewhere: nothing, and back to the list."""
    row, place = read(code), request.POST.get("place", "")
    if request.method == "POST" and request.POST.get("do") in ("up", "down"):
        up = request.POST["do"] == "up"
        if move_deliverable(by=request.user, deliverable=row, up=up, place=number_in(place)):
            messages.success(request, f"{row.code} is one place {'higher' if up else 'lower'}.")
        else:
            messages.info(request, f"{row.code} has been moved already, or stands at the end. Look at the order again.")
    page = number_in(request.POST.get("page", ""))
    return redirect(f"/plan/deliverables/?page={page}#{row.code}" if page else f"/plan/deliverables/#{row.code}")


@access(can_edit_plan, posts=True, keep=keep_sent)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    if answer := answer_keeping(request):
        return answer
    row = read(code)
    is_baselined = row.maturity == BASELINED
    values = {name: getattr(row, name) for name in FIELDS} | {"lead": row.lead_id, "priority": row.priority_id}
    values |= {kind: sorted(numbers) for kind, numbers in Deliverable.objects.tied_to(row).items()}
    options: dict[str, Any] = {"choices": choices_for(row.plan_year, row), "is_baselined": is_baselined}
    form = bind(DeliverableForm, request, initial=values | {"seen": row.seen}, **options)

    def publish() -> HttpResponse:
        given = {"seen": form.seen_number, "values": form.values(), "links": form.links()}
        saved = change_deliverable(by=request.user, deliverable=row, **given)
        messages.success(request, f"{saved.code} {saved.name} is saved.")
        return redirect("plan_deliverables")

    before = form.as_read({name: value for name, value in values.items() if name in form.fields})
    context = {"deliverable": row, "is_baselined": is_baselined}
    return Editing(request, form, "deliverables/plan/edit.html", context, before, publish, (NeedsTheGroup,)).answer()


@access(can_edit_plan, posts=True, keep=keep_sent)
def new(request: HttpRequest) -> HttpResponse:
    if answer := answer_keeping(request):
        return answer
    year = PlanYear.objects.current()
    if year is None:
        messages.info(request, "There is no plan year yet, so there is nothing to add a deliverable to.")
        return redirect("plan_deliverables")
    form = bind(DeliverableForm, request, choices=choices_for(year), is_new=True, initial={"seen": 0})

    def publish() -> HttpResponse:
        given = {"code": form.cleaned_data["code"], "values": form.values(), "links": form.links()}
        made = add_deliverable(by=request.user, plan_year=year, **given)
        messages.success(request, f"{made.code} {made.name} is part of the plan.")
        return redirect("plan_deliverables")

    context = {"deliverable": None, "year": year}
    return Editing(request, form, "deliverables/plan/edit.html", context, {}, publish, button="Add it to the plan").answer()


@access(can_edit_plan)
def history(request: HttpRequest, code: str) -> HttpResponse:
    row = read(code)
    return render(request, "deliverables/plan/history.html", {"deliverable": row, "edits": edits_of(row.history.all())})


@access(can_edit_plan, posts=True, keep=keep_sent)
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """With a reason for readers; and taking it back while no report was issued without it."""
    if answer := answer_keeping(request):
        return answer
    row = read(code)
    form = bind(StopForm, request, initial={"on": row.stopped_on, "reason": row.stop_reason})
    try:
        if request.method == "POST" and request.POST.get("do") == "back":
            take_stop_back(by=request.user, deliverable=row)
            messages.success(request, f"{row.code} is part of the plan again.")
            return redirect("plan_deliverables")
        if request.method == "POST" and form.is_valid():
            stop_deliverable(by=request.user, deliverable=row, **form.cleaned_data)
            forget(request)
            messages.success(request, f"{row.code} is stopped. What was reported of it stays.")
            return redirect("plan_deliverables")
    except CannotStop as refused:
        if request.POST.get("do") == "back":
            messages.error(request, str(refused))
            return redirect("stop_deliverable", code)
        form.add_error("on", str(refused))
    return render(request, "deliverables/plan/stop.html", {"deliverable": row, "form": form, "kept": keeping(request)})


@access(can_edit_plan, posts=True)
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Refused once anything was reported of it; then the page says that it can be stopped."""
    row = read(code)
    if request.method == "POST":
        try:
            delete_deliverable(by=request.user, deliverable=row)
        except WasReported as refused:
            messages.error(request, str(refused))
            return redirect("delete_deliverable", code)
        messages.success(request, f"{row.code} is deleted. Nothing was reported of it.")
        return redirect("plan_deliverables")
    return render(request, "deliverables/plan/delete.html", {"deliverable": row, "is_reported": row.is_reported})
