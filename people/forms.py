"""allauth's forms, laid out by our template pack."""

from allauth.account import forms as allauth


class SignInForm(allauth.LoginForm):
    pass


class ResetPasswordForm(allauth.ResetPasswordForm):
    pass


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(allauth.ChangePasswordForm):
    pass
