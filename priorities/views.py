"""The calendar that someone's private address gives, and the groups of Core20PLUS5 that are chosen here."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.models import CalendarAddress
from people.permissions import can_edit_plan, can_have_calendar, can_report_progress
from priorities.actions import NameTaken, add_plus_group, change_plus_group
from priorities.feed import Day, feed
from priorities.models import PlanYear, ReachGroup, ReportingPeriod
from priorities.reach_form import AddGroupForm, GroupForm
from strategy_portal import clock
from strategy_portal.access import access, anyone
from strategy_portal.editing import Overtaken, changes_between, edits_of, seen_of


@access(anyone)
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever knows the address is answered: calendars do not sign in. An address whose owner may no longer see is none."""
    found = get_object_or_404(CalendarAddress.objects.at(token))
    if not can_have_calendar(found.made_by):
        raise Http404
    written = feed(
        days_of(found.made_by, ReportingPeriod.objects.for_calendar()),
        name=settings.PORTAL_SERVICE,
        host=urlsplit(settings.PORTAL_ADDRESS).hostname or "localhost",
        written_at=clock.now().astimezone(UTC),
    )
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


def days_of(owner: Any, periods: Iterable[ReportingPeriod]) -> Iterator[Day]:
    """When updates are due, which leads to the month's page of those who report, and when the group meets."""
    page = settings.PORTAL_ADDRESS + reverse("updates" if can_report_progress(owner) else "outcomes_group")
    for period in periods:
        at = f"{page}?month={period.month}"
        yield Day(f"due-{period.pk}", period.due_on, f"Updates for {period} are due", at)
        if period.meeting_on:
            yield Day(f"meeting-{period.pk}", period.meeting_on, f"Outcomes group meets: {period} report", at)


GROUP_LABELS = {"name": "Who they are", "explanation": "What to know", "source": "Where it was chosen", "ended_on": "Ends on"}


@access(can_edit_plan, posts=True, keep=keep_sent)
def reach_groups(request: HttpRequest) -> HttpResponse:
    """Those of the current year's strategy, and a form that adds one that is chosen here."""
    year = get_object_or_404(PlanYear.objects.select_related("strategy"), pk=getattr(PlanYear.objects.current(), "pk", 0))
    if answer := answer_keeping(request):
        return answer
    form = bind(AddGroupForm, request)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_plus_group(by=request.user, strategy=year.strategy, **form.cleaned_data)
            forget(request)
            messages.success(request, f"“{made}” is added.")
            return redirect("reach_groups")
        except NameTaken as taken:
            form.add_error("name", str(taken))
    groups = list(ReachGroup.objects.of(year.strategy_id).with_uses())
    chosen = [group for group in groups if group.kind == ReachGroup.Kind.PLUS]
    context = {"year": year, "form": form, "kept": keeping(request), "groups": groups, "chosen": chosen}
    return render(request, "priorities/reach_groups.html", context)


@access(can_edit_plan, posts=True, keep=keep_sent)
def reach_group(request: HttpRequest, code: str) -> HttpResponse:
    """Renames or ends one that is chosen here. It is never deleted: what named it goes on naming it."""
    group = get_object_or_404(ReachGroup.objects.of_current_year().plus(), code=code)
    if answer := answer_keeping(request):
        return answer
    stands = {name: getattr(group, name) for name in GROUP_LABELS}
    seen, context = seen_of(group), {"group": group}
    form = bind(GroupForm, request, initial=stands | {"seen": seen})
    if request.method == "POST" and form.is_valid():
        try:
            change_plus_group(by=request.user, group=group, seen=form.cleaned_data["seen"], **form.given())
            forget(request)
            messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
            return redirect("reach_groups")
        except NameTaken as taken:
            form.add_error("name", str(taken))
        except Overtaken as overtaken:
            form.see(seen)
            context |= {"overtaken": overtaken, "differs": changes_between(GROUP_LABELS, stands, form.given())}
    edits = edits_of(group.history.all(), leave_out=["strategy", "kind", "code", "order", "note"])
    return render(request, "priorities/reach_group.html", context | {"form": form, "kept": keeping(request), "edits": edits})
