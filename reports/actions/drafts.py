"""What the group is writing for a report: saved as it types, gone when the report is issued."""

from typing import Any

from django.db import transaction

from people.models import User
from priorities.actions import lock_periods
from priorities.models import ReportingPeriod
from reports.models import ReportDraft
from strategy_portal import clock


class DraftOvertaken(Exception):
    """Somebody else has saved it since. Nothing was saved; `theirs` is what stands."""

    def __init__(self, theirs: ReportDraft) -> None:
        super().__init__(f"{theirs.saved_by} has saved other words since you opened this page. Yours are still below.")
        self.theirs = theirs


@transaction.atomic
def save_report_draft(*, by: User, period: ReportingPeriod, seen: int, words: dict[str, Any]) -> ReportDraft:
    """Keeps the words of some fields of the draft. `seen` is the version that the writer had before her, 0 if there was none.

    Raises DraftOvertaken, unless it would say the same.
    """
    lock_periods(plan_year=period.plan_year)
    draft = ReportDraft.objects.select_related("saved_by").filter(period=period).first()
    if draft and all(getattr(draft, name) == said for name, said in words.items()):
        return draft
    if draft and draft.version != seen:
        raise DraftOvertaken(draft)
    draft = draft or ReportDraft(period=period, version=0)
    for name, said in words.items():
        setattr(draft, name, said)
    draft.version, draft.saved_at, draft.saved_by = draft.version + 1, clock.now(), by
    draft.save()
    return draft
