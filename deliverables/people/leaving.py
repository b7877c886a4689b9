"""Someone leaves: what she manages goes to somebody else, and she can no longer sign in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from deliverables.actions.hand_over import hand_over as act
from deliverables.models import Deliverable
from deliverables.people.forms import HandOverForm
from people.joining.actions import deactivate_person
from people.models import User
from people.permissions import can_edit_plan
from strategy_portal.access import access
from strategy_portal.editing import Refused
from strategy_portal.numbers import number_in

SHOWN = 20


@access(can_edit_plan, posts=True)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who, look at what moves, and hand over. What moves is what was looked at."""
    leaver = get_object_or_404(User, pk=pk)
    if request.method == "POST" and request.POST.get("do") == "publish":
        return publish(request, leaver)
    form = HandOverForm(request.POST or None, leaver=leaver)
    hers = Deliverable.objects.not_over().filter(managers=leaver).in_order().select_related("plan_year", "priority")
    successor = form.cleaned_data["successor"] if request.method == "POST" and form.is_valid() else None
    context = {
        "person": leaver,
        "form": form,
        "successor": successor,
        "moving": hers.prefetch_related("managers"),
        "before_leaving": request.GET.get("then") == "deactivate",
        "back": (reverse("plan_person", args=[pk]), leaver.name),
    }
    return render(request, "plan/people/hand_over.html", context)


def publish(request: HttpRequest, leaver: User) -> HttpResponse:
    successor, moving = number_in(request.POST.get("successor", "")), map(number_in, request.POST.getlist("moving"))
    then = "plan_person_deactivate" if request.GET.get("then") == "deactivate" else "plan_person"
    try:
        to, moved = act(by=request.user, leaver=leaver, successor=successor, deliverables=moving)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(request.get_full_path())
    count = f"{len(moved)} deliverable{'' if len(moved) == 1 else 's'}"
    messages.success(
        request, f"{to.name} now manages {count} in the place of {leaver.name}" if moved else "Nothing was left to hand over"
    )
    return redirect(then, leaver.pk)


@access(can_edit_plan, posts=True)
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """With what it would leave behind; handing that over comes first."""
    leaver = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        return leave(request, leaver)
    left = Deliverable.objects.not_over().left_by(leaver).in_order().select_related("priority", "lead")
    found: list[Any] = list(left[: SHOWN + 1])
    context = {
        "person": leaver,
        "left": found[:SHOWN],
        "more": len(found) > SHOWN,
        "managed": any(one.is_hers for one in found),
        "alone": sum(not one.has_others for one in found),
        "back": (reverse("plan_person", args=[pk]), leaver.name),
    }
    return render(request, "plan/people/deactivate.html", context)


def leave(request: HttpRequest, leaver: User) -> HttpResponse:
    try:
        deactivate_person(by=request.user, user=leaver)  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{leaver.name} can no longer sign in. What they did keeps their name")
    return redirect("plan_person", leaver.pk)
