"""What the pages of all kinds of rows share: reading an edit history, moving a row in its order, deleting one."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from priorities.plan.actions import delete_row, move_row, place
from strategy_portal.editing import Refused, edits_of


def history_page(request: HttpRequest, row: Any, back: tuple[str, str], **more: Any) -> HttpResponse:
    return render(request, "plan/history.html", {"row": row, "back": back, "edits": edits_of(row.history.all(), **more)})


def move(request: HttpRequest, siblings: QuerySet, then: str) -> HttpResponse:
    """One button: its value says which row, from which place, to which."""
    code, was, to = [*request.POST.get("move", "").replace("\0", "").split(":"), "", ""][:3]
    row = siblings.filter(code=code).first()
    if row is None or not (was.isdecimal() and to.isdecimal() and len(was + to) < 9):
        messages.error(request, "Nothing was moved, because the list has changed. Look at it again")
        return redirect(then)
    now = move_row(by=request.user, row=row, siblings=siblings, was=int(was), to=int(to))  # type: ignore[misc]
    if now == int(to):
        messages.success(request, f"{row} is now number {now} of {siblings.count()}")
    else:
        messages.error(request, f"{row} was not moved, because the order has changed. It is number {now} of {siblings.count()}")
    return redirect(then)


def in_places(rows: Any) -> list[dict[str, Any]]:
    """Rows in their order, each with where its buttons move it."""
    ordered = sorted(rows, key=place)
    last = len(ordered)
    return [{"row": row, "at": n, "up": n - 1, "down": n + 1 if n < last else 0} for n, row in enumerate(ordered, start=1)]


def remove(request: HttpRequest, row: Any, then: str, said: str) -> HttpResponse:
    try:
        delete_row(by=request.user, row=row)  # type: ignore[misc]
        messages.success(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(then)
