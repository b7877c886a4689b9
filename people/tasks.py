"""What the worker does for people."""

from celery import shared_task

from people import actions


@shared_task(name="people.send_letters")
def send_letters() -> None:
    actions.send_letters()


@shared_task(name="people.drop_old_forms")
def drop_old_forms() -> None:
    actions.drop_old_forms()
