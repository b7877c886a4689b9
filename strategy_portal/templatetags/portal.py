"""Small filters and tags that every template may use without loading them."""

import re
from calendar import day_name, month_name
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from strategy_portal.clock import LONDON

register = template.Library()
MONTHS = tuple(month_name)  # which works a name out anew each time that it is asked
NOT_SET = mark_safe('<span class="not-set">Not set</span>')


class MonthOf(NamedTuple):
    month_name: str
    rating: str


# The words beside the marks. A test holds them to deliverables.ratings, which this app may not import.
RATING_NAMES = {
    "complete": "Complete",
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "not_reported": "Not reported",
    "nothing_planned": "Nothing planned",
}


@register.filter
def rating_name(code: str) -> str:
    return RATING_NAMES.get(code, str(code))


@register.filter
def segments(counts: Mapping[str, int] | None) -> list[dict[str, Any]]:
    """The parts of a distribution that hold anything, best first, each with its place in percent."""
    shown = [(code, counts[code]) for code in RATING_NAMES if counts and counts.get(code)]
    total = sum(count for _, count in shown)
    starts = accumulate((count for _, count in shown), initial=0)
    return [
        {"code": code, "count": count, "x": f"{100 * start / total:.2f}", "width": f"{100 * count / total:.2f}"}
        for (code, count), start in zip(shown, starts, strict=False)
    ]


@register.filter
def backwards(items: Sequence[Any]) -> list[Any]:
    """Last first, as when a history is newest first and its strip is not."""
    return list(reversed(items))


@lru_cache(maxsize=2048)
def rendered(name: str, arguments: tuple[tuple[str, Any], ...]) -> SafeString:
    return get_template(f"components/{name}.html").render(dict(arguments))


@register.simple_tag
def small(name: str, **arguments: Any) -> SafeString:
    """components/<name>.html, made once for the same arguments: for marks and words that a page shows a hundred times."""
    return rendered(name, tuple(arguments.items()))


@register.simple_tag
def strip(months: Sequence[Any]) -> SafeString:
    """A deliverable's months, oldest first, each with `month_name` and `rating`."""
    return strip_of(tuple((month.month_name, month.rating) for month in months))


@register.simple_tag
def strip_in(ratings: Sequence[str], months: Sequence[Mapping[str, str]]) -> SafeString:
    """The same from ratings alone, of these months."""
    return strip_of(tuple((month["name"], rating) for month, rating in zip(months, ratings, strict=True)))


@lru_cache(maxsize=1024)
def strip_of(months: tuple[tuple[str, str], ...]) -> SafeString:
    named = [{"month_name": name, "rating": rating} for name, rating in months]
    return get_template("components/strip.html").render({"months": named})


@register.filter
def or_not_set(value: Any) -> Any:
    """What is empty is said to be so."""
    return value or NOT_SET


@register.filter
def day(value: date | None) -> str:
    """5 December 2025"""
    found = in_london(value)
    return f"{found.day} {MONTHS[found.month]} {found.year}" if found else ""


@register.filter
def day_short(value: date | None) -> str:
    """5 December"""
    found = in_london(value)
    return f"{found.day} {MONTHS[found.month]}" if found else ""


@register.filter
def weekday(value: date | None) -> str:
    """Friday 5 December"""
    return f"{day_name[in_london(value).weekday()]} {day_short(value)}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """2 December 2025, 2:02pm"""
    local = in_london(value)
    return f"{day(local.date())}, {time_of(local)}" if local else ""


def in_london(value: Any) -> Any:
    """The date or moment there; what a roll-up keeps as text is a date."""
    if isinstance(value, str):
        return date.fromisoformat(value) if value else None
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


def time_of(value: datetime) -> str:
    """As the NHS content guide writes it: 2:02pm, 2pm, midday, midnight."""
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'pm' if value.hour >= 12 else 'am'}"


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """1,000 and 2.5: a comma between thousands, no zeros after the last figure that says something."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The current address's question with some parts changed; an empty value takes one out: {% query page=2 %}."""
    parts = context.request.GET.copy()  # type: ignore[attr-defined]
    for name, value in changes.items():
        parts.pop(name, None)
        if value not in (None, ""):
            parts[name] = value
    return f"?{parts.urlencode()}"


@register.simple_tag(takes_context=True)
def is_here(context: Context, address: str) -> bool:
    """Whether this page is the one at the address, or one below it, or the same in another year: /2025-26/deliverables/."""
    path = re.sub(r"^/\d{4}-\d{2}/", "/", context.request.path)  # type: ignore[attr-defined]
    return path == address or (address != "/" and path.startswith(address))


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: SafeString, name: str, **arguments: Any) -> SafeString:
    """Puts what stands between the tags into components/<name>.html: {% component "panel" heading="…" %}…{% endcomponent %}."""
    found = context.template.engine.get_template(f"components/{name}.html")  # type: ignore[union-attr]
    return found.render(context.new({"content": content, **arguments}))
