"""People and their roles: who is here, who is invited, and what each person's page says and does."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from deliverables.models import Deliverable
from deliverables.people.filters import PeopleFilter
from deliverables.people.forms import InviteForm, PersonForm, RoleForm
from people.actions import give_role
from people.joining.actions import end_role, invite_person, reactivate_person, send_invitation
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.models import Membership, User
from people.permissions import can_edit_plan
from people.publishing import refuses
from priorities.plan.actions import edit_row
from priorities.plan.flow import Editing, answer
from strategy_portal.access import access
from strategy_portal.editing import Edit, Refused, edits_of
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of


@access(can_edit_plan)
def people(request: HttpRequest) -> HttpResponse:
    narrowed = PeopleFilter.read(request.GET)
    page = page_of(narrowed.apply(User.objects.all()).with_all_memberships().order_by("name", "pk"), request)
    return render(request, "plan/people/people.html", {"page": page, "filter": narrowed})


@access(can_edit_plan, posts=True, keep=keep_sent)
def invite(request: HttpRequest) -> HttpResponse:
    if kept := answer_keeping(request):
        return kept
    form = bind(InviteForm, request)
    if request.method == "POST" and form.is_valid():
        invited: list[User] = []
        if not refuses(form, lambda: invited.append(invite_person(by=request.user, **form.cleaned_data))):  # type: ignore[arg-type]
            forget(request)
            messages.success(request, f"{invited[0].name} is invited. The email to {invited[0].email} is on its way")
            return redirect("plan_person", invited[0].pk)
    typed = str(form["email"].value() or "").replace("\0", "")
    there = User.objects.filter(email=typed.strip().lower()).first() if form.has_error("email") else None
    return render(request, "plan/people/invite.html", {"form": form, "there": there, "kept": keeping(request)})


@access(can_edit_plan, posts=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Her page; each of its buttons does one thing and says what happened."""
    found = get_object_or_404(User.objects.with_all_memberships(), pk=pk)
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    form = RoleForm(request.POST if asked == "give" else None)
    if asked == "give" and form.is_valid():
        given = give_role(by=request.user, user=found, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, f"{found.name} is now {given.get_role_display().lower()} in {given.organisation}")
        return redirect("plan_person", pk)
    if asked in BUTTONS:
        try:
            messages.success(request, BUTTONS[asked](request, found))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("plan_person", pk)
    context = {
        "person": found,
        "form": form,
        "invitations": found.letters.filter(kind="invitation").order_by("-pk"),
        "managed": Deliverable.objects.not_over().filter(managers=found).in_order(),
        "is_me": found.pk == request.user.pk,
    }
    return render(request, "plan/people/person.html", context)


def end(request: HttpRequest, person: User) -> str:
    number = request.POST.get("membership", "")
    membership = next((one for one in person.all_memberships if str(one.pk) == number), None)  # type: ignore[attr-defined]
    if membership is None:
        return f"{person.name} has that role no longer"
    end_role(by=request.user, membership=membership)  # type: ignore[arg-type]
    return f"{person.name} is no longer {membership.get_role_display().lower()} in {membership.organisation}"


def invite_again(request: HttpRequest, person: User) -> str:
    number = request.POST.get("number", "")
    send_invitation(by=request.user, user=person, number=number_in(number, most_digits=4, otherwise=1))  # type: ignore[arg-type]
    return f"The invitation to {person.email} is on its way"


def reactivate(request: HttpRequest, person: User) -> str:
    reactivate_person(by=request.user, user=person)  # type: ignore[arg-type]
    return f"{person.name} can sign in again"


BUTTONS: dict[str, Callable[[HttpRequest, Any], str]] = {"end": end, "invite": invite_again, "reactivate": reactivate}


@access(can_edit_plan, posts=True, keep=keep_sent)
def details(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    editing = Editing(
        row=found,
        form_class=PersonForm,
        publish=lambda form, row: edit_row(by=request.user, row=found, values=form.values, seen=form.seen_number),  # type: ignore[arg-type]
        title=f"Details of {found.name}",
        lede="A new name is read everywhere from now on. Issued reports keep the name of their day.",
        back=(reverse("plan_person", args=[pk]), found.name),
        said="The details of {} are saved",
        then=lambda row: reverse("plan_person", args=[pk]),
        more={"history": reverse("plan_person_history", args=[pk])},
    )
    return answer(request, editing)


@access(can_edit_plan)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Of her details, and of her roles."""
    found = get_object_or_404(User, pk=pk)
    edits = [*edits_of(found.history.all()), *map(role_edit, Membership.objects.changes_for(found))]
    context = {"row": found, "back": (reverse("plan_person", args=[pk]), found.name)}
    return render(request, "plan/history.html", context | {"edits": sorted(edits, key=lambda one: one.at, reverse=True)})


def role_edit(record: Any) -> Edit:
    by = record.history_user.name if record.history_user else ""
    role = f"{record.get_role_display()}, {record.organisation or 'an organisation that is gone'}"
    return Edit(
        at=record.history_date, by=by, what="Role ended" if record.history_type == "-" else "Role given", reason=role, changes=[]
    )
