"""The Celery app and the whole timetable."""

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.schedules import crontab
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategy_portal.settings")


class SteadyConnection(Connection):
    """Looks for a broker that went away every five seconds. Celery's own waits grow to thirty: too long to heal in time."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Connection:
        return super().ensure_connection(*args, **{"interval_start": 1, "interval_step": 1, "interval_max": 5} | kwargs)


class SteadyAMQP(AMQP):
    Connection = SteadyConnection


app = Celery("strategy_portal", amqp=SteadyAMQP)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Each entry expires before the next is due, so that a worker that was away does not find a pile.
app.conf.beat_schedule = {
    "heal roll-ups that are behind": {"task": "reports.heal", "schedule": 10.0, "options": {"expires": 9}},
    "build files of board packs that are owed": {"task": "reports.build_owed", "schedule": 30.0, "options": {"expires": 25}},
    "prove issued reports anew": {"task": "reports.check", "schedule": crontab(minute=30, hour=4), "options": {"expires": 3000}},
    "send letters that are owed": {"task": "people.send_letters", "schedule": 60.0, "options": {"expires": 50}},
    "forget forms that nobody sent": {
        "task": "people.drop_old_forms",
        "schedule": crontab(minute=50, hour=4),
        "options": {"expires": 3000},
    },
    "tell of consent for case studies that has ended, in working hours": {
        "task": "casestudies.tell_of_ended_consent",
        "schedule": crontab(minute=20, hour="8-17"),
        "options": {"expires": 3000},
    },
    "put agreed changes of definitions into force": {
        "task": "deliverables.put_into_force",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "remind of what is due, in working hours": {
        "task": "deliverables.remind",
        "schedule": crontab(minute="*/15", hour="8-17"),  # Europe/London
        "options": {"expires": 14 * 60},
    },
}
