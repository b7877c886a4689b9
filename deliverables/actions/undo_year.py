"""Taking back the plan year that was published last, as long as nobody has worked in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import DO_NOTHING, Model, QuerySet
from simple_history.utils import get_history_manager_for_model

from deliverables.actions.copying import reason_of, record_removal
from deliverables.actions.milestones import FOLLOWED
from deliverables.definition import Wording, wording_of
from deliverables.maturity import AGREED, BASELINED, NAMES
from deliverables.models import (
    CommitmentSuccession,
    Deliverable,
    DeliverableSuccession,
    Milestone,
    PrioritySuccession,
    RefreshDraft,
)
from people.models import User
from priorities.actions import lock_periods
from priorities.models import Commitment, ExpectedOutcome, PlanYear, Priority, ReportingPeriod, Theme
from strategy_portal import clock

# What publishing makes, and by what each belongs to its year: in the order in which it can be taken away.
MADE: tuple[tuple[type[Model], str], ...] = (
    (DeliverableSuccession, "was__plan_year"),
    (CommitmentSuccession, "was__theme__plan_year"),
    (PrioritySuccession, "was__plan_year"),
    (Milestone, "deliverable__plan_year"),
    (Deliverable, "plan_year"),
    (Commitment, "theme__plan_year"),
    (Theme, "plan_year"),
    (ExpectedOutcome, "plan_year"),
    (Priority, "plan_year"),
    (ReportingPeriod, "plan_year"),
    (PlanYear, "pk"),
)
# What is not counted by its own name
CALLED = {"evidence": "piece of evidence:pieces of evidence", "ask": "ask of the board:asks of the board"}


class CannotUndo(Exception):
    """The year stays. The sentence says why."""


class WouldLose(Exception):
    """The year stays for now: definitions would be lost, and nobody has confirmed that just these may be."""


@dataclass(frozen=True)
class Lost:
    """A definition that is only in the year that would be undone, and what was done to it there."""

    code: str
    name: str
    what: str


@dataclass
class Undoing:
    """What undoing a plan year would take away, and why it cannot be."""

    year: PlanYear
    before: PlanYear
    counts: list[str] = field(default_factory=list)  # in words
    edited: int = 0  # of what publishing made: changed or added by hand since
    reasons: list[str] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    @property
    def seal(self) -> str:
        """Of what would be lost: whoever confirms it has seen just that."""
        return sha256(repr(self.lost).encode()).hexdigest()[:16] if self.lost else ""

    @property
    def refused(self) -> str:
        if not self.reasons:
            return ""
        return f"{self.year} cannot be undone any more, because people have worked in it: {', '.join(self.reasons)}."


def undoing(year: PlanYear) -> Undoing | None:
    """Of a year that came from a refresh, in a few statements; None for any other."""
    before = PlanYear.objects.before(year)
    if before is None or not DeliverableSuccession.objects.filter(was__plan_year=before).exists():
        return None
    made = {f"{model.__name__}:{called(model)}": of_year(model, belongs, year) for model, belongs in MADE[3:-1]}
    used = dict(used_by(year))
    since = {f"edits of {what}": edits(rows, before) for what, rows in made.items()}
    counts = PlanYear.objects.filter(pk=year.pk).counting(**named(made | used | since))
    numbers = dict(zip(made | used | since, counts.values(), strict=True))
    return Undoing(
        year,
        before,
        counts=in_words({what: numbers[what] for what in made}),
        edited=sum(numbers[what] for what in since),
        reasons=in_words({what: numbers[what] for what in used}),
        lost=list(lost_with(year, before)),
    )


def lost_with(year: PlanYear, before: PlanYear) -> Iterator[Lost]:
    """The definitions that were added, worded or agreed in the year since it was published."""
    rows = list(Deliverable.objects.of(year).in_order())
    by_hand = worded_by_hand(rows, before)
    for row in rows:
        said = [by_hand[row.pk]] if row.pk in by_hand else []
        if row.maturity in (AGREED, BASELINED):
            said.append(NAMES[row.maturity].lower())
        if said:
            yield Lost(row.code, row.name, " and ".join(said))


def worded_by_hand(rows: list[Deliverable], before: PlanYear) -> dict[int, str]:
    """By number, from their histories: those that say what publishing did not bring and what follows no other year."""
    found: dict[int, str] = {}
    stood: dict[int, Wording] = {}
    for record in Deliverable.history.filter(id__in=[row.pk for row in rows]).order_by("history_id"):
        says = wording_of(record)
        if record.history_change_reason not in (reason_of(before), FOLLOWED) and stood.get(record.id) != says:
            found.setdefault(record.id, "worded" if record.id in stood else "added by hand")
        stood[record.id] = says
    return found


def in_words(numbers: dict[str, int]) -> list[str]:
    """A thing that names two rows of the year is one thing."""
    found: dict[tuple[str, str], int] = {}
    for what, number in numbers.items():
        _, one, many = what.split(":")
        found[one, many] = max(number, found.get((one, many), 0))
    return [f"{number:,} {one if number == 1 else many}" for (one, many), number in found.items() if number]


def called(model: type[Model]) -> str:
    """One of them and several."""
    one, many = model._meta.verbose_name, model._meta.verbose_name_plural
    return CALLED.get(str(one), f"{one}:{many}")


def named(rows: dict[str, QuerySet]) -> dict[str, QuerySet]:
    return {f"n{place}": found for place, found in enumerate(rows.values())}


def used_by(year: PlanYear) -> Iterator[tuple[str, QuerySet]]:
    """Whatever names a row of the year, in whatever table, that is neither made by publishing nor worked out by the portal."""
    own = {model for model, _ in MADE}
    for model, belongs in MADE[3:]:
        for relation in model._meta.get_fields(include_hidden=True):
            other: Any = relation.related_model
            if not relation.auto_created or relation.concrete or other in own or getattr(other, "is_computed", False):
                continue
            if getattr(relation, "on_delete", None) is DO_NOTHING or other._meta.auto_created:
                continue
            name = relation.field.name  # type: ignore[union-attr]
            named = other._base_manager.filter(**{f"{name}__in": of_year(model, belongs, year)})
            yield f"{model.__name__} {other.__name__} {name}:{called(other)}", named


def edits(rows: QuerySet, before: PlanYear) -> QuerySet:
    """What the histories have got since: all but what publishing itself wrote."""
    records = get_history_manager_for_model(rows.model).model._default_manager.filter(id__in=rows.values("pk"))
    return records.exclude(history_change_reason__in=[reason_of(before), FOLLOWED])


def of_year(model: type[Model], belongs: str, year: PlanYear) -> QuerySet:
    return model._default_manager.filter(**{belongs: year.pk})


@transaction.atomic
def undo_year(*, by: User, year: PlanYear, knowing: str = "") -> PlanYear:
    """Takes away the year and all that publishing made. Returns the year before, whose draft is open again. Raises CannotUndo.

    What was edited in it since goes too, and stays in the histories. Where that is definitions, `knowing` is the seal of those
    that were seen and may be lost; raises WouldLose for any other.
    """
    before = PlanYear.objects.before(year)
    if before is not None:
        lock_periods(plan_year=before)
        PlanYear.objects.select_for_update().get(pk=before.pk)
    lock_periods(plan_year=year)  # whoever reports on a month of the year holds these
    found = undoing(year)
    if found is None:
        raise CannotUndo(f"{year} did not come from a refresh, so there is nothing to undo.")
    if found.reasons:
        raise CannotUndo(found.refused)
    if found.seal != knowing:
        raise WouldLose
    reason = f"{year} undone"
    for model, belongs in MADE:
        rows = of_year(model, belongs, found.before if belongs.startswith("was") else year)
        take_away(by=by, rows=rows, reason=reason)
    RefreshDraft.objects.filter(plan_year=found.before).update(saved_at=clock.now(), saved_by=by)
    return found.before


def take_away(*, by: User, rows: QuerySet, reason: str) -> None:
    """With their links, and with what the portal has worked out from them. What anything else names, the database keeps."""
    model = rows.model
    record_removal(list(rows), by=by, reason=reason)
    for link in model._meta.many_to_many:
        through = link.remote_field.through
        through._default_manager.filter(**{f"{link.m2m_field_name()}__in": rows})._raw_delete("default")
    for relation in model._meta.related_objects:
        if getattr(relation.related_model, "is_computed", False):
            computed: Any = relation.related_model
            computed._default_manager.filter(**{f"{relation.field.name}__in": rows})._raw_delete("default")
    model._default_manager.filter(pk__in=rows.values("pk"))._raw_delete("default")
