"""Published stories."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from casestudies.figures import paired
from casestudies.filters import CaseStudyFilter
from casestudies.models import CaseStudy
from people.permissions import can_view_plan
from strategy_portal.access import access
from strategy_portal.paging import page_of


@access(can_view_plan)
def case_studies(request: HttpRequest) -> HttpResponse:
    narrowed = CaseStudyFilter.read(request.GET)
    page = page_of(narrowed.apply(CaseStudy.objects.for_list()), request)
    return render(request, "casestudies/case_studies.html", {"filter": narrowed, "page": page})


@access(can_view_plan)
def case_study(request: HttpRequest, slug: str) -> HttpResponse:
    study = get_object_or_404(CaseStudy.objects.for_page(), slug=slug)
    figures = list(study.figures.all())
    context = {"study": study, "figures": paired(figures), "figure_count": len(figures)}
    return render(request, "casestudies/case_study.html", context)
