"""A calendar of due and meeting days, in the iCalendar format (RFC 5545). Pure: days in, bytes out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

READ_AGAIN_AFTER = timedelta(hours=12)


@dataclass(frozen=True)
class Day:
    """`code` is the same for the same occasion for ever, so that a day that moves is moved in the calendar, not doubled."""

    code: str
    on: date
    summary: str
    address: str


def feed(days: Iterable[Day], *, name: str, host: str, written_at: datetime) -> bytes:
    from icalendar import Calendar  # 4 MB, for the few addresses that are calendars

    calendar = Calendar()
    calendar.add("prodid", f"-//{name}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    for day in days:
        calendar.add_component(event(day, host=host, written_at=written_at))
    written: bytes = calendar.to_ical()
    return written


def event(day: Day, *, host: str, written_at: datetime) -> "Event":
    """The whole day, during which the person is free for other things."""
    from icalendar import Event

    made = Event()
    made.add("uid", f"{day.code}@{host}")
    made.add("dtstamp", written_at)
    made.add("dtstart", day.on)
    made.add("dtend", day.on + timedelta(days=1))
    made.add("summary", day.summary)
    made.add("url", day.address)
    made.add("transp", "TRANSPARENT")
    return made
