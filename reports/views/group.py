"""The Operational Outcomes Group's side of a month: collect, challenge, agree."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from deliverables.actions import CannotDecide, agree_unchanged, agree_update, decide_milestone_change, return_update
from deliverables.collect import missing
from deliverables.forms import DeclineForm, ReturnForm
from deliverables.history import by_month, row_beside
from deliverables.models import Deliverable, Evidence, Milestone, MilestoneChange, StatusUpdate, UpdateDraft
from deliverables.ratings import NOT_REPORTED
from people.permissions import can_view_group
from priorities.actions import PeriodClosed
from priorities.models import ReportingPeriod
from reports import sentences
from reports.gather import current, current_content
from strategy_portal import clock
from strategy_portal.access import access
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of
from strategy_portal.prepared import one_or_404


def chosen_period(request: HttpRequest, periods: list[ReportingPeriod]) -> ReportingPeriod | None:
    """The month named in the address, else the newest that has begun."""
    asked = [period for period in periods if period.month == request.GET.get("month")]
    return (asked or periods or [None])[0]


ROWS = 15  # deliverables on the group's page, above its charts


def groups_period(request: HttpRequest) -> tuple[ReportingPeriod | None, list[ReportingPeriod]]:
    """The open month asked for, else the newest open one, else the newest; and its plan year's months so far, it first."""
    begun = ReportingPeriod.objects.all_begun(clock.today())
    open_now = [period for period in begun if period.closed_at is None]
    period = chosen_period(request, open_now or begun)
    if period is None:
        return None, []
    period.others = [one for one in open_now if one.pk != period.pk]
    return period, [one for one in begun[begun.index(period) :] if one.plan_year_id == period.plan_year_id]


def back(period: ReportingPeriod | None) -> HttpResponse:
    return redirect(f"{reverse('outcomes_group')}?month={period.month}" if period and period.others else "outcomes_group")


def days_late(period: ReportingPeriod) -> int:
    return max(0, (clock.today() - period.due_on).days)


@access(can_view_group)
def outcomes_group(request: HttpRequest) -> HttpResponse:
    period, so_far = groups_period(request)
    if period is None:
        return render(request, "reports/nothing_yet.html")
    rows = Deliverable.objects.of(period.plan_year_id).going(period).select_related("lead").in_order()
    rows = rows.with_rating_before(so_far[1] if len(so_far) > 1 else None)
    missing_only = request.GET.get("show") == "missing"
    page = page_of(rows.rated(NOT_REPORTED, period) if missing_only else rows, request, ROWS)
    position = current(period)
    content = position["content"]
    not_in, late = content["plan"]["distribution"][NOT_REPORTED], days_late(period)
    context = {
        "period": period,
        "page": page,
        "rows": [row_beside(one, period) for one in StatusUpdate.objects.give_to(page.rows, period, decided=True)],
        "drafted": UpdateDraft.objects.begun_for(period, page.rows),
        "missing_only": missing_only,
        "missing": not_in,
        "collecting_now": not_in and not content["decisions"]["flagged"],
        "days_late": late,
        "collecting": sentences.collecting(not_in, late=late > 0),
        "looking": sentences.looking(content["decisions"]),
    }
    return render(request, "reports/outcomes_group.html", context | position)


@access(can_view_group)
def collect(request: HttpRequest) -> HttpResponse:
    """Who is still to report, and where nobody can."""
    period, _ = groups_period(request)
    if period is None:
        return render(request, "reports/nothing_yet.html")
    rows = Deliverable.objects.of(period.plan_year_id).going(period).select_related("lead").in_order().unreported(period)
    page = page_of(rows, request)
    context = {
        "period": period,
        "page": page,
        "rows": missing(page.rows, period),
        "days_late": days_late(period),
        "content": current_content(period),
    }
    return render(request, "reports/collect.html", context)


@access(can_view_group)
def next_to_challenge(request: HttpRequest) -> HttpResponse:
    """The next update to talk about: those with a flag first. `after` is the code of the one just left."""
    period, _ = groups_period(request)
    waiting = list(StatusUpdate.objects.to_challenge(period).values_list("deliverable__code", flat=True)) if period else []
    if not waiting:
        messages.success(request, "Nothing waits for the group's word.")
        return back(period)
    after = request.GET.get("after", "")
    place = waiting.index(after) + 1 if after in waiting else 0
    return redirect(f"{reverse('challenge', args=[waiting[place % len(waiting)]])}?month={period.month}")


@access(can_view_group, posts=True)
def challenge(request: HttpRequest, code: str) -> HttpResponse:
    """One update with all that stands beside it, and the group's word on it."""
    period, so_far = groups_period(request)
    deliverable = one_or_404(Deliverable.objects.coded(code, period.plan_year_id) if period else [])
    months = by_month(StatusUpdate.objects.give_to([deliverable], *so_far, decided=True)[0].recent_updates, so_far)
    form, refused = ReturnForm(request.POST or None), ""
    if request.method == "POST":
        try:
            if said := decide(request, deliverable, form):
                messages.success(request, said)
                return redirect(f"{reverse('challenge_next')}?month={period.month}&after={code}")
        except (CannotDecide, PeriodClosed) as refusal:
            refused = str(refusal)
    context = {
        "deliverable": deliverable,
        "period": period,
        "months": months,
        "now": months[0],
        "milestones": Milestone.objects.with_all_moves(deliverable.pk),
        "last": months[1] if len(months) > 1 else None,
        "so_far": list(reversed(months)),
        "form": form,
        "refused": refused,
        "waiting": current_content(period)["decisions"]["flagged"],
        "evidence": Evidence.objects.for_deliverable(deliverable, request.user),
        "is_own": months[0].standing is not None and months[0].standing.submitted_by_id == request.user.pk,
    }
    return render(request, "reports/challenge.html", context)


def decide(request: HttpRequest, deliverable: Deliverable, form: ReturnForm) -> str:
    """What was decided, in a sentence; nothing where the form has a mistake."""
    number = request.POST.get("update", "")
    updates = deliverable.updates.select_related("deliverable__plan_year", "period", "submitted_by")
    update = get_object_or_404(updates, pk=number_in(number))
    if request.POST.get("decision") == "agree":
        agree_update(by=request.user, update=update)
        return f"{deliverable.name} is agreed."
    if not form.is_valid():
        return ""
    return_update(by=request.user, update=update, reason=form.cleaned_data["reason"])
    return f"{deliverable.name} is returned. {update.submitted_by} gets your reason by email."


@access(can_view_group, posts=True)
def agree_all_unchanged(request: HttpRequest) -> HttpResponse:
    """What needs no talk. First the list, then the button."""
    period, _ = groups_period(request)
    if period is None:
        return redirect("outcomes_group")
    if request.method == "POST":
        try:
            agreed = agree_unchanged(by=request.user, period=period)
            messages.success(request, sentences.sentence(f"{sentences.count(len(agreed))} {sentences.are(len(agreed))} agreed"))
        except PeriodClosed as refusal:
            messages.error(request, str(refusal))
        return back(period)
    updates = StatusUpdate.objects.unchanged_on_track(period).exclude(submitted_by=request.user)
    context = {"period": period, "page": page_of(updates.order_by("deliverable__code"), request, per_page=60)}
    return render(request, "reports/agree_unchanged.html", context)


@access(can_view_group, posts=True)
def changes(request: HttpRequest) -> HttpResponse:
    """Changes of baselines that wait for the group."""
    waiting = MilestoneChange.objects.waiting().select_related("deliverable__plan_year", "milestone", "asked_by")
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        number = request.POST.get("change", "")
        change = get_object_or_404(waiting, pk=number_in(number))
        agreed, form = request.POST.get("decision") == "agree", DeclineForm(request.POST, prefix=f"change-{number}")
        if agreed or form.is_valid():
            try:
                answer = "" if agreed else form.cleaned_data["answer"]
                decide_milestone_change(by=request.user, change=change, agreed=agreed, answer=answer)
                messages.success(request, "The change is agreed and made." if agreed else "The change is declined.")
                return redirect("milestone_changes")
            except CannotDecide as refusal:
                messages.error(request, str(refusal))
                return redirect("milestone_changes")
        wrong = {"pk": change.pk, "form": form}
    page = page_of(waiting, request)
    rows = [(one, wrong["form"] if wrong.get("pk") == one.pk else DeclineForm(prefix=f"change-{one.pk}")) for one in page.rows]
    return render(request, "reports/changes.html", {"page": page, "rows": rows, "wrong": wrong.get("form")})
