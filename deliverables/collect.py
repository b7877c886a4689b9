"""Who has not reported, and whether anybody can. Pure but for reading the rows of one page, in a few statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from deliverables.models import Deliverable, StatusUpdate, UpdateDraft
from people.models import Membership, User
from people.roles import ROLES
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.prepared import prepared

NOBODY_ASSIGNED = "Nobody is assigned"
NOBODY_ACTIVE = "Nobody of them can sign in any more"
NEVER_SIGNED_IN = "None of them ever signed in"


@dataclass(frozen=True)
class Missing:
    """A deliverable that is not reported: who could report it, since when somebody has a draft, and why nobody can.
    `cannot` is empty where somebody can."""

    deliverable: Deliverable
    people: tuple[User, ...]
    draft_at: datetime | None
    cannot: str


def missing(deliverables: Sequence[Any], period: ReportingPeriod) -> list[Missing]:
    assigned = people_of(deliverables)
    drafts: dict[int, datetime] = {}
    for pk, saved_at in UpdateDraft.objects.saved_in(period.pk, [one.pk for one in deliverables]):
        drafts[pk] = max(saved_at, drafts.get(pk, saved_at))
    return [
        Missing(one, tuple(u for u in assigned[one.pk] if u.is_active), drafts.get(one.pk), why_nobody_can(assigned[one.pk]))
        for one in deliverables
    ]


def why_nobody_can(people: list[User]) -> str:
    if not people:
        return NOBODY_ASSIGNED
    active = [user for user in people if user.is_active and user.serves_now]  # type: ignore[attr-defined]
    if not active:
        return NOBODY_ACTIVE
    return "" if any(user.last_login or user.has_reported for user in active) else NEVER_SIGNED_IN  # type: ignore[attr-defined]


def people_of(deliverables: Sequence[Any]) -> dict[int, list[User]]:
    """Everyone who reports for the lead or is named, whether she still can or not: see DeliverableQuerySet.reported_by."""
    reporting = [role.code for role in ROLES.values() if "report_progress" in role.may]
    of_leads: dict[int, set[int]] = defaultdict(set)
    leads = sorted({one.lead_id for one in deliverables if one.lead_id})
    for lead, user in Membership.objects.serving(leads, reporting):
        of_leads[lead].add(user)
    found = {one.pk: set(of_leads.get(one.lead_id, ())) for one in deliverables}
    for pk, user in Deliverable.objects.named_on([one.pk for one in deliverables]):
        found[pk].add(user)
    everyone = sorted(set[int]().union(*found.values()))
    known = {user.pk: user for user in reporters(User.objects.all(), everyone, reporting, clock.today())}
    return {pk: sorted((known[u] for u in users if u in known), key=lambda u: u.name) for pk, users in found.items()}


@prepared
def reporters(people: Any, ids: list[int], roles: list[str], on: date) -> QuerySet:
    """With `serves_now` and `has_reported`."""
    reported = Exists(StatusUpdate.objects.filter(submitted_by=OuterRef("pk")))
    return people.filter(pk__in=ids).with_service(roles, on).annotate(has_reported=reported)
