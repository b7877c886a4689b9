"""The form that adds evidence: what it shows, a link or a file, and what it is for."""

from collections.abc import Iterable
from typing import Any

from django import forms

from deliverables.models import Milestone
from deliverables.uploads import LARGEST, TYPES, Refused, Upload, read_link, read_upload
from priorities.models import ReportingPeriod
from strategy_portal.forms import Field, Layout, PortalForm, Reveal

UPDATE = "update"


class EvidenceForm(PortalForm, forms.Form):
    title = forms.CharField(
        label="What does it show?",
        max_length=200,
        error_messages={
            "required": "Say what the evidence shows",
            "max_length": "What it shows must be 200 characters or fewer",
            "null_characters_not_allowed": "What it shows must not hold characters that cannot be seen",
        },
    )
    kind = forms.ChoiceField(
        label="What are you adding?",
        choices=[("link", "A link"), ("file", "A file")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a link or a file"},
    )
    link = forms.CharField(label="Link", required=False, widget=forms.URLInput)
    # What a telephone is told to offer; some then turn their own kind of picture into a JPEG.
    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(["image/jpeg", *(found.extension for found in TYPES.values())])}),
    )
    about = forms.ChoiceField(label="What is it for?")

    def __init__(self, *args: Any, period: ReportingPeriod, milestones: Iterable[Milestone], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.milestones = {str(milestone.pk): milestone for milestone in milestones}
        self.upload: Upload | None = None
        steps = [(pk, f"Milestone: {milestone}") for pk, milestone in self.milestones.items()]
        self.fields["about"].choices = [(UPDATE, f"The update for {period}"), *steps]  # type: ignore[attr-defined]

    def layout(self) -> Layout:
        link = Field("link", hint="The whole address. Those who open it need to be allowed to see it there.")
        file = Field("file", hint="PDF, Word, Excel, PowerPoint, PNG, JPEG, CSV or plain text, up to 10MB.")
        return Layout(
            Field("title", label_size="s", hint="A few words, such as: Signed plan. Leave out anything about patients."),
            Field("kind", Reveal("link", link), Reveal("file", file), legend_size="s"),
            Field("about", label_size="s"),
        )

    @property
    def milestone(self) -> Milestone | None:
        return self.milestones.get(self.cleaned_data["about"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        try:
            if cleaned.get("kind") == "link":
                cleaned["link"] = read_link(self.given("link", "Enter the link"))
            elif cleaned.get("kind") == "file":
                self.upload = read(self.given("file", "Choose a file"))
        except Refused as refused:
            self.add_error(cleaned["kind"], str(refused))
        if self.errors and self.upload:
            self.add_error("file", "Choose the file again. A browser does not keep it when a form comes back")
        return cleaned

    def given(self, name: str, otherwise: str) -> Any:
        if not self.cleaned_data.get(name):
            raise Refused(self.errors[name][0] if name in self.errors else otherwise)
        return self.cleaned_data[name]


def read(file: Any) -> Upload:
    """Of a file that is too large nothing but its size may be here: see strategy_portal.upload_handler."""
    if file.size > LARGEST:
        raise Refused("The selected file must be 10MB or smaller")
    return read_upload(file.read(), file.name)
