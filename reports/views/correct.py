"""Correcting an issued report: what should have been reported, why, and what it changes, before a new version stands."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from deliverables.keeping import said_when
from deliverables.ratings import RATINGS
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.permissions import can_view_group
from reports import comparison
from reports.actions import (
    CannotIssue,
    Correction,
    DraftOvertaken,
    Words,
    correct_report,
    save_report_draft,
    try_correction,
)
from reports.compare import Difference
from reports.forms import CorrectedUpdateForm, CorrectForm, initial_of, report_of
from reports.keeping import keep_report_words, plain, seen_in, typed, writer_token
from reports.models import ProgressReport, ReportDraft, ReportLine
from strategy_portal.access import access
from strategy_portal.paging import page_of


def standing_or_404(month: str) -> ProgressReport:
    if "." in month:
        raise Http404
    return get_object_or_404(ProgressReport.objects.at(month).select_related("period__plan_year__strategy"))


def draft_of(report: ProgressReport) -> ReportDraft | None:
    return ReportDraft.objects.select_related("saved_by").filter(period=report.period_id, version__gte=1).first()


def correct_form(request: HttpRequest, report: ProgressReport, draft: ReportDraft | None) -> CorrectForm:
    kept = dict(report.lines.exclude(content__board_line="").values_list("code", "content__board_line"))
    lines = draft.board_lines if draft else kept
    codes = {*lines, *kept, plain(request.GET.get("line", "")).upper()}
    codes |= {plain(name.removeprefix("line-")) for name in request.POST if name.startswith("line-")}
    rows = report.lines.filter(code__in=codes).in_order().values_list("code", "content__name", "rating")
    words = {"note": draft.note if draft else report.content["note"]} | {f"line-{code}": said for code, said in lines.items()}
    more = {"reason": draft.reason, "plan_of_now": draft.plan_of_now} if draft else {}
    return CorrectForm(request.POST or None, named=list(rows), initial=words | more)


@access(can_view_group, posts=True, keep=keep_report_words)
def correct(request: HttpRequest, month: str) -> HttpResponse:
    """What is written for the correction; saved as it is typed."""
    report = standing_or_404(month)
    draft, theirs = draft_of(report), None
    form = correct_form(request, report, draft)
    if request.method == "POST":
        answer = save_correction(request, report, form)
        if isinstance(answer, HttpResponse):
            return answer
        theirs, draft = answer, draft_of(report)  # of which her words may be a version by now
    page = page_of(ReportLine.objects.filter(report=report).in_order(), request)
    context = {
        "report": report,
        "period": report.period,
        "form": form,
        "draft": draft,
        "theirs": theirs,
        "version": draft.version if draft else 0,
        "saved": said_when(draft.saved_at) if draft else "",
        "corrections": draft.corrections if draft else {},
        "page": page,
        "writer": writer_token(request.user, report.period),
    }
    return render(request, "reports/correct.html", context)


def save_correction(request: HttpRequest, report: ProgressReport, form: CorrectForm) -> HttpResponse | ReportDraft | None:
    quiet = request.POST.get("do") == "quiet"
    try:
        draft = save_report_draft(by=request.user, period=report.period, seen=seen_in(request.POST), words=typed(request.POST))
    except DraftOvertaken as overtaken:
        return JsonResponse({"said": str(overtaken)}, status=409) if quiet else overtaken.theirs
    if quiet:
        return JsonResponse({"said": said_when(draft.saved_at), "version": draft.version})
    if request.POST.get("do") == "go" and not form.is_valid():
        return None
    if request.POST.get("do") == "go":
        return show_correction(request, report, draft)
    messages.success(request, "Your words are saved")
    return redirect("correct", month=report.period.month)


@access(can_view_group, posts=True, keep=keep_sent)
def correct_update(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """What should have been reported on one deliverable. Kept in the draft until the correction is issued."""
    report = standing_or_404(month)
    line = get_object_or_404(report.lines.all(), code=code)
    draft = draft_of(report)
    if answer := answer_keeping(request):
        return answer
    noted = (draft.corrections if draft else {}).get(code)
    form = bind(CorrectedUpdateForm, request, initial=initial_of(noted or line.content))
    removes = request.POST.get("do") == "remove"
    if request.method == "POST" and (removes or form.is_valid()):
        try:
            note_correction(request.user, report, draft, code, None if removes else form.as_kept())
            forget(request)
            said = "is left as it was" if removes else "is noted. Nothing changes before the correction is issued"
            messages.success(request, f"The update on {line.content['name']} {said}.")
            return redirect("correct", month=month)
        except DraftOvertaken:
            messages.error(request, "Somebody else has changed the correction meanwhile. Send yours again if it still holds.")
    context = {
        "report": report,
        "period": report.period,
        "line": line.content,
        "form": form,
        "noted": noted,
        "kept": keeping(request),
    }
    hints = {rating.code: rating.meaning for rating in RATINGS.values()}
    return render(request, "reports/correct_update.html", context | {"hints": hints})


def note_correction(by: Any, report: ProgressReport, draft: ReportDraft | None, code: str, said: Any) -> None:
    """Puts what should have been reported into the draft; None takes it out."""
    others = {name: words for name, words in (draft.corrections if draft else {}).items() if name != code}
    words = {"corrections": others | ({code: said} if said else {})}
    start = {} if draft else start_of(report)
    save_report_draft(by=by, period=report.period, seen=draft.version if draft else 0, words=start | words)


def start_of(report: ProgressReport) -> dict[str, Any]:
    """A correction begins with what the report says."""
    lines = report.lines.exclude(content__board_line="").values_list("code", "content__board_line")
    return {"note": report.content["note"], "board_lines": dict(lines)}


@access(can_view_group, posts=True)
def correction(request: HttpRequest, month: str) -> HttpResponse:
    """The second, deliberate click: the new version. What it changes is shown before."""
    report = standing_or_404(month)
    draft = draft_of(report)
    if request.method != "POST" or draft is None or not draft.reason:
        return redirect("correct", month=month)
    if seen_in(request.POST) != draft.version:
        return show_correction(request, report, draft, "The words have changed since you opened this page. Look at them again.")
    try:
        made = correct_report(by=request.user, period=report.period, seen=report.version, correction=correction_of(draft))
    except CannotIssue as refusal:
        return show_correction(request, report, draft, str(refusal))
    messages.success(request, f"Version {made.version} of the {report.period} report is issued.")
    return redirect("report", address=month)


def show_correction(request: HttpRequest, report: ProgressReport, draft: ReportDraft, refused: str = "") -> HttpResponse:
    """What would differ. It is worked out by doing it and putting everything back, so it is asked for by a POST."""
    found: list[Difference] = []
    try:
        found = try_correction(by=request.user, period=report.period, seen=report.version, correction=correction_of(draft))
    except CannotIssue as refusal:
        refused = str(refusal)
    sections = comparison.sections([row for one in found for row in comparison.rows_of(one)])
    context = {"report": report, "period": report.period, "draft": draft, "sections": sections, "refused": refused}
    return render(request, "reports/correction.html", context)


def correction_of(draft: ReportDraft) -> Correction:
    updates = {code: report_of(kept) for code, kept in draft.corrections.items()}
    return Correction(draft.reason, Words(draft.note, draft.board_lines), updates, draft.plan_of_now)
