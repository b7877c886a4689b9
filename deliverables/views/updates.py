"""All that is due from someone, on one page; and one update on a page of its own."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from deliverables import keeping
from deliverables.actions import CannotTakeBack, DraftIsNewer, Overtaken, save_draft, submit_update, take_back_update
from deliverables.entry import Entry, typed
from deliverables.history import by_month
from deliverables.mine import Months, due_from, entries, open_months, sent
from deliverables.models import Decision, Deliverable, Evidence, StatusUpdate
from deliverables.querysets import horizon
from deliverables.ratings import RATINGS
from people.permissions import can_report_progress
from priorities.actions import PeriodClosed, refuse_unless_open
from priorities.calendar import working_days_between
from priorities.models import BankHoliday
from strategy_portal import clock
from strategy_portal.access import access
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of
from strategy_portal.prepared import one_or_404

ON_ONE_PAGE = 60


def months_of(request: HttpRequest) -> Months | None:
    """Of the form that was sent, whether it is open still or not; else of the address."""
    if request.method == "POST":
        return open_months(request.POST.get("month", ""), closed_too=True)
    return open_months(request.GET.get("month", ""))


def mine_or_404(request: HttpRequest, code: str, months: Months | None) -> Any:
    if months is None:
        return get_object_or_404(Deliverable.objects.reported_by(request.user).of_current_year(), code=code)
    return one_or_404(Deliverable.objects.one_due_from(request.user, code, months.period))


@access(can_report_progress)
def updates(request: HttpRequest) -> HttpResponse:
    return my_updates(request, asked=request.GET.get("open", ""))


def my_updates(request: HttpRequest, *, asked: str = "", trouble: dict[str, Any] | None = None, data: Any = None) -> HttpResponse:
    """The page; where something was sent and not taken, with it in the open row and the trouble said."""
    months = months_of(request)
    if months is None:
        return render(request, "deliverables/updates.html", {"period": None})
    page = page_of(due_from(request.user, months), request, per_page=ON_ONE_PAGE)
    rows = entries(StatusUpdate.objects.give_to(page.rows, *months.recent, decided=True), request.user, months, asked=asked)
    for row in rows:
        if data is not None and row.deliverable.code == asked:
            row.data = data
    done = [row for row in rows if not row.is_to_do]
    opened = next((row for row in rows if row.is_open), None)
    context = {
        "period": months.period,
        "before": months.before,
        "page": page,
        "rows": rows,
        "to_do": [row for row in rows if row.is_to_do],
        "done": done,
        "opened": opened,
        "author": keeping.author_token(request.user, opened.deliverable.code, months.period) if opened else "",
        "month_asked": months.period.month != months.newest,
        "ready": [row for row in rows if row.is_ready],
        "today": clock.today(),
        "working_days_left": working_days_between(clock.today(), months.period.due_on, BankHoliday.objects.changed()),
        **words(months),
        **(trouble or {}),
    }
    return render(request, "deliverables/updates.html", context)


def words(months: Months) -> dict[str, Any]:
    """What the questions of the form say, in this month."""
    since = f" since {months.before.starts_on:%B}" if months.before else ""
    hints = {rating.code: rating.meaning for rating in RATINGS.values()}
    return {"done_label": f"What has been done{since}?", "hints": hints, "horizon": horizon(months.period)}


@access(can_report_progress, posts=True, keep=keeping.keep_words)
def update(request: HttpRequest, code: str) -> HttpResponse:
    months = months_of(request)
    if months is None:
        deliverable = mine_or_404(request, code, months)
        return render(request, "deliverables/no_open_period.html", {"deliverable": deliverable})
    if request.method != "POST":
        return one_update(request, code, months)
    one = sent(mine_or_404(request, code, months), months, request.POST)
    trouble = send(request.user, one)
    if trouble is None:
        return taken(request, one, months)
    if request.POST.get("place") == "row":
        return my_updates(request, asked=code, trouble=trouble, data=one.form.data)
    return one_update(request, code, months, trouble, data=one.form.data)


def one_update(
    request: HttpRequest, code: str, months: Months, trouble: dict[str, Any] | None = None, data: Any = None
) -> HttpResponse:
    deliverable = one_or_404(Deliverable.objects.one_due_from(request.user, code, months.period))
    newest = StatusUpdate.objects.newest_of(deliverable.pk, [period.pk for period in months.so_far])
    history = by_month(newest, months.so_far)
    evidence = Evidence.objects.of(deliverable.pk)
    about, kind, reason = Decision.objects.last_word(deliverable=deliverable, period=months.period) or (0, None, "")
    if now := history[0].standing:
        now.decision, now.decision_reason = (kind, reason) if about == now.pk else (None, "")
    deliverable.recent_updates = [month.standing for month in history[:2] if month.standing]
    deliverable.number_in = history[0].number
    entry = entries([deliverable], request.user, months, asked=code)[0]
    entry.data = data
    context = {
        "entry": entry,
        "deliverable": entry.deliverable,
        "period": months.period,
        "months": history,
        "last": history[1] if len(history) > 1 else None,
        "so_far": list(reversed(history[1:])),
        "evidence": evidence,
        "author": keeping.author_token(request.user, code, months.period),
    }
    return render(request, "deliverables/update.html", context | words(months) | (trouble or {}))


def send(user: Any, entry: Entry) -> dict[str, Any] | None:
    """None when it is in; else what the page has to say, with everything typed still in the form."""
    if not entry.is_valid:
        return {"invalid": True}
    try:
        refuse_unless_open(entry.period, on=clock.today())  # before she is asked anything; under its lock it is looked at again
    except PeriodClosed as closed:
        return {"refused": str(closed)}
    if entry.unseen:
        return {"look_first": True}
    form = entry.form
    try:
        submit_update(
            by=user,
            deliverable=entry.deliverable,
            period=entry.period,
            key=form.cleaned_data["key"],
            seen=form.cleaned_data["seen"],
            report=entry.full_report(),
        )
    except Overtaken as overtaken:
        entry.see(overtaken.theirs)
        return {"overtaken": overtaken.theirs, "overtaken_by_another": is_anothers(overtaken.theirs, user), "was_overtaken": True}
    except PeriodClosed as closed:
        return {"refused": str(closed)}
    return None


def is_anothers(update: StatusUpdate | None, user: Any) -> bool:
    return update is not None and update.submitted_by_id != user.pk


def taken(request: HttpRequest, entry: Entry, months: Months) -> HttpResponse:
    messages.success(request, f"Your update on {entry.deliverable.name} for {months.period} is in. It counts from now.")
    return back_to_updates(months)


def back_to_updates(months: Months) -> HttpResponse:
    address = reverse("updates")
    return redirect(address if months.period.month == months.newest else f"{address}?month={months.period.month}")


def posts_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Someone who comes back here from signing in is led to the page that has the button."""

    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.method == "POST" else redirect("updates")

    return led


@access(can_report_progress, posts=True)
@posts_only
def still(request: HttpRequest, code: str) -> HttpResponse:
    """Nothing new: last month's rating, with one sentence if there is one to say."""
    months = months_of(request)
    deliverable = mine_or_404(request, code, months)
    if months is None:
        return redirect("updates")
    before = sent(deliverable, months, request.POST)
    if not before.still:
        raise Http404("Last month's rating cannot be said again here.")
    one = before.say_again(request.POST.get("sentence", ""), request.POST)
    trouble = send(request.user, one)
    return (
        taken(request, one, months) if trouble is None else my_updates(request, asked=code, trouble=trouble, data=one.form.data)
    )


@access(can_report_progress, posts=True, keep=keeping.keep_words)
@posts_only
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps what is typed, and says what the second look asks of it."""
    months = months_of(request)
    deliverable = mine_or_404(request, code, months)
    if months is None:
        return JsonResponse({"said": "No month is open for updates."}, status=409)
    version = request.POST.get("version", "")
    try:
        saved = save_draft(
            by=request.user,
            deliverable=deliverable,
            period=months.period,
            fields=typed(request.POST),
            version=number_in(version),
        )
    except (DraftIsNewer, PeriodClosed) as refusal:
        return JsonResponse({"said": str(refusal)}, status=409)
    entry = sent(deliverable, months, request.POST)
    look = render_to_string("deliverables/look.html", {"entry": entry}, request)
    said = keeping.said_when(saved.saved_at)
    return JsonResponse({"said": said, "version": saved.version, "look": look, "complete": entry.is_valid})


@access(can_report_progress, posts=True)
@posts_only
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    months = months_of(request)
    deliverable = mine_or_404(request, code, months)
    number = request.POST.get("number", "")
    found = get_object_or_404(deliverable.updates, period=months.period, number=number_in(number))
    try:
        take_back_update(by=request.user, update=found, key=uuid4())
    except (Overtaken, CannotTakeBack, PeriodClosed) as refusal:
        messages.error(request, str(refusal))
    else:
        name = deliverable.name
        messages.success(
            request,
            f"Your update on {name} is taken back. Its words are in your draft; until you submit, {name} counts as not reported.",
        )
    return back_to_updates(months)


@access(can_report_progress, posts=True)
@posts_only
def submit_ready(request: HttpRequest) -> HttpResponse:
    """Each draft that needs nothing more, one by one: one that is refused does not hold up the others."""
    months = months_of(request)
    if months is None:
        return redirect("updates")
    due = StatusUpdate.objects.give_to(list(due_from(request.user, months)), *months.recent, decided=True)
    rows = entries(due, request.user, months)
    ready = [row for row in rows if row.is_ready]
    refused = [row.deliverable.name for row in ready if send(request.user, row.bound) is not None]
    if taken_in := len(ready) - len(refused):
        messages.success(request, f"{taken_in} update{'s are' if taken_in > 1 else ' is'} in.")
    if refused:
        messages.error(
            request, f"Not submitted, because something has changed meanwhile: {', '.join(refused)}. Open them to see."
        )
    return back_to_updates(months)
