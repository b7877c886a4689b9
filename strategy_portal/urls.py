"""The site map."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("deliverables.urls")),
    path("", include("casestudies.urls")),
    path("account/", include("people.urls")),
    path("admin/", admin.site.urls),
]

handler403 = "strategy_portal.errors.not_allowed"
handler404 = "strategy_portal.errors.not_found"
handler500 = "strategy_portal.errors.server_error"
