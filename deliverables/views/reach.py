"""Whom a deliverable reaches: said by those who report on it, and by administrators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.actions import Reach, name_reach
from deliverables.models import Deliverable
from deliverables.permissions import can_name_reach
from deliverables.reach_form import LABELS, ReachForm, initial_of
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.permissions import can_view_plan
from priorities.addresses import at_year, to
from priorities.models import ReachGroup
from strategy_portal.access import access
from strategy_portal.editing import Edit, Overtaken, changes_between, edits_of, seen_of

SHOWN = ("Who it reaches", "Who benefits", "Who might be missed")


@access(can_name_reach, posts=True, keep=keep_sent)
def reach(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    hers = Deliverable.objects.reach_named_by(request.user).in_year(year).with_reach_gap()
    deliverable = get_object_or_404(hers.select_related("plan_year"), code=code)
    if answer := answer_keeping(request):
        return answer
    groups = list(ReachGroup.objects.offered_to(deliverable))
    initial = initial_of(deliverable, groups) if request.method == "GET" else None
    form = bind(ReachForm, request, groups=groups, initial=initial)
    context: dict[str, Any] = {"deliverable": deliverable, "at": at_year(year), "form": form}
    if request.method == "POST" and form.is_valid():
        wanted = form.reach()
        try:
            name_reach(by=request.user, deliverable=deliverable, reach=wanted, seen=form.cleaned_data["seen"])
        except Overtaken as overtaken:
            form.see(seen_of(deliverable))
            differs = changes_between(LABELS, form.in_words(Reach.of(deliverable)), form.in_words(wanted))
            context |= {"overtaken": overtaken, "differs": differs}
        else:
            forget(request)
            messages.success(request, "Whom it reaches is saved.")
            return redirect(to(year, "deliverable", deliverable.code))
    return render(request, "deliverables/reach.html", context | {"kept": keeping(request)})


@access(can_view_plan)
def reach_history(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    deliverable = get_object_or_404(Deliverable.objects.in_year(year).select_related("plan_year"), code=code)
    edits = list(filter(None, map(of_reach, edits_of(deliverable.history.all()))))
    return render(request, "deliverables/reach_history.html", {"deliverable": deliverable, "at": at_year(year), "edits": edits})


def of_reach(edit: Edit) -> Edit | None:
    """What an edit of the deliverable changed of its reach."""
    changes = [change for change in edit.changes if change.label in SHOWN]
    return Edit(edit.at, edit.by, edit.what, edit.reason, changes) if changes else None
