"""How long a session lasts: 20 hours for everyone, and 30 minutes without a click for administrators.

NHS service manual: no inactivity limit under 20 hours. Administrators can do more harm, so theirs is shorter.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from people.permissions import can_edit_plan
from strategy_portal import clock

TOUCH_EVERY = 60  # seconds: an administrator's session is written once a minute at most


def has_ended(session: dict, now: int, administrator: bool) -> bool:
    if now - session.get("signed_in", 0) > settings.SESSION_COOKIE_AGE:
        return True
    return administrator and now - session.get("seen", 0) > settings.SESSION_IDLE_ADMINISTRATOR


class SessionAgeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.age(request)
        return self.get_response(request)

    def age(self, request: HttpRequest) -> None:
        now, administrator = int(clock.elapsed()), can_edit_plan(request.user)
        if has_ended(request.session, now, administrator):
            logout(request)
        elif administrator and now - request.session["seen"] > TOUCH_EVERY:
            request.session["seen"] = now
