"""Holds a table of PostgreSQL, so that a worker stands still in the middle of its work."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from django.db import connection


@contextmanager
def cannot_be_written(table: str) -> Iterator[None]:
    """Readers pass. Whoever comes to write stands still until the end."""
    at = connection.get_connection_params()
    other = psycopg2.connect(**{name: at[name] for name in ("dbname", "user", "password", "host", "port") if name in at})
    try:
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
    finally:
        other.close()


def somebody_waits_to_write(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [table])
        return cursor.fetchone()[0] > 0
