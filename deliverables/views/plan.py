"""Administrators edit the plan's deliverables: /plan/deliverables/."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.actions import (
    CannotDelete,
    CannotStop,
    add_deliverable,
    change_deliverable,
    delete_deliverable,
    move_deliverable,
    stop_deliverable,
    take_stop_back,
    why_it_stays,
)
from deliverables.choices import choices_for
from deliverables.definition import FIELDS
from deliverables.maturity import BASELINED
from deliverables.models import Deliverable
from deliverables.plan_forms import DeliverableForm, StopForm
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.permissions import can_edit_plan
from people.publishing import Publishing
from priorities.addresses import at_year, to
from priorities.plan.years import year_if_any, year_of, years_beside
from strategy_portal.access import access
from strategy_portal.editing import edits_of
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of

PAGES = "deliverables/plan/edit.html", "deliverables/plan/preview.html"


def read(code: str, year: str) -> Any:
    rows = Deliverable.objects.of(year_of(year)).with_seen().select_related("plan_year", "priority", "lead")
    return get_object_or_404(rows, code=code)


@access(can_edit_plan)
def plan_deliverables(request: HttpRequest, year: str = "") -> HttpResponse:
    """By priority, in the order in which every page shows them."""
    found = year_if_any(year)
    page = page_of(Deliverable.objects.of(found).for_plan(), request, per_page=60)
    context = {
        "year": found,
        "years": years_beside(found, "plan_deliverables") if found else [],
        "at": at_year(year),
        "page": page,
        "groups": [(priority, list(rows)) for priority, rows in groupby(page.rows, key=lambda row: row.priority)],
    }
    return render(request, "deliverables/plan/deliverables.html", context)


@access(can_edit_plan, posts=True)
def move(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """One place up or down. From elsewhere: nothing, and back to the list."""
    row, place = read(code, year), request.POST.get("place", "")
    if request.method == "POST" and request.POST.get("do") in ("up", "down"):
        up = request.POST["do"] == "up"
        if move_deliverable(by=request.user, deliverable=row, up=up, place=number_in(place)):
            messages.success(request, f"{row.code} is one place {'higher' if up else 'lower'}.")
        else:
            messages.info(request, f"{row.code} has been moved already, or stands at the end. Look at the order again.")
    page = number_in(request.POST.get("page", ""))
    return redirect(f"{to(year, 'plan_deliverables')}{f'?page={page}' if page else ''}#{row.code}")


@access(can_edit_plan, posts=True, keep=keep_sent)
def edit(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    if answer := answer_keeping(request):
        return answer
    row = read(code, year)
    is_baselined = row.maturity == BASELINED
    values = {name: getattr(row, name) for name in FIELDS} | {"lead": row.lead_id, "priority": row.priority_id}
    values |= {kind: sorted(numbers) for kind, numbers in Deliverable.objects.tied_to(row).items()}
    options: dict[str, Any] = {"choices": choices_for(row.plan_year, row), "is_baselined": is_baselined}
    form = bind(DeliverableForm, request, initial=values | {"seen": row.seen}, **options)

    def publish() -> HttpResponse:
        given = {"seen": form.seen_number, "values": form.values(), "links": form.links()}
        saved = change_deliverable(by=request.user, deliverable=row, **given)
        messages.success(request, f"{saved.code} {saved.name} is saved.")
        return redirect(to(year, "plan_deliverables"))

    standing = form.named({name: value for name, value in values.items() if name in form.fields})
    context = {"deliverable": row, "at": at_year(year), "is_baselined": is_baselined, "button": "Publish"}
    return Publishing(request, form, row, lambda: standing, publish, *PAGES, context).answer()


@access(can_edit_plan, posts=True, keep=keep_sent)
def new(request: HttpRequest, year: str = "") -> HttpResponse:
    if answer := answer_keeping(request):
        return answer
    found = year_if_any(year)
    if found is None:
        messages.info(request, "There is no plan year yet, so there is nothing to add a deliverable to.")
        return redirect(to(year, "plan_deliverables"))
    if not found.priorities.exists():
        messages.info(request, "A deliverable belongs to a priority. Add a priority first.")
        return redirect(to(year, "plan_priorities"))
    form = bind(DeliverableForm, request, choices=choices_for(found), is_new=True, initial={"seen": 0})

    def publish() -> HttpResponse:
        given = {"code": form.cleaned_data["code"], "values": form.values(), "links": form.links()}
        made = add_deliverable(by=request.user, plan_year=found, **given)
        messages.success(request, f"{made.code} {made.name} is part of the plan.")
        return redirect(to(year, "plan_deliverables"))

    context = {"deliverable": None, "year": found, "at": at_year(year), "button": "Add it to the plan"}
    return Publishing(request, form, None, dict, publish, *PAGES, context).answer()


@access(can_edit_plan)
def history(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    row = read(code, year)
    context = {"deliverable": row, "at": at_year(year), "edits": edits_of(row.history.all())}
    return render(request, "deliverables/plan/history.html", context)


@access(can_edit_plan, posts=True, keep=keep_sent)
def stop(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """With a reason for readers; and taking it back while no report was issued without it."""
    if answer := answer_keeping(request):
        return answer
    row = read(code, year)
    form = bind(StopForm, request, initial={"on": row.stopped_on, "reason": row.stop_reason})
    try:
        if request.method == "POST" and request.POST.get("do") == "back":
            take_stop_back(by=request.user, deliverable=row)
            messages.success(request, f"{row.code} is part of the plan again.")
            return redirect(to(year, "plan_deliverables"))
        if request.method == "POST" and form.is_valid():
            stop_deliverable(by=request.user, deliverable=row, **form.cleaned_data)
            forget(request)
            messages.success(request, f"{row.code} is stopped. What was reported of it stays.")
            return redirect(to(year, "plan_deliverables"))
    except CannotStop as refused:
        if request.POST.get("do") == "back":
            messages.error(request, str(refused))
            return redirect(to(year, "stop_deliverable", code))
        form.add_error("on", str(refused))
    context = {"deliverable": row, "at": at_year(year), "form": form, "kept": keeping(request)}
    return render(request, "deliverables/plan/stop.html", context)


@access(can_edit_plan, posts=True)
def delete(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """Only of what was added by hand and is nobody's promise; else the page says why, and that it can be stopped."""
    row = read(code, year)
    if request.method == "POST":
        try:
            delete_deliverable(by=request.user, deliverable=row)
        except CannotDelete as refused:
            messages.error(request, str(refused))
            return redirect(to(year, "delete_deliverable", code))
        messages.success(request, f"{row.code} is deleted. Nothing refers to it.")
        return redirect(to(year, "plan_deliverables"))
    context = {"deliverable": row, "at": at_year(year), "why": why_it_stays(row)}
    return render(request, "deliverables/plan/delete.html", context)
