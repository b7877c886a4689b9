"""The Django admin for the long tail of edits, behind the portal's own sign-in and roles."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from people.permissions import can_edit_plan


class PortalAdminSite(AdminSite):
    site_title = site_header = "Administration"
    index_title = "All records"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return can_edit_plan(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.get_full_path()))

