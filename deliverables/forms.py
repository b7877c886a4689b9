"""Forms validate; they do not save. What they hold becomes a Report for deliverables.actions.submit_update."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from deliverables.actions import MilestoneReport, Report
from deliverables.due import Owing
from deliverables.models import Milestone, MilestoneMove, StatusUpdate
from deliverables.ratings import COMPLETE, RATINGS
from strategy_portal import clock
from strategy_portal.forms import DayField, NhsDateField, PortalForm, WordsField

LONG, SHORT = 600, 400  # characters


class UpdateForm(PortalForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    looked = forms.CharField(required=False)  # the codes of the flags that she was shown
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
    answer = WordsField(max_characters=SHORT, required=False)

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
        """What she reports; of a form with mistakes, as far as it can be understood.
        Words about a route are kept only where the rating asks for one, so that none goes stale."""
        given = self.cleaned_data
        rating = RATINGS.get(given.get("rating", ""))
        off_course, complete = rating is not None and rating.needs_route, rating is not None and rating.code == COMPLETE
        return Report(
            rating=rating.code if rating else "",
            done=given.get("done", ""),
            why=given.get("why", "") if off_course else "",
            route=given.get("route", "") if off_course else "",
            route_on=given.get("route_on") if off_course else None,
            evidence=given.get("evidence", "") if complete else "",
            milestones=tuple(form.report() for form in milestones if form.changes),
            answer=given.get("answer", ""),
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

    def __init__(self, *args: Any, milestone: Milestone, kept: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """`kept` is what was typed before and not sent."""
        self.milestone = milestone
        initial = {
            "seen_on": milestone.expected_on,
            "forecast_on": milestone.expected_on,
            "done": milestone.done_on is not None,
            "done_on": milestone.done_on,
        }
        prefix = f"milestone-{milestone.pk}"
        typed = {name: (kept or {}).get(f"{prefix}-{name}") for name in ("forecast_on", "done_on", "reason", "words")}
        if kept and f"{prefix}-seen_on" in kept:  # a box that is not ticked is not sent, so only its form says that it was empty
            initial |= {name: value for name, value in typed.items() if value is not None} | {"done": f"{prefix}-done" in kept}
        super().__init__(*args, prefix=prefix, initial=initial, **kwargs)

    def as_sent(self) -> dict[str, str]:
        """What the form would send if it were sent as it opens."""
        stands = self.milestone
        sent = {"seen_on": stands.expected_on.isoformat(), "forecast_on": stands.expected_on.isoformat()}
        if stands.done_on:
            sent |= {"done": "on", "done_on": stands.done_on.isoformat()}
        return {self.add_prefix(name): value for name, value in sent.items()}

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

    def stands_now(self) -> date:
        """The date that is expected now, whatever it was when the form was opened."""
        self.milestone.refresh_from_db(fields=["forecast_on", "proposed_on", "done_on"])
        return self.milestone.expected_on

    @property
    def finished_on(self) -> date | None:
        """A day is enough to say that it is done, and a tick alone means today. Taking the tick away undoes it."""
        given = self.cleaned_data
        if not given["done"]:
            return None if given["done_on"] == self.milestone.done_on else given["done_on"]
        return given["done_on"] or clock.today()

    @property
    def changes(self) -> bool:
        """Whether there is anything to report. A date that was not the expected one any more is: its author has to see it."""
        given, stands = self.cleaned_data, self.milestone
        return (given["seen_on"], given["forecast_on"], self.finished_on) != (
            stands.expected_on,
            stands.expected_on,
            stands.done_on,
        )

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


class PeopleField(forms.MultipleChoiceField):
    """Someone who has reported since the page was opened is no mistake."""

    def valid_value(self, value: str) -> bool:
        return True


class RemindForm(PortalForm, forms.Form):
    """Of those from whom something is due: who is to be reminded. All at first, or the one whom the address names."""

    people = PeopleField(
        label="Who to remind", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choose who to remind"}
    )

    def __init__(self, *args: Any, owing: Sequence[Owing], to: str = "", **kwargs: Any) -> None:
        self.owing = owing
        everyone = [str(one.user.pk) for one in owing if one.reminded_on != clock.today()]
        super().__init__(*args, initial={"people": [to] if to in everyone else everyone}, **kwargs)
        self.fields["people"].choices = [(one.user.pk, f"{one.user.name}, {one.place}") for one in owing]

    @property
    def chosen(self) -> list[Owing]:
        """Whose boxes are ticked."""
        ticked = {str(value) for value in self["people"].value() or []}
        return [one for one in self.owing if str(one.user.pk) in ticked]

    @property
    def hints(self) -> dict[str, str]:
        return {str(one.user.pk): one.in_words for one in self.owing}


class ReturnForm(PortalForm, forms.Form):
    """Why the group returns an update."""

    reason = WordsField(
        label="What should its author look at again?",
        max_characters=LONG,
        error_messages={"required": "Say what its author should look at again"},
    )


class DeclineForm(PortalForm, forms.Form):
    """Why the group declines a change of a baseline."""

    answer = WordsField(
        label="If you decline, why?",
        max_characters=SHORT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why the change is declined"},
    )


class MilestoneDefinitionForm(PortalForm, forms.Form):
    """A milestone's title and baseline; and why, where the group is asked."""

    title = forms.CharField(
        label="What is to be reached", max_length=200, error_messages={"required": "Say what is to be reached"}
    )
    baseline_on = NhsDateField(
        label="By when", subject="The date", error_messages={"required": "Enter the date by which it is to be reached"}
    )
    words = WordsField(label="Why does it change?", max_characters=SHORT, required=False)

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        """`asks`: the definition is baselined, so the group is asked and wants to know why."""
        super().__init__(*args, **kwargs)
        if asks:
            self.fields["words"].required = True
            self.fields["words"].error_messages["required"] = "Say why, so that the group can decide"
        else:
            del self.fields["words"]
