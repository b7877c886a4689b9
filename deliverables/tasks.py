"""What the worker does for the deliverables. Each task is safe to run twice, and asks the database what is due."""

from celery import shared_task

from deliverables.actions import put_all_into_force, remind_due


@shared_task(name="deliverables.remind")
def remind() -> None:
    remind_due()


@shared_task(name="deliverables.put_into_force")
def put_into_force() -> None:
    put_all_into_force()
