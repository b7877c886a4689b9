"""The group reminds people by hand, and sees what was sent."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from deliverables.actions import Reminded, remind_now
from deliverables.actions.reminders import preview
from deliverables.due import outstanding
from deliverables.forms import RemindForm
from people.models import Letter, User
from people.permissions import can_view_group
from strategy_portal.access import access
from strategy_portal.paging import page_of


@access(can_view_group, posts=True)
def remind(request: HttpRequest) -> HttpResponse:
    found = outstanding()
    sent = request.POST if request.method == "POST" else None
    form = RemindForm(sent, owing=found.people, to=request.GET.get("to", ""))
    if sent is not None and form.is_valid():
        tell(request, remind_now(by=request.user, people=[one.user for one in form.chosen]))  # type: ignore[arg-type]
        return redirect("remind")
    shown = (form.chosen or found.people)[:1]
    context = {
        "form": form,
        "people": found.people,
        "nobody": found.nobody,
        "preview_to": shown[0].user.name if shown else "",
        "preview": preview(by=request.user, owing=shown[0]) if shown else None,  # type: ignore[arg-type]
        "page": page_of(Letter.objects.reminders().for_log(), request),
    }
    return render(request, "deliverables/remind.html", context)


def tell(request: HttpRequest, reminded: Reminded) -> None:
    if not (reminded.written or reminded.already):
        messages.info(request, "Nothing is due any more from the people you chose, so no one was reminded")
        return
    if written := len(reminded.written):
        messages.success(request, f"Reminders are on their way to {written} {'person' if written == 1 else 'people'}")
    if reminded.already:
        messages.info(request, f"Already reminded today, so not written to again: {names(reminded.already)}")
    if reminded.nothing_due:
        messages.info(request, f"Nothing is due any more, so not written to: {names(reminded.nothing_due)}")


def names(people: Iterable[User]) -> str:
    return ", ".join(user.name for user in people)
