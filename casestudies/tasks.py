"""What the worker does for the case studies. Each task is safe to run twice, and asks the database what is due."""

from celery import shared_task

from casestudies.actions import tell_of_ended_consent as tell


@shared_task(name="casestudies.tell_of_ended_consent")
def tell_of_ended_consent() -> None:
    tell()
