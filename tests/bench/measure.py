"""What something costs: statements and rows of the database, and CPU time of this process and of the database's."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

WARM_UP = 3


@dataclass
class Count:
    statements: int = 0
    rows: int = 0


@dataclass(frozen=True)
class Cost:
    """Milliseconds."""

    cpu: float
    wall: float


@contextmanager
def counting() -> Iterator[Count]:
    """Every statement that Django sends, savepoints included, and every row that it reads."""
    count = Count()

    class CountingCursor(CursorWrapper):
        def execute(self, *args: Any) -> Any:
            count.statements += not args[0].startswith("BEGIN")  # PostgreSQL's driver begins without a word
            return super().execute(*args)

        def executemany(self, *args: Any) -> Any:
            count.statements += 1
            return super().executemany(*args)

        def fetchone(self) -> Any:
            row = self.cursor.fetchone()
            count.rows += row is not None
            return row

        def fetchmany(self, *args: Any) -> Any:
            return counted(self.cursor.fetchmany(*args))

        def fetchall(self) -> Any:
            return counted(self.cursor.fetchall())

        def __iter__(self) -> Iterator[Any]:
            return iter(self.fetchall())

    def counted(rows: list[Any]) -> list[Any]:
        count.rows += len(rows)
        return rows

    connection.make_cursor = lambda cursor: CountingCursor(cursor, connection)
    try:
        yield count
    finally:
        del connection.make_cursor


def cpu_clock() -> Callable[[], float]:
    """Milliseconds of CPU, of this process (where SQLite works too) and of the PostgreSQL process that works for it."""
    if connection.vendor != "postgresql":
        return lambda: time.process_time() * 1000
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        schedule = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() * 1000 + int(schedule.read_text().split()[0]) / 1_000_000


def side_by_side(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[Cost, Cost]:
    """Median cost of each, taken in turns, so that a busy machine is busy for both."""
    clock = cpu_clock()
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    gc.collect()
    for number in range(-WARM_UP, rounds):
        for work, found in zip((one, other), costs, strict=True):
            cpu, wall = clock(), time.perf_counter()
            work()
            if number >= 0:
                found.append(Cost(clock() - cpu, (time.perf_counter() - wall) * 1000))
    return median_of(costs[0]), median_of(costs[1])


def median_of(costs: list[Cost]) -> Cost:
    return Cost(median(cost.cpu for cost in costs), median(cost.wall for cost in costs))
