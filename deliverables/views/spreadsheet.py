"""Due updates as an Excel file: download, choose the filled-in file, look at what it changes, submit all of it or nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from deliverables.actions import Overtaken, Stopped, submit_all
from deliverables.mine import open_months
from deliverables.spreadsheet.forms import UploadForm
from deliverables.spreadsheet.layout import UPDATES, cell
from deliverables.spreadsheet.opening import Problem, Refused
from deliverables.spreadsheet.preview import Preview, all_due, content_of
from deliverables.spreadsheet.read import read
from deliverables.spreadsheet.write import write
from people.permissions import can_report_progress
from strategy_portal.access import access

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50  # problems on one page


@access(can_report_progress)
def download(request: HttpRequest) -> HttpResponse:
    """What is due and not reported; with ?all=1 all that she reports on."""
    months = open_months(request.GET.get("month", ""))
    if months is None:
        return redirect("updates")
    rows = all_due(request.user, months, reported_too=bool(request.GET.get("all")))
    if not rows:
        return upload_page(request, UploadForm(), nothing_due=True)
    response = HttpResponse(write(rows, user=request.user, months=months), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="updates-{months.period.month}.xlsx"'
    return response


@access(can_report_progress, posts=True)
def upload(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return upload_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return upload_page(request, form)
    try:
        return preview_page(request, Preview(read(form.cleaned_data["file"].read()), request.user))
    except Refused as refusal:
        return upload_page(request, UploadForm(), problems=refusal.problems)


@access(can_report_progress, posts=True)
def apply(request: HttpRequest) -> HttpResponse:
    """All of the preview or nothing. Sent twice, it is submitted once."""
    if request.method != "POST":
        return redirect("upload_updates")
    try:
        preview = Preview(content_of(request.POST.get("token", ""), request.user), request.user, sent=request.POST)
    except Refused as refusal:
        return upload_page(request, UploadForm(), problems=refusal.problems)
    if preview.problems or preview.unanswered:
        return preview_page(request, preview)
    try:
        submit_all(by=request.user, submissions=[line.submission for line in preview.lines])
    except Stopped as stopped:
        preview.problems.append(problem_of(stopped, preview))
        return preview_page(request, preview)
    count, period = len(preview.content.updates), preview.period
    messages.success(request, f"{count} update{'s' if count > 1 else ''} for {period} {'are' if count > 1 else 'is'} in.")
    newest = period.month == preview.months.newest
    return redirect(reverse("updates") if newest else f"{reverse('updates')}?month={period.month}")


def problem_of(stopped: Stopped, preview: Preview) -> Problem:
    """Why nothing was submitted, and because of which row."""
    code = stopped.submission.deliverable.code
    row = next(line.row for line in preview.lines if line.entry.deliverable.code == code)
    if isinstance(stopped.cause, Overtaken):
        words = f"The update on {code} was changed while you looked at this page. Empty the row, or download a new file."
        return Problem(words, cell(UPDATES, "", row))
    return Problem(str(stopped.cause))


def upload_page(request: HttpRequest, form: UploadForm, *, problems: Any = (), nothing_due: bool = False) -> HttpResponse:
    months = open_months(request.GET.get("month", ""))
    context = {"form": form, "months": months, "nothing_due": nothing_due, **said(problems)}
    return render(request, "deliverables/spreadsheet/upload.html", context)


def preview_page(request: HttpRequest, preview: Preview) -> HttpResponse:
    context = {"preview": preview, "period": preview.period, "token": preview.token(), **said(preview.problems)}
    if preview.sent is not None and not preview.problems:
        context["asked"] = True  # sent, and asked again: the answers that are missing or too long
    return render(request, "deliverables/spreadsheet/preview.html", context)


def said(problems: Any) -> dict[str, Any]:
    """For the summary at the head of a page: each problem after its cell."""
    texts = [f"{problem.place}: {problem.words}" if problem.place else problem.words for problem in problems]
    more = [f"And {len(texts) - SHOWN:,} more like these"] if len(texts) > SHOWN else []
    return {"mistakes": [{"text": text.rstrip("."), "focus": ""} for text in texts[:SHOWN] + more]}
