"""The file that is sent, and the answers to the second look beside its preview."""

from typing import Any

from django import forms

from deliverables.forms import SHORT, WordsField
from deliverables.spreadsheet.opening import MEGABYTE, MOST_SENT
from strategy_portal.forms import PortalForm


class UploadForm(PortalForm, forms.Form):
    file = forms.FileField(
        label="Your filled-in file",
        error_messages={"required": "Choose your filled-in file", "empty": "The file is empty. Choose another"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        if sent.size > MOST_SENT:
            raise forms.ValidationError(f"The file must be smaller than {MOST_SENT // MEGABYTE}MB")
        return sent


class AnswerForm(PortalForm, forms.Form):
    """For one deliverable: what was asked of its author, and what she says to it."""

    looked = forms.CharField(required=False, widget=forms.HiddenInput)
    answer = WordsField(label="Your answer", max_characters=SHORT, required=False)

    @property
    def given(self) -> str:
        return self.cleaned_data.get("answer", "") if self.is_valid() else ""

    @property
    def looked_at(self) -> str:
        return self.cleaned_data.get("looked", "") if self.is_valid() else ""
