"""All that is due from someone, and one update."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.actions import Overtaken, submit_update
from deliverables.forms import UpdateForm, initial_for, milestone_forms
from deliverables.history import Month, by_month, row_of
from deliverables.models import Deliverable
from deliverables.querysets import horizon
from deliverables.ratings import RATINGS
from people.permissions import can_report_progress
from priorities.actions import PeriodClosed
from priorities.calendar import working_days_between
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.access import access
from strategy_portal.paging import page_of


def open_period(request: HttpRequest) -> ReportingPeriod | None:
    """The month named in the address if it is open, else the newest open month."""
    open_now = list(ReportingPeriod.objects.open())
    asked = [period for period in open_now if period.month == request.GET.get("month")]
    return (asked or open_now or [None])[0]


def period_of_form(request: HttpRequest) -> ReportingPeriod | None:
    """The month that the form was opened for, open or not: its words must never be stored under another month."""
    opened_for = ReportingPeriod.objects.begun().in_month(request.POST.get("month", "")).first()
    return opened_for or open_period(request)


@access(can_report_progress)
def updates(request: HttpRequest) -> HttpResponse:
    period = open_period(request)
    if period is None:
        return render(request, "deliverables/updates.html", {"period": None})
    recent = list(ReportingPeriod.objects.up_to(period)[:2])
    mine = Deliverable.objects.reported_by(request.user).of(period.plan_year).select_related("priority").in_order()
    page = page_of(mine.with_updates_of(*recent), request)
    rows = [row_of(deliverable, recent) for deliverable in page.rows]
    done = sum(row.now is not None for row in rows)
    context = {
        "period": period,
        "before": recent[1] if len(recent) > 1 else None,
        "page": page,
        "rows": rows,
        "done": done,
        "to_do": len(rows) - done,
        "today": clock.today(),
        "working_days_left": working_days_between(clock.today(), period.due_on),
    }
    return render(request, "deliverables/updates.html", context)


@access(can_report_progress, posts=True)
def update(request: HttpRequest, code: str) -> HttpResponse:
    period = period_of_form(request) if request.method == "POST" else open_period(request)
    reported = Deliverable.objects.reported_by(request.user)
    mine = reported.of(period.plan_year) if period else reported.of_current_year()
    deliverable = get_object_or_404(mine.select_related("plan_year", "priority", "lead"), code=code)
    if period is None:
        return render(request, "deliverables/no_open_period.html", {"deliverable": deliverable})
    steps = milestone_forms(deliverable.milestones.to_report(period), request.POST or None)
    form = UpdateForm(request.POST or None)
    page = {"deliverable": deliverable, "period": period, "form": form, "steps": steps}
    if request.method == "POST" and all([form.is_valid(), *(step.is_valid() for step in steps)]):
        refusal = submit(request.user, page)
        if refusal is None:
            messages.success(request, f"Your update on {deliverable.name} for {period} is in. It counts from now.")
            return redirect("updates")
        page |= refusal
    months = by_month(deliverable.updates.for_history(), ReportingPeriod.objects.up_to(period))
    form.initial = initial_for(months[0].standing)
    return render(request, "deliverables/update.html", page | beside(months))


def beside(months: list[Month]) -> dict[str, Any]:
    """What stands beside the form: the months so far, and the words that the last one gives to the questions."""
    last = months[1] if len(months) > 1 else None
    return {
        "months": months,
        "last": last,
        "before": list(reversed(months[1:])),
        "done_label": f"What has been done since {last.period.starts_on:%B}?" if last else "What has been done?",
        "hints": {rating.code: rating.meaning for rating in RATINGS.values()},
        "horizon": horizon(months[0].period),
    }


def submit(user: Any, page: dict[str, Any]) -> dict[str, Any] | None:
    """None when it is in; else what the page has to say, with everything typed still in the form."""
    form: UpdateForm = page["form"]
    try:
        submit_update(
            by=user,
            deliverable=page["deliverable"],
            period=page["period"],
            key=form.cleaned_data["key"],
            seen=form.cleaned_data["seen"],
            report=form.report(page["steps"]),
        )
    except Overtaken as overtaken:
        form.see(overtaken.theirs)
        by_another = overtaken.theirs is not None and overtaken.theirs.submitted_by_id != user.pk
        title = "Someone else has reported since you opened this page" if by_another else ""
        return {"overtaken": overtaken.theirs, "overtaken_title": title, "steps": [step.see() for step in page["steps"]]}
    except PeriodClosed as closed:
        return {"refused": str(closed)}
    return None
