from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.http import HttpRequest

from people.actions import remember_sign_in
from people.models import User
from strategy_portal import clock


class PortalAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited; nobody signs up."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses are counted by account and place, so that nobody can lock out someone who sits elsewhere."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)} {self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """An account has a limit of its own too, far above what a person needs, for guesses from many places at once."""
        super().pre_authenticate(request, **credentials)
        if not ratelimit.consume(request, action="login_account", key=credentials.get("email", "").lower()):
            raise self.validation_error("too_many_login_attempts")

    def set_password(self, user: User, password: str) -> None:
        """Who tried too often may sign in with her new password at once."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(self.request, email=user.email)

    def login(self, request: HttpRequest, user: User) -> None:
        user.skip_history_when_saving = True  # a sign-in is no edit of the person
        super().login(request, user)
        del user.skip_history_when_saving
        remember_sign_in(user)
        request.session["signed_in"] = request.session["seen"] = int(clock.elapsed())
