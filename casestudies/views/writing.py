"""Writing a story: its words and its pictures."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from casestudies.actions import (
    NoPlan,
    NotNow,
    TooMany,
    add_picture,
    describe_picture,
    remove_picture,
    save_story,
    start_story,
)
from casestudies.actions.words import words_of
from casestudies.choices import choices_for_form
from casestudies.comparing import apart
from casestudies.forms import AlternativeForm, PictureForm, StoryForm, initial_of, rows_in, with_rows
from casestudies.models import CaseStudy
from casestudies.permissions import can_edit_story, can_write_stories
from casestudies.pictures import MOST
from deliverables.actions import NoRoom
from people.keeping import answer_keeping, bind, fill, forget, keep_sent, keeping, kept_at
from people.models import Organisation
from people.permissions import can_report_progress
from strategy_portal.access import access
from strategy_portal.editing import Overtaken
from strategy_portal.numbers import number_in


def hers(request: HttpRequest, slug: str) -> Any:
    """What she edits at this address. Another organisation's story is not there."""
    study = CaseStudy.objects.worked_on(slug, request.user).first()
    if study is None or not can_edit_story(request.user, study):
        raise Http404
    return study


def open_form(request: HttpRequest, study: Any, owners: list[Organisation]) -> StoryForm:
    """With what is sent, else with what was kept for her, else with what the story says."""
    said = words_of(study) if study else None
    start = initial_of(said) | {"seen": study.seen} if said else {"key": uuid4()}
    more = {
        "choices": choices_for_form(study.pk if study else None),
        "owners": [(str(owner.pk), owner.name) for owner in owners],
        "is_of_documents": study is not None and study.owner_id is None,
        "initial": start,
    }
    asked = request.POST.get("do", "")
    if asked.startswith(("add-figure", "remove-figure-")):
        typed = with_rows(request.POST, asked)
        return fill(StoryForm(count=rows_in(typed), **more), typed)  # type: ignore[no-any-return]
    kept = None if request.method == "POST" else kept_at(request)
    typed = QueryDict(kept.fields) if kept else request.POST
    return bind(StoryForm, request, count=rows_in(typed) if typed else max(1, len(said.figures if said else ())), **more)  # type: ignore[no-any-return]


def is_sent(request: HttpRequest) -> bool:
    """Not for one more row of figures, which judges nothing."""
    return request.method == "POST" and "figure" not in request.POST.get("do", "")


def go_on(request: HttpRequest, study: CaseStudy) -> HttpResponse:
    forget(request)
    address = study.revises.slug if study.revises else study.slug
    if request.POST.get("do") == "check":
        return redirect("story_check", address)
    messages.success(request, "The story is saved. Nobody outside your organisation sees it yet.")
    return redirect("story_edit", address)


@access(can_report_progress, posts=True, keep=keep_sent)
def new(request: HttpRequest) -> HttpResponse:
    if answer := answer_keeping(request):
        return answer
    owners = list(Organisation.objects.filter(pk__in=request.user.organisation_ids_reported_for).order_by("name"))
    form, refused = open_form(request, None, owners), ""
    if is_sent(request) and form.is_valid():
        chosen = form.cleaned_data.get("owner") or str(owners[0].pk)
        owner = next(one for one in owners if str(one.pk) == chosen)
        try:
            key = form.cleaned_data["key"] or uuid4()
            return go_on(request, start_story(by=request.user, key=key, owner=owner, words=form.words()))
        except NoPlan as why:
            refused = str(why)
    context = {"form": form, "kept": keeping(request), "refused": refused, "owner": owners[0] if owners else None}
    return render(request, "casestudies/edit.html", context)


@access(can_write_stories, posts=True, keep=keep_sent)
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    study = hers(request, slug)
    if answer := answer_keeping(request):
        return answer
    if request.method == "GET" and study.stage == CaseStudy.Stage.IN_REVIEW:
        messages.info(request, "It is being reviewed. Take it back first, then change it.")
        return redirect("story_check", slug)
    form, refused, changes = open_form(request, study, []), "", []
    if is_sent(request) and form.is_valid():
        try:
            seen = form.cleaned_data["seen"] or 0
            return go_on(request, save_story(by=request.user, study=study, seen=seen, words=form.words()))
        except Overtaken as overtaken:
            study, refused = hers(request, slug), str(overtaken)
            changes = apart(words_of(study), form.words(), form)
            form.data = form.data.copy() | {"seen": str(study.seen)}
        except NotNow as why:
            refused = str(why)
    context = {"form": form, "kept": keeping(request), "refused": refused, "changes": changes, "study": study, "slug": slug}
    return render(request, "casestudies/edit.html", context | {"owner": study.owner})


@access(can_write_stories, posts=True)
def pictures(request: HttpRequest, slug: str) -> HttpResponse:
    study, refused = hers(request, slug), ""
    asked, _, number = request.POST.get("do", "").partition("-")
    adding = PictureForm(*([request.POST, request.FILES] if asked == "add" else []))
    wording = alternative_form(number_in(number), request.POST) if asked == "describe" else None
    if request.method == "POST":
        try:
            if said := change_pictures(request, study, asked, number_in(number), wording or adding):
                messages.success(request, said)
                return redirect("story_pictures", slug)
        except (NotNow, TooMany, NoRoom) as why:
            refused = str(why)
    found = list(study.pictures.order_by("order"))
    for row in found:
        row.form = wording if wording and row.pk == number_in(number) else alternative_form(row.pk, None, row.alternative)
    context = {"study": study, "slug": slug, "form": wording or adding, "adding": adding, "pictures": found, "refused": refused}
    return render(request, "casestudies/pictures.html", context | {"room": len(found) < MOST})


def alternative_form(pk: int, data: QueryDict | None, stands: str = "") -> AlternativeForm:
    return AlternativeForm(data, prefix=f"picture-{pk}", initial={"alternative": stands})


def change_pictures(request: HttpRequest, study: CaseStudy, asked: str, pk: int, form: Any) -> str:
    """What was done; nothing where the form has mistakes."""
    if asked == "add":
        if not form.is_valid() or form.photograph is None:
            return ""
        add_picture(by=request.user, study=study, photograph=form.photograph, alternative=form.cleaned_data["alternative"])
        return "The picture is added."
    found = get_object_or_404(study.pictures.select_related("case_study"), pk=pk)
    if asked == "remove":
        remove_picture(by=request.user, picture=found)
        return "The picture is removed."
    if asked != "describe" or not form.is_valid():
        return ""
    describe_picture(by=request.user, picture=found, alternative=form.cleaned_data["alternative"])
    return "The words for the picture are changed."
