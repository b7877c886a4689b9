"""What is not reported yet in the open periods, and by whom it can be: a few queries, whatever the size of the plan."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from deliverables.models import Deliverable, StatusUpdate
from deliverables.ratings import NOT_REPORTED
from people.models import Membership, User
from priorities.models import ReportingPeriod
from strategy_portal import clock

CODES_NAMED = 6


@dataclass(frozen=True)
class Due:
    """One deliverable that is not reported for a period. `before` is the rating of the month before, such as October.
    Both are empty in the first month of a plan year."""

    deliverable: Deliverable
    period: ReportingPeriod
    before: str
    month_before: str
    days_late: int  # 0 until the day after it was due


@dataclass(frozen=True)
class Owing:
    """Someone from whom something is due, the oldest month first."""

    user: User
    place: str
    reminded_on: date | None
    dues: list[Due] = field(default_factory=list)

    @property
    def days_late(self) -> int:
        return max(due.days_late for due in self.dues)

    @property
    def periods(self) -> dict[int, ReportingPeriod]:
        return {due.period.pk: due.period for due in self.dues}

    @property
    def months(self) -> list[tuple[ReportingPeriod, list[Due]]]:
        groups = groupby(self.dues, key=lambda due: due.period.pk)
        return [(dues[0].period, dues) for dues in (list(group) for _, group in groups)]

    @property
    def in_words(self) -> str:
        """HW-1, HW-2 for November 2025, 4 days late. Last reminded on 28 November 2025."""
        said = [f"{codes(dues)} for {period}{late(dues[0].days_late)}." for period, dues in self.months]
        if self.reminded_on == clock.today():
            said.append("Reminded today.")
        elif self.reminded_on:
            said.append(f"Last reminded on {self.reminded_on:%-d %B %Y}.")
        return " ".join(said)


def codes(dues: Sequence[Due]) -> str:
    named = ", ".join(due.deliverable.code for due in dues[:CODES_NAMED])
    return f"{named} and {len(dues) - CODES_NAMED} more" if len(dues) > CODES_NAMED else named


def late(days: int) -> str:
    return f", {days} {'day' if days == 1 else 'days'} late" if days else ""


@dataclass(frozen=True)
class Outstanding:
    """`people` by how late they are and by name; `nobody` is what has no one to remind."""

    people: list[Owing]
    nobody: list[Due]


def outstanding() -> Outstanding:
    dues = not_reported(clock.today())
    people, reporters = reporters_of({due.deliverable.pk: due.deliverable for due in dues}.values())
    nobody = []
    for due in dues:
        who = reporters[due.deliverable.pk]
        for user_id in who:
            people[user_id].dues.append(due)
        if not who:
            nobody.append(due)
    owing = sorted((person for person in people.values() if person.dues), key=lambda one: (-one.days_late, one.user.name))
    return Outstanding(owing, nobody)


def not_reported(today: date) -> list[Due]:
    """Without a standing update in a period that is open, the oldest month first."""
    begun = list(ReportingPeriod.objects.begun(today))
    open_now = [period for period in reversed(begun) if period.closed_at is None]
    if not open_now:
        return []
    before = {period.pk: before_this(period, begun) for period in open_now}
    read = {*before, *(one.pk for one in before.values() if one)}
    updates = StatusUpdate.objects.standing().filter(period__in=read).values_list("period", "deliverable", "rating")
    ratings = {(period, deliverable): rating for period, deliverable, rating in updates}
    years = {period.plan_year_id for period in open_now}
    names = ("code", "title", "short_title", "plan_year", "stopped_on", "lead__name", "lead__short_name")
    deliverables = list(Deliverable.objects.filter(plan_year__in=years).select_related("lead").only(*names).in_order())
    return [
        Due(
            deliverable,
            period,
            before=rating_before(before[period.pk], deliverable, ratings),
            month_before=f"{before[period.pk].starts_on:%B}" if before[period.pk] else "",
            days_late=max(0, (today - period.due_on).days),
        )
        for period in open_now
        for deliverable in deliverables
        if deliverable.plan_year_id == period.plan_year_id
        and (period.pk, deliverable.pk) not in ratings
        and (deliverable.stopped_on is None or deliverable.stopped_on > period.ends_on)
    ]


def before_this(period: ReportingPeriod, newest_first: Sequence[ReportingPeriod]) -> ReportingPeriod | None:
    earlier = (one for one in newest_first if one.plan_year_id == period.plan_year_id and one.starts_on < period.starts_on)
    return next(earlier, None)


def rating_before(before: ReportingPeriod | None, deliverable: Deliverable, ratings: dict[tuple[int, int], str]) -> str:
    return ratings.get((before.pk, deliverable.pk), NOT_REPORTED) if before else ""


def reporters_of(deliverables: Iterable[Deliverable]) -> tuple[dict[int, Owing], dict[int, set[int]]]:
    """Those who can sign in and report, and who of them can on each: see DeliverableQuerySet.reported_by."""
    people: dict[int, Owing] = {}
    by_organisation: dict[int, set[int]] = defaultdict(set)
    memberships = Membership.objects.giving("report_progress").with_last_reminder().select_related("user", "organisation")
    for one in memberships:
        people.setdefault(one.user_id, Owing(one.user, one.organisation.label, one.reminded_on))
        by_organisation[one.organisation_id].add(one.user_id)
    found = {one.pk: set(by_organisation.get(one.lead_id, ())) for one in deliverables}
    years = {one.plan_year_id for one in deliverables}
    named = Deliverable.managers.through.objects.filter(deliverable__plan_year__in=years, user__in=people)
    for deliverable_id, user_id in named.values_list("deliverable", "user"):
        if deliverable_id in found:
            found[deliverable_id].add(user_id)
    return people, found
