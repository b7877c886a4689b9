"""Who oversees what: boards, groups and partnerships."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from people.keeping import keep_sent
from people.permissions import can_edit_plan
from priorities.models import Body
from priorities.plan.actions import add_row, edit_row
from priorities.plan.flow import Editing, answer
from priorities.plan.forms import BodyForm, NewBodyForm
from priorities.plan.views import rows
from priorities.plan.years import year_of
from strategy_portal.access import access


def all_bodies() -> Any:
    return Body.objects.filter(strategy=year_of("").strategy_id)


def back_to_list() -> tuple[str, str]:
    return reverse("plan_bodies"), "Boards and groups"


@access(can_edit_plan, posts=True)
def bodies(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return rows.move(request, all_bodies(), reverse("plan_bodies"))
    return render(request, "plan/bodies.html", {"listed": rows.in_places(all_bodies().select_related("assures"))})


@access(can_edit_plan, posts=True, keep=keep_sent)
def body(request: HttpRequest, code: str) -> HttpResponse:
    there = all_bodies()
    found = get_object_or_404(there.select_related("assures"), code=code)
    editing = Editing(
        row=found,
        form_class=BodyForm,
        options={"bodies": there.exclude(pk=found.pk).order_by("name")},
        publish=lambda form, row: edit_row(by=request.user, row=found, values=form.values, seen=form.seen_number),
        title=found.name,
        caption=f"Board or group {found.code}",
        back=back_to_list(),
        then=lambda row: reverse("plan_bodies"),
        more={"history": reverse("plan_body_history", args=[found.code])},
    )
    return answer(request, editing)


@access(can_edit_plan, posts=True, keep=keep_sent)
def new_body(request: HttpRequest) -> HttpResponse:
    there = all_bodies()

    def at_the_end(row: Any) -> Any:
        row.code, row.order = row.code.upper(), 1 + max([other.order for other in there], default=0)
        return row

    editing = Editing(
        row=Body(strategy=year_of("").strategy),
        form_class=NewBodyForm,
        options={"bodies": there.order_by("name")},
        publish=lambda form, row: add_row(by=request.user, row=row, same=("strategy", *form.values)),
        title="New board or group",
        back=back_to_list(),
        then=lambda row: reverse("plan_bodies"),
        complete=at_the_end,
    )
    return answer(request, editing)


@access(can_edit_plan)
def history(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(all_bodies(), code=code)
    return rows.history_page(request, found, (reverse("plan_body", args=[code]), found.name))
