"""What the worker does. Each task takes ids only, is safe to run twice, and asks the database what is due."""

from celery import shared_task

from reports.actions import store_roll_up
from reports.querysets import periods_behind


@shared_task(name="reports.roll_up")
def roll_up(period_id: int) -> None:
    store_roll_up(period_id=period_id)


@shared_task(name="reports.heal")
def heal() -> None:
    """Makes every roll-up that is owed, whether or not a message about it ever arrived."""
    for period in periods_behind():
        store_roll_up(period_id=period.pk)
