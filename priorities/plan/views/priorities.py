"""The year's priorities: their order, their words, their history."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from people.keeping import keep_sent
from people.permissions import can_edit_plan
from priorities.models import PlanYear, Priority
from priorities.plan.actions import add_row, edit_row
from priorities.plan.flow import Editing, answer
from priorities.plan.forms import NewPriorityForm, PriorityForm
from priorities.plan.rules import uses_of
from priorities.plan.views import rows
from priorities.plan.years import address, year_of
from strategy_portal.access import access


def back_to_list(request: HttpRequest) -> tuple[str, str]:
    return address(request, "plan_priorities"), "Edit priorities"


@access(can_edit_plan, posts=True)
def priorities(request: HttpRequest) -> HttpResponse:
    year = year_of(request)
    if request.method == "POST":
        return rows.move(request, Priority.objects.filter(plan_year=year), address(request, "plan_priorities"))
    listed = rows.in_places(Priority.objects.of(year).with_numbers())
    return render(request, "plan/priorities.html", {"year": year, "listed": listed, "years": PlanYear.objects.of(year)})


@access(can_edit_plan, posts=True, keep=keep_sent)
def priority(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Priority.objects.select_related("plan_year"), plan_year=year_of(request), code=code)
    editing = Editing(
        row=found,
        form_class=PriorityForm,
        publish=lambda form, row: edit_row(by=request.user, row=found, values=form.values, seen=form.cleaned_data["seen"] or 0),
        title=found.name,
        caption=f"Priority {found.code} · {found.plan_year}",
        lede="What you publish changes what everyone reads from now on. Issued reports keep their words.",
        back=back_to_list(request),
        then=lambda row: address(request, "plan_priorities"),
        more={
            "history": address(request, "plan_priority_history", found.code),
            "delete": address(request, "plan_priority_delete", found.code),
        },
    )
    return answer(request, editing)


@access(can_edit_plan, posts=True, keep=keep_sent)
def new_priority(request: HttpRequest) -> HttpResponse:
    year = year_of(request)
    editing = Editing(
        row=Priority(plan_year=year),
        form_class=NewPriorityForm,
        publish=lambda form, row: add_row(by=request.user, row=row, same=("plan_year", *form.values)),
        title="New priority",
        caption=f"{year}",
        back=back_to_list(request),
        said="{} is published. It shows no progress until it has deliverables",
        then=lambda row: address(request, "plan_priorities"),
        complete=at_the_end,
    )
    return answer(request, editing)


def at_the_end(row: Any) -> Any:
    """A new priority comes last, at an address made from its name."""
    row.code = row.code.upper()
    row.slug, row.order = slugify(row.name)[:50], Priority.objects.of(row.plan_year_id).next_place()
    return row


@access(can_edit_plan)
def history(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Priority, plan_year=year_of(request), code=code)
    return rows.history_page(request, found, (address(request, "plan_priority", code), found.name))


@access(can_edit_plan, posts=True)
def delete(request: HttpRequest, code: str) -> HttpResponse:
    """Refused once it has deliverables, with the way out: nothing that was promised or reported may vanish."""
    of_year = Priority.objects.of(year_of(request)).with_numbers()
    found = of_year.filter(code=code).first() if request.method == "POST" else get_object_or_404(of_year, code=code)
    then = address(request, "plan_priorities")
    if request.method == "POST":
        return rows.remove(request, found, then, f"{found} is deleted. Its history is kept") if found else redirect(then)
    back = (address(request, "plan_priority", code), found.name)
    return render(request, "plan/delete_priority.html", {"priority": found, "uses": uses_of(found), "back": back})
