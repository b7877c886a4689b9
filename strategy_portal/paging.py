"""Pages of a list, with the total counted by the same statement that reads the rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, Subquery
from django.http import HttpRequest

from strategy_portal.numbers import number_in


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    number: int
    total: int
    per_page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.per_page, self.total)

    @property
    def numbers(self) -> list[int | None]:
        """The page numbers to offer: first, last and those around this one; None where some are left out."""
        near = sorted({1, self.pages, *range(max(1, self.number - 1), min(self.pages, self.number + 1) + 1)})
        return [item for before, n in zip([0, *near], near, strict=False) for item in ([None, n] if n - before > 1 else [n])]


def page_of_list(rows: list[Any], request: HttpRequest, per_page: int = 20) -> Page:
    """The same of rows that are in memory."""
    asked = request.GET.get("page", "")
    number = number_in(asked, most_digits=6)
    number = min(max(1, number), max(1, -(-len(rows) // per_page)))
    return Page(rows[(number - 1) * per_page : number * per_page], number, len(rows), per_page)


def page_of(rows: QuerySet, request: HttpRequest, per_page: int = 20) -> Page:
    """The page that the address asks for. Not a number: the first. Past the end: the last."""
    asked = request.GET.get("page", "")
    number = max(1, number_in(asked, most_digits=6))
    # A subquery counts without reading more than it must; a window function would read every row of the list in full.
    count = Func(F("pk"), function="COUNT", output_field=IntegerField())
    counted = rows.annotate(total=Subquery(rows.order_by().values(number_of_rows=count)))
    found = list(counted[(number - 1) * per_page : number * per_page])
    if not found and number > 1:
        total = rows.count()
        number = max(1, -(-total // per_page))
        found = list(counted[(number - 1) * per_page : number * per_page])
    return Page(found, number, found[0].total if found else 0, per_page)
