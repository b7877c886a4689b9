"""What shows that something was done: links and files, added and removed while their month is open."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from deliverables.models import Deliverable, Evidence, Milestone
from deliverables.uploads import Upload, read_link
from people.models import User
from priorities.actions import lock_periods, refuse_unless_open
from priorities.models import ReportingPeriod
from strategy_portal import clock

FOLDER = "evidence"  # below MEDIA_ROOT


class NoRoom(Exception):
    """The file could not be written. Nothing was stored."""


class NotItsMilestone(Exception):
    """The milestone belongs to another deliverable."""


@transaction.atomic
def add_link(
    *, by: User, deliverable: Deliverable, period: ReportingPeriod, title: str, link: str, milestone: Milestone | None = None
) -> Evidence:
    """Adding what she has added to the same place already, and what still stands, is adding it once.

    Raises deliverables.uploads.Refused, PeriodClosed or NotItsMilestone.
    """
    link = read_link(link)
    lock(deliverable=deliverable, period=period, milestone=milestone)
    twin = added_before(by, deliverable, period, milestone).filter(link=link).first()
    return twin or store(by=by, deliverable=deliverable, period=period, milestone=milestone, title=title, link=link)


def add_file(
    *, by: User, deliverable: Deliverable, period: ReportingPeriod, title: str, upload: Upload, milestone: Milestone | None = None
) -> Evidence:
    """As add_link, for a file that deliverables.uploads has read. Sameness is that of the content.

    A transaction of its own, so that the file is there if and only if its row is. Raises PeriodClosed, NoRoom or NotItsMilestone.
    """
    with stored_with_its_files() as written:
        lock(deliverable=deliverable, period=period, milestone=milestone)
        before = added_before(by, deliverable, period, milestone).filter(file_type=upload.file_type.code)
        if twin := next((known for known in before if holds(known, upload.content)), None):
            return twin
        name = f"{FOLDER}/{uuid4().hex}{upload.file_type.extension}"
        write_file(name, upload.content)
        written.append(name)
        file = {"file": name, "file_name": upload.name, "file_type": upload.file_type.code}
        return store(by=by, deliverable=deliverable, period=period, milestone=milestone, title=title, **file)


@transaction.atomic
def remove_evidence(*, by: User, evidence: Evidence) -> Evidence:
    """Takes it off the pages, while the month in which it was added is open. Row and file are kept. Raises PeriodClosed."""
    refuse_unless_open(lock_periods(plan_year=evidence.period.plan_year)[evidence.period_id], on=clock.today())
    evidence.refresh_from_db(fields=["removed_at", "removed_by"])
    if evidence.removed_at is None:
        evidence.removed_at, evidence.removed_by = clock.now(), by
        evidence._history_user = by
        evidence.save(update_fields=["removed_at", "removed_by"])
    return evidence


def lock(*, deliverable: Deliverable, period: ReportingPeriod, milestone: Milestone | None) -> None:
    refuse_unless_open(lock_periods(plan_year=deliverable.plan_year)[period.pk], on=clock.today())
    if milestone and milestone.deliverable_id != deliverable.pk:
        raise NotItsMilestone(f"“{milestone}” is not a milestone of {deliverable}.")


def added_before(by: User, deliverable: Deliverable, period: ReportingPeriod, milestone: Milestone | None):
    mine = Evidence.objects.standing().filter(added_by=by, deliverable=deliverable, period=period, milestone=milestone)
    return mine.order_by("pk")


def holds(evidence: Evidence, content: bytes) -> bool:
    """Whether its file is these very bytes. One that is lost is not."""
    if evidence.bytes_of_file != len(content):
        return False
    with evidence.file.open("rb") as file:
        return bool(file.read() == content)


def store(*, by: User, **what: object) -> Evidence:
    evidence = Evidence(added_at=clock.now(), added_by=by, **what)
    evidence._history_user = by
    evidence.save()
    return evidence


# Files


@contextmanager
def stored_with_its_files() -> Iterator[list[str]]:
    """A transaction, with a list of the files written in it: if it fails, at its end too, they go again.

    It must be the outermost one: nobody is told when one further out fails. A process that is killed in between leaves a
    file that no row names.
    """
    written: list[str] = []
    try:
        with transaction.atomic(durable=True):
            yield written
    except BaseException:
        for name in written:
            with suppress(OSError):
                place_of(name).unlink()
        raise


def place_of(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def write_file(name: str, content: bytes) -> None:
    """Under a temporary name, then under its own: no half file is ever there. For the portal's own account alone."""
    place = place_of(name)
    draft = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(place)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise NoRoom(
            "The portal could not store the file, because its disk is full or out of order. "
            "Nothing was added. Try again later, or add a link instead."
        ) from error
