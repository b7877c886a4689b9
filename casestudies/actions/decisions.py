"""Every decision on a story: who took it and why is kept, and its author is told."""

from datetime import date

from django.db import transaction

from casestudies.actions.pictures import drop_unused
from casestudies.actions.words import COPIED, NotNow, copy_of, links_of, set_figures, set_links, values_of
from casestudies.facts import story_of
from casestudies.models import CaseStudy, Review
from casestudies.permissions import can_review_story
from casestudies.readiness import Item, blocking, readiness
from people.actions import write_letter
from people.models import User
from strategy_portal import clock
from strategy_portal.editing import lock_as_seen

Stage = CaseStudy.Stage
SENT = "Sent for review."


class NotReady(Exception):
    """Something stands between the story and its readers. The sentence says what."""

    def __init__(self, items: list[Item]) -> None:
        super().__init__(f"It cannot be published yet. {' '.join(f'{item.title}.' for item in items)}")
        self.items = items


@transaction.atomic
def submit_story(*, by: User, study: CaseStudy, seen: int, words: str = "") -> CaseStudy:
    """To the reviewers, with a word to them. Sending it again while it is there changes nothing. Raises NotNow or Overtaken."""
    standing = CaseStudy.objects.get(pk=study.pk)
    if standing.stage == Stage.IN_REVIEW:
        return standing
    locked = in_stage(study, seen, Stage.DRAFT)
    return move(by=by, study=locked, to=Stage.IN_REVIEW, reason=words or SENT)


@transaction.atomic
def take_back_story(*, by: User, study: CaseStudy, seen: int) -> CaseStudy:
    """Her own organisation wants to change it. Raises NotNow or Overtaken."""
    return move(by=by, study=in_stage(study, seen, Stage.IN_REVIEW), to=Stage.DRAFT, reason=Review.TAKEN_BACK)


@transaction.atomic
def return_story(*, by: User, study: CaseStudy, seen: int, reason: str) -> CaseStudy:
    """To its author, who reads why. Raises NotNow or Overtaken."""
    locked = in_stage(study, seen, Stage.IN_REVIEW)
    refuse_own(by, locked)
    return move(by=by, study=locked, to=Stage.DRAFT, reason=reason)


@transaction.atomic
def publish_story(*, by: User, study: CaseStudy, seen: int, reason: str, review_on: date) -> CaseStudy:
    """For all who may read the plan; a revision takes the place of what it revises. `review_on`: when it is looked at again.

    Raises NotReady, NotNow or Overtaken, with nothing changed.
    """
    locked = in_stage(study, seen, Stage.IN_REVIEW)
    refuse_own(by, locked)
    links, figures, pictures = links_of(locked), list(locked.figures.order_by("order")), list(locked.pictures.order_by("order"))
    told = story_of(locked, figures=figures, pictures=pictures, is_linked=any(links.values()))
    if open_ones := blocking(readiness(told, clock.today())):
        raise NotReady(open_ones)
    shown = merge(by=by, revision=locked) if locked.revises_id else locked
    shown.review_on = review_on
    return move(by=by, study=shown, to=Stage.PUBLISHED, reason=reason)


@transaction.atomic
def confirm_story(*, by: User, study: CaseStudy, seen: int, reason: str, review_on: date) -> CaseStudy:
    """What is published is still true, as somebody says who has not written it. Raises NotNow or Overtaken."""
    locked = in_stage(study, seen, Stage.PUBLISHED)
    refuse_own(by, locked)
    if locked.has_consent_ended:
        raise NotNow("The consent for it has ended. Record a new consent first, or withdraw the story.")
    locked.review_on = review_on
    return move(by=by, study=locked, to=Stage.PUBLISHED, reason=reason, decision=Review.Decision.CONFIRMED)


@transaction.atomic
def withdraw_story(*, by: User, study: CaseStudy, seen: int, reason: str) -> CaseStudy:
    """No reader sees it any more. Issued reports keep what they say of it. Raises NotNow or Overtaken."""
    return move(by=by, study=in_stage(study, seen, Stage.PUBLISHED), to=Stage.WITHDRAWN, reason=reason)


def in_stage(study: CaseStudy, seen: int, stage: str) -> CaseStudy:
    locked: CaseStudy = lock_as_seen(study, seen=seen)
    if locked.stage != stage:
        raise NotNow(f"It is {locked.get_stage_display().lower()} now. Look at it again.")
    return locked


def refuse_own(by: User, study: CaseStudy) -> None:
    with_work = CaseStudy.objects.with_work(by).get(pk=study.pk)
    if not can_review_story(by, with_work):
        raise NotNow("You have written in it or sent it, so somebody else has to review it.")


def move(*, by: User, study: CaseStudy, to: str, reason: str, decision: str = "") -> CaseStudy:
    """The stage, the decision with its reason, and a letter to whoever sent it, unless she decided herself.

    `decision` where it is called otherwise than the stage.
    """
    said = Review.Decision(decision or to)
    study.stage = to
    study._history_user, study._change_reason = by, said.label  # with a reason: it is no edit of hers
    study.save()
    review = Review(case_study_id=study.story_id, decision=said, reason=reason, reviewed_at=clock.now(), reviewed_by=by)
    review.save(force_insert=True)
    if to != Stage.IN_REVIEW:
        tell_author(by=by, study=study, review=review)
    return study


def tell_author(*, by: User, study: CaseStudy, review: Review) -> None:
    sent = Review.objects.filter(case_study=review.case_study_id, decision=Stage.IN_REVIEW).select_related("reviewed_by")
    last = sent.order_by("-pk").first()
    if last is None or last.reviewed_by == by:
        return
    address = study.revises.slug if study.revises else study.slug
    write_letter(
        to=last.reviewed_by,
        kind="story",
        by=by,
        key=f"story {review.pk}",
        template="casestudies/letters/decided",
        context={"study": study, "review": review, "slug": address},
    )


def merge(*, by: User, revision: CaseStudy) -> CaseStudy:
    """What was published now says what its revision says, and the revision is gone. The files that it no longer shows go too."""
    shown = CaseStudy.objects.select_for_update(of=("self",)).get(pk=revision.revises_id)
    for name in COPIED:
        setattr(shown, name, getattr(revision, name))
    set_links(shown, links_of(revision), links_of(shown))
    figures = tuple(values_of(figure) for figure in revision.figures.order_by("order"))
    set_figures(by=by, study=shown, said=figures, now=list(shown.figures.order_by("order")))
    before = list(shown.pictures.all())
    pictures = list(revision.pictures.order_by("order"))
    for picture in before:
        picture._history_user = by
        picture.delete()
    for picture in pictures:
        copy_of(by=by, picture=picture, to=shown)
    drop_unused(picture.file.name for picture in before)
    revision._history_user, revision._change_reason = by, "Published"
    revision.delete()
    return shown
