"""A board pack is built whatever happens to the worker that builds it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import connection

from reports.models import PackFile
from tests import factories
from tests.processes import Program, eventually

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

BUILT = 90.0  # seconds after the worker is back, at most: beat asks every thirty


def test_a_pack_is_built_after_its_worker_was_killed_in_the_middle(worker: Program, beat: Program) -> None:
    bad = factories.deliverable("FCN-2", principles=("PREVENTION",))
    factories.update(bad, by=factories.person("programme_manager"), month=factories.november(), rating="off_track")
    report = factories.issue(factories.november())  # nobody tells the worker: beat asks what is owed
    with files_cannot_be_written():
        eventually(a_file_waits_to_be_written, within=BUILT, what="the worker is in the middle of a file")
        worker.kill()
    assert owed() == 5
    worker.start()
    eventually(lambda: not owed(), within=BUILT, what="every file is built")
    assert all(size > 500 for size in report.files.values_list("size", flat=True))


def owed() -> int:
    return PackFile.objects.filter(built_at=None).count()


@contextmanager
def files_cannot_be_written() -> Iterator[None]:
    """Readers pass. A worker that has taken a file stands still when it comes to write."""
    at = connection.get_connection_params()
    other = psycopg2.connect(**{name: at[name] for name in ("dbname", "user", "password", "host", "port") if name in at})
    try:
        with other.cursor() as cursor:
            cursor.execute("LOCK TABLE reports_packfile IN EXCLUSIVE MODE")
        yield
    finally:
        other.close()


def a_file_waits_to_be_written() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'reports_packfile'::regclass AND NOT granted")
        return cursor.fetchone()[0] > 0
