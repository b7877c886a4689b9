"""The portal's site map, and the page that its pages are measured by."""

from datetime import date
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from deliverables.models import Deliverable, StatusUpdate
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.access import access, signed_in
from strategy_portal.jobs import enqueue
from strategy_portal.urls import handler403, handler404, handler500, urlpatterns
from tests.bench.fill import TEXTS

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

# As many as make a page of 40 kB.
ROWS = [SimpleNamespace(code=f"X-{n}", name=f"Row {n}", day=date(2026, 1, 1 + n % 31), words=TEXTS[n]) for n in range(77)]


@access(signed_in)
def floor(request: HttpRequest) -> HttpResponse:
    """What any page costs: a signed-in person, the frame, and a table with a link, a day and words a row.

    It takes Django's own tags alone, so that nothing done in the portal moves it, and no query but those about the person.
    """
    return render(request, "bench/floor.html", {"rows": ROWS})


class LeastForm(forms.Form):
    """One choice and one text, as the least that an update could be."""

    key = forms.UUIDField()
    number = forms.IntegerField()
    rating = forms.ChoiceField(choices=[("on_track", "On track"), ("at_risk", "At risk")])
    done = forms.CharField(widget=forms.Textarea, max_length=600)


@access(signed_in, posts=True)
def least_save(request: HttpRequest) -> HttpResponse:
    """What any save costs that keeps what it must: a signed-in person, a form, the lock on the month, one row, one message to
    the worker, and the way back with a word."""
    form = LeastForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=400)
    with transaction.atomic():
        period = ReportingPeriod.objects.select_for_update().get(pk=request.POST["period"])
        deliverable = Deliverable.objects.get(pk=request.POST["deliverable"])
        given = {"submitted_at": clock.now(), "submitted_by": request.user}
        StatusUpdate.objects.create(deliverable=deliverable, period=period, **form.cleaned_data, **given)
        ReportingPeriod.objects.filter(pk=period.pk).update(data_version=period.data_version + 1)
        enqueue("reports.roll_up", period.pk)
    messages.success(request, "It is in.")
    return redirect("updates")


urlpatterns = [path("floor/", floor, name="floor"), path("least/", least_save, name="least"), *urlpatterns]
