"""When something was done, as one time is always written: 2024/25, 2024 or October 2025. Pure."""

import re
from calendar import month_name

PLAN_YEAR = re.compile(r"(?:fy ?)?(?:20)?(\d\d) ?[/–-] ?(?:20)?(\d\d)")
YEAR = re.compile(r"20\d\d")
MONTH = re.compile(r"([a-z]{3,9})\.? ?(20\d\d)")


def tidy_year(text: str) -> str:
    """24/25 and 2024-25 are 2024/25, Oct 2025 is October 2025. Nothing where it is no such time."""
    plain = " ".join(text.lower().split())
    if (found := PLAN_YEAR.fullmatch(plain)) and (int(found[1]) + 1) % 100 == int(found[2]):
        return f"20{found[1]}/{found[2]}"
    if YEAR.fullmatch(plain):
        return plain
    found = MONTH.fullmatch(plain)
    name = next((name for name in month_name if found and name and name.lower().startswith(found[1])), "")
    return f"{name} {found[2]}" if found and name else ""
