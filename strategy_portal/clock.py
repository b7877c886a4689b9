"""The only door to the time. Dates are those of Europe/London."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")
_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """The portal's moment: the real one, or the same time of day on PORTAL_TODAY in a demonstration."""
    if (moment := _fixed.get()) is not None:
        return moment
    moment = timezone.now().astimezone(LONDON)
    day: date | None = settings.PORTAL_TODAY
    return moment if day is None else datetime.combine(day, moment.time(), LONDON)


def today() -> date:
    return now().date()


def on(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), LONDON)


def elapsed() -> float:
    """Seconds on a clock that nothing stops: for the age of sessions, never for what a person reads."""
    return float(timezone.now().timestamp())


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Lets the demonstration and the tests act at a moment of their own."""
    token = _fixed.set(moment.astimezone(LONDON))
    try:
        yield
    finally:
        _fixed.reset(token)
