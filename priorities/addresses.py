"""The plan year in an address: /2025-26/deliverables/HW-1/. Without one, an address means the current year."""

import re

from django.http import HttpRequest
from django.urls import register_converter


class PlanYearConverter:
    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value).replace("/", "-")


def asked_year(request: HttpRequest) -> str:
    """The plan year of ?year=2025-26; empty for anything else."""
    asked = request.GET.get("year", "")
    return asked if re.fullmatch(PlanYearConverter.regex, asked, re.ASCII) else ""


register_converter(PlanYearConverter, "plan_year")
