"""Published stories, as everyone reads them, and their pictures."""

from pathlib import PurePosixPath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from casestudies.figures import paired
from casestudies.filters import CaseStudyFilter
from casestudies.models import CaseStudy, Picture
from casestudies.permissions import can_edit_story, can_work_on_stories
from casestudies.pictures import CONTENT_TYPES
from people.permissions import can_report_progress, can_review_stories, can_view_plan
from strategy_portal.access import access
from strategy_portal.paging import page_of


@access(can_view_plan)
def case_studies(request: HttpRequest) -> HttpResponse:
    narrowed = CaseStudyFilter.read(request.GET)
    page = page_of(narrowed.apply(CaseStudy.objects.for_list()), request)
    context = {
        "filter": narrowed,
        "page": page,
        "writes": can_report_progress(request.user),
        "works": can_work_on_stories(request.user),
    }
    return render(request, "casestudies/case_studies.html", context)


@access(can_view_plan)
def case_study(request: HttpRequest, slug: str) -> HttpResponse:
    study = CaseStudy.objects.seen_by(request.user).for_page().filter(slug=slug).first()
    if study is None:
        return gone(request, slug)
    edits = can_edit_story(request.user, study) or can_review_stories(request.user)
    return render(request, "casestudies/case_study.html", shown(study) | {"edits": edits})


def gone(request: HttpRequest, slug: str) -> HttpResponse:
    """Not there any more, but whoever follows a link from a report learns why. Its title is not said any more."""
    if CaseStudy.objects.filter(slug=slug, stage=CaseStudy.Stage.WITHDRAWN).exists():
        return render(request, "casestudies/withdrawn.html", status=404)
    if CaseStudy.objects.taken_down().filter(slug=slug).exists():
        return render(request, "casestudies/taken_down.html", status=404)
    raise Http404


def shown(study: CaseStudy) -> dict[str, object]:
    """What a page shows of a story, from CaseStudyQuerySet.for_page or the like."""
    figures = list(study.figures.all())
    links, related = CaseStudy.objects.links_of(study), CaseStudy.objects.related_to(study.pk)
    return {
        "study": study,
        "related": related,
        "figures": paired(figures),
        "figure_count": len(figures),
        "sourced": sum(bool(figure.source) for figure in figures),
        "pictures": list(study.pictures.all()),
        "names": {kind: [name for _, name in rows] for kind, rows in links.items()},
        "off_track": [row for row in related if row.issued_rating == "off_track"],
        "is_down": study.stage == CaseStudy.Stage.PUBLISHED and study.has_consent_ended,
    }


AS_A_PICTURE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@access(can_view_plan)
def picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For those who may see the story, and for nobody else."""
    found = get_object_or_404(Picture.objects.visible_to(request.user), pk=pk)
    try:
        stream = found.file.open("rb")
    except OSError:
        raise Http404 from None
    ending = PurePosixPath(found.file.name).suffix
    response = FileResponse(stream, filename=f"picture{ending}", content_type=CONTENT_TYPES[ending])
    for name, value in AS_A_PICTURE.items():
        response[name] = value
    return response
