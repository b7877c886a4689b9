"""The site map."""

from django.contrib import admin
from django.urls import include, path

from strategy_portal.access import access
from strategy_portal.design import design, design_rule

urlpatterns = [
    path("", include("reports.urls")),
    path("", include("deliverables.urls")),
    path("", include("casestudies.urls")),
    path("", include("priorities.urls")),
    path("", include("priorities.plan.urls")),
    path("plan/people/", include("deliverables.people.urls")),
    path("account/", include("people.urls")),
    path("design/", access(design_rule)(design), name="design"),
    path("admin/", admin.site.urls),
]

handler403 = "strategy_portal.errors.not_allowed"
handler404 = "strategy_portal.errors.not_found"
handler500 = "strategy_portal.errors.server_error"
