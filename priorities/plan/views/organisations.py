"""The partners. One that has been used is given a last day; one that never was may go."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify

from people.keeping import keep_sent
from people.models import Organisation
from people.permissions import can_edit_plan
from priorities.plan.actions import add_row, edit_row
from priorities.plan.flow import Editing, answer
from priorities.plan.forms import OrganisationForm
from priorities.plan.rules import uses_of
from priorities.plan.views import rows
from strategy_portal.access import access
from strategy_portal.paging import page_of

BACK = "Organisations"


@access(can_edit_plan)
def organisations(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "")[:100].strip()
    page = page_of(Organisation.objects.search(words).with_numbers().order_by("name", "pk"), request)
    return render(request, "plan/organisations.html", {"page": page, "words": words})


@access(can_edit_plan, posts=True, keep=keep_sent)
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Organisation, code=code)
    editing = Editing(
        row=found,
        form_class=OrganisationForm,
        publish=lambda form, row: edit_row(by=request.user, row=found, values=form.values, seen=form.seen_number),
        title=found.name,
        caption="Organisation",
        lede="A new name is read everywhere from now on. Issued reports keep the name of their day.",
        back=(reverse("plan_organisations"), BACK),
        then=lambda row: reverse("plan_organisations"),
        more={
            "history": reverse("plan_organisation_history", args=[code]),
            "delete": reverse("plan_organisation_delete", args=[code]),
        },
    )
    return answer(request, editing)


@access(can_edit_plan, posts=True, keep=keep_sent)
def new_organisation(request: HttpRequest) -> HttpResponse:
    editing = Editing(
        row=Organisation(),
        form_class=OrganisationForm,
        publish=lambda form, row: add_row(by=request.user, row=row, same=tuple(form.values)),
        title="New organisation",
        back=(reverse("plan_organisations"), BACK),
        then=lambda row: reverse("plan_organisations"),
        complete=with_code,
    )
    return answer(request, editing)


def with_code(row: Any) -> Any:
    """Its address is made from its name, and stays when that changes."""
    row.code = slugify(row.short_name or row.name)[:50]
    if row.code in ("", "new"):  # which is the address of the page for new ones
        row.code = "organisation"
    return row


@access(can_edit_plan)
def history(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Organisation, code=code)
    return rows.history_page(request, found, (reverse("plan_organisation", args=[code]), found.name))


@access(can_edit_plan, posts=True)
def delete(request: HttpRequest, code: str) -> HttpResponse:
    found = (
        Organisation.objects.filter(code=code).first() if request.method == "POST" else get_object_or_404(Organisation, code=code)
    )
    then = reverse("plan_organisations")
    if request.method == "POST":
        return rows.remove(request, found, then, f"{found} is deleted. Its history is kept") if found else redirect(then)
    back = (reverse("plan_organisation", args=[code]), found.name)
    return render(request, "plan/delete_organisation.html", {"row": found, "uses": uses_of(found), "back": back})
