"""Setting up milestones: freely until the definition is baselined, then by asking the group."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.actions import AlreadyAsked, add_milestone, change_milestone, end_milestone
from deliverables.forms import MilestoneDefinitionForm
from deliverables.models import Deliverable, MilestoneChange
from people.permissions import can_report_progress
from priorities.addresses import at_year, to
from strategy_portal.access import access


def mine(request: HttpRequest, code: str, year: str) -> Deliverable:
    found = Deliverable.objects.reported_by(request.user).in_year(year)
    return get_object_or_404(found.select_related("plan_year", "priority"), code=code)


def asks(deliverable: Deliverable) -> bool:
    return deliverable.maturity == Deliverable.Maturity.BASELINED


def done(request: HttpRequest, year: str, made: Any, words: str) -> HttpResponse:
    waits = isinstance(made, MilestoneChange)
    messages.success(request, "The group is asked. Until it agrees, the baseline stays as it is." if waits else words)
    return redirect(to(year, "milestones", made.deliverable.code))


@access(can_report_progress, posts=True)
def milestones(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    deliverable = mine(request, code, year)
    form = MilestoneDefinitionForm(request.POST or None, asks=asks(deliverable))
    if request.method == "POST" and form.is_valid():
        try:
            made = add_milestone(by=request.user, deliverable=deliverable, **form.cleaned_data)
            return done(request, year, made, f"“{form.cleaned_data['title']}” is added.")
        except ValidationError as refused:
            form.add_error(None if "title" not in refused.message_dict else "title", refused.message_dict.get("title", refused))
    context = {
        "deliverable": deliverable,
        "at": at_year(year),
        "form": form,
        "asks": asks(deliverable),
        "milestones": deliverable.milestones.in_plan().with_moves().in_order(),
        "waiting": deliverable.milestone_changes.waiting().select_related("milestone", "asked_by"),
    }
    return render(request, "deliverables/milestones.html", context)


@access(can_report_progress, posts=True)
def milestone(request: HttpRequest, code: str, pk: int, year: str = "") -> HttpResponse:
    deliverable = mine(request, code, year)
    found = get_object_or_404(deliverable.milestones.in_plan(), pk=pk)
    found.deliverable = deliverable
    initial = {"title": found.title, "baseline_on": found.baseline_on}
    form = MilestoneDefinitionForm(request.POST or None, initial=initial, asks=asks(deliverable))
    if request.method == "POST" and form.is_valid():
        try:
            return changed(request, year, found, form.cleaned_data)
        except AlreadyAsked as refused:
            form.add_error(None, str(refused))
        except ValidationError as refused:
            form.add_error("title", refused.message_dict.get("title", refused.messages))
    context = {"deliverable": deliverable, "at": at_year(year), "milestone": found, "form": form, "asks": asks(deliverable)}
    return render(request, "deliverables/milestone.html", context)


def changed(request: HttpRequest, year: str, milestone: Any, given: dict[str, Any]) -> HttpResponse:
    if request.POST.get("do") == "remove":
        made = end_milestone(by=request.user, milestone=milestone, words=given.get("words", ""))
        return done(request, year, made, f"“{milestone}” is no longer part of the plan. What was reported of it stays.")
    made = change_milestone(by=request.user, milestone=milestone, **given)
    return done(request, year, made, "The milestone is changed.")
