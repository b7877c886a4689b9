"""Sends tasks as the timetable says: python -m strategy_portal.beat schedule-file

`celery beat` does the same, and loads every model for it. Here tasks are known by name alone, at half the memory.
"""

import logging.config
import signal
import sys
from types import FrameType

from celery.beat import Service
from django.conf import settings

from strategy_portal.celery import app


def stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)  # the service keeps its schedule, and ends


if __name__ == "__main__":
    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger("celery.beat").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, stop)
    Service(app, schedule_filename=sys.argv[1]).start()
