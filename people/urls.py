"""Signing in, passwords and reminders. The other addresses of allauth are left out: accounts are made by administrators."""

from allauth.account import views
from django.urls import path, re_path
from django.views.generic import RedirectView

from people.views import reminders
from strategy_portal.access import access, anyone, signed_in

# Where allauth sends someone who has no password to change.
no_password_yet = RedirectView.as_view(pattern_name="account_reset_password")

urlpatterns = [
    path("reminders/", reminders, name="reminders"),
    path("sign-in/", access(anyone, posts=True)(views.login), name="account_login"),
    path("sign-out/", access(anyone, posts=True)(views.logout), name="account_logout"),
    path("password/", access(signed_in, posts=True)(views.password_change), name="account_change_password"),
    path("password/set/", access(signed_in)(no_password_yet), name="account_set_password"),
    path("password/reset/", access(anyone, posts=True)(views.password_reset), name="account_reset_password"),
    path("password/reset/sent/", access(anyone)(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        access(anyone, posts=True)(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", access(anyone)(views.password_reset_from_key_done), name="account_reset_password_from_key_done"),
]
