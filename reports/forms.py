"""Forms validate; they do not save."""

from datetime import date
from typing import Any

from django import forms

from deliverables.actions import Report
from deliverables.forms import SHORT, UpdateForm, WordsField
from deliverables.models import Deliverable
from reports.models import AskDecision
from reports.stories import MOST as MOST_STORIES
from strategy_portal import clock
from strategy_portal.forms import NhsDateField, PortalForm

NOTE, LINE, ASK = 4000, 300, 400  # characters
LINE_OF, STORY_OF = "line-", "story-"


class WordsForm(PortalForm, forms.Form):
    """The covering note, and a line for the board beside each deliverable that is named."""

    note = WordsField(
        label="Covering note",
        max_characters=NOTE,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Write a covering note"},
    )

    def __init__(
        self, *args: Any, named: list[tuple[str, str, str]], stories: list[tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        """`named`: code, name and rating of each deliverable that has a line. `stories`: slug and title of each case study that
        may be chosen; None where the report keeps those that it has."""
        super().__init__(*args, **kwargs)
        self.named = named
        for place in range(1, MOST_STORIES + 1) if stories else ():
            label = f"{('First', 'Second', 'Third')[place - 1]} case study"
            choices = [("", "None"), *(stories or [])]
            gone = {"invalid_choice": "That case study is not published, or the consent for it has ended. Choose another"}
            self.fields[f"{STORY_OF}{place}"] = forms.ChoiceField(
                label=label, required=False, choices=choices, error_messages=gone
            )
        for code, name, _ in named:
            self.fields[LINE_OF + code] = WordsField(
                label=name, max_characters=LINE, required=False, widget=forms.Textarea(attrs={"rows": 2})
            )

    @property
    def lines(self) -> list[tuple[forms.BoundField, str]]:
        return [(self[LINE_OF + code], rating) for code, _, rating in self.named]

    @property
    def story_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(STORY_OF)]

    def board_lines(self) -> dict[str, str]:
        given = {code: self.cleaned_data.get(LINE_OF + code, "") for code, _, _ in self.named}
        return {code: words for code, words in given.items() if words}


class CorrectForm(WordsForm):
    """What a correction says beside its corrected updates."""

    reason = WordsField(
        label="Why is the report corrected?",
        max_characters=SHORT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the report is corrected"},
    )
    plan_of_now = forms.BooleanField(
        label="Take names, leads, principles and milestones as the plan has them now", required=False
    )


class CorrectedUpdateForm(UpdateForm):
    """What should have been reported. It is kept in the draft until the correction is issued."""

    key = None  # type: ignore[assignment]
    seen = None  # type: ignore[assignment]
    looked = None  # type: ignore[assignment]
    answer = None  # type: ignore[assignment]

    def as_kept(self) -> dict[str, Any]:
        """As a draft keeps it; `report_of` reads it."""
        report = self.report([])
        return {
            "rating": report.rating,
            "done": report.done,
            "why": report.why,
            "route": report.route,
            "route_on": report.route_on.isoformat() if report.route_on else None,
            "evidence": report.evidence,
        }


def initial_of(said: dict[str, Any]) -> dict[str, Any]:
    """What a report or a draft says, as a form begins with it."""
    return said | {"route_on": date.fromisoformat(said["route_on"]) if said.get("route_on") else None}


def report_of(kept: dict[str, Any]) -> Report:
    return Report(**kept | {"route_on": date.fromisoformat(kept["route_on"]) if kept["route_on"] else None})


class AskForm(PortalForm, forms.Form):
    """A decision asked of the board."""

    deliverable = forms.ChoiceField(label="What is it about?", required=False)
    wording = WordsField(
        label="What is the board asked to decide?", max_characters=ASK, error_messages={"required": "Say what the board is asked"}
    )
    wanted_on = NhsDateField(
        label="When is the decision wanted?",
        subject="The date of the decision",
        error_messages={"required": "Enter the date by which the decision is wanted"},
    )
    owner = forms.CharField(
        label="Who will act on it?", max_length=120, error_messages={"required": "Say who will act on the decision"}
    )

    def __init__(self, *args: Any, deliverables: list[Deliverable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {deliverable.code: deliverable for deliverable in deliverables}
        self.fields["deliverable"].choices = [
            ("", "The plan as a whole"),
            *((code, str(row)) for code, row in self.known.items()),
        ]

    def words(self) -> dict[str, Any]:
        return self.cleaned_data | {"deliverable": self.known.get(self.cleaned_data["deliverable"])}


class AskDecisionForm(PortalForm, forms.Form):
    """What the board decided."""

    kind = forms.ChoiceField(
        label="What did the board decide?",
        choices=AskDecision.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the board decided"},
    )
    words = WordsField(label="What did it say?", max_characters=ASK, required=False)
    decided_on = NhsDateField(
        label="When?", subject="The date of the decision", error_messages={"required": "Enter the date of the decision"}
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") in ("declined", "deferred") and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", "Say why the board declined or deferred it")
        if cleaned.get("decided_on") and cleaned["decided_on"] > clock.today():
            self.add_error("decided_on", "The date of the decision must be today or before")
        return cleaned


class BoardLinkForm(PortalForm, forms.Form):
    """Who gets a link to a report, and until when it works."""

    reader = forms.CharField(label="Who is it for?", max_length=120, error_messages={"required": "Say who the link is for"})
    expires_on = NhsDateField(
        label="Until when does it work?",
        subject="The last day",
        error_messages={"required": "Enter the last day on which the link works"},
    )

    def clean_expires_on(self) -> Any:
        """From today to a year from now."""
        last = self.cleaned_data["expires_on"]
        if last < clock.today():
            raise forms.ValidationError("The last day must be today or later")
        if (last - clock.today()).days > 366:
            raise forms.ValidationError("The last day must be within a year")
        return last
