"""What every page's frame shows: names from settings, and the doors that this person may open."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from people.permissions import can_edit_plan, can_report_progress, can_view_group, can_view_plan

DOORS = (
    ("overview", "Overview", can_view_plan),
    ("priorities", "Priorities", can_view_plan),
    ("deliverables", "Deliverables", can_view_plan),
    ("case_studies", "Case studies", can_view_plan),
    ("reports", "Reports", can_view_plan),
    ("updates", "My updates", can_report_progress),
    ("outcomes_group", "Outcomes group", can_view_group),
    ("plan", "Plan", can_edit_plan),
    ("health", "Health", can_edit_plan),
)


def portal(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "organisation": settings.PORTAL_ORGANISATION,
        "organisation_kind": settings.PORTAL_ORGANISATION_KIND,
        "service": settings.PORTAL_SERVICE,
        "support_email": settings.PORTAL_SUPPORT_EMAIL,
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "fixed_today": settings.PORTAL_TODAY,
        "chooses_emails": user is not None and can_view_plan(user),
        "doors": [(name, label) for name, label, may in DOORS if user is not None and may(user)],
    }
