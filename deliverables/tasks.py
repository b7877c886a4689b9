"""What the worker does for the deliverables. The task is safe to run twice, and asks the database what is due."""

from celery import shared_task

from deliverables.actions import remind_due


@shared_task(name="deliverables.remind")
def remind() -> None:
    remind_due()
