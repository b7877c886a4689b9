"""Who may. (When it may, such as in an open period, is a function of its own beside the thing.)"""

from typing import Any


def can_view_plan(user: Any) -> bool:
    return user.is_authenticated and user.may("view_plan")


def can_report_progress(user: Any) -> bool:
    return user.is_authenticated and user.may("report_progress")


def can_view_group(user: Any) -> bool:
    return user.is_authenticated and user.may("view_group")


def can_have_calendar(user: Any) -> bool:
    """Those to whom due or meeting dates matter."""
    return can_report_progress(user) or can_view_group(user)


def can_edit_plan(user: Any) -> bool:
    return user.is_authenticated and user.may("edit_plan")


def can_review_stories(user: Any) -> bool:
    return user.is_authenticated and user.may("review_stories")
