"""Read-only links to one report: made, watched and revoked by the group; opened by a reader without an account."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.permissions import can_view_group
from reports.actions import make_board_link, open_board_link, revoke_board_link
from reports.forms import BoardLinkForm
from reports.models import BoardLink, PackFile, ProgressReport
from reports.pack import KINDS
from strategy_portal import clock
from strategy_portal.access import access, anyone
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of

LASTS = timedelta(days=30)  # unless the group says otherwise


@access(can_view_group, posts=True)
def links(request: HttpRequest, address: str) -> HttpResponse:
    """Who can read this report by a link, and what was opened. A new address is shown this once."""
    report = get_object_or_404(ProgressReport.objects.at(address).select_related("period__plan_year"))
    asked = request.POST.get("do", "")
    form = BoardLinkForm(request.POST if asked == "make" else None, initial={"expires_on": clock.today() + LASTS})
    made: dict[str, Any] = {}
    if asked == "revoke":
        number = request.POST.get("link", "")
        link = get_object_or_404(BoardLink, report=report, pk=number_in(number))
        revoke_board_link(by=request.user, link=link)
        messages.success(request, f"The link for {link.reader} no longer works")
        return redirect("board_links", address)
    if asked == "make" and form.is_valid():
        link, token = make_board_link(by=request.user, report=report, **form.cleaned_data)
        made = {"link": link, "address": f"{settings.PORTAL_ADDRESS}/board/{token}/"}
        form = BoardLinkForm(initial={"expires_on": clock.today() + LASTS})
    page = page_of(BoardLink.objects.for_list(report), request)
    context = {"report": report, "period": report.period, "form": form, "made": made, "page": page, "today": clock.today()}
    return render(request, "reports/links.html", context)


@access(anyone, posts=True)
def board(request: HttpRequest, token: str) -> HttpResponse:
    """First what it is; the report, or a file of it, after a click, so that what reads mail for viruses opens nothing."""
    link = BoardLink.objects.at(token).first()
    if link is None:
        response = render(request, "reports/board_gone.html", status=404)
    elif request.method == "POST":
        response = show(request, link, request.POST.get("open", "page"))
    else:
        response = render(request, "reports/board_door.html", {"link": link, "report": link.report})
    response.headers["X-Robots-Tag"] = (
        "noindex"  # "no-referrer" beside it would make a browser's own form look like another site's
    )
    return response


def show(request: HttpRequest, link: BoardLink, opened: str) -> HttpResponse:
    report = link.report
    if opened == "page":
        open_board_link(link=link, opened=opened)
        content = ProgressReport.objects.values_list("content", flat=True).get(pk=report.pk)
        ready = [KINDS[kind] for kind in PackFile.objects.ready(report) if kind in KINDS]
        return render(request, "reports/board_report.html", {"link": link, "report": report, "content": content, "files": ready})
    if opened not in KINDS:
        raise Http404
    file = get_object_or_404(PackFile.objects.built(report, opened))
    open_board_link(link=link, opened=opened)
    kind = KINDS[opened]
    response = HttpResponse(bytes(file.content), content_type=kind.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="Progress report {report.period}{kind.ending}"'
    return response
