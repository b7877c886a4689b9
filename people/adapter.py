from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from strategy_portal import clock


class PortalAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited; nobody signs up."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        request.session["signed_in"] = request.session["seen"] = int(clock.elapsed())
