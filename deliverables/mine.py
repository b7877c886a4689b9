"""All that is due from one person in an open month: what /updates/ shows, read in a few statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deliverables.entry import Entry
from deliverables.models import Deliverable, Milestone, StatusUpdate, UpdateDraft
from priorities.models import ReportingPeriod
from strategy_portal import clock


@dataclass(frozen=True)
class Months:
    """The month that is reported on, and the one before it in the plan year. `newest` is that of the newest open month."""

    period: ReportingPeriod
    before: ReportingPeriod | None
    newest: str
    so_far: list[ReportingPeriod]  # of the plan year, this one first

    @property
    def recent(self) -> list[ReportingPeriod]:
        return [self.period, self.before] if self.before else [self.period]


def open_months(asked: str, *, closed_too: bool = False) -> Months | None:
    """The month asked for if it is open, else the newest that is. In one statement.

    With `closed_too` the month asked for is taken as it is: the words of a form must never be stored under another month.
    """
    begun = ReportingPeriod.objects.newest_begun(clock.today())
    open_now = [period for period in begun if period.closed_at is None]
    may_be = begun if closed_too else open_now
    period = next((period for period in may_be if period.month == asked), open_now[0] if open_now else None)
    if period is None:
        return None
    so_far = [one for one in begun if one.plan_year_id == period.plan_year_id and one.starts_on <= period.starts_on]
    return Months(period, so_far[1] if len(so_far) > 1 else None, open_now[0].month if open_now else "", so_far)


def due_from(user: Any, months: Months):
    """What she reports on in the month, in the plan's order, with what an entry needs of each."""
    found = Deliverable.objects.reported_by(user).of(months.period.plan_year_id).going(months.period).select_related("priority")
    return found.with_evidence().with_number_in(months.period).in_order()


def entries(rows: list[Any], user: Any, months: Months, *, asked: str = "") -> list[Entry]:
    """One for each. `asked` is the code of the one whose form is to be shown."""
    drafts = UpdateDraft.objects.of_hers(months.period.pk, user.pk, [row.pk for row in rows])
    drafted = {draft.deliverable_id: draft for draft in drafts}
    filled = [row.pk for row in rows if row.pk in drafted or row.code == asked]
    steps = group(Milestone.objects.to_report_of(filled, months.period))
    made = [entry(row, months, drafted.get(row.pk), steps.get(row.pk, [])) for row in rows]
    look_further_back([one for one in made if one.deliverable.pk in filled], months.period)
    for one in made:
        one.asked = one.deliverable.code == asked
    return made


def sent(row: Any, months: Months, data: Mapping[str, Any]) -> Entry:
    """What was sent about one, with no more than it takes to check and store it."""
    row.plan_year = months.period.plan_year
    last = StatusUpdate.objects.standing_of(deliverable=row, period=months.before) if months.before else None
    made = Entry(
        deliverable=row,
        period=months.period,
        standing=None,
        number=0,  # what was sent says itself which number it has seen
        last=last,
        before=last,
        milestones=Milestone.objects.to_report_of([row.pk], months.period),
        data=data,
        has_evidence=row.has_evidence,
    )
    look_further_back([made], months.period)
    return made


def entry(row: Any, months: Months, draft: UpdateDraft | None, steps: list[Milestone]) -> Entry:
    found: dict[int, StatusUpdate] = {}
    row.plan_year = months.period.plan_year  # which is read already
    for update in row.recent_updates:
        update.period = months.period if update.period_id == months.period.pk else months.before
        found[update.period_id] = update
    last = found.get(months.before.pk) if months.before else None
    return Entry(
        deliverable=row,
        period=months.period,
        standing=found.get(months.period.pk),
        number=row.number_in,
        last=last,
        before=last,
        milestones=steps,
        draft=draft,
        has_evidence=row.has_evidence,
    )


def look_further_back(filled: list[Entry], period: ReportingPeriod) -> None:
    """Who was silent last month is compared with the month before that, and so on."""
    silent = {one.deliverable.pk: one for one in filled if one.before is None}
    if silent:
        for update in StatusUpdate.objects.newest_before(period, list(silent)):
            silent[update.deliverable_id].before = update


def group(milestones: Iterable[Milestone]) -> dict[int, list[Milestone]]:
    found: dict[int, list[Milestone]] = {}
    for milestone in milestones:
        found.setdefault(milestone.deliverable_id, []).append(milestone)
    return found
