"""Several updates at once: all of them, or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from deliverables.actions.updates import Overtaken, Report, submit_update
from deliverables.models import Deliverable, StatusUpdate
from people.models import User
from priorities.actions import PeriodClosed
from priorities.models import ReportingPeriod


@dataclass(frozen=True)
class Submission:
    """What submit_update is to be given for one deliverable."""

    deliverable: Deliverable
    period: ReportingPeriod
    key: UUID
    seen: int
    report: Report


class Stopped(Exception):
    """One of several was refused, so none of them was stored. `cause` is why: Overtaken or PeriodClosed."""

    def __init__(self, submission: Submission, cause: Overtaken | PeriodClosed) -> None:
        super().__init__(str(cause))
        self.submission, self.cause = submission, cause


@transaction.atomic
def submit_all(*, by: User, submissions: Iterable[Submission]) -> list[StatusUpdate]:
    """Submits each, in one transaction. Raises Stopped, with nothing saved; doing it twice is doing it once."""
    stored = []
    for one in submissions:
        try:
            said = {"period": one.period, "key": one.key, "seen": one.seen, "report": one.report}
            stored.append(submit_update(by=by, deliverable=one.deliverable, **said))
        except (Overtaken, PeriodClosed) as refusal:
            raise Stopped(one, refusal) from refusal
    return stored
