"""Which plan year a page of the plan is about: the current one, or the one with which its address begins."""

from django.http import Http404

from priorities.addresses import to
from priorities.models import PlanYear


def year_of(code: str) -> PlanYear:
    found = year_if_any(code)
    if found is None:
        raise Http404
    return found


def year_if_any(code: str) -> PlanYear | None:
    """None only where the address names no year, and there is none yet."""
    found: PlanYear | None = PlanYear.objects.named(code)
    if found is None and code:
        raise Http404
    return found


def years_beside(year: PlanYear, name: str) -> list[tuple[str, str, bool]]:
    """Each plan year with the address of its own page of this name, and whether it is this one, newest first."""
    return [(str(one), to(one.code, name), one.pk == year.pk) for one in PlanYear.objects.of(year)]
