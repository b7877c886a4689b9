"""A board pack is built whatever happens to the worker that builds it."""

from functools import partial

import pytest

from reports.models import PackFile
from tests import factories
from tests.faults.locks import cannot_be_written, somebody_waits_to_write
from tests.processes import Program, eventually

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

TABLE = "reports_packfile"
BUILT = 90.0  # seconds after the worker is back, at most: beat asks every thirty


def test_a_pack_is_built_after_its_worker_was_killed_in_the_middle(worker: Program, beat: Program) -> None:
    bad = factories.deliverable("FCN-2", principles=("PREVENTION",))
    factories.update(bad, by=factories.person("programme_manager"), month=factories.november(), rating="off_track")
    report = factories.issue(factories.november())  # nobody tells the worker: beat asks what is owed
    with cannot_be_written(TABLE):
        eventually(partial(somebody_waits_to_write, TABLE), within=BUILT, what="the worker is in the middle of a file")
        worker.kill()
    assert owed() == 5
    worker.start()
    eventually(lambda: not owed(), within=BUILT, what="every file is built")
    assert all(size > 500 for size in report.files.values_list("size", flat=True))


def owed() -> int:
    return PackFile.objects.filter(built_at=None).count()
