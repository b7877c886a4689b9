"""Submitting an update, and taking it back."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from deliverables.actions.milestones import locked, move, save_dates, take_moves_back
from deliverables.challenge import Flag, kept
from deliverables.models import Decision, Deliverable, Milestone, MilestoneMove, StatusUpdate, UpdateDraft
from deliverables.ratings import TAKEN_BACK
from people.models import User
from priorities.actions import PeriodClosed, lock_periods, owe_roll_ups, refuse_unless_open
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.jobs import enqueue


@dataclass(frozen=True)
class MilestoneReport:
    """What an update says of one milestone. `seen_on` is the date that its author found expected."""

    milestone_id: int
    seen_on: date
    forecast_on: date
    reason: str = ""
    words: str = ""
    done_on: date | None = None


@dataclass(frozen=True)
class Report:
    """What an author reports: everything but who, when and for what."""

    rating: str
    done: str
    why: str = ""
    route: str = ""
    route_on: date | None = None
    evidence: str = ""
    milestones: tuple[MilestoneReport, ...] = field(default=())
    flags: tuple[Flag, ...] = field(default=())  # what the second look asked her
    answer: str = ""


class Overtaken(Exception):
    """Someone reported on the same deliverable since the author opened her page. Nothing was saved; `theirs` stands."""

    def __init__(self, theirs: StatusUpdate | None) -> None:
        super().__init__("Someone else has changed this since you opened it. Your words are kept below.")
        self.theirs = theirs


class CannotTakeBack(Exception):
    """The update stands as it is. The sentence says why."""


@transaction.atomic
def submit_update(
    *, by: User, deliverable: Deliverable, period: ReportingPeriod, key: UUID, seen: int, report: Report
) -> StatusUpdate:
    """Stores the update and its milestones, and owes the roll-ups that they change.

    `key` makes a double click or a replay one row; `seen` is the number of the last update that the author saw (0 if none).
    Raises PeriodClosed or Overtaken, with nothing saved.
    """
    periods = lock_periods(plan_year=deliverable.plan_year)
    refuse_unless_open(periods[period.pk], on=clock.today())
    if deliverable.stopped_on and deliverable.stopped_on <= period.ends_on:
        raise PeriodClosed(
            f"{deliverable} was stopped on {deliverable.stopped_on:%-d %B %Y}, so it takes no update for {period}."
        )
    sent_before, last = None, None
    for row in StatusUpdate.objects.sent_or_seen(key, deliverable.pk, period.pk, seen):
        if row.key == key:
            sent_before = row
        if (row.deliverable_id, row.period_id) == (deliverable.pk, period.pk):
            last = row
    if sent_before and says(sent_before, by, deliverable, period, report):
        return sent_before
    if sent_before or seen != (last.number if last else 0):
        raise Overtaken(StatusUpdate.objects.last_word(deliverable=deliverable, period=period))
    update = store(by=by, deliverable=deliverable, period=period, key=key, number=seen + 1, **words_of(report))
    moved = report_milestones(by=by, update=update, reports=report.milestones)
    UpdateDraft.objects.filter(deliverable=deliverable, period=period, saved_by=by).delete()
    # A milestone counts in every month of the year, an update from its own month on.
    owe_roll_ups(periods, since=None if moved else period.starts_on)
    enqueue("reports.roll_up", period.pk)
    return update


@transaction.atomic
def take_back_update(*, by: User, update: StatusUpdate, key: UUID) -> StatusUpdate:
    """The month counts as not reported again, milestones stand as before, and the words are in her draft.

    Raises PeriodClosed, Overtaken or CannotTakeBack. Doing it twice is doing it once.
    """
    deliverable, period = update.deliverable, update.period
    periods = lock_periods(plan_year=deliverable.plan_year)
    refuse_unless_open(periods[period.pk], on=clock.today())
    rows = list(StatusUpdate.objects.filter(deliverable=deliverable, period=period).order_by("-number"))
    if rows[0].rating == TAKEN_BACK and rows[0].number == update.number + 1:
        return rows[0]
    if rows[0].pk != update.pk:
        raise Overtaken(rows[0])
    standing = rows[: next((n for n, row in enumerate(rows) if row.rating == TAKEN_BACK), len(rows))]
    if Decision.objects.filter(update__in=standing, kind=Decision.Kind.AGREE).exists():
        raise CannotTakeBack("The group has agreed this update. You can correct it, but not take it back.")
    row = store(by=by, deliverable=deliverable, period=period, key=key, number=update.number + 1, rating=TAKEN_BACK)
    take_moves_back(by=by, taken_back=standing, row=row)
    keep_as_draft(by=by, update=update)
    owe_roll_ups(periods, since=None)
    enqueue("reports.roll_up", period.pk)
    return row


def keep_as_draft(*, by: User, update: StatusUpdate) -> None:
    """What was submitted, as its form would have it. A draft that is there already is newer, and stays."""
    words = {name: getattr(update, name) for name in WORDS if name != "route_on"} | {"answer": update.answer}
    if update.route_on:
        words |= {f"route_on-{part}": str(getattr(update.route_on, part)) for part in ("day", "month", "year")}
    UpdateDraft.objects.get_or_create(
        deliverable=update.deliverable,
        period=update.period,
        saved_by=by,
        defaults={"fields": words, "saved_at": clock.now()},
    )


WORDS = ("rating", "done", "why", "route", "route_on", "evidence")


def words_of(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in WORDS} | {"second_look": kept(report.flags), "answer": report.answer}


def says(update: StatusUpdate, by: User, deliverable: Deliverable, period: ReportingPeriod, report: Report) -> bool:
    """Whether this report is the very one that the update came from, sent again."""
    whose = (update.submitted_by_id, update.deliverable_id, update.period_id) == (by.pk, deliverable.pk, period.pk)
    if not whose or any(getattr(update, name) != getattr(report, name) for name in (*WORDS, "answer")):
        return False
    stand = {milestone.pk: (milestone.expected_on, milestone.done_on) for milestone in deliverable.milestones.all()}
    return all(stand.get(said.milestone_id) == (said.forecast_on, said.done_on) for said in report.milestones)


def store(*, by: User, deliverable: Deliverable, period: ReportingPeriod, key: UUID, number: int, **words: Any) -> StatusUpdate:
    return StatusUpdate.objects.create(
        deliverable=deliverable,
        period=period,
        number=number,
        key=key,
        submitted_at=clock.now(),
        submitted_by=by,
        is_demonstration=by.is_demonstration,
        **words,
    )


def report_milestones(*, by: User, update: StatusUpdate, reports: tuple[MilestoneReport, ...]) -> list[Milestone]:
    """Moves forecasts, each with its reason kept, and marks what is done. Returns the milestones that changed."""
    milestones = locked(update) if reports else {}
    changed, moves = [], []
    for report in reports:
        milestone = milestones[report.milestone_id]
        if milestone.expected_on != report.seen_on:
            raise Overtaken(StatusUpdate.objects.last_word(deliverable=update.deliverable, period=update.period))
        moves_it, marks_it = report.forecast_on != milestone.expected_on, report.done_on != milestone.done_on
        if moves_it:
            moves.append(move_of(by=by, update=update, milestone=milestone, report=report))
        if moves_it or marks_it:
            milestone.done_on = report.done_on
            changed.append(milestone)
    MilestoneMove.objects.bulk_create(moves)
    save_dates(changed, by=by, update=update)
    return changed


def move_of(*, by: User, update: StatusUpdate, milestone: Milestone, report: MilestoneReport) -> MilestoneMove:
    was = milestone.expected_on
    kind, counts = move(milestone, to=report.forecast_on, year_ends_on=update.deliverable.plan_year.ends_on)
    return MilestoneMove(
        milestone=milestone,
        update=update,
        kind=kind,
        counts=counts,
        from_on=was,
        to_on=report.forecast_on,
        reason=report.reason,
        words=report.words,
        moved_at=update.submitted_at,
        moved_by=by,
    )
