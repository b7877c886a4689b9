"""The portal's health: one word for everyone, the details for administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from people.permissions import can_edit_plan
from reports.health import findings, is_wrong
from strategy_portal.access import access, anyone


@access(anyone)
def health(request: HttpRequest) -> HttpResponse:
    """200 while what the portal shows can be relied on, 503 when it cannot: a monitoring system needs no more."""
    found = findings()
    code = 503 if is_wrong(found) else 200
    if can_edit_plan(request.user):
        return render(request, "reports/health.html", {"findings": found, "wrong": code == 503}, status=code)
    word = "not working" if code == 503 else "working"
    return HttpResponse(f"{word}\n", content_type="text/plain; charset=utf-8", status=code)
