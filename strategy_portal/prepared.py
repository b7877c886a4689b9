"""Reading whose SQL is put together once in a process, and asked again with other values.

Django puts a statement together each time that it is asked. Where the answer is a few rows, that takes longer than the answer.
A method of a queryset class that is @prepared is written like any other, is given values alone, and answers a list:

    @prepared
    def begun_of(self, year: int, on: date):
        return self.filter(plan_year=year, opens_on__lte=on)

    ReportingPeriod.objects.begun_of(3, clock.today())

It runs once for each shape of its values (what is None, True or False, and about how long a list is) with stand-ins for them.
Where these come to stand in the SQL, the values are put later. So it reads nothing but what it is given: neither the clock nor
the settings, which would stay as they were. It prefetches and locks nothing, and a list is for `in` alone: what is last in it may
stand there more than once.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.http import Http404

KINDS: dict[type, Callable[[int], Any]] = {
    int: lambda number: 32_000 + number,  # which fits every column of numbers
    str: lambda number: f"\ue000{number}",
    date: lambda number: date(1000, 1, 1) + timedelta(days=number),
    UUID: lambda number: UUID(int=number),
}
MOST_VALUES = 700  # more, and a statement is put together for itself
MOST = 1_000  # statements that are kept


def prepared(written: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    @wraps(written)
    def ask(self: QuerySet, *given: Any) -> list[Any]:
        if self.query.where or self.query.annotations or self.query.is_sliced:
            raise TypeError(f"{written.__name__} is prepared, so it is asked of all rows: Model.objects.{written.__name__}(…)")
        values = [filled_up(value) if isinstance(value, (list, tuple)) else value for value in given]
        if all(map(fits, flat(values))) and sum(1 for _ in flat(values)) <= MOST_VALUES:
            return statement_of(written, self, values).ask(values)
        return list(written(self, *given))

    return ask


made: "dict[Any, Statement]" = {}


def statement_of(written: Callable[..., QuerySet], rows: QuerySet, values: list[Any]) -> "Statement":
    shape = (written, rows.model, rows.db, *map(shape_of, values))
    found = made.get(shape)
    if found is None:
        if len(made) >= MOST:
            made.clear()
        found = made[shape] = put_together(written, rows, values)
    return found


def one_or_404(found: list[Any]) -> Any:
    if not found:
        raise Http404
    return found[0]


def filled_up(values: list[Any] | tuple[Any, ...]) -> list[Any]:
    """To 1, 2, 4, 8 and so on, so that a few statements serve lists of every length."""
    length = 1 << (len(values) - 1).bit_length() if values else 0
    return [*values, *values[-1:] * (length - len(values))]


def fits(value: Any) -> bool:
    """Django knows that no column holds a larger number; the database would refuse it."""
    return not isinstance(value, int) or -(2**63) <= value < 2**63


def shape_of(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(shape_of, value))
    return value if is_fixed(value) else kind_of(value)


def is_fixed(value: Any) -> bool:
    """It makes another statement, and has no place in it."""
    return value is None or isinstance(value, bool)


def kind_of(value: Any) -> type:
    found = next((kind for kind in KINDS if isinstance(value, kind)), None)
    if found is None or isinstance(value, datetime):
        raise TypeError(f"A prepared statement takes no {type(value).__name__}.")
    return found


def flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


@dataclass(frozen=True)
class Statement:
    """`params` holds what is the same each time. `places` says where each of the values goes, and as what."""

    queryset: QuerySet
    compiler: SQLCompiler | None  # none where nothing can be found, as in an empty list
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int, Callable[[Any], Any]], ...]

    def ask(self, values: Iterable[Any]) -> list[Any]:
        if self.compiler is None:
            return []
        compiler, params = copy(self.compiler), list(self.params)
        compiler.connection = connections[self.queryset.db]  # each thread has its own
        given = as_sent(values, compiler.connection)
        for place, number, kind in self.places:
            params[place] = kind(given[number])
        compiler.as_sql = lambda *_, **__: (self.sql, tuple(params))
        return list(self.queryset._iterable_class(Asked(self.queryset, compiler)))


class Asked:
    """What Django asks of a queryset as it makes rows of an answer."""

    _known_related_objects: dict[Any, Any] = {}

    def __init__(self, queryset: QuerySet, compiler: SQLCompiler) -> None:
        self.model, self.db, self._fields = queryset.model, queryset.db, queryset._fields
        self.written, self.compiler = queryset.query, compiler

    @property
    def query(self) -> "Asked":
        return self

    def get_compiler(self, using: str) -> SQLCompiler:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.written, name)


def as_sent(values: Iterable[Any], connection: Any) -> list[Any]:
    """One by one, as the driver takes them."""

    def adapted(value: Any) -> Any:
        if isinstance(value, date):
            return connection.ops.adapt_datefield_value(value)
        return value.hex if isinstance(value, UUID) and not connection.features.has_native_uuid_field else value

    return list(map(adapted, flat(values)))


def put_together(written: Callable[..., QuerySet], rows: QuerySet, values: list[Any]) -> Statement:
    count = iter(range(10_000))

    def stand_in(value: Any) -> Any:
        if isinstance(value, list):
            return [stand_in(one) for one in value]
        number = next(count)
        return value if is_fixed(value) else KINDS[kind_of(value)](number)

    stood = [stand_in(value) for value in values]
    queryset = written(rows, *stood)
    if queryset._prefetch_related_lookups or queryset.query.select_for_update:
        raise TypeError(f"{written.__name__} is prepared, so it can neither prefetch nor lock.")
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return Statement(queryset, None, "", (), ())
    places = tuple(places_in(params, as_sent(stood, compiler.connection)))
    lost = {n for n, value in enumerate(flat(values)) if not is_fixed(value)} - {n for _, n, _ in places}
    if lost:
        raise TypeError(f"{written.__name__} is prepared, but its value {min(lost) + 1} does not come to stand in the SQL.")
    return Statement(queryset, compiler, sql, tuple(params), places)


def places_in(params: Iterable[Any], stand_ins: list[Any]) -> Iterator[tuple[int, int, Callable[[Any], Any]]]:
    """A driver may have a kind of number of its own, of which the value is then made."""
    for place, param in enumerate(params):
        for number, one in enumerate(stand_ins):
            if not is_fixed(one) and isinstance(param, type(one)) and param == one:
                yield place, number, as_it_is if type(param) is type(one) else type(param)


def as_it_is(value: Any) -> Any:
    return value
