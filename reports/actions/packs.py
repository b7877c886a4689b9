"""The board pack: asked for by people, built by the worker, kept with the report."""

import logging

from django.db import transaction
from django.db.models import F

from people.models import User
from reports.models import PackFile, ProgressReport
from reports.pack import KINDS
from reports.pack.document import Document
from strategy_portal import clock
from strategy_portal.jobs import enqueue

log = logging.getLogger(__name__)


@transaction.atomic
def request_pack(*, by: User | None, report: ProgressReport) -> list[PackFile]:
    """Owes every file of the pack. Those that are there or on their way stay as they are; those given up are tried again."""
    files = []
    for kind in KINDS:
        owed = {"requested_at": clock.now(), "requested_by": by}
        file, _ = PackFile.objects.get_or_create(report=report, kind=kind, defaults=owed)
        files.append(file)
    PackFile.objects.filter(report=report, built_at=None, tries__gt=0).update(tries=0)
    for file in files:
        if file.built_at is None:
            enqueue("reports.build_pack_file", file.pk)
    return files


def build_owed() -> int:
    """Builds what is owed, whether or not a message about it ever arrived."""
    owed = list(PackFile.objects.owed().values_list("pk", flat=True))
    return sum(build_pack_file(file_id=pk) for pk in owed)


def build_pack_file(*, file_id: int) -> bool:
    """Whether it built the file. Safe to run twice, late, or beside another: the first to finish is kept, and both made the same.

    A try is counted before it is made, so that a file that kills its worker is given up after a few.
    """
    owed = PackFile.objects.owed().filter(pk=file_id)
    if not owed.update(tries=F("tries") + 1):
        return False
    file = PackFile.objects.without_content().select_related("report").get(pk=file_id)
    try:
        made = KINDS[file.kind].make(document_of(file.report))
    except Exception:  # whatever a library raises, the other files are still to be built
        log.exception("Pack file %s was not built; it will be tried again", file_id)
        return False
    built = {"content": made, "size": len(made), "built_at": clock.now()}
    return bool(PackFile.objects.filter(pk=file_id, built_at=None).update(**built))


def document_of(report: ProgressReport) -> Document:
    lines = list(report.lines.in_order().values_list("content", flat=True))
    return Document(report.content, lines, report.sha256, report.charts)
