"""The only door to the time. Dates are those of Europe/London."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The portal's moment: the real one, or the same time of day on PORTAL_TODAY in a demonstration."""
    moment = timezone.now().astimezone(LONDON)
    fixed: date | None = settings.PORTAL_TODAY
    return moment if fixed is None else datetime.combine(fixed, moment.time(), LONDON)


def today() -> date:
    return now().date()


def on(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), LONDON)


def elapsed() -> float:
    """Seconds on a clock that PORTAL_TODAY does not stop: for the age of sessions, never for what a person reads."""
    return timezone.now().timestamp()
