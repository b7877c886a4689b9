"""One definition: how far it has matured, what its managers word, and what is asked of the group once it is baselined."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from deliverables.actions import (
    NeedsTheGroup,
    NotReady,
    ask_definition_change,
    draft_definition,
    withdraw_definition_change,
)
from deliverables.actions.definition_changes import wording_to_come
from deliverables.changes_shown import put_into_words, shown_of
from deliverables.choices import choices_for
from deliverables.definition import DRAFTED_BY_MANAGERS, as_day
from deliverables.maturity import BASELINED, LADDER, NAMES, checklist, facts_of, in_the_way, next_step
from deliverables.models import DefinitionReturn, Deliverable
from deliverables.plan_forms import ChangeRequestForm, DraftForm
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.permissions import can_edit_plan, can_report_progress, can_view_group, can_view_plan
from people.publishing import Publishing
from priorities.addresses import at_year, to
from priorities.models import ReportingPeriod
from strategy_portal.access import access
from strategy_portal.editing import Overtaken, edits_of, seen_of


def can_ask_for_changes(user: Any) -> bool:
    return can_report_progress(user) or can_edit_plan(user)


def may_see_history(user: Any, row: Any) -> bool:
    return bool(row.may_report or can_view_group(user) or can_edit_plan(user))


def read(request: HttpRequest, code: str, year: str = "") -> Any:
    """With `at`, how addresses of its year begin where this one names it."""
    row: Any = get_object_or_404(Deliverable.objects.in_year(year).for_definition(request.user), code=code)
    row.at = at_year(year)
    return row


def steps_of(row: Any) -> list[dict[str, Any]]:
    reached = LADDER.index(row.maturity)
    return [
        {"name": NAMES[step], "is_reached": place <= reached, "is_now": place == reached} for place, step in enumerate(LADDER)
    ]


@access(can_view_plan)
def definition(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    row = read(request, code, year)
    changes = list(row.definition_changes.for_deliverable(row))
    put_into_words(row, changes)
    facts, shown = facts_of(row), shown_of(row, changes)
    sent_back = DefinitionReturn.objects.filter(deliverable=row).select_related("returned_by").order_by("-pk").first()
    context = {
        "deliverable": row,
        "steps": steps_of(row),
        "checks": checklist(facts),
        "in_the_way": in_the_way(facts),
        "next": NAMES.get(next_step(row.maturity), ""),
        "sent_back": sent_back if row.maturity == "expected" else None,
        "waiting": [one for one in shown if one.change.agreed is None],
        "coming": [one for one in shown[::-1] if one.change.agreed and not one.has_begun],
        "decided": [one for one in shown if one.change.agreed is False or (one.change.agreed and one.has_begun)],
        "may_draft": row.is_open and row.may_report and row.maturity != BASELINED,
        "may_ask": row.is_open and row.maturity == BASELINED and (row.may_report or can_edit_plan(request.user)),
        "sees_history": may_see_history(request.user, row),
    }
    return render(request, "deliverables/definition/definition.html", context)


@access(can_view_plan)
def history(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """Every edit, word by word, for those who work on it."""
    row = read(request, code, year)
    if not may_see_history(request.user, row):
        raise PermissionDenied
    return render(request, "deliverables/definition/history.html", {"deliverable": row, "edits": edits_of(row.history.all())})


@access(can_report_progress, posts=True, keep=keep_sent)
def draft(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """Managers word it until it is baselined."""
    if answer := answer_keeping(request):
        return answer
    row = read(request, code, year)
    if not row.may_report:
        raise Http404
    if row.maturity == BASELINED:
        return redirect(to(year, "change_definition", code))
    form = bind(DraftForm, request, initial={name: getattr(row, name) for name in DRAFTED_BY_MANAGERS} | {"seen": row.seen})
    overtaken = None
    if request.method == "POST" and form.is_valid():
        answer = save_draft(request, row, form)
        if isinstance(answer, HttpResponse):
            return answer
        overtaken = answer
    context = {
        "deliverable": row,
        "form": form,
        "kept": keeping(request),
        "theirs": overtaken,
        "checks": checklist(facts_of(row)),
    }
    return render(request, "deliverables/definition/draft.html", context)


def save_draft(request: HttpRequest, row: Any, form: Any) -> HttpResponse | Overtaken | None:
    """Answers what was sent, or says whose words stand in the way, or lets the page say what is missing."""
    ready, values = request.POST.get("do") == "send", {name: form.cleaned_data[name] for name in DRAFTED_BY_MANAGERS}
    try:
        saved = draft_definition(by=request.user, deliverable=row, seen=form.seen_number, values=values, ready=ready)
    except Overtaken as overtaken:
        form.see(seen_of(row))
        return overtaken
    except NotReady as refused:
        for check in refused.checks:
            form.add_error(check.code if check.code in form.fields else None, check.words)
        return None
    except NeedsTheGroup as refused:
        messages.error(request, str(refused))
        return redirect(row.at + reverse("change_definition", args=[row.code]))
    forget(request)
    waits = saved.maturity == "drafted"
    messages.success(request, "Your words are saved. The group looks at them." if waits else "Your words are saved.")
    return redirect(row.at + reverse("definition", args=[row.code]))


@access(can_ask_for_changes, posts=True, keep=keep_sent)
def change(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """Asking the group for other words, once the definition is baselined."""
    if answer := answer_keeping(request):
        return answer
    row = read(request, code, year)
    if not (row.may_report or can_edit_plan(request.user)):
        raise Http404
    if refused := why_not(row):
        messages.info(request, refused)
        return redirect(to(year, "definition", code))
    values = {name: as_day(name, value) for name, value in wording_to_come(row).items()}
    periods = list(ReportingPeriod.objects.filter(plan_year=row.plan_year, closed_at=None).order_by("starts_on"))
    options: dict[str, Any] = {"choices": choices_for(row.plan_year, row), "periods": periods}
    form = bind(ChangeRequestForm, request, initial=values | {"seen": row.seen}, **options)
    pages, standing = ("deliverables/definition/change.html", "deliverables/plan/preview.html"), form.named(values)
    context = {"deliverable": row, "button": "Ask the group"}
    return Publishing(request, form, row, lambda: standing, lambda: ask(request, row, form), *pages, context).answer()


def why_not(row: Any) -> str:
    """Why nothing can be asked now; empty where it can."""
    if row.maturity != BASELINED:
        return "The definition is not baselined, so it can be edited without asking the group."
    waits = row.definition_changes.waiting().exists()
    return "A change of this definition waits for the group already. It has to be decided first." if waits else ""


def ask(request: HttpRequest, row: Any, form: Any) -> HttpResponse:
    given = {name: form.cleaned_data[name] for name in ("why", "effect")}
    takes_effect = form.periods[form.cleaned_data["takes_effect"]]
    asked = {"seen": form.seen_number, "values": form.wording(), "takes_effect": takes_effect}
    ask_definition_change(by=request.user, deliverable=row, **asked, **given)
    messages.success(request, "The group is asked. Until it agrees, the definition stays as it is.")
    return redirect(row.at + reverse("definition", args=[row.code]))


@access(can_ask_for_changes, posts=True)
def withdraw(request: HttpRequest, code: str, year: str = "") -> HttpResponse:
    """What she has asked for and the group has not decided. From elsewhere: nothing, and back to the definition."""
    row = read(request, code, year)
    if not (row.may_report or can_edit_plan(request.user)):
        raise Http404
    if request.method == "POST":
        if withdraw_definition_change(by=request.user, deliverable=row):
            messages.success(request, "Your change is withdrawn. The group does not see it any more.")
        else:
            messages.info(request, "No change of yours waits for the group.")
    return redirect(to(year, "definition", code))
