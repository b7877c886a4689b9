"""Nothing typed is lost: what the group writes for a report after its session has ended is kept in the report's draft.

As deliverables.keeping does for an update: the form carries a signed note of whom and which month it was made for.
"""

from django.core import signing
from django.http import HttpRequest, QueryDict

from people.models import User
from people.permissions import can_view_group
from priorities.models import ReportingPeriod
from reports.actions import DraftOvertaken, save_report_draft
from reports.forms import LINE_OF, STORY_OF
from reports.stories import MOST as MOST_STORIES
from strategy_portal.numbers import number_in

SALT = "reports.keeping"
LASTS = 7 * 24 * 60 * 60  # seconds


def writer_token(user: User, period: ReportingPeriod) -> str:
    return signing.dumps([user.pk, period.month], salt=SALT)


def typed(data: QueryDict) -> dict[str, object]:
    """The words of a form as they were typed, whether or not they would do."""
    lines = {plain(name.removeprefix(LINE_OF)): words.strip() for name, words in data.items() if name.startswith(LINE_OF)}
    found: dict[str, object] = {"board_lines": {code: plain(words) for code, words in lines.items() if words}}
    for name in ("note", "reason"):
        if name in data:
            found[name] = plain(data[name])
    if f"{STORY_OF}1" in data:
        chosen = (data.get(f"{STORY_OF}{place}", "") for place in range(1, MOST_STORIES + 1))
        found["stories"] = list(dict.fromkeys(plain(slug)[:80] for slug in chosen if plain(slug)))
    if "reason" in data:
        found["plan_of_now"] = "plan_of_now" in data
    return found


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def seen_in(data: QueryDict) -> int:
    return number_in(data.get("version", ""))


def writer_and_month(request: HttpRequest) -> tuple[User, ReportingPeriod] | None:
    """Of the note that the form carries; nothing where it is forged, too old, or of someone who is no longer of the group."""
    try:
        person, month = signing.loads(request.POST.get("writer", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    user = User.objects.able_to_sign_in().filter(pk=person).first()
    period = ReportingPeriod.objects.begun().in_month(month).first()
    return (user, period) if user and period and can_view_group(user) else None


def keep_report_words(request: HttpRequest, **address: str) -> None:
    if found := writer_and_month(request):
        user, period = found
        try:
            save_report_draft(by=user, period=period, seen=seen_in(request.POST), words=typed(request.POST))
        except DraftOvertaken:
            return
