"""Pictures of a story. A file is kept for as long as a story shows it."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.db.models import Max

from casestudies.actions.words import NotNow, revise, words_of
from casestudies.models import CaseStudy, Picture
from casestudies.pictures import MOST, Photograph
from deliverables.actions.evidence import place_of, stored_with_its_files, write_file
from people.models import User
from strategy_portal import clock

FOLDER = "stories"  # below MEDIA_ROOT


class TooMany(Exception):
    """The story has as many pictures as a page shows well."""


def add_picture(*, by: User, study: CaseStudy, photograph: Photograph, alternative: str) -> Picture:
    """Adding the same again is adding it once. A transaction of its own, as deliverables.actions.add_file has.

    Raises NotNow, TooMany or deliverables.actions.NoRoom, with nothing added.
    """
    with stored_with_its_files() as written:
        own = to_change(by=by, study=study)
        there = list(own.pictures.filter(alternative=alternative).order_by("order"))
        if twin := next((picture for picture in there if shows(picture, photograph)), None):
            return twin
        if own.pictures.count() >= MOST:
            raise TooMany(f"A story has {MOST} pictures at most. Remove one first.")
        name = f"{FOLDER}/{uuid4().hex}{photograph.extension}"
        write_file(name, photograph.content)
        written.append(name)
        order = (own.pictures.aggregate(last=Max("order"))["last"] or 0) + 1
        size = {"width": photograph.width, "height": photograph.height}
        picture = Picture(
            case_study=own, order=order, file=name, alternative=alternative, added_at=clock.now(), added_by=by, **size
        )
        picture._history_user = by
        picture.save()
        return picture


@transaction.atomic
def describe_picture(*, by: User, picture: Picture, alternative: str) -> Picture:
    """Other words for those who do not see it. Raises NotNow."""
    own = own_of(by=by, picture=picture)
    if own is not None and own.alternative != alternative:
        own.alternative, own._history_user = alternative, by
        own.save()
    return own or picture


@transaction.atomic
def remove_picture(*, by: User, picture: Picture) -> None:
    """Removing it twice is removing it once. Its file goes as soon as no story shows it. Raises NotNow."""
    own = own_of(by=by, picture=picture)
    if own is not None:
        own._history_user = by
        own.delete()
        drop_unused([own.file.name])


def own_of(*, by: User, picture: Picture) -> Picture | None:
    """The picture in what may be changed: itself, or the same one in the revision; none if it is gone."""
    study = to_change(by=by, study=picture.case_study)
    return study.pictures.filter(file=picture.file.name).first()


def to_change(*, by: User, study: CaseStudy) -> CaseStudy:
    """The story, locked, or the revision of a published one, which is begun if there is none. Raises NotNow."""
    locked = CaseStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if locked.stage == CaseStudy.Stage.PUBLISHED:
        revision = CaseStudy.objects.select_for_update(of=("self",)).filter(revises=locked).first()
        locked = revision or revise(by=by, study=locked, words=words_of(locked))
    if locked.stage == CaseStudy.Stage.IN_REVIEW:
        raise NotNow("It is being reviewed. Take it back first, then change its pictures.")
    if locked.stage == CaseStudy.Stage.WITHDRAWN:
        raise NotNow("It is withdrawn. Edit its words first, which makes it a draft again.")
    return locked


def shows(picture: Picture, photograph: Photograph) -> bool:
    """Whether its file is these very bytes. One that is lost is not."""
    with suppress(OSError), picture.file.open("rb") as file:
        return bool(file.read() == photograph.content)
    return False


def drop_unused(names: Iterable[str]) -> None:
    """After the transaction, so that a file is never gone while its row stands."""
    transaction.on_commit(partial(drop_files, list(names)), robust=True)


def drop_files(names: list[str]) -> None:
    for name in set(names) - Picture.objects.files_in_use(names):
        with suppress(OSError):
            place_of(name).unlink()
