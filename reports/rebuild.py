"""Reads a period's position from the logs and the edit history, up to marks: as it was then, whatever was changed since.

It shares no query with reports.gather, so each is a second opinion on the other.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Model, OuterRef, Subquery

from deliverables.definition import Agreed, as_set, otherwise
from deliverables.models import Decision, DefinitionChange, Deliverable, Milestone, MilestoneMove, StatusUpdate
from deliverables.ratings import NOT_REPORTED, TAKEN_BACK
from people.models import Organisation, User
from priorities.models import PlanYear, Principle, Priority, ReportingPeriod, Strategy
from reports.gather import NEXT_DAYS, Frame, place
from reports.lines import SAID, STEP, Facts
from reports.loading.history import links_of
from reports.reads import MILESTONES_SHOWN
from reports.rollup import Line


def rows_at(model: Any, mark: int, **scope: Any) -> dict[int, Any]:
    """The rows of an edited model as they stood at a mark of its history, by id. What is deleted by then is not there."""
    history = model.history.model
    newest = history.objects.filter(id=OuterRef("id"), history_id__lte=mark).order_by("-history_id").values("history_id")[:1]
    found = history.objects.filter(history_id=Subquery(newest), **scope).exclude(history_type="-")
    return {row.id: row for row in found}


def as_row(model: type[Model], record: Any) -> Any:
    names = [field.attname for field in model._meta.concrete_fields if hasattr(record, field.attname)]
    return model(**{name: getattr(record, name) for name in names})


class Logged:
    """The same as reports.gather.Live says of now, of then."""

    def __init__(self, period: ReportingPeriod, marks: dict[str, int]) -> None:
        self.marks, self.year = marks, period.plan_year_id
        self.frame = self.frame_of(period.pk)
        self.end = self.frame.period.ends_on

    def rows(self, name: str, model: Any, **scope: Any) -> dict[int, Any]:
        return {pk: as_row(model, record) for pk, record in rows_at(model, self.marks[name], **scope).items()}

    def frame_of(self, period: int) -> Frame:
        year = self.rows("plan_year", PlanYear, id=self.year)[self.year]
        year.strategy = self.rows("strategy", Strategy, id=year.strategy_id)[year.strategy_id]
        periods = sorted(self.rows("periods", ReportingPeriod, plan_year=self.year).values(), key=lambda row: row.starts_on)
        for row in periods:
            row.plan_year = year
        so_far = periods[: [row.pk for row in periods].index(period) + 1]
        return Frame(
            period=so_far[-1],
            before=so_far[-2] if len(so_far) > 1 else None,
            periods=so_far,
            priorities=sorted(self.rows("priorities", Priority, plan_year=self.year).values(), key=place),
            principles=sorted(self.rows("principles", Principle, strategy=year.strategy_id).values(), key=place),
        )

    @cached_property
    def all_deliverables(self) -> dict[int, Any]:
        """As they stood at the mark, in the wording that was in force in the period."""
        found = rows_at(Deliverable, self.marks["deliverables"], plan_year=self.year)
        begun, agreed = {period.pk for period in self.frame.periods}, defaultdict(list)
        changes = rows_at(DefinitionChange, self.marks.get("definitions", 0), deliverable__plan_year=self.year, agreed=True)
        for pk in sorted(changes):
            change = changes[pk]
            said = Agreed(change.asked, change.was, change.takes_effect_id in begun, change.is_in_force)
            agreed[change.deliverable_id].append(said)
        for deliverable in agreed.keys() & found.keys():
            for name, value in as_set(otherwise(agreed[deliverable])).items():
                setattr(found[deliverable], name, value)
        return found

    @cached_property
    def deliverables(self) -> dict[int, Any]:
        return {pk: row for pk, row in self.all_deliverables.items() if not row.stopped_on or row.stopped_on > self.end}

    @cached_property
    def leads(self) -> dict[int, str]:
        return {pk: row.label for pk, row in self.rows("organisations", Organisation).items()}

    @cached_property
    def standing(self) -> dict[int, dict[int, StatusUpdate]]:
        """By deliverable and period: the last submission up to the mark, unless that took it back."""
        found: dict[int, dict[int, StatusUpdate]] = defaultdict(dict)
        updates = StatusUpdate.objects.filter(period__in=self.frame.periods, pk__lte=self.marks["updates"])
        for update in updates.order_by("number"):
            found[update.deliverable_id][update.period_id] = update
        for months in found.values():
            for period in [pk for pk, update in months.items() if update.rating == TAKEN_BACK]:
                del months[period]
        return found

    def rating(self, deliverable: int, period: ReportingPeriod | None) -> str | None:
        update = self.standing.get(deliverable, {}).get(period.pk) if period else None
        return update.rating if update else NOT_REPORTED if period else None

    @cached_property
    def said(self) -> dict[int, StatusUpdate]:
        """What stands for the period itself, of what is still part of the plan or not."""
        of_period = {pk: months.get(self.frame.period.pk) for pk, months in self.standing.items()}
        return {pk: update for pk, update in of_period.items() if update}

    @cached_property
    def words_of_group(self) -> dict[int, str]:
        """By update: the last decision up to the mark."""
        found = Decision.objects.filter(update__in=[update.pk for update in self.said.values()], pk__lte=self.marks["decisions"])
        return dict(found.order_by("pk").values_list("update_id", "kind"))

    @cached_property
    def steps(self) -> dict[int, list[dict[str, Any]]]:
        """By deliverable: its milestones with how often each was moved, in the order in which they were promised."""
        moved: Counter[int] = Counter()
        moves = MilestoneMove.objects.filter(update__period__plan_year=self.year, pk__lte=self.marks["moves"])
        for milestone, counts in moves.values_list("milestone_id", "counts"):
            moved[milestone] += counts
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        rows = rows_at(Milestone, self.marks["milestones"], deliverable__in=list(self.all_deliverables)).values()
        for row in sorted(rows, key=lambda row: (row.baseline_on, row.id)):
            if row.ended_on is None or row.ended_on > self.end:
                step = {name: getattr(row, name) for name in STEP} | {"id": row.id, "moved": moved[row.id]}
                found[row.deliverable_id].append(step)
        return found

    @cached_property
    def principles(self) -> dict[int, tuple[str, ...]]:
        tags = links_of(Deliverable.history.model, "principles", [row.history_id for row in self.deliverables.values()])
        return {
            pk: tuple(p.code for p in self.frame.principles if p.pk in tags[row.history_id])
            for pk, row in self.deliverables.items()
        }

    def lines(self) -> list[Line]:
        places = {priority.pk: (priority.order, priority.code) for priority in self.frame.priorities}
        ordered = sorted(self.deliverables.values(), key=lambda row: (places[row.priority_id][0], row.order, row.code))
        return [self.line(row, places[row.priority_id][1]) for row in ordered]

    def line(self, row: Any, priority: str) -> Line:
        due = [step for step in self.steps[row.id] if step["baseline_on"] <= self.end]
        return Line(
            id=row.id,
            code=row.code,
            name=row.short_title or row.title,
            priority=priority,
            principles=self.principles[row.id],
            rating=self.rating(row.id, self.frame.period) or NOT_REPORTED,
            before=self.rating(row.id, self.frame.before),
            milestones_due=len(due),
            milestones_done=sum(step["done_on"] is not None and step["done_on"] <= self.end for step in due),
        )

    def months(self, lines: list[Line]) -> list[tuple[ReportingPeriod, Counter[str]]]:
        return [(period, Counter(self.ratings_in(period))) for period in self.frame.periods]

    def ratings_in(self, period: ReportingPeriod) -> list[str]:
        """Of what was part of the plan at the end of that month."""
        going = [pk for pk, row in self.all_deliverables.items() if not row.stopped_on or row.stopped_on > period.ends_on]
        return [self.rating(pk, period) or NOT_REPORTED for pk in going]

    def strips(self, deliverables: set[int]) -> dict[int, list[str]]:
        return {pk: [self.rating(pk, period) or NOT_REPORTED for period in self.frame.periods] for pk in deliverables}

    def words(self, deliverables: set[int]) -> dict[int, dict[str, Any]]:
        fields = ("why", "route", "route_on", "second_look", "answer", "is_demonstration")
        said = {pk: update for pk, update in self.said.items() if pk in deliverables}
        return {pk: {name: getattr(update, name) for name in fields} for pk, update in said.items()}

    def milestones(self) -> tuple[list[dict[str, Any]], int]:
        last = self.end + timedelta(days=NEXT_DAYS)
        ahead = [
            step | {"code": row.code}
            for pk, row in self.deliverables.items()
            for step in self.steps[pk]
            if step["forecast_on"] <= last and (step["done_on"] is None or step["done_on"] > self.end)
        ]
        ahead.sort(key=lambda step: (step["forecast_on"], step["id"]))
        fields = ("code", "title", "baseline_on", "forecast_on", "proposed_on", "moved")
        return [{name: step[name] for name in fields} for step in ahead[:MILESTONES_SHOWN]], len(ahead)

    def decisions(self) -> dict[str, int]:
        found = {"agreed": 0, "returned": 0, "flagged": 0, "undecided": 0}
        for update in self.said.values():
            decision = self.words_of_group.get(update.pk, "")
            found[{"agree": "agreed", "return": "returned"}.get(decision, "undecided")] += 1
            found["flagged"] += bool(update.second_look) and not decision
        return found

    def coverage(self, lines: list[Line]) -> list[tuple[str, int, int]]:
        expected: Counter[str] = Counter()
        present: Counter[str] = Counter()
        for pk, row in self.deliverables.items():
            lead = self.leads.get(row.lead_id, "")
            expected[lead] += 1
            present[lead] += pk in self.said
        return [(lead, expected[lead], present[lead]) for lead in expected]

    def named(self, deliverables: set[int]) -> dict[int, tuple[str, str]]:
        rows = {pk: self.all_deliverables[pk] for pk in deliverables}
        return {pk: (row.code, row.short_title or row.title) for pk, row in rows.items()}

    def facts(self, deliverables: list[int]) -> dict[int, Facts]:
        return {pk: self.facts_of(pk) for pk in deliverables}

    def facts_of(self, pk: int) -> Facts:
        row, update = self.deliverables[pk], self.said.get(pk)
        return Facts(
            title=row.title,
            lead=self.leads.get(row.lead_id, ""),
            said=self.said_in(update) if update else None,
            decision=self.words_of_group.get(update.pk) if update else None,
            months={period: (u.rating, u.why, u.done) for period, u in self.standing.get(pk, {}).items()},
            milestones=self.steps[pk],
        )

    def said_in(self, update: StatusUpdate) -> dict[str, Any]:
        words = {name: getattr(update, name) for name in SAID}
        return words | {"submitted_at": update.submitted_at, "submitted_by": self.authors[update.submitted_by_id]}

    @cached_property
    def authors(self) -> dict[int, str]:
        people = {update.submitted_by_id for update in self.said.values()}
        return {pk: row.name for pk, row in rows_at(User, self.marks["people"], id__in=people).items()}
