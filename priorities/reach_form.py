"""The form of a group that Core20PLUS5 leaves to each area to choose."""

from typing import Any

from django import forms

from strategy_portal.forms import Field, Layout, NhsDateField, PortalForm

WORDS = 400  # characters


class AddGroupForm(PortalForm, forms.Form):
    name = forms.CharField(label="Who are they?", max_length=120, error_messages={"required": "Enter who they are"})
    explanation = forms.CharField(
        label="What should people know about them?",
        max_length=WORDS,
        required=False,
        widget=forms.Textarea,
    )
    source = forms.CharField(
        label="Where was it chosen?",
        max_length=300,
        error_messages={"required": "Enter the meeting or paper that chose them"},
    )

    def layout(self) -> Layout:
        return Layout(
            Field("name", label_size="s", hint="As managers are to read it, such as: Unpaid carers."),
            Field("explanation", label_size="s", rows=2, hint="One sentence, for those who choose it. You can leave it empty."),
            Field("source", label_size="s", hint="The meeting or the paper, such as: Integrated Care Board, 4 September 2025."),
        )

    def clean_explanation(self) -> str:
        return str(self.cleaned_data["explanation"]).replace("\r\n", "\n")


class GroupForm(AddGroupForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    ended_on = NhsDateField(label="From which day is it chosen no more?", subject="The day it ends", required=False)

    def layout(self) -> Layout:
        end = Field("ended_on", legend_size="s", hint="Leave it empty while it goes on. Deliverables that name it keep it.")
        return Layout("seen", *super().layout(), end)

    def given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "explanation", "source", "ended_on")}

    def see(self, seen: int) -> None:
        """She has now been shown what overtook her: sending the form again is her choice."""
        self.data = self.data.copy()
        self.data["seen"] = seen
