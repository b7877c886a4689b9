"""The guided page that starts the next plan year: the grid, the preview, publishing and undoing."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from deliverables.actions.publish_year import NotReady, PreviewOvertaken, following, publish_year
from deliverables.actions.refresh_draft import YearIsThere, save_refresh_draft
from deliverables.actions.undo_year import CannotUndo, WouldLose, undo_year, undoing
from deliverables.models import DeliverableSuccession, RefreshDraft
from deliverables.refresh.page import FATES, PER_PAGE, grouped, preview_of, rows_of
from deliverables.refresh.rules import Problem, decide
from deliverables.refresh.sheet import (
    Old,
    choices_of,
    clean,
    decided,
    draft_of,
    mark_of,
    marks_of,
    same,
    seen_of,
    typed_of,
)
from people.keeping import Keeping, forget, keep_sent, kept_at, writer_note, writer_of
from people.permissions import can_edit_plan
from priorities.models import PlanYear
from strategy_portal.access import access
from strategy_portal.clock import LONDON
from strategy_portal.paging import Page, page_of_list
from strategy_portal.templatetags.portal import time_of

Typed = dict[str, dict[str, str]]


def base() -> PlanYear | None:
    """The year that is refreshed: the current one. With `came_from_refresh`: whether it may be undone itself."""
    came = Exists(DeliverableSuccession.objects.filter(became__plan_year=OuterRef("pk")))
    found: PlanYear | None = PlanYear.objects.select_related("strategy").annotate(came_from_refresh=came).current()
    return found


def keep_choices(request: HttpRequest, **address: Any) -> None:
    """Of a form that was sent without a session: into the draft that all share; what another has changed too, for her alone."""
    user, year = writer_of(request), base()
    if user is None or year is None or not can_edit_plan(user):
        return
    try:
        _, theirs = take(user, year, request.POST, Old.read(year))
    except YearIsThere:
        theirs = {"": {}}
    if theirs:
        keep_sent(request)


def take(user: Any, year: PlanYear, data: Mapping[str, Any], old: Old) -> tuple[RefreshDraft, dict[str, dict[str, Any]]]:
    typed = typed_of(data, old.promises.values())
    page = clean(str(data.get("page", "")))[:40]
    return save_refresh_draft(by=user, plan_year=year, page=page, rows=typed, marks=marks_of(data, typed))


@access(can_edit_plan, posts=True, keep=keep_choices)
def next_year(request: HttpRequest) -> HttpResponse:
    year = base()
    if year is None:
        return render(request, "refresh/nothing.html")
    if made := PlanYear.objects.after(year):
        return published(request, year, made)
    old = Old.read(year)
    if request.method != "POST":
        return show(request, old)
    try:
        draft, theirs = take(request.user, year, request.POST, old)
    except YearIsThere as there:
        return refuse(request, str(there))
    return answer(request, old, draft, theirs)


def answer(request: HttpRequest, old: Old, draft: RefreshDraft, theirs: dict[str, dict[str, Any]]) -> HttpResponse:
    asked, where = request.POST.get("do", ""), request.get_full_path()
    if asked == "quiet":
        if theirs:
            names = ", ".join(old.promises[key].code for key in theirs)
            return JsonResponse({"said": f"Somebody else has chosen for {names} too. Save to compare"}, status=409)
        return JsonResponse({"said": said_of(draft), "version": draft.version})
    forget(request)
    if theirs:
        return show(request, old, draft, typed_of(request.POST, old.promises.values()), theirs)
    if asked == "preview":
        if decided(old, draft).problems:
            return show(request, old, draft, checked=True)
        return redirect("next_year_preview")
    if asked.startswith("page-") and asked[5:].isdecimal():
        return redirect(f"{request.path}?page={asked[5:10]}")
    messages.success(request, "The draft is saved. Nothing is published.")
    return redirect(where)


def refuse(request: HttpRequest, words: str) -> HttpResponse:
    if request.POST.get("do") == "quiet":
        return JsonResponse({"said": words}, status=409)
    messages.error(request, words)
    return redirect("next_year")


def said_of(draft: RefreshDraft | None) -> str:
    if draft is None or not draft.version:
        return "Nothing chosen yet: everything is carried on"
    return f"Draft saved {time_of(draft.saved_at.astimezone(LONDON))} by {draft.saved_by}"


def show(
    request: HttpRequest,
    old: Old,
    draft: RefreshDraft | None = None,
    typed: Typed | None = None,
    theirs: dict[str, dict[str, Any]] | None = None,
    *,
    checked: bool = False,
) -> HttpResponse:
    """The grid: with what is stored, or with what was sent and not taken; where she comes back to it, with what was kept."""
    draft = draft or draft_of(old.year)
    stored = draft.rows if draft else {}
    if typed is None and (kept := kept_at(request)):
        typed, theirs = brought_back(QueryDict(kept.fields), old, stored)
    found = decide(old.promises.values(), choices_of(draft))
    page = page_of_list(list(old.promises.values()), request, PER_PAGE)
    checked = checked or "check" in request.GET
    rows = rows_of(old, page.rows, found, stored, typed or {}, theirs or {}, checked=checked)
    code, starts_on, _ = following(old.year)
    context = {
        "year": old.year,
        "coming": code.replace("-", "/"),
        "starts_on": starts_on,
        "groups": grouped(old, rows),
        "fates": FATES,
        "page": page,
        "token": uuid4().hex,
        "kept": Keeping(writer_note(request), draft.version if draft else 0, said_of(draft), False),
        "mistakes": mistakes_of(found.problems, old, page) if checked else [],
        "theirs": [row for row in rows if row.shows_theirs],
        "into": old.promises.values(),
    }
    return render(request, "refresh/next_year.html", context)


def brought_back(data: QueryDict, old: Old, stored: dict[str, Any]) -> tuple[Typed, dict[str, dict[str, Any]]]:
    """What she sent after her session had ended, where somebody else has chosen too: hers in the form, theirs beside it."""
    typed = typed_of(data, old.promises.values())
    marks = marks_of(data, typed)
    hers = {key: row for key, row in typed.items() if mark_of(row) != marks[key] and not same(row, stored.get(key))}
    return hers, {key: stored.get(key, {}) for key in hers}


def mistakes_of(problems: list[Problem], old: Old, page: Page) -> list[dict[str, str]]:
    """Each leads to its box, which may stand on another page of the grid."""
    keys = list(old.promises)
    found = []
    for one in problems:
        number = keys.index(one.key) // PER_PAGE + 1
        before = "" if number == page.number else f"?page={number}&check=1"
        found.append({"text": one.text, "address": f"{before}#{one.key}-{one.field}"})
    return found


def published(request: HttpRequest, year: PlanYear, made: PlanYear) -> HttpResponse:
    """The next year is there already, from here or from elsewhere."""
    if request.method == "POST":
        return refuse(request, str(YearIsThere(made)))
    context = {"year": year, "made": made, "first": DeliverableSuccession.objects.first_of(made)}
    return render(request, "refresh/published.html", context)


@access(can_edit_plan, posts=True)
def preview(request: HttpRequest) -> HttpResponse:
    """The year that would come, and the button that makes it."""
    year = base()
    if year is None or PlanYear.objects.after(year):
        return redirect("next_year")
    old, draft = Old.read(year), draft_of(year)
    refused = ""
    if request.method == "POST":
        try:
            made = publish_year(by=request.user, plan_year=year, seen=request.POST.get("seen", ""))  # type: ignore[arg-type]
            messages.success(request, f"Plan year {made} is published.")
            return redirect("next_year")
        except (NotReady, PreviewOvertaken) as refusal:
            refused, old, draft = str(refusal), Old.read(year), draft_of(year)
    found = decided(old, draft)
    if found.problems:
        return redirect(f"{reverse('next_year')}?check=1")
    code, starts_on, ends_on = following(year)
    days = {"coming": code.replace("-", "/"), "starts_on": starts_on, "ends_on": ends_on}
    context = {"year": year, **days, "plan": preview_of(found, old), "seen": seen_of(old, draft), "refused": refused}
    return render(request, "refresh/preview.html", context | {"due_again": due_again(old, starts_on)})


def due_again(old: Old, starts_on: date) -> int:
    """How many deliverables have a due date that has passed by then."""
    return sum(1 for one in old.deliverables if one.due_on and one.due_on < starts_on)


@access(can_edit_plan, posts=True)
def undo(request: HttpRequest) -> HttpResponse:
    """What undoing would take away, and the button that does it: of the newest year that came from a refresh."""
    newest = PlanYear.objects.select_related("strategy").order_by("-starts_on").first()
    found = undoing(newest) if newest else None
    if found is None:
        messages.info(request, "No plan year has been published from here, so there is nothing to undo.")
        return redirect("next_year")
    unconfirmed = False
    if request.method == "POST":
        try:
            undo_year(by=request.user, year=found.year, knowing=request.POST.get("knowing", ""))  # type: ignore[arg-type]
            messages.success(request, f"{found.year} is undone. All that was chosen for it is in the draft again.")
            return redirect("next_year")
        except CannotUndo as refusal:
            messages.error(request, str(refusal))
            return redirect("undo_next_year")
        except WouldLose:
            unconfirmed = True
    return render(request, "refresh/undo.html", {"found": found, "unconfirmed": unconfirmed})
