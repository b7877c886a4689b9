"""Which plan year a page of the plan is about: the current one, or the one that ?year=2026-27 names."""

from django.http import Http404, HttpRequest
from django.urls import reverse

from priorities.models import PlanYear


def year_of(request: HttpRequest) -> PlanYear:
    code = request.GET.get("year", "")
    years = PlanYear.objects.select_related("strategy")
    found = years.filter(code=code.replace("\0", "")).first() if code else years.current()
    if found is None:
        raise Http404
    return found


def address(request: HttpRequest, name: str, *parts: str) -> str:
    """Of another page about the same year."""
    year = request.GET.get("year", "")
    return reverse(name, args=parts) + (f"?year={year}" if year else "")
