"""The register of promises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deliverables.promises import KINDS, ON_ONE_PAGE, OUTCOMES, PER_PAGE, PromiseFilter, register
from people.permissions import can_view_plan
from priorities.models import PlanYear
from strategy_portal.access import access
from strategy_portal.numbers import number_in


@access(can_view_plan)
def promises(request: HttpRequest) -> HttpResponse:
    """Every promise of every plan year, and where it went. With ?show=all many on one page, for printing."""
    years = list(PlanYear.objects.newest_first())
    narrowed = PromiseFilter.read(request.GET, years)
    asked, on_one = request.GET.get("page", ""), request.GET.get("show") == "all"
    number = number_in(asked, most_digits=6, otherwise=1)
    page = register(narrowed, years, number=number, per_page=ON_ONE_PAGE if on_one else PER_PAGE)
    context = {
        "filter": narrowed,
        "page": page,
        "years": [(year.code, str(year)) for year in years],
        "kinds": KINDS,
        "outcomes": OUTCOMES,
        "on_one": on_one,
        "fits_on_one": page.pages > 1 and page.total <= ON_ONE_PAGE,
    }
    return render(request, "promises/promises.html", context)
