"""What the worker does for people."""

from celery import shared_task

from people import actions


@shared_task(name="people.send_letters")
def send_letters() -> None:
    actions.send_letters()
