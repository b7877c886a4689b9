"""The group agrees and baselines definitions, sends them back, and decides what is asked of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.actions import (
    CannotDecide,
    NotReady,
    advance_definition,
    decide_definition_change,
    return_definition,
)
from deliverables.changes_shown import shown_waiting
from deliverables.forms import DeclineForm
from deliverables.maturity import AGREED, BASELINED, DRAFTED, EXPECTED, NAMES, checklist, facts_of, in_the_way, next_step
from deliverables.models import DefinitionChange, Deliverable
from deliverables.plan_forms import SendBackForm
from deliverables.views.definition import read, steps_of
from people.permissions import can_view_group
from strategy_portal.access import access
from strategy_portal.editing import Overtaken, edits_of
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of

Refusals = (CannotDecide, NotReady, Overtaken)
SHOWN = 20  # requests


@access(can_view_group, posts=True)
def definitions(request: HttpRequest) -> HttpResponse:
    """What waits for the group, and what is missing of the rest."""
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        if request.POST.get("change"):
            wrong = decide_change(request)
        else:
            advance_all(request)
        if not wrong:
            return redirect("definitions")
    page = page_of(Deliverable.objects.of_current_year().immature(), request, per_page=40)
    waiting = list(DefinitionChange.objects.for_group()[:SHOWN])
    shown = shown_waiting(waiting, DefinitionChange.objects.beside(waiting)) if waiting else []
    requests = [(one, wrong["form"] if wrong.get("pk") == one.change.pk else decline_form(one.change.pk)) for one in shown]
    context = {
        "page": page,
        "groups": groups_of(page.rows, request.user),
        "planned": bool(page.rows) or Deliverable.objects.of_current_year().exists(),
        "requests": requests,
        "wrong": wrong.get("form"),
        "years": Deliverable.objects.matured_by_year(),
    }
    return render(request, "deliverables/definition/group.html", context)


def decline_form(pk: int) -> DeclineForm:
    return DeclineForm(prefix=f"change-{pk}")


def decide_change(request: HttpRequest) -> dict[str, Any]:
    """Empty once it is decided; else the form that has a mistake."""
    number = request.POST["change"]
    rows = DefinitionChange.objects.select_related("deliverable__plan_year")
    change = get_object_or_404(rows, pk=number_in(number))
    agreed, form = request.POST.get("decision") == "agree", DeclineForm(request.POST, prefix=f"change-{number}")
    if not agreed and not form.is_valid():
        return {"pk": change.pk, "form": form}
    try:
        answer = "" if agreed else form.cleaned_data["answer"]
        decided = decide_definition_change(by=request.user, change=change, agreed=agreed, answer=answer)
    except CannotDecide as refused:
        messages.error(request, str(refused))
        return {}
    said = f"The change is agreed. It takes effect from {decided.takes_effect}." if decided.agreed else "The change is declined."
    messages.success(request, said)
    return {}


def advance_all(request: HttpRequest) -> None:
    """Takes the step for each that is ticked, as it was when the page was read, and says which could not take it."""
    to = request.POST.get("to", "")
    pairs = (value.partition("-") for value in request.POST.getlist("pick"))
    ticked = {number_in(pk): number_in(seen) for pk, _, seen in pairs}
    rows = Deliverable.objects.of_current_year().filter(pk__in=ticked).select_related("plan_year").in_order()
    done = 0
    for row in rows if to in (AGREED, BASELINED) else ():
        try:
            advance_definition(by=request.user, deliverable=row, to=to, seen=ticked[row.pk])
            done += 1
        except Refusals as refused:
            messages.error(request, f"{row.code}: {refused}")
    if done:
        messages.success(request, f"{done} definition{'' if done == 1 else 's'} {NAMES[to].lower()}.")
    elif not ticked:
        messages.info(request, "Tick those that the group agrees first.")


def groups_of(rows: list[Any], user: Any) -> list[dict[str, Any]]:
    """By what is to be done with them, what waits for the group first."""
    wrote = Deliverable.objects.wrote_definitions([row.pk for row in rows]) if rows else {}
    found: dict[str, list[dict[str, Any]]] = {DRAFTED: [], AGREED: [], EXPECTED: []}
    for row in rows:
        in_way, own = in_the_way(facts_of(row)), user.pk in wrote[row.pk]
        found[row.maturity].append({"row": row, "in_the_way": in_way, "is_own": own, "can": not in_way and not own})
    return [
        {"maturity": code, "name": NAMES[code], "to": next_step(code), "rows": some, "any": any(one["can"] for one in some)}
        for code, some in found.items()
        if some
    ]


@access(can_view_group, posts=True)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One definition with its whole past, and the group's word on it."""
    row = read(request, code)
    form = SendBackForm(request.POST if request.POST.get("decision") == "return" else None)
    if request.method == "POST" and (form.is_valid() or not form.is_bound):
        decide_one(request, row, form)
        return redirect("definitions")
    facts = facts_of(row)
    context = {
        "deliverable": row,
        "form": form,
        "steps": steps_of(row),
        "checks": checklist(facts),
        "in_the_way": in_the_way(facts),
        "to": next_step(row.maturity),
        "is_own": request.user.pk in Deliverable.objects.wrote_definitions([row.pk])[row.pk],
        "edits": edits_of(row.history.all(), leave_out=("order", "plan_year", "label", "named", "source", "note")),
    }
    return render(request, "deliverables/definition/decide.html", context)


def decide_one(request: HttpRequest, row: Any, form: SendBackForm) -> None:
    try:
        if form.is_bound:
            return_definition(by=request.user, deliverable=row, reason=form.cleaned_data["reason"])
            messages.success(request, f"{row.name} is sent back. Its managers get your reason by email.")
            return
        seen, to = request.POST.get("seen", ""), request.POST.get("to", "")
        advance_definition(by=request.user, deliverable=row, to=to, seen=number_in(seen))
        messages.success(request, f"{row.name} is {NAMES.get(to, '').lower()}.")
    except Refusals as refused:
        messages.error(request, str(refused))
