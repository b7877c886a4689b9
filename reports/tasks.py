"""What the worker does. Each task takes ids only, is safe to run twice, and asks the database what is due."""

from celery import shared_task

from reports import actions
from reports.querysets import periods_behind


@shared_task(name="reports.roll_up")
def roll_up(period_id: int) -> None:
    actions.store_roll_up(period_id=period_id)


@shared_task(name="reports.heal")
def heal() -> None:
    """Makes every roll-up that is owed, whether or not a message about it ever arrived."""
    for period in periods_behind():
        actions.store_roll_up(period_id=period.pk)


@shared_task(name="reports.build_pack_file")
def build_pack_file(file_id: int) -> None:
    actions.build_pack_file(file_id=file_id)


@shared_task(name="reports.build_owed")
def build_owed() -> None:
    """Builds every file of a board pack that is owed, whether or not a message about it ever arrived."""
    actions.build_owed()


@shared_task(name="reports.check")
def check() -> None:
    """Proves every issued report anew."""
    actions.check_reports()
