"""Forms validate; they do not save. What they hold becomes a Report for deliverables.actions.submit_update."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from deliverables.actions import MilestoneReport, Report
from deliverables.models import Milestone, MilestoneMove, StatusUpdate
from deliverables.ratings import COMPLETE, RATINGS
from strategy_portal import clock
from strategy_portal.forms import NhsDateField, PortalForm

LONG, SHORT = 600, 400  # characters
DAY_FORMATS = ["%d %B %Y", "%d %b %Y", "%d %m %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]


class WordsField(forms.CharField):
    """Text of several lines. A line end counts as one character, however the browser sends it."""

    def __init__(self, *, max_characters: int, **kwargs: Any) -> None:
        self.max_characters = max_characters
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=max_characters, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: the counter says how much is too much, and nothing typed is cut off."""
        return {}


class DayField(forms.DateField):
    """A day typed in one box, as in a row of milestones: 15 December 2025, 15/12/2025, 15 12 2025."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, widget=forms.DateInput(format="%-d %B %Y"), **kwargs)


class UpdateForm(PortalForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    rating = forms.ChoiceField(
        choices=[(r.code, r.name) for r in RATINGS.values()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it is now"},
    )
    done = WordsField(max_characters=LONG, error_messages={"required": "Say what has been done"})
    why = WordsField(max_characters=SHORT, required=False)
    route = WordsField(max_characters=SHORT, required=False)
    route_on = NhsDateField(required=False)
    evidence = WordsField(max_characters=SHORT, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        rating = RATINGS.get(cleaned.get("rating", ""))
        if rating and rating.needs_route:
            self.need("why", f"Say why it is {rating.name.lower()}")
            self.need("route", "Say how it will get back on track")
            self.need("route_on", "Enter the date by which it will be back on track")
        if rating and rating.code == COMPLETE:
            self.need("evidence", "Say what shows that it is complete, or why there is no evidence")
        return cleaned

    def need(self, name: str, message: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def see(self, theirs: StatusUpdate | None) -> None:
        """She has now been shown what overtook her: sending the form again is her choice."""
        self.data = self.data.copy()
        self.data["seen"] = theirs.number if theirs else 0
        self.data["key"] = str(uuid4())

    def report(self, milestones: list["MilestoneForm"]) -> Report:
        """What she reports. Words about a route are kept only where the rating asks for one, so that none goes stale."""
        given, rating = self.cleaned_data, RATINGS[self.cleaned_data["rating"]]
        return Report(
            rating=rating.code,
            done=given["done"],
            why=given["why"] if rating.needs_route else "",
            route=given["route"] if rating.needs_route else "",
            route_on=given["route_on"] if rating.needs_route else None,
            evidence=given["evidence"] if rating.code == COMPLETE else "",
            milestones=tuple(form.report() for form in milestones),
        )


class MilestoneForm(PortalForm, forms.Form):
    """One milestone of an update: a new forecast with its reason, and whether it is done."""

    seen_on = forms.DateField(widget=forms.HiddenInput)
    forecast_on = DayField(
        label="Forecast",
        error_messages={"required": "Enter a forecast date", "invalid": "Enter the forecast as a date, such as 15 December 2025"},
    )
    done = forms.BooleanField(label="Done", required=False)
    done_on = DayField(
        label="Done on",
        required=False,
        error_messages={"invalid": "Enter the day it was done as a date, such as 15 December 2025"},
    )
    reason = forms.ChoiceField(
        label="Main reason for the new date", required=False, choices=[("", "Choose a reason"), *MilestoneMove.Reason.choices]
    )
    words = WordsField(label="Why the date moves", max_characters=SHORT, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, milestone: Milestone, **kwargs: Any) -> None:
        self.milestone = milestone
        initial = {
            "seen_on": milestone.expected_on,
            "forecast_on": milestone.expected_on,
            "done": milestone.done_on is not None,
            "done_on": milestone.done_on,
        }
        super().__init__(*args, prefix=f"milestone-{milestone.pk}", initial=initial, **kwargs)

    @property
    def moves(self) -> bool:
        given = self.cleaned_data
        return bool(given.get("forecast_on") and given["forecast_on"] != given.get("seen_on"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.moves:
            if not cleaned.get("reason"):
                self.add_error("reason", f"Choose a reason for the new date of “{self.milestone}”")
            if not cleaned.get("words") and "words" not in self.errors:
                self.add_error("words", f"Say why the date of “{self.milestone}” moves")
        if cleaned.get("done_on") and cleaned["done_on"] > clock.today():
            self.add_error("done_on", f"The day on which “{self.milestone}” was done must be today or before")
        return cleaned

    def see(self) -> "MilestoneForm":
        """The same words beside the date as it stands now."""
        self.milestone.refresh_from_db(fields=["forecast_on", "proposed_on", "done_on"])
        data = self.data.copy()
        data[self.add_prefix("seen_on")] = self.milestone.expected_on.isoformat()
        return MilestoneForm(data, milestone=self.milestone)

    @property
    def finished_on(self) -> date | None:
        """A day is enough to say that it is done, and a tick alone means today. Taking the tick away undoes it."""
        given = self.cleaned_data
        if not given["done"]:
            return None if given["done_on"] == self.milestone.done_on else given["done_on"]
        return given["done_on"] or clock.today()

    def report(self) -> MilestoneReport:
        given = self.cleaned_data
        return MilestoneReport(
            milestone_id=self.milestone.pk,
            seen_on=given["seen_on"],
            forecast_on=given["forecast_on"],
            reason=given["reason"] if self.moves else "",
            words=given["words"] if self.moves else "",
            done_on=self.finished_on,
        )


def initial_for(standing: StatusUpdate | None) -> dict[str, Any]:
    """A first update starts empty; a correction starts from the words that it corrects."""
    first = {"key": uuid4(), "seen": 0}
    if standing is None:
        return first
    fields = ("rating", "done", "why", "route", "route_on", "evidence")
    return first | {"seen": standing.number} | {name: getattr(standing, name) for name in fields}


def milestone_forms(milestones: Iterable[Milestone], data: Any) -> list[MilestoneForm]:
    return [MilestoneForm(data, milestone=milestone) for milestone in milestones]
