"""Nothing typed is lost: what someone sends after her session has ended is kept as her draft, and waits for her.

Each form carries a signed note of whom it was made for. It lets its words be kept for that person alone; it shows nothing to
anyone, and signs nobody in.
"""

from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest

from deliverables.actions import DraftIsNewer, save_draft
from deliverables.entry import typed
from deliverables.models import Deliverable
from people.models import User
from priorities.actions import PeriodClosed
from priorities.models import ReportingPeriod
from strategy_portal.clock import LONDON
from strategy_portal.numbers import number_in

SALT = "deliverables.keeping"
LASTS = 7 * 24 * 60 * 60  # seconds: a form that was left open over a weekend


def author_token(user: User, code: str, period: ReportingPeriod) -> str:
    return signing.dumps([user.pk, code, period.month], salt=SALT)


def keep_words(request: HttpRequest, code: str) -> None:
    """Of a form that was sent without a session. A draft that another window has saved since stays as it is."""
    try:
        person, form_code, month = signing.loads(request.POST.get("author", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return
    user = User.objects.able_to_sign_in().filter(pk=person).first()
    period = ReportingPeriod.objects.begun().in_month(month).first()
    if user is None or period is None or form_code != code:
        return
    deliverable = (
        Deliverable.objects.reported_by(user).of(period.plan_year_id).filter(code=code).select_related("plan_year").first()
    )
    fields, version = typed(request.POST), request.POST.get("version", "")
    if deliverable is None or not fields:
        return
    try:
        save_draft(by=user, deliverable=deliverable, period=period, fields=fields, version=number_in(version))
    except (DraftIsNewer, PeriodClosed):
        return


def said_when(saved_at: datetime | Any) -> str:
    local = saved_at.astimezone(LONDON)
    hour = local.strftime("%I:%M").lstrip("0")
    return f"Draft saved {hour}{local.strftime('%p').lower()}"
