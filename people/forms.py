"""allauth's forms in the portal's words. A password may be pasted and shown, so it is asked for once."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from people.models import User
from strategy_portal.forms import PortalForm

NOT_AN_EMAIL = "Enter an email address in the correct format, like name@example.org"
NEW_PASSWORD_HINT = "At least 12 characters. Three random words are easy to remember and hard to guess."


class AccountForm(PortalForm):
    """Goes before one of allauth's forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)

    def say(self, name: str, label: str, *, required: str, hint: str = "") -> None:
        field = self.fields[name]
        field.label, field.help_text = label, hint
        field.error_messages["required"] = required

    def say_email(self, name: str) -> None:
        self.say(name, "Email address", required="Enter your email address")
        self.fields[name].validators = [EmailValidator(NOT_AN_EMAIL)]
        self.fields[name].widget.attrs["autocomplete"] = "username"

    def say_new_password(self) -> None:
        self.say("password1", "New password", required="Enter a new password", hint=NEW_PASSWORD_HINT)


class SignInForm(AccountForm, allauth.LoginForm):
    REFUSALS = {
        "email_password_mismatch": "The email address or the password is not right",
        "too_many_login_attempts": "There were too many tries. Wait 5 minutes and try again",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say_email("login")
        self.say("password", "Password", required="Enter your password")

    def clean(self) -> dict[str, Any]:
        """A refusal stands at the first field, where the error summary leads; it is the same whichever of the two is wrong."""
        try:
            return super().clean()
        except ValidationError as refused:
            self.add_error("login", self.REFUSALS.get(str(refused.code), refused.message))
            return self.cleaned_data


class ResetPasswordForm(AccountForm, allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say_email("email")

    def clean_email(self) -> str:
        """The link goes to the address that stands with the person now, and to no earlier one."""
        email = self.cleaned_data["email"].lower()
        self.users = list(User.objects.able_to_sign_in().filter(email=email))
        return email


class NewPasswordForm(AccountForm, allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say_new_password()


class ChangePasswordForm(AccountForm, allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.say("oldpassword", "Current password", required="Enter your current password")
        self.say_new_password()

    def clean_oldpassword(self) -> str:
        try:
            return super().clean_oldpassword()
        except ValidationError:
            raise ValidationError("The current password is not right", code="enter_current_password") from None


class RemindersForm(PortalForm, forms.Form):
    """How often someone who reports is reminded."""

    HINTS = {
        User.Reminders.DAILY: "When a month opens, 5 working days and 1 working day before it is due, the day after, and then"
        " every week. At most one email a day.",
        User.Reminders.WEEKLY: "On the first working day of a week, about what is due in that week or late.",
        User.Reminders.LATE: "The working day after something was due, and then every week.",
    }

    reminders = forms.ChoiceField(
        label="When should we email you?",
        choices=User.Reminders.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when we should email you"},
    )


class ReportsForm(PortalForm, forms.Form):
    """Whether someone wants to be told of an issued report."""

    wants = forms.BooleanField(label="Email me when a progress report is issued or corrected", required=False)
