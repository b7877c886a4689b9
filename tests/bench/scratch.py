"""Databases that live for one run: a file in the bench's folder, or a database of the server that DATABASE_URL names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def database(folder: Path, name: str) -> Iterator[None]:
    """Empty and migrated, and dropped afterwards, by what makes the databases of the tests."""
    home = connection.settings_dict["NAME"]
    own = str(folder / f"{name}.sqlite3") if connection.vendor == "sqlite" else f"bench_{name}_{os.getpid()}"
    connection.settings_dict["TEST"] |= {"NAME": own}
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        in_one_process()
        yield
    finally:
        connection.creation.destroy_test_db(home, verbosity=0)


def in_one_process() -> None:
    """PostgreSQL's helpers would work out of the sight of the one process whose CPU time is read."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
