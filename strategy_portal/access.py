"""Every view states who may open it. One that states nothing is refused."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

Rule = Callable[[Any], bool]
View = Callable[..., HttpResponse]


def anyone(user: Any) -> bool:
    """Signed in or not: signing in, resetting a password, the pages about the portal itself."""
    return True


def signed_in(user: Any) -> bool:
    return user.is_authenticated


def access(rule: Rule, *, posts: bool = False, keep: Callable[..., None] | None = None) -> Callable[[View], View]:
    """Signed out: to the sign-in page and back; `keep` is given what was sent first, so that no words are
    lost. Signed in, but the rule says no: 403. All before anything is looked up.

    A page without a form answers 405 to anything but reading; `posts` says that it has one.
    """
    methods = ["GET", "HEAD", "POST"] if posts else ["GET", "HEAD"]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if rule is not anyone and not request.user.is_authenticated:
                if keep and request.method == "POST":
                    keep(request, *args, **kwargs)
                return redirect_to_login(request.get_full_path())
            if not rule(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs) if request.method in methods else HttpResponseNotAllowed(methods)

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return guarded

    return decorate


class AccessMiddleware:
    """Refuses a view without a rule, and keeps every page out of every cache: each is made for one person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, view: View, args: tuple, kwargs: dict) -> None:
        if not hasattr(view, "access_rule"):
            raise PermissionDenied("This view states no access rule.")
