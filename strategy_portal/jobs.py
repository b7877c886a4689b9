"""Tells the worker that something is owed, without ever making the person wait for the broker.

Losing a message costs seconds, not truth: what is owed stands in the database, and beat's sweep finds it.
"""

import logging
from functools import partial

from django.conf import settings
from django.db import transaction

from strategy_portal.celery import app

log = logging.getLogger(__name__)


def enqueue(task: str, *args: int) -> None:
    """Publishes the task by name once the transaction commits. A broker that is down or hung is logged, not raised."""
    transaction.on_commit(partial(publish, task, args), robust=True)


def publish(task: str, args: tuple[int, ...]) -> None:
    try:
        with app.connection_for_write(transport_options=settings.BROKER_PUBLISH_OPTIONS) as connection:
            app.send_task(task, args, connection=connection, retry=False)
    except Exception as error:  # any transport may fail in its own way, and none may fail the request
        log.warning("%s%s was not sent to the worker (%s); the sweep will find it", task, args, type(error).__name__)
