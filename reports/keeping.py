"""Nothing typed is lost: what the group writes after its session has ended is kept in the report's draft.

As deliverables.keeping does for an update: the form carries a signed note of whom and which month it was made for.
"""

from django.core import signing
from django.http import HttpRequest, QueryDict

from people.models import User
from people.permissions import can_view_group
from priorities.models import ReportingPeriod
from reports.actions import DraftOvertaken, save_report_draft
from reports.forms import LINE_OF

SALT = "reports.keeping"
LASTS = 7 * 24 * 60 * 60  # seconds


def writer_token(user: User, period: ReportingPeriod) -> str:
    return signing.dumps([user.pk, period.month], salt=SALT)


def typed(data: QueryDict) -> dict[str, object]:
    """The words of a form as they were typed, whether or not they would do."""
    lines = {name.removeprefix(LINE_OF): words.strip() for name, words in data.items() if name.startswith(LINE_OF)}
    found: dict[str, object] = {"board_lines": {code: plain(words) for code, words in lines.items() if words}}
    for name in ("note", "reason"):
        if name in data:
            found[name] = plain(data[name])
    if "reason" in data:
        found["plan_of_now"] = "plan_of_now" in data
    return found


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def seen_in(data: QueryDict) -> int:
    version = data.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else 0


def keep_report_words(request: HttpRequest, **address: str) -> None:
    try:
        person, month = signing.loads(request.POST.get("writer", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return
    user = User.objects.able_to_sign_in().filter(pk=person).first()
    period = ReportingPeriod.objects.begun().in_month(month).first()
    if user is None or period is None or not can_view_group(user):
        return
    try:
        save_report_draft(by=user, period=period, seen=seen_in(request.POST), words=typed(request.POST))
    except DraftOvertaken:
        return
