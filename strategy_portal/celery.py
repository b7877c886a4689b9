"""The Celery app and the whole timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategy_portal.settings")

app = Celery("strategy_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Each entry expires before the next is due, so that a worker that was away does not find a pile.
app.conf.beat_schedule = {
    "heal roll-ups that are behind": {"task": "reports.heal", "schedule": 10.0, "options": {"expires": 9}},
}
