"""The forms with which a deliverable is edited, and a change of its definition asked for. They validate; they do not save."""

from typing import Any

from django import forms

from deliverables.choices import Choices
from deliverables.definition import FIELDS, LABELS
from deliverables.forms import WordsField
from strategy_portal.forms import GroupedCheckboxes, NhsDateField, PortalForm, SeenForm

LONG, SHORT = 3000, 600  # characters
LINK_LABELS = {
    "principles": "Principles",
    "aims": "Aims",
    "commitments": "Commitments that it answers",
    "partners": "Partner organisations",
    "managers": "Managers",
}


def words(label: str, most: int, rows: int, **more: Any) -> WordsField:
    return WordsField(label=label, max_characters=most, widget=forms.Textarea(attrs={"rows": rows}), **more)


def one_of(label: str, **more: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, **more)


class DraftForm(SeenForm):
    """What managers word until the definition is baselined."""

    summary = words("What is to be delivered", LONG, 5, required=False)
    measure = words("How it is measured", SHORT, 3, required=False)
    starts_on = NhsDateField(label="When it starts", subject="The day on which it starts", required=False)
    due_on = NhsDateField(label="When it is due", subject="The day on which it is due", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and due_on < starts_on:
            self.add_error("due_on", "The day on which it is due must be after the day on which it starts")
        return cleaned


class DefinitionForm(DraftForm):
    """Every field of a definition."""

    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter a title"})
    short_title = forms.CharField(label="Short title", max_length=80, required=False)
    lead = one_of("Lead organisation", required=False)
    field_order = ("seen", "title", "short_title", "summary", "measure", "lead", "starts_on", "due_on")

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        if "lead" in self.fields:
            self.fields["lead"].choices = [("", "Not set"), *choices.of("lead")]

    def wording(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}

    @property
    def labels(self) -> dict[str, str]:
        return dict(LABELS)

    def as_read(self) -> dict[str, Any]:
        return self.named(self.cleaned_data)

    def named(self, values: dict[str, Any]) -> dict[str, Any]:
        """With names in the place of numbers: for a preview."""
        names = {kind: dict(self.choices.of(kind)) for kind in ("lead", "priority")}
        one = {kind: names[kind].get(values[kind]) for kind in names if kind in values}
        many = {kind: self.choices.named(kind, values[kind]) for kind in LINK_LABELS if kind in values}
        return values | one | many


class DeliverableForm(DefinitionForm):
    """All that an administrator edits. Of a baselined definition its own fields are left out: the group is asked for those."""

    code = forms.SlugField(
        label="Code",
        max_length=20,
        error_messages={
            "required": "Enter a code",
            "invalid": "Enter a code of letters, numbers and hyphens, such as HW-4",
        },
    )
    priority = one_of("Priority", error_messages={"required": "Choose a priority"})
    principles = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=forms.CheckboxSelectMultiple)
    aims = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=forms.CheckboxSelectMultiple)
    commitments = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=GroupedCheckboxes)
    partners = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=GroupedCheckboxes)
    managers = forms.TypedMultipleChoiceField(required=False, coerce=int, widget=GroupedCheckboxes)
    field_order = (
        *("seen", "code", "title", "short_title", "summary", "priority", "measure", "starts_on", "due_on", "lead"),
        *("partners", "managers", "principles", "aims", "commitments"),
    )

    def __init__(self, *args: Any, is_new: bool = False, is_baselined: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = (*(() if is_new else ("code",)), *(FIELDS if is_baselined else ()))
        for name in left_out:
            del self.fields[name]
        self.fields["priority"].choices = [("", "Choose a priority"), *self.choices.of("priority")]
        for name, label in LINK_LABELS.items():
            grouped = name in ("commitments", "managers")
            self.fields[name].label = label
            self.fields[name].choices = self.choices.grouped(name) if grouped else self.choices.of(name)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if code == "NEW":
            raise forms.ValidationError("Enter another code: this one is an address of the portal")
        return str(code)

    def values(self) -> dict[str, Any]:
        return self.wording() | {"priority": self.cleaned_data["priority"]}

    def links(self) -> dict[str, list[int]]:
        return {name: self.cleaned_data[name] for name in LINK_LABELS}

    @property
    def labels(self) -> dict[str, str]:
        return {"priority": "Priority"} | super().labels | LINK_LABELS


class ChangeRequestForm(DefinitionForm):
    """Other words for a baselined definition, with what the group needs to decide."""

    why = words("Why does it change?", SHORT, 3, error_messages={"required": "Say why, so that the group can decide"})
    effect = words(
        "What does it change for the work?",
        SHORT,
        3,
        error_messages={"required": "Say what it changes for the work, so that the group can decide"},
    )
    takes_effect = one_of("From which month on?", error_messages={"required": "Choose the month from which it takes effect"})
    field_order = (*DefinitionForm.field_order, "why", "effect", "takes_effect")

    def __init__(self, *args: Any, periods: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = {period.pk: period for period in periods}
        self.fields["takes_effect"].choices = [("", "Choose a month"), *((pk, str(one)) for pk, one in self.periods.items())]

    @property
    def since(self) -> Any:
        """The month from which it takes effect, once the form is valid."""
        return self.periods[self.cleaned_data["takes_effect"]]


class StopForm(PortalForm, forms.Form):
    on = NhsDateField(
        label="From which day is it no longer part of the plan?",
        subject="The day on which it stops",
        error_messages={"required": "Enter the day from which it is stopped"},
    )
    reason = words("Why does it stop?", SHORT, 4, error_messages={"required": "Say why it stops, for those who read the plan"})


class SendBackForm(PortalForm, forms.Form):
    reason = words(
        "What should its managers look at again?",
        SHORT,
        3,
        error_messages={"required": "Say what its managers should look at again"},
    )
