"""Who may work on a story. When (in which stage) is said by the actions."""

from typing import Any

from people.permissions import can_edit_plan, can_report_progress, can_review_stories


def can_write_stories(user: Any) -> bool:
    """Managers write their organisations' stories; administrators keep those of the strategy documents true."""
    return can_report_progress(user) or can_edit_plan(user)


def can_work_on_stories(user: Any) -> bool:
    return can_write_stories(user) or can_review_stories(user)


def can_edit_story(user: Any, study: Any) -> bool:
    if study.owner_id is None:
        return can_edit_plan(user)
    return can_report_progress(user) and study.owner_id in user.organisation_ids_reported_for


def can_review_story(user: Any, study: Any) -> bool:
    """A reviewer who has neither written in it nor sent it. `study` comes from CaseStudyQuerySet.with_work."""
    return can_review_stories(user) and not study.hers and study.sent_by_id != user.pk
