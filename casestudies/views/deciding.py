"""What stands between a story and its readers, who decides on it, and how it became what it is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from casestudies.actions import (
    NotNow,
    NotReady,
    confirm_story,
    publish_story,
    return_story,
    submit_story,
    take_back_story,
    withdraw_story,
)
from casestudies.comparing import edits_of_story
from casestudies.facts import story_of
from casestudies.forms import PublishForm, ReasonForm
from casestudies.models import CaseStudy, Review
from casestudies.permissions import can_edit_story, can_review_story, can_work_on_stories
from casestudies.readiness import blocking, readiness
from casestudies.views.reading import shown
from people.keeping import fill, forget, keep_sent, kept_at, writer_note
from people.permissions import can_review_stories
from strategy_portal import clock
from strategy_portal.access import access
from strategy_portal.editing import Overtaken
from strategy_portal.numbers import number_in
from strategy_portal.paging import page_of


def rows_of(request: HttpRequest, slug: str) -> list[Any]:
    """What is worked on at this address first, and what readers see if that is something else."""
    rows = list(CaseStudy.objects.worked_on(slug, request.user).with_organisation().with_days().with_figures().with_pictures())
    if not rows:
        raise Http404
    return rows


@access(can_work_on_stories, posts=True, keep=keep_sent)
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """The story as readers will see it, the readiness list, and what may be done with it."""
    rows = rows_of(request, slug)
    study, published = rows[0], next((row for row in rows if row.stage == CaseStudy.Stage.PUBLISHED), None)
    forms, refused = forms_of(request), ""
    if request.method == "POST":
        try:
            if said := decide(request, study, published, forms):
                forget(request)
                messages.success(request, said)
                return after(request, slug)
        except (NotNow, NotReady, Overtaken) as why:
            refused = str(why)
    page = shown(study)
    told = story_of(study, figures=list(study.figures.all()), pictures=page["pictures"], is_linked=any(page["names"].values()))  # type: ignore[attr-defined, arg-type]
    items = readiness(told, clock.today())
    reviews = list(Review.objects.filter(case_study=study.story_id).select_related("reviewed_by").order_by("-pk"))
    context = page | {
        "slug": slug,
        "published": published,
        "items": items,
        "blocked": len(blocking(items)),
        "reviews": reviews,
        "returned": reviews[0] if reviews and reviews[0].is_return and study.stage == CaseStudy.Stage.DRAFT else None,
        "forms": forms,
        "sent": [form for form in forms.values() if form.is_bound],
        "refused": refused,
        "writer": writer_note(request),
    }
    return render(request, "casestudies/check.html", context | may(request.user, study, published))


def may(user: Any, study: Any, published: Any) -> dict[str, bool]:
    return {
        "may_edit": can_edit_story(user, study),
        "reviews_it": can_review_stories(user),
        "may_review": can_review_story(user, study),
        "may_confirm": published is not None and not published.has_consent_ended and can_review_story(user, published),
    }


def after(request: HttpRequest, slug: str) -> HttpResponse:
    """A reviewer who returns a draft does not see it any more."""
    sees = CaseStudy.objects.worked_on(slug, request.user).exists()
    return redirect("story_check", slug) if sees else redirect("stories_in_hand")


def forms_of(request: HttpRequest) -> dict[str, ReasonForm]:
    """One for each thing that may be done. Only the one that was sent is judged."""
    year = clock.today().replace(day=1)
    review_on = year.replace(year=year.year + 1)
    kinds: dict[str, tuple[type[ReasonForm], dict[str, Any]]] = {
        "submit": (ReasonForm, {"needs": ()}),
        "publish": (PublishForm, {"initial": {"review_on": review_on}}),
        "return": (ReasonForm, {}),
        "confirm": (PublishForm, {"initial": {"review_on": review_on}}),
        "withdraw": (ReasonForm, {}),
    }
    asked, kept = request.POST.get("do", ""), kept_at(request) if request.method == "GET" else None
    forms = {name: kind(*([request.POST] if name == asked else []), prefix=name, **more) for name, (kind, more) in kinds.items()}
    typed = QueryDict(kept.fields) if kept else QueryDict()
    return {name: fill(form, typed) if any(key.startswith(f"{name}-") for key in typed) else form for name, form in forms.items()}


def decide(request: HttpRequest, study: Any, published: Any, forms: dict[str, ReasonForm]) -> str:
    """What was done; nothing where the form has mistakes. Raises what the actions raise, and PermissionDenied."""
    asked, user = request.POST.get("do", ""), request.user
    edits, reviews = can_edit_story(user, study), can_review_stories(user)
    allowed = dict.fromkeys(("submit", "take-back"), edits) | dict.fromkeys(("publish", "return", "confirm"), reviews)
    allowed["withdraw"] = edits or reviews
    if asked not in allowed:
        return ""
    if not allowed[asked]:
        raise PermissionDenied
    form = forms.get(asked)
    if form is not None and not form.is_valid():
        return ""
    given = form.cleaned_data if form else {}
    seen, is_of_published = number_in(request.POST.get("seen", "")), published and asked in ("withdraw", "confirm")
    return DOES[asked](by=user, study=published if is_of_published else study, seen=seen, **given)


def submit(*, reason: str, **more: Any) -> str:
    submit_story(words=reason, **more)
    return "The story is sent for review. You get an email when it is decided."


def take_back(**more: Any) -> str:
    take_back_story(**more)
    return "The story is a draft again."


def publish(**more: Any) -> str:
    publish_story(**more)
    return "The story is published."


def send_back(**more: Any) -> str:
    return_story(**more)
    return "The story is returned to its author, with your reason."


def confirm(**more: Any) -> str:
    confirm_story(**more)
    return "It is kept that the story is still true, with your reason and the day on which it is looked at again."


def withdraw(**more: Any) -> str:
    withdraw_story(**more)
    return "The story is withdrawn. Readers do not see it any more; issued reports keep what they say of it."


DOES: dict[str, Callable[..., str]] = {
    "submit": submit,
    "take-back": take_back,
    "publish": publish,
    "return": send_back,
    "confirm": confirm,
    "withdraw": withdraw,
}


@access(can_work_on_stories)
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Word by word, and every decision with its reason."""
    rows = list(CaseStudy.objects.worked_on(slug, request.user))
    if not rows:
        raise Http404
    context = {
        "study": rows[0],
        "slug": slug,
        "reviews": Review.objects.filter(case_study=rows[0].story_id).select_related("reviewed_by").order_by("-pk"),
        "histories": [(row, edits_of_story(row)) for row in rows],
    }
    return render(request, "casestudies/history.html", context)


@access(can_work_on_stories)
def in_hand(request: HttpRequest) -> HttpResponse:
    """What there is to do: to review, to finish, to look at again."""
    page = page_of(CaseStudy.objects.in_hand(request.user), request)
    return render(request, "casestudies/in_hand.html", {"page": page})
