"""What is typed and not yet submitted."""

from collections.abc import Mapping

from django.db import transaction

from deliverables.models import Deliverable, UpdateDraft
from people.models import User
from priorities.actions import lock_periods, refuse_unless_open
from priorities.models import ReportingPeriod
from strategy_portal import clock

LONGEST = 20_000  # characters of one field: far more than any field takes, so that too much is kept and said, not cut


class DraftIsNewer(Exception):
    """Another window has saved this draft since. Nothing was saved; `theirs` stands."""

    def __init__(self, theirs: UpdateDraft) -> None:
        super().__init__("You have typed on in another window since. Open this page again to see it.")
        self.theirs = theirs


@transaction.atomic
def save_draft(
    *, by: User, deliverable: Deliverable, period: ReportingPeriod, fields: Mapping[str, str], version: int
) -> UpdateDraft:
    """Keeps what was typed. `version` is that of the draft which the page was opened on, 0 if there was none.

    Raises DraftIsNewer or PeriodClosed. What stands already is not saved again.
    """
    refuse_unless_open(lock_periods(plan_year=deliverable.plan_year)[period.pk], on=clock.today())
    kept = {name: value[:LONGEST] for name, value in fields.items()}
    draft = UpdateDraft.objects.filter(deliverable=deliverable, period=period, saved_by=by).first()
    if draft is None:
        draft = UpdateDraft(deliverable=deliverable, period=period, saved_by=by, version=0)
    elif draft.fields == kept:
        return draft
    elif draft.version != version:
        raise DraftIsNewer(draft)
    draft.fields, draft.saved_at, draft.version = kept, clock.now(), draft.version + 1
    draft.save()
    return draft
