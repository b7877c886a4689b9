"""Milestones: setting them up, and moving them with an update. Every move is kept with its reason."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from simple_history.utils import bulk_update_with_history

from deliverables.models import Deliverable, Milestone, MilestoneChange, MilestoneMove, StatusUpdate
from people.models import User
from priorities.actions import mark_changed
from strategy_portal import clock
from strategy_portal.editing import Refused

MOVES_BY_ITSELF = timedelta(days=30)
DATES = ["forecast_on", "proposed_on", "done_on"]
FOLLOWED = "As in the year before"  # what the history says of what follows another

Kind = MilestoneMove.Kind


class CannotDecide(Exception):
    """Nothing was decided. The sentence says why."""


class AlreadyAsked(Refused):
    """A change of this milestone waits for the group already."""


def waits_for_the_group(*, to: date, began_on: date, year_ends_on: date) -> bool:
    """Whether a new forecast needs the group: later than the plan year, or more than 30 days later than at the month's beginning.

    `began_on` is the date that was in force before the first update of the month, so that several small moves count as one.
    """
    return to > began_on and (to > year_ends_on or to - began_on > MOVES_BY_ITSELF)


def locked(update: StatusUpdate) -> dict[int, Milestone]:
    """The deliverable's milestones, with `began_on`: the date in force before the month's updates moved it."""
    of_month = MilestoneMove.objects.filter(milestone=OuterRef("pk"), update__period=update.period, kind=Kind.MOVED)
    first = Subquery(of_month.order_by("from_on").values("from_on")[:1])
    milestones = update.deliverable.milestones.select_for_update(of=("self",)).annotate(first_on=first)
    found = {milestone.pk: milestone for milestone in milestones.order_by("pk")}
    for milestone in found.values():
        milestone.began_on = min(milestone.first_on or milestone.forecast_on, milestone.forecast_on)
    return found


def move(milestone: Milestone, *, to: date, year_ends_on: date) -> tuple[str, int]:
    """Moves the forecast, or proposes it to the group. Returns what kind of move that is, and what it counts."""
    if to == milestone.forecast_on:
        milestone.proposed_on = None
        return Kind.TAKEN_BACK, 0
    if waits_for_the_group(to=to, began_on=milestone.began_on, year_ends_on=year_ends_on):
        milestone.proposed_on = to
        return Kind.PROPOSED, 0
    milestone.forecast_on, milestone.proposed_on = to, None
    return Kind.MOVED, 1


def save_dates(milestones: list[Milestone], *, by: User, update: StatusUpdate) -> None:
    if milestones:
        reason = f"Update {update.pk}"
        bulk_update_with_history(milestones, Milestone, DATES, default_user=by, default_change_reason=reason)
        follow(milestones, by=by)


def follow(milestones: list[Milestone], *, by: User | None) -> None:
    """What the next plan year carries on from these moves with them, until that year itself has moved it. What is done or has
    ended here needs not be carried on."""
    stands = {milestone.pk: milestone for milestone in milestones}
    waiting = Milestone.objects.filter(carried_from__in=stands, moves=None, done_on=None, proposed_on=None)
    copies = list(waiting.select_related("deliverable__plan_year").order_by("pk"))
    if not copies:
        return
    mark_changed(plan_year=copies[0].deliverable.plan_year)
    for copy in copies:
        milestone = stands[copy.carried_from_id]
        copy.forecast_on, copy.ended_on = milestone.forecast_on, milestone.done_on or milestone.ended_on
    bulk_update_with_history(copies, Milestone, ["forecast_on", "ended_on"], default_user=by, default_change_reason=FOLLOWED)


def agree_moves(*, by: User, update: StatusUpdate) -> list[MilestoneMove]:
    """Puts into force what the update's deliverable has proposed. Each keeps the reason that its manager gave."""
    waiting = update.deliverable.milestones.select_for_update().exclude(proposed_on=None).order_by("pk")
    agreed, moves = [], []
    for milestone in waiting:
        asked = milestone.moves.filter(kind=Kind.PROPOSED).order_by("-pk").first()
        moves.append(
            MilestoneMove(
                milestone=milestone,
                update=update,
                kind=Kind.AGREED,
                from_on=milestone.forecast_on,
                to_on=milestone.proposed_on,
                reason=asked.reason,
                words=asked.words,
                moved_at=clock.now(),
                moved_by=by,
            )
        )
        milestone.forecast_on, milestone.proposed_on = milestone.proposed_on, None
        agreed.append(milestone)
    save_dates(agreed, by=by, update=update)
    return MilestoneMove.objects.bulk_create(moves)


def take_moves_back(*, by: User, taken_back: list[StatusUpdate], row: StatusUpdate) -> None:
    """Puts each milestone back to where it stood before these updates, unless something else has changed it since."""
    restored, moves = [], []
    for milestone in locked(row).values():
        made = list(milestone.moves.filter(update__in=taken_back).order_by("pk"))
        changed = restore_done(milestone, taken_back)
        if made and milestone.expected_on == made[-1].to_on:
            moves.append(back(milestone, made, by=by, row=row))
            changed = True
        if changed:
            restored.append(milestone)
    save_dates(restored, by=by, update=row)
    MilestoneMove.objects.bulk_create(moves)


def back(milestone: Milestone, made: list[MilestoneMove], *, by: User, row: StatusUpdate) -> MilestoneMove:
    """The move that undoes these, of one milestone."""
    in_force = [one for one in made if one.counts]
    was = milestone.expected_on
    if in_force:
        milestone.forecast_on = in_force[0].from_on
    before = made[0].from_on
    milestone.proposed_on = before if before != milestone.forecast_on else None
    return MilestoneMove(
        milestone=milestone,
        update=row,
        kind=Kind.TAKEN_BACK,
        counts=-sum(one.counts for one in made),
        from_on=was,
        to_on=before,
        reason=made[-1].reason,
        words=made[-1].words,
        moved_at=row.submitted_at,
        moved_by=by,
    )


def restore_done(milestone: Milestone, taken_back: list[StatusUpdate]) -> bool:
    """Whether these updates marked it done, or undone, and that was put back. Its history says what was before."""
    reasons = [f"Update {update.pk}" for update in taken_back]
    marked = list(milestone.history.filter(history_change_reason__in=reasons).order_by("history_id"))
    before = marked[0].prev_record if marked else None
    if before is None or before.done_on == milestone.done_on or marked[-1].done_on != milestone.done_on:
        return False
    milestone.done_on = before.done_on
    return True


@transaction.atomic
def add_milestone(
    *, by: User | None, deliverable: Deliverable, title: str, baseline_on: date, words: str = ""
) -> Milestone | MilestoneChange:
    """Adds a step whose forecast starts at its baseline; once the definition is baselined, asks the group to."""
    mark_changed(plan_year=deliverable.plan_year)
    refuse_taken_title(deliverable, title)
    if is_baselined(deliverable):
        return ask(by=by, deliverable=deliverable, kind="add", title=title, baseline_on=baseline_on, words=words)
    return create(by=by, deliverable=deliverable, title=title, baseline_on=baseline_on)


@transaction.atomic
def change_milestone(
    *, by: User, milestone: Milestone, title: str, baseline_on: date, words: str = ""
) -> Milestone | MilestoneChange:
    """Another title or baseline; once the definition is baselined, asks the group. A forecast equal to its baseline follows."""
    deliverable = milestone.deliverable
    mark_changed(plan_year=deliverable.plan_year)
    refuse_taken_title(deliverable, title, but=milestone)
    if is_baselined(deliverable):
        asked = {"title": title, "baseline_on": baseline_on, "words": words}
        return ask(by=by, deliverable=deliverable, milestone=milestone, kind="edit", **asked)
    return edit(by=by, milestone=milestone, title=title, baseline_on=baseline_on)


@transaction.atomic
def end_milestone(*, by: User, milestone: Milestone, words: str = "") -> Milestone | MilestoneChange:
    """Takes it out of the plan from today; once the definition is baselined, asks the group. What was reported of it stays."""
    deliverable = milestone.deliverable
    mark_changed(plan_year=deliverable.plan_year)
    if is_baselined(deliverable):
        return ask(by=by, deliverable=deliverable, milestone=milestone, kind="end", words=words)
    return end(by=by, milestone=milestone)


@transaction.atomic
def decide_milestone_change(*, by: User, change: MilestoneChange, agreed: bool, answer: str = "") -> MilestoneChange:
    """The group's word on a change of a baseline, which is then made. A second decision changes nothing."""
    mark_changed(plan_year=change.deliverable.plan_year)
    decided = MilestoneChange.objects.select_for_update(of=("self",)).select_related("milestone", "deliverable").get(pk=change.pk)
    if decided.agreed is not None:
        return decided
    if decided.asked_by_id == by.pk:
        raise CannotDecide("You asked for this change yourself, so somebody else has to agree or decline it.")
    decided.agreed, decided.answer, decided.decided_at, decided.decided_by = agreed, answer, clock.now(), by
    decided._history_user = by
    decided.full_clean(exclude=["milestone"])
    decided.save()
    if agreed:
        make(by=by, change=decided)
    return decided


def make(*, by: User, change: MilestoneChange) -> None:
    if change.kind == "add":
        create(by=by, deliverable=change.deliverable, title=change.title, baseline_on=change.baseline_on)
    elif change.kind == "edit":
        edit(by=by, milestone=change.milestone, title=change.title, baseline_on=change.baseline_on)
    else:
        end(by=by, milestone=change.milestone)


def is_baselined(deliverable: Deliverable) -> bool:
    """As it stands now, not as the page was opened."""
    return Deliverable.objects.filter(pk=deliverable.pk, maturity=Deliverable.Maturity.BASELINED).exists()


def refuse_taken_title(deliverable: Deliverable, title: str, but: Milestone | None = None) -> None:
    others = deliverable.milestones.filter(title__iexact=title).exclude(pk=but.pk if but else None)
    if others.exists():
        raise ValidationError({"title": f"There is a milestone “{title}” already. Choose another name."})


def ask(*, by: User | None, deliverable: Deliverable, kind: str, milestone: Milestone | None = None, **asked) -> MilestoneChange:
    if milestone and MilestoneChange.objects.waiting().filter(milestone=milestone).exists():
        raise AlreadyAsked(f"A change of “{milestone}” waits for the group already. It has to be decided first.")
    change = MilestoneChange(deliverable=deliverable, milestone=milestone, kind=kind, asked_at=clock.now(), asked_by=by, **asked)
    change.full_clean()
    change._history_user = by
    change.save()
    return change


def create(*, by: User | None, deliverable: Deliverable, title: str, baseline_on: date) -> Milestone:
    milestone = Milestone(deliverable=deliverable, title=title, baseline_on=baseline_on, forecast_on=baseline_on)
    return store(milestone, by=by)


def edit(*, by: User, milestone: Milestone, title: str, baseline_on: date) -> Milestone:
    if milestone.forecast_on == milestone.baseline_on and milestone.proposed_on != baseline_on:
        milestone.forecast_on = baseline_on
    milestone.title, milestone.baseline_on = title, baseline_on
    return store(milestone, by=by)


def end(*, by: User, milestone: Milestone) -> Milestone:
    milestone.ended_on, milestone.proposed_on = clock.today(), None
    return store(milestone, by=by)


def store(milestone: Milestone, *, by: User | None) -> Milestone:
    milestone.full_clean()
    milestone._history_user = by
    milestone.save()
    follow([milestone], by=by)
    return milestone
