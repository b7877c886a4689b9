"""The plan year in an address: /2025-26/deliverables/HW-1/. Without one, an address means the current year.

In a template, {{ period|at_year }}/deliverables/{{ code }}/ leads to the same thing in every year to come; `at_year` takes a
plan year, a period, or a plan year in words such as 2025/26. A page whose own address may name a year has a Place as `place`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, path, register_converter, reverse

from priorities.calendar import plan_year_label
from strategy_portal import clock


class PlanYearConverter:
    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value).replace("/", "-")


register_converter(PlanYearConverter, "plan_year")


def in_each_year(route: str, view: Callable[..., Any], name: str) -> list[URLPattern]:
    """The page of the current year, and the same of the year with which its address begins."""
    return [path(route, view, name=name), path(f"<plan_year:year>/{route}", view, name=f"{name}_in_year")]


def to(year: str, name: str, *parts: object) -> str:
    """The address of a page of that plan year; of the current year where it is empty."""
    return at_year(year) + reverse(name, args=parts)


def at_year(value: Any) -> str:
    """How an address of that plan year begins: /2025-26. Nothing for nothing. Of a period, its plan year is not read for it."""
    year = plan_year_label(value.starts_on) if hasattr(value, "due_on") else str(value or "")
    return f"/{year.replace('/', '-')}" if year else ""


@dataclass(frozen=True)
class Place:
    """The plan year that a page shows. `current` is the code of the current one, `years` are the codes of all, newest first,
    where the page offers a choice; `is_named` says whether the address names the year, and then the page's links do too."""

    year: Any
    current: str | None
    is_named: bool
    years: tuple[str, ...] = ()

    @classmethod
    def among(cls, years: list[tuple[str, str]], year: Any, *, is_named: bool) -> "Place":
        """From all years, each with its first day, the newest first."""
        begun = [code for code, first_day in years if first_day <= clock.today().isoformat()]
        return cls(year, begun[0] if begun else None, is_named, tuple(code for code, _ in years))

    @property
    def at(self) -> str:
        return at_year(self.year) if self.is_named else ""

    @property
    def now(self) -> str:
        """The current year, where this is another one."""
        return self.current.replace("-", "/") if self.current and self.current != self.year.code else ""

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Each year with its address, and whether it is this one. None where there is no choice."""
        found = [(code.replace("-", "/"), at_year(code), code == self.year.code) for code in self.years]
        return found if len(found) > 1 else []
