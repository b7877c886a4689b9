"""Who oversees what: boards, groups and partnerships."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from people.keeping import keep_sent
from people.permissions import can_edit_plan
from priorities.models import Body
from priorities.plan.actions import add_row, edit_row
from priorities.plan.flow import Editing, answer
from priorities.plan.forms import BodyForm, NewBodyForm
from priorities.plan.views import rows
from priorities.plan.years import address, year_of
from strategy_portal.access import access


def bodies_of(request: HttpRequest) -> Any:
    return Body.objects.filter(strategy=year_of(request).strategy_id)


def back_to_list(request: HttpRequest) -> tuple[str, str]:
    return address(request, "plan_bodies"), "Boards and groups"


@access(can_edit_plan, posts=True)
def bodies(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return rows.move(request, bodies_of(request), address(request, "plan_bodies"))
    return render(request, "plan/bodies.html", {"listed": rows.in_places(bodies_of(request).select_related("assures"))})


@access(can_edit_plan, posts=True, keep=keep_sent)
def body(request: HttpRequest, code: str) -> HttpResponse:
    there = bodies_of(request)
    found = get_object_or_404(there.select_related("assures"), code=code)
    editing = Editing(
        row=found,
        form_class=BodyForm,
        options={"bodies": there.exclude(pk=found.pk).order_by("name")},
        publish=lambda form, row: edit_row(by=request.user, row=found, values=form.values, seen=form.cleaned_data["seen"] or 0),
        title=found.name,
        caption=f"Board or group {found.code}",
        back=back_to_list(request),
        then=lambda row: address(request, "plan_bodies"),
        more={"history": address(request, "plan_body_history", found.code)},
    )
    return answer(request, editing)


@access(can_edit_plan, posts=True, keep=keep_sent)
def new_body(request: HttpRequest) -> HttpResponse:
    year, there = year_of(request), bodies_of(request)

    def at_the_end(row: Any) -> Any:
        row.code, row.order = row.code.upper(), 1 + max([other.order for other in there], default=0)
        return row

    editing = Editing(
        row=Body(strategy=year.strategy),
        form_class=NewBodyForm,
        options={"bodies": there.order_by("name")},
        publish=lambda form, row: add_row(by=request.user, row=row, same=("strategy", *form.values)),
        title="New board or group",
        back=back_to_list(request),
        then=lambda row: address(request, "plan_bodies"),
        complete=at_the_end,
    )
    return answer(request, editing)


@access(can_edit_plan)
def history(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(bodies_of(request), code=code)
    return rows.history_page(request, found, (address(request, "plan_body", code), found.name))
