"""Late truth: what was reported wrongly in a month whose report is issued."""

from uuid import uuid4

from django.db import transaction

from deliverables.actions.updates import Report, store, words_of
from deliverables.models import Deliverable, StatusUpdate
from people.models import User
from priorities.actions import lock_periods, owe_roll_ups
from priorities.models import ReportingPeriod


class NotIssued(Exception):
    """The month is open, so whoever reports on it can say so herself."""


@transaction.atomic
def correct_update(*, by: User, deliverable: Deliverable, period: ReportingPeriod, report: Report) -> StatusUpdate:
    """A new row of the log, which stands from now on. For reports.actions.correct_report alone, which issues what it changes."""
    periods = lock_periods(plan_year=period.plan_year)
    if periods[period.pk].closed_at is None:
        raise NotIssued(f"{period} is open, so the update can be submitted anew.")
    last = StatusUpdate.objects.last_word(deliverable=deliverable, period=period)
    number = last.number + 1 if last else 1
    update = store(by=by, deliverable=deliverable, period=period, key=uuid4(), number=number, **words_of(report))
    owe_roll_ups(periods, since=period.starts_on)
    return update
