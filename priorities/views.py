"""The calendar that someone's private address gives."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from people.models import CalendarAddress
from people.permissions import can_have_calendar, can_report_progress
from priorities.feed import Day, feed
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.access import access, anyone


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
