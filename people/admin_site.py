"""The Django admin for the long tail of edits, behind the portal's own sign-in and roles."""

from typing import Any

from django.contrib.admin import AdminSite
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver

from people.permissions import can_edit_plan
from strategy_portal.access import access


class PortalAdminSite(AdminSite):
    site_title = site_header = "Administration"
    index_title = "All records"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return can_edit_plan(request.user)

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """But for tables that mean nothing here: Django's groups, and the e-mail addresses that allauth would keep."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        super().register([model for model in models if model._meta.app_label not in ("auth", "account")], *args, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return guarded(super().get_urls())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Whoever gets here has signed in on the portal's own page."""
        return redirect("admin:index")


def guarded(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Every address of the admin, also one that a ModelAdmin adds and forgets to wrap."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            guarded(pattern.url_patterns)
        else:
            pattern.callback = access(can_edit_plan, posts=True)(pattern.callback)
    return patterns
