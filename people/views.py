"""What we write to someone about, and her calendar address."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people.actions import (
    choose_reminders,
    choose_reports,
    make_calendar_address,
    renew_calendar_address,
    revoke_calendar_address,
)
from people.forms import RemindersForm, ReportsForm
from people.models import CalendarAddress
from people.permissions import can_have_calendar, can_report_progress, can_view_plan
from strategy_portal.access import access

# What a button of the calendar does, and what is said when there is no new address to show.
CALENDAR: dict[str, tuple[Callable[..., str | None], str]] = {
    "make": (make_calendar_address, "You have a calendar address already. If you have lost it, renew it."),
    "renew": (renew_calendar_address, ""),
    "revoke": (revoke_calendar_address, "Your calendar address is revoked. It no longer gives any dates."),
}


@access(can_view_plan, posts=True)
def reminders(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    asked = request.POST.get("do", "choose") if request.method == "POST" else ""
    chosen = RemindersForm(request.POST if asked == "choose" else None, initial={"reminders": user.reminders})
    form = chosen if can_report_progress(user) else None
    token = None
    if asked == "reports":
        choose_reports(by=user, wants="wants" in request.POST)
        messages.success(request, "We will email you as you chose")
        return redirect("reminders")
    if asked in CALENDAR and can_have_calendar(user):
        act, otherwise = CALENDAR[asked]
        token = act(by=user)
        if token is None:
            messages.info(request, otherwise)
            return redirect("reminders")
    elif form and form.is_valid():
        choose_reminders(by=user, reminders=form.cleaned_data["reminders"])
        messages.success(request, "We will email you as you chose")
        return redirect("reminders")
    context = {
        "form": form,
        "reports": ReportsForm(initial={"wants": user.wants_reports}),
        "has_calendar": can_have_calendar(user),
        "hints": RemindersForm.HINTS,
        "made": CalendarAddress.objects.filter(made_by=user).first(),
        "token": token,  # shown this once: only its fingerprint is kept
        "address": settings.PORTAL_ADDRESS,
    }
    return render(request, "people/reminders.html", context)
