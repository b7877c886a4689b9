"""Who may report on what. When (in an open period) is priorities.actions.refuse_unless_open."""

from typing import Any

from deliverables.models import Deliverable
from people.permissions import can_edit_plan, can_report_progress


def can_report_on(user: Any, deliverable: Deliverable) -> bool:
    return can_report_progress(user) and Deliverable.objects.reported_by(user).filter(pk=deliverable.pk).exists()


def can_name_reach(user: Any) -> bool:
    """Of which deliverables: DeliverableQuerySet.reach_named_by."""
    return can_report_progress(user) or can_edit_plan(user)
