"""All writing of deliverables, milestones and updates."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from simple_history.utils import bulk_update_with_history

from deliverables.models import Deliverable, Milestone, MilestoneMove, StatusUpdate, UpdateDraft
from people.models import Organisation, User
from priorities.actions import lock_periods, mark_changed, owe_roll_ups, refuse_unless_open
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.jobs import enqueue


@dataclass(frozen=True)
class MilestoneReport:
    """What an update says of one milestone. `seen_on` is the forecast that the author had before her."""

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


class Overtaken(Exception):
    """Someone reported on the same deliverable since the author opened her page. Nothing was saved; `theirs` stands."""

    def __init__(self, theirs: StatusUpdate | None) -> None:
        super().__init__("Someone else has changed this since you opened it. Your words are kept below.")
        self.theirs = theirs


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
    if (sent_before := StatusUpdate.objects.filter(key=key).first()) and says(sent_before, by, deliverable, period, report):
        return sent_before
    last = StatusUpdate.objects.last_word(deliverable=deliverable, period=period)
    if sent_before or seen != (last.number if last else 0):
        raise Overtaken(last)
    update = store(by=by, deliverable=deliverable, period=period, key=key, number=seen + 1, report=report)
    moved = report_milestones(by=by, update=update, reports=report.milestones)
    UpdateDraft.objects.filter(deliverable=deliverable, period=period, saved_by=by).delete()
    # A milestone counts in every month of the year, an update from its own month on.
    owe_roll_ups(periods, since=None if moved else period.starts_on)
    enqueue("reports.roll_up", period.pk)
    return update


def says(update: StatusUpdate, by: User, deliverable: Deliverable, period: ReportingPeriod, report: Report) -> bool:
    """Whether this report is the very one that the update came from, sent again."""
    words = ("rating", "done", "why", "route", "route_on", "evidence")
    whose = (update.submitted_by_id, update.deliverable_id, update.period_id) == (by.pk, deliverable.pk, period.pk)
    if not whose or any(getattr(update, name) != getattr(report, name) for name in words):
        return False
    stand = {pk: days for pk, *days in deliverable.milestones.values_list("pk", "forecast_on", "done_on")}
    return all(stand.get(said.milestone_id) == [said.forecast_on, said.done_on] for said in report.milestones)


def store(*, by: User, deliverable: Deliverable, period: ReportingPeriod, key: UUID, number: int, report: Report) -> StatusUpdate:
    return StatusUpdate.objects.create(
        deliverable=deliverable,
        period=period,
        number=number,
        key=key,
        rating=report.rating,
        done=report.done,
        why=report.why,
        route=report.route,
        route_on=report.route_on,
        evidence=report.evidence,
        submitted_at=clock.now(),
        submitted_by=by,
        is_demonstration=by.is_demonstration,
    )


def report_milestones(*, by: User, update: StatusUpdate, reports: tuple[MilestoneReport, ...]) -> list[Milestone]:
    """Moves forecasts, each with its reason kept, and marks what is done. Returns the milestones that changed."""
    milestones = {m.pk: m for m in update.deliverable.milestones.select_for_update().order_by("pk")} if reports else {}
    changed, moves = [], []
    for report in reports:
        milestone = milestones[report.milestone_id]
        if milestone.forecast_on != report.seen_on:
            raise Overtaken(StatusUpdate.objects.last_word(deliverable=update.deliverable, period=update.period))
        if report.forecast_on != milestone.forecast_on:
            moves.append(move_of(by=by, update=update, milestone=milestone, report=report))
        if (milestone.forecast_on, milestone.done_on) != (report.forecast_on, report.done_on):
            milestone.forecast_on, milestone.done_on = report.forecast_on, report.done_on
            changed.append(milestone)
    MilestoneMove.objects.bulk_create(moves)
    if changed:
        bulk_update_with_history(
            changed, Milestone, ["forecast_on", "done_on"], default_user=by, default_change_reason=f"Update {update.pk}"
        )
    return changed


def move_of(*, by: User, update: StatusUpdate, milestone: Milestone, report: MilestoneReport) -> MilestoneMove:
    return MilestoneMove(
        milestone=milestone,
        update=update,
        from_on=milestone.forecast_on,
        to_on=report.forecast_on,
        reason=report.reason,
        words=report.words,
        moved_at=update.submitted_at,
        moved_by=by,
    )


@dataclass(frozen=True)
class Definition:
    """Who delivers a deliverable, by when, and how it is measured. None and "" mean not set."""

    lead: Organisation | None
    partners: tuple[Organisation, ...]
    managers: tuple[User, ...]
    starts_on: date | None
    due_on: date | None
    measure: str
    maturity: str


@transaction.atomic
def define_deliverable(*, by: User | None, deliverable: Deliverable, definition: Definition) -> Deliverable:
    """Gives the deliverable this definition in place of the one that it has. Its history keeps both."""
    mark_changed(plan_year=deliverable.plan_year)
    defined = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    for name in ("lead", "starts_on", "due_on", "measure", "maturity"):
        setattr(defined, name, getattr(definition, name))
    defined.full_clean()
    defined._history_user = by
    defined.save()
    defined.partners.set(definition.partners)
    defined.managers.set(definition.managers)
    return defined


@transaction.atomic
def add_milestone(*, by: User | None, deliverable: Deliverable, title: str, baseline_on: date) -> Milestone:
    """Adds a step whose forecast starts at its baseline."""
    mark_changed(plan_year=deliverable.plan_year)
    milestone = Milestone(deliverable=deliverable, title=title, baseline_on=baseline_on, forecast_on=baseline_on)
    milestone.full_clean()
    milestone._history_user = by
    milestone.save()
    return milestone
