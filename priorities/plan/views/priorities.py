"""The year's priorities: their order, their words, their history."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from people.keeping import keep_sent
from people.permissions import can_edit_plan
from priorities.addresses import at_year, to
from priorities.models import Priority
from priorities.plan.actions import add_row, edit_row
from priorities.plan.flow import Editing, answer
from priorities.plan.forms import NewPriorityForm, PriorityForm
from priorities.plan.rules import uses_of
from priorities.plan.views import rows
from priorities.plan.years import year_of, years_beside
from strategy_portal.access import access


def back_to_list(year: str) -> tuple[str, str]:
    return to(year, "plan_priorities"), "Edit priorities"


@access(can_edit_plan, posts=True)
def priorities(request: HttpRequest, year: str = "") -> HttpResponse:
    found = year_of(year)
    if request.method == "POST":
        return rows.move(request, Priority.objects.filter(plan_year=found), to(year, "plan_priorities"))
    listed, years = rows.in_places(Priority.objects.of(found).with_numbers()), years_beside(found, "plan_priorities")
    return render(request, "plan/priorities.html", {"year": found, "at": at_year(year), "listed": listed, "years": years})


@access(can_edit_plan, posts=True, keep=keep_sent)
def priority(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    found = get_object_or_404(Priority.objects.select_related("plan_year"), plan_year=year_of(year), code=code)
    editing = Editing(
        row=found,
        form_class=PriorityForm,
        publish=lambda form, row: edit_row(by=request.user, row=found, values=form.values, seen=form.seen_number),
        title=found.name,
        caption=f"Priority {found.code} · {found.plan_year}",
        lede="What you publish changes what everyone reads from now on. Issued reports keep their words.",
        back=back_to_list(year),
        then=lambda row: to(year, "plan_priorities"),
        more={
            "history": to(year, "plan_priority_history", found.code),
            "delete": to(year, "plan_priority_delete", found.code),
        },
    )
    return answer(request, editing)


@access(can_edit_plan, posts=True, keep=keep_sent)
def new_priority(request: HttpRequest, year: str = "") -> HttpResponse:
    found = year_of(year)
    editing = Editing(
        row=Priority(plan_year=found),
        form_class=NewPriorityForm,
        publish=lambda form, row: add_row(by=request.user, row=row, same=("plan_year", *form.values)),
        title="New priority",
        caption=f"Plan year {found}",
        back=back_to_list(year),
        said="{} is published. It shows no progress until it has deliverables",
        then=lambda row: to(year, "plan_priorities"),
        complete=at_the_end,
    )
    return answer(request, editing)


def at_the_end(row: Any) -> Any:
    """A new priority comes last, at an address made from its name."""
    row.code = row.code.upper()
    row.slug, row.order = slugify(row.name)[:50], Priority.objects.of(row.plan_year_id).next_place()
    return row


@access(can_edit_plan)
def history(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    found = get_object_or_404(Priority, plan_year=year_of(year), code=code)
    return rows.history_page(request, found, (to(year, "plan_priority", code), found.name))


@access(can_edit_plan, posts=True)
def delete(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """Refused once it has deliverables, with the way out: nothing that was promised or reported may vanish."""
    of_year = Priority.objects.of(year_of(year)).with_numbers()
    found = of_year.filter(code=code).first() if request.method == "POST" else get_object_or_404(of_year, code=code)
    then = to(year, "plan_priorities")
    if request.method == "POST":
        return rows.remove(request, found, then, f"{found} is deleted. Its history is kept") if found else redirect(then)
    back = (to(year, "plan_priority", code), found.name)
    return render(
        request, "plan/delete_priority.html", {"priority": found, "at": at_year(year), "uses": uses_of(found), "back": back}
    )
