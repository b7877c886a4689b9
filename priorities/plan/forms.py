"""The forms of the frame of the plan. They validate words and dates; what must hold of the whole is in priorities.plan.rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from priorities.models import Body, ReportingPeriod
from priorities.plan.actions import DAYS
from priorities.plan.flow import PlanForm
from strategy_portal.forms import DayField, NhsDateField, WordsField

LONG = 2000  # characters
CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9-]*$", "Use letters, numbers and hyphens only, such as P4")


def line(label: str, *, hint: str = "", longest: int = 200, needed: str = "") -> forms.CharField:
    """A line of text; `needed` is what is said where it is empty and must not be."""
    return forms.CharField(
        label=label, help_text=hint, max_length=longest, required=bool(needed), error_messages={"required": needed}
    )


def words(label: str, *, hint: str = "") -> WordsField:
    return WordsField(label=label, help_text=hint, max_characters=LONG, required=False)


def code(hint: str) -> forms.CharField:
    found = line("Code", hint=hint, longest=20, needed="Enter a code")
    found.validators.append(CODE)
    return found


class PriorityForm(PlanForm):
    name = line("Name", hint="As the portal calls it everywhere.", longest=120, needed="Enter its name")
    statement = words("Statement", hint="What it wants to achieve.")
    why = words("Why it matters")
    plan_on_a_page_name = line("Name on the plan on a page", hint="Where the strategy's pages name it otherwise.")
    foreword_name = line("Name in the foreword")
    delivery_name = line("Name in the delivery section")
    source = line("Where it comes from", hint="The document and section.", longest=300)
    note = words("What the source leaves open")


class NewPriorityForm(PriorityForm):
    code = code("Short and lasting, such as P4. It cannot be changed later.")
    field_order = ("seen", "code")


class PlanYearForm(PlanForm):
    starts_on = NhsDateField(label="First day", error_messages={"required": "Enter the first day"})
    ends_on = NhsDateField(label="Last day", error_messages={"required": "Enter the last day"})
    source = line("Where it comes from", hint="The document and section.", longest=300)


class BodyForm(PlanForm):
    name = line("Name", needed="Enter its name")
    also_called = line("Also called")
    role = words("Role", hint="What it is for.")
    oversees = words("What it oversees")
    assures = forms.ModelChoiceField(Body.objects.none(), label="Whom it assures", required=False, empty_label="Nobody")
    starts_on = NhsDateField(label="First day", help_text="Leave empty if it is not known.", required=False)
    ends_on = NhsDateField(label="Last day", help_text="From the day after, it is no longer part of the plan.", required=False)
    source = line("Where it comes from", hint="The document and section.", longest=300)
    note = words("What the source leaves open")

    def __init__(self, *args: Any, bodies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assures"].queryset = bodies


class NewBodyForm(BodyForm):
    code = code("Short and lasting, such as HWB-CITY. It cannot be changed later.")
    field_order = ("seen", "code")


class OrganisationForm(PlanForm):
    name = line("Name", needed="Enter its name")
    short_name = line("Short name", hint="For tables. The full name is used where this is empty.", longest=60)
    starts_on = NhsDateField(label="First day", help_text="Leave empty if it was always there.", required=False)
    ends_on = NhsDateField(
        label="Last day", help_text="Roles in it end with this day. What it led keeps its name.", required=False
    )


LABELS = {"opens_on": "Opens", "due_on": "Updates due", "meeting_on": "Group meets"}


class PeriodsForm(PlanForm):
    """The dates of a year's months, a box each. Months whose report is issued have none."""

    def __init__(self, *args: Any, periods: Iterable[ReportingPeriod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = [period for period in periods if period.closed_at is None]
        for period in self.periods:
            for name in DAYS:
                self.fields[box(name, period)] = self.day_field(name, period)

    @staticmethod
    def day_field(name: str, period: ReportingPeriod) -> DayField:
        label = f"{LABELS[name]}, {period}"
        said = {"invalid": f"{label}: enter a date, such as 5 December 2025", "required": f"{label}: enter a date"}
        return DayField(label=label, required=name != "meeting_on", error_messages=said)

    @property
    def days(self) -> dict[int, dict[str, date | None]]:
        given = self.cleaned_data
        return {period.pk: {name: given[box(name, period)] for name in DAYS} for period in self.periods}


def box(name: str, period: ReportingPeriod) -> str:
    return f"{name}-{period.pk}"


def as_it_stands(periods: Iterable[ReportingPeriod]) -> dict[str, date | None]:
    return {box(name, period): getattr(period, name) for period in periods for name in DAYS}


def with_proposals(data: QueryDict, proposals: Mapping[int, date]) -> QueryDict:
    """What was sent, with a proposed meeting wherever its box is empty."""
    filled = data.copy()
    for pk, on in proposals.items():
        if not filled.get(f"meeting_on-{pk}", "").strip():
            filled[f"meeting_on-{pk}"] = f"{on:%-d %B %Y}"
    return filled
