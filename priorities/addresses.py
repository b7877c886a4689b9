"""The plan year in an address: /2025-26/deliverables/HW-1/. Without one, an address means the current year."""

from django.urls import register_converter


class PlanYearConverter:
    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value).replace("/", "-")


register_converter(PlanYearConverter, "plan_year")
