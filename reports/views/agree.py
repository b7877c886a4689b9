"""The group's third step: what stands open, what is said to the board, and issuing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from deliverables.keeping import said_when
from deliverables.models import DefinitionChange, Deliverable, Milestone, MilestoneChange
from people.permissions import can_view_group
from priorities.models import PlanYear, ReportingPeriod
from reports import checklist, sentences
from reports.actions import AlreadyIssued, CannotIssue, DraftOvertaken, Words, issue_report, save_report_draft
from reports.document import Given, NewReport
from reports.forms import WordsForm
from reports.gather import Live, current_content
from reports.keeping import keep_report_words, plain, seen_in, typed, writer_token
from reports.marks import marks_now
from reports.models import Ask, ProgressReport, ReportDraft
from reports.stories import choices, told_if_published, without_consent
from reports.views.group import groups_period
from strategy_portal import clock
from strategy_portal.access import access
from strategy_portal.numbers import number_in


def issued_month(request: HttpRequest, period: ReportingPeriod) -> str:
    """The month in the address if its report is issued already, as after a double click; the period's own if it is."""
    asked = ReportingPeriod.objects.begun().in_month(request.GET.get("month", "")).filter(closed_at__isnull=False)
    return next((found.month for found in asked), period.month if period.closed_at else "")


def open_in(period: ReportingPeriod) -> checklist.Open:
    year = period.plan_year_id
    waiting = PlanYear.objects.filter(pk=year).counting(
        proposed_dates=Milestone.objects.filter(deliverable__plan_year=year).exclude(proposed_on=None),
        baseline_changes=MilestoneChange.objects.waiting().filter(deliverable__plan_year=year),
        definition_changes=DefinitionChange.objects.waiting().filter(deliverable__plan_year=year),
    )
    return checklist.Open(**waiting, days_until_due=(period.due_on - clock.today()).days)


def named_in(content: dict[str, Any], draft: ReportDraft | None, also: str, year: int) -> list[tuple[str, str, str]]:
    """Those that are put before the board, those that have a line already, and the one asked for: code, name, rating."""
    found = {line["code"]: (line["name"], line["rating"]) for line in content["attention"]["lines"]}
    codes = [code for code in [*(draft.board_lines if draft else {}), also] if code and code not in found]
    others = {row.code: (row.name, "") for row in Deliverable.objects.of(year).filter(code__in=codes)}
    return [(code, *rest) for code, rest in (found | others).items()]


def draft_of(period: ReportingPeriod) -> ReportDraft | None:
    return ReportDraft.objects.select_related("saved_by").filter(period=period, version__gte=1).first()


def words_form(request: HttpRequest, period: ReportingPeriod, content: dict[str, Any], draft: ReportDraft | None) -> WordsForm:
    asks = Ask.objects.filter(period=period).count()
    note = draft.note if draft else sentences.covering_note(content, asks=asks)
    lines = {f"line-{code}": words for code, words in (draft.board_lines if draft else {}).items()}
    lines |= {f"story-{place}": slug for place, slug in enumerate(draft.stories if draft else [], start=1)}
    posted = [plain(name.removeprefix("line-")) for name in request.POST if name.startswith("line-")]
    also = plain(request.GET.get("line", "")).upper() or (posted[-1] if posted else "")
    return WordsForm(
        request.POST or None,
        named=named_in(content, draft, also, period.plan_year_id),
        stories=choices(draft.stories if draft else []),
        initial={"note": note} | lines,
    )


@access(can_view_group, posts=True, keep=keep_report_words)
def agree(request: HttpRequest) -> HttpResponse:
    """The check list, the covering note, the lines for the board and what it is asked. Saved as it is typed."""
    period, _ = groups_period(request)
    if period is None:
        return render(request, "reports/nothing_yet.html")
    if issued := issued_month(request, period):
        return redirect(f"/reports/{issued}/")
    content = current_content(period)
    draft = draft_of(period)
    form, theirs = words_form(request, period, content, draft), None
    if request.method == "POST":
        answer = save_words(request, period, form)
        if isinstance(answer, HttpResponse):
            return answer
        theirs, draft = answer, draft_of(period)  # of which her words may be a version by now
    context = {
        "period": period,
        "content": content,
        "checks": checklist.checks(content, open_in(period), period.month),
        "form": form,
        "draft": draft,
        "version": draft.version if draft else 0,
        "saved": said_when(draft.saved_at) if draft else "",
        "theirs": theirs,
        "asks": [ask for ask in Ask.objects.for_period(period) if ask.period_id == period.pk or ask.is_open],
        "writer": writer_token(request.user, period),
    }
    return render(request, "reports/agree.html", context)


def save_words(request: HttpRequest, period: ReportingPeriod, form: WordsForm) -> HttpResponse | ReportDraft | None:
    """Answers what was sent, or says whose words stand in the way, or lets the page say what is wrong."""
    quiet = request.POST.get("do") == "quiet"
    try:
        draft = save_report_draft(by=request.user, period=period, seen=seen_in(request.POST), words=typed(request.POST))
    except DraftOvertaken as overtaken:
        if quiet:
            return JsonResponse({"said": str(overtaken)}, status=409)
        return overtaken.theirs
    if quiet:
        return JsonResponse({"said": said_when(draft.saved_at), "version": draft.version})
    if not form.is_valid():
        return None
    if request.POST.get("do") == "go":
        return redirect(f"{reverse('issue')}?month={period.month}")
    messages.success(request, "Your words are saved")
    return redirect(f"{reverse('agree')}?month={period.month}")


@access(can_view_group, posts=True)
def issue(request: HttpRequest) -> HttpResponse:
    """The report as it will be, and the button that issues it. Nothing is stored before that."""
    period, _ = groups_period(request)
    if period is None:
        return redirect("outcomes_group")
    if issued := issued_month(request, period):
        return redirect(f"/reports/{issued}/")
    draft = ReportDraft.objects.filter(period=period, version__gte=1).first()
    if draft is None or not draft.note:
        messages.info(request, "Write the covering note first.")
        return redirect(f"{reverse('agree')}?month={period.month}")
    refused = ""
    if request.method == "POST":
        try:
            if seen_in(request.POST) != draft.version:
                raise CannotIssue("The words of the report have changed since you opened this page. Look at them again.")
            seen = number_in(request.POST.get("seen", ""))
            report = issue_report(by=request.user, period=period, seen=seen, words=words_of(draft))
            say_issued(request, period, draft)
            return redirect(f"/reports/{report.period.month}/")
        except AlreadyIssued as issued:
            messages.info(request, str(issued))
            return redirect(f"/reports/{period.month}/")
        except CannotIssue as refusal:
            refused = str(refusal)
            period.refresh_from_db()
    context = {"period": period, "draft": draft, "refused": refused, "left_out": without_consent(draft.stories)}
    return render(request, "reports/issue.html", context | {"content": preview(request, period, draft)})


def say_issued(request: HttpRequest, period: ReportingPeriod, draft: ReportDraft) -> None:
    messages.success(request, f"The {period} report is issued. Its board pack is being built.")
    for slug in without_consent(draft.stories):
        messages.info(request, f"The case study “{slug}” is not in it: the consent for it has ended.")


def words_of(draft: ReportDraft) -> Words:
    return Words(draft.note, draft.board_lines, tuple(draft.stories))


def preview(request: HttpRequest, period: ReportingPeriod, draft: ReportDraft) -> dict[str, Any]:
    """The content that the report would have, stored nowhere."""
    today = clock.today().isoformat()
    issued = {"version": 1, "at": "", "on": today, "by": str(request.user), "reason": ""}
    given = Given(issued, draft.note, draft.board_lines, told_if_published(draft.stories))
    made = NewReport(Live(period), marks_now(), ProgressReport.objects.before(period), given)
    for _ in made.lines():
        pass
    return made.content()
