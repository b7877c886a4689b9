"""The site map."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("account/", include("people.urls")),
    path("admin/", admin.site.urls),
]

handler403 = "strategy_portal.errors.not_allowed"
handler404 = "strategy_portal.errors.not_found"
handler500 = "strategy_portal.errors.server_error"
