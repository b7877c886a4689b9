"""Beginning a story and saving its words. A published one is not touched: what is edited is a revision of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from casestudies.models import CaseStudy, Figure, Picture
from casestudies.querysets import LINKS
from people.models import Organisation, User
from priorities.models import PlanYear, Strategy
from strategy_portal.editing import Overtaken, lock_as_seen

FIELDS = (
    *("title", "summary", "place", "year", "problem", "done", "changed", "learnt", "caution", "sensitive", "video"),
    *("consent", "consent_words", "consent_on", "consent_ends_on", "anonymity", "small_numbers", "small_words"),
)
COPIED = (*FIELDS, "organisation", "owner_id", "has_video", "is_demonstration", "source", "note", "order")  # by a revision
OF_A_FIGURE = ("metric", "value", "unit", "qualifier", "period", "source", "note", "better")
RESERVED = ("new", "in-hand", "pictures")  # addresses of this app


class NoPlan(Exception):
    """There is no strategy yet that a story could belong to."""


class NotNow(Exception):
    """The stage of the story does not allow it. Nothing was changed; the sentence says what does."""


@dataclass(frozen=True)
class StoryWords:
    """All that its author says: the fields, the ids of what it is tied to by kind, and the figures in their order."""

    fields: Mapping[str, Any]
    links: Mapping[str, frozenset[int]] = field(default_factory=dict)
    figures: tuple[Mapping[str, Any], ...] = ()


@transaction.atomic
def start_story(*, by: User, key: UUID, owner: Organisation, words: StoryWords) -> CaseStudy:
    """A draft of an organisation that she writes for. Beginning it twice from one form is beginning it once. Raises NoPlan."""
    year = PlanYear.objects.current()
    if year is None:
        raise NoPlan("The strategy has not been loaded yet, so there is nothing that a story could belong to.")
    strategy = Strategy.objects.select_for_update().get(pk=year.strategy_id)  # one story is begun at a time
    twin = CaseStudy.objects.filter(key=key, owner=owner).first()
    if twin is not None:
        return twin
    number = CaseStudy.objects.filter(code__startswith="S-").count() + 1
    study = CaseStudy(strategy=strategy, key=key, owner=owner, code=f"S-{number}", slug=free_slug(str(words.fields["title"])))
    study.order = 1000 + number  # behind those of the documents
    study.organisation = owner.name
    write(by=by, study=study, words=words, links={}, figures=[])
    return study


@transaction.atomic
def save_story(*, by: User, study: CaseStudy, seen: int, words: StoryWords) -> CaseStudy:
    """What is worked on from now: the story, or a revision of one that is published.

    Saving what stands there already changes nothing. Raises Overtaken or NotNow, with nothing changed.
    """
    standing = CaseStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    links, figures = links_of(standing), list(standing.figures.order_by("order"))
    if says(standing, links, figures) == as_said(words):
        return standing
    revision = CaseStudy.objects.filter(revises=standing).first()
    if revision is not None:
        raise Overtaken(revision.history.select_related("history_user").order_by("-history_id").first())
    locked = lock_as_seen(standing, seen=seen)
    if locked.stage == CaseStudy.Stage.IN_REVIEW:
        raise NotNow("It is being reviewed. Take it back first, then change it.")
    if locked.stage == CaseStudy.Stage.PUBLISHED:
        return revise(by=by, study=locked, words=words)
    locked.stage = CaseStudy.Stage.DRAFT  # a withdrawn one begins anew
    write(by=by, study=locked, words=words, links=links, figures=figures)
    return locked


def revise(*, by: User, study: CaseStudy, words: StoryWords) -> CaseStudy:
    """A draft beside a published story, with its pictures, that says these words."""
    copied = {name: getattr(study, name) for name in COPIED}
    revision = CaseStudy(
        strategy_id=study.strategy_id, revises=study, slug=f"revision-of-{study.pk}", code=f"R-{study.pk}", **copied
    )
    write(by=by, study=revision, words=words, links={}, figures=[])
    for picture in study.pictures.order_by("order"):
        copy_of(by=by, picture=picture, to=revision)
    return revision


def write(*, by: User, study: CaseStudy, words: StoryWords, links: Mapping[str, Any], figures: list[Figure]) -> None:
    """`links` and `figures` are what the row has now."""
    for name in FIELDS:
        setattr(study, name, words.fields[name])
    study.has_video = study.has_video or bool(study.video)
    study.is_demonstration = study.is_demonstration or by.is_demonstration
    study._history_user = by
    is_new = study.pk is None
    if is_new:
        study.save()
    is_linked = set_links(study, words.links, links)
    set_figures(by=by, study=study, said=words.figures, now=figures)
    if is_linked or not is_new:
        study.save()


def set_links(study: CaseStudy, wanted: Mapping[str, frozenset[int]], now: Mapping[str, frozenset[int]]) -> bool:
    """Without a record of its own for each: the save that follows records them all. Whether anything changed."""
    changed = {kind: ids for kind, ids in wanted.items() if ids != now.get(kind, frozenset())}
    study.skip_history_when_saving = True
    for kind, ids in changed.items():
        getattr(study, kind).set(ids)
    del study.skip_history_when_saving
    return bool(changed)


def set_figures(*, by: User, study: CaseStudy, said: tuple[Mapping[str, Any], ...], now: list[Figure]) -> None:
    """Place by place, so that the history of each shows what changed in it."""
    for order, given in enumerate(said, start=1):
        figure = now[order - 1] if order <= len(now) else Figure(case_study=study)
        if figure.pk and figure.order == order and values_of(figure) == dict(given):
            continue
        for name in OF_A_FIGURE:
            setattr(figure, name, given[name])
        figure.order, figure._history_user = order, by
        figure.save()
    for figure in now[len(said) :]:
        figure._history_user = by
        figure.delete()


def copy_of(*, by: User, picture: Picture, to: CaseStudy) -> None:
    """The row; its file is the same."""
    kept = {name: getattr(picture, name) for name in ("order", "alternative", "width", "height", "added_at", "added_by_id")}
    copy = Picture(case_study=to, file=picture.file.name, **kept)
    copy._history_user, copy._change_reason = by, "Copied"
    copy.save()


def words_of(study: CaseStudy) -> StoryWords:
    """What it says now."""
    fields, links, figures = says(study, links_of(study), list(study.figures.order_by("order")))
    return StoryWords(fields, links, tuple(figures))


def links_of(study: CaseStudy) -> dict[str, frozenset[int]]:
    return {kind: frozenset(pk for pk, _ in rows) for kind, rows in CaseStudy.objects.links_of(study).items()}


def values_of(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in OF_A_FIGURE}


def says(study: CaseStudy, links: Mapping[str, frozenset[int]], figures: list[Figure]) -> tuple[Any, ...]:
    return {name: getattr(study, name) for name in FIELDS}, links, [values_of(figure) for figure in figures]


def as_said(words: StoryWords) -> tuple[Any, ...]:
    links = {kind: frozenset(words.links.get(kind, ())) for kind in LINKS}
    return dict(words.fields), links, [dict(given) for given in words.figures]


def free_slug(title: str) -> str:
    """Of the title, and not taken by a story or an address of the portal."""
    stem = slugify(title)[:60].strip("-") or "story"
    stem = f"story-{stem}" if stem.startswith("revision-of-") else stem
    taken = {*RESERVED, *CaseStudy.objects.filter(slug__startswith=stem).values_list("slug", flat=True)}
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
