"""The portal's site map, and the page that its pages are measured by."""

from datetime import date
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from strategy_portal.access import access, signed_in
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


urlpatterns = [path("floor/", floor, name="floor"), *urlpatterns]
