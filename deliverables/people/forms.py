"""The forms about people."""

from typing import Any

from django import forms
from django.core.validators import EmailValidator

from people.forms import NOT_AN_EMAIL
from people.models import Organisation, User
from people.roles import ROLES
from priorities.plan.flow import PlanForm
from priorities.plan.forms import line
from strategy_portal.forms import PortalForm


class EmailField(forms.EmailField):
    """Kept in lower case, however it is typed."""

    default_validators = [EmailValidator(NOT_AN_EMAIL)]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "off"})
        super().__init__(label="Email address", widget=widget, error_messages={"required": "Enter an email address"}, **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).strip().lower()


def name_field() -> forms.CharField:
    found = line("Full name", longest=120, needed="Enter a name")
    found.widget.attrs["autocomplete"] = "off"
    return found


class PersonForm(PlanForm):
    name = name_field()
    job_title = line("Job title", longest=120)
    email = EmailField(
        help_text="They sign in with this address from now on. Links sent to the old one no longer work, and it is told."
    )


class RoleForm(PortalForm, forms.Form):
    """A role in an organisation."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.code, role.name) for role in ROLES.values()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role"},
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Organisation",
        empty_label="Choose an organisation",
        error_messages={"required": "Choose an organisation"},
    )
    hints = {role.code: role.explanation for role in ROLES.values()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.active().order_by("name")  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    email = EmailField()
    name = name_field()
    job_title = line("Job title", longest=120)
    field_order = ("email", "name", "job_title", "role", "organisation")


class HandOverForm(PortalForm, forms.Form):
    """Who gets what somebody manages."""

    successor = forms.ModelChoiceField(
        User.objects.none(),
        label="Who takes it over?",
        empty_label="Choose a person",
        error_messages={"required": "Choose who takes it over"},
    )

    def __init__(self, *args: Any, leaver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        field.queryset = User.objects.able_to("report_progress").exclude(pk=leaver.pk)
        field.label_from_instance = lambda person: f"{person.name}, {person.job_title or person.email}"
