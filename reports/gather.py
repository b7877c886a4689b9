"""Reads a period's position as it stands now, in a few queries whatever the size of the plan."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Protocol

from django.db.models import F

from deliverables.models import Deliverable, Milestone, StatusUpdate
from deliverables.ratings import NOT_REPORTED
from priorities.models import Principle, Priority, ReportingPeriod
from reports import charts, reads
from reports.content import compose, row
from reports.in_force import InForce
from reports.lines import SAID, STEP, Facts
from reports.models import RollUp
from reports.rollup import Line, Shown, Summary, summarise

NEXT_DAYS = 90


@dataclass(frozen=True)
class Position:
    """What pages show of a period: `content` and `charts` of bounded size. `lines` are the rows behind it."""

    content: dict[str, Any]
    charts: dict[str, Any]
    lines: list[dict[str, Any]]


@dataclass(frozen=True)
class Frame:
    """The names that the figures hang on."""

    period: ReportingPeriod
    before: ReportingPeriod | None
    periods: list[ReportingPeriod]  # of the plan year, up to this one
    priorities: list[Priority]
    principles: list[Principle]

    @cached_property
    def months(self) -> list[dict[str, str]]:
        """The periods as a line's strip names them; asked for with every line."""
        return [{"month": period.month, "short": f"{period.starts_on:%B}"} for period in self.periods]


class Source(Protocol):
    """Where a position is read from: the tables as they stand (Live), or the logs up to a mark (reports.rebuild.Logged)."""

    frame: Frame

    def lines(self) -> list[Line]: ...
    def months(self, lines: list[Line]) -> list[tuple[ReportingPeriod, Counter[str]]]: ...
    def strips(self, deliverables: set[int]) -> dict[int, list[str]]: ...
    def words(self, deliverables: set[int]) -> dict[int, dict[str, Any]]: ...
    def milestones(self) -> tuple[list[dict[str, Any]], int]: ...
    def decisions(self) -> dict[str, int]: ...
    def coverage(self, lines: list[Line]) -> list[tuple[str, int, int]]: ...
    def facts(self, deliverables: list[int]) -> dict[int, Facts]: ...
    def named(self, deliverables: set[int]) -> dict[int, tuple[str, str]]: ...


def current(period: ReportingPeriod) -> dict[str, Any]:
    """`content` and `charts` of the stored roll-up if it is of the period's data version, else worked out here and now."""
    stored = RollUp.objects.stored_for(period, charts=True)
    if stored is not None:
        return stored
    position = work_out(period)
    return {"content": position.content, "charts": position.charts}


def current_content(period: ReportingPeriod) -> dict[str, Any]:
    """The same without the charts."""
    stored = RollUp.objects.stored_for(period)
    return work_out(period).content if stored is None else stored["content"]


def current_lines(period: ReportingPeriod) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The same content, with the rows behind it."""
    stored = RollUp.objects.stored_for(period, lines=True)
    if stored is not None:
        return stored["content"], stored["lines"]
    position = work_out(period)
    return position.content, position.lines


def work_out(period: ReportingPeriod) -> Position:
    content, lines = position_of(Live(period))
    return Position(content, charts.draw(content), [row(line) for line in lines])


def position_of(source: Source) -> tuple[dict[str, Any], list[Line]]:
    """What pages show, and the lines behind it: the one way from what was reported to a figure."""
    frame, lines = source.frame, source.lines()
    summary = summarise(lines, [p.code for p in frame.priorities], [p.code for p in frame.principles])
    made = compose(
        frame=frame,
        summary=summary,
        months=source.months(lines),
        strips=source.strips({line.id for line in shown_lines(summary)}),
        words=source.words({line.id for line in summary.attention.lines}),
        milestones=source.milestones(),
        decisions=source.decisions(),
        coverage=source.coverage(lines),
    )
    return made, lines


def gather_frame(period: ReportingPeriod) -> Frame:
    year = period.plan_year
    periods = reads.periods_so_far(ReportingPeriod.objects.all(), year.pk, period.starts_on)
    return Frame(
        period=period,
        before=periods[-2] if len(periods) > 1 else None,
        periods=periods,
        priorities=sorted(reads.priorities_of(Priority.objects.all(), year.pk), key=place),
        principles=sorted(reads.principles_of(Principle.objects.all(), year.strategy_id), key=place),
    )


def place(row: Any) -> tuple[int, str]:
    return row.order, row.code


def in_plan(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The plan's order, told here and not by the database: each sorts codes in its own way."""
    _, code, _, _, _, priority_order, order = row
    return priority_order, order, code


class Live:
    """The tables as they stand."""

    def __init__(self, period: ReportingPeriod) -> None:
        self.frame = gather_frame(period)
        self.in_force = InForce(period)

    def lines(self) -> list[Line]:
        year, before = self.frame.period.plan_year_id, self.frame.before
        rated = self.ratings()
        tagged = self.principles_by_deliverable()
        steps = self.milestones_by_deliverable()
        rows = reads.going(Deliverable.objects.all(), year, self.frame.period.ends_on)
        return [
            Line(
                id=pk,
                code=code,
                name=self.in_force.name(pk, short_title, title),
                priority=priority,
                principles=tuple(tagged.get(pk, ())),
                rating=rated.get((pk, self.frame.period.pk), NOT_REPORTED),
                before=rated.get((pk, before.pk), NOT_REPORTED) if before else None,
                milestones_due=steps.get(pk, (0, 0))[0],
                milestones_done=steps.get(pk, (0, 0))[1],
            )
            for pk, code, short_title, title, priority, *_ in sorted(rows, key=in_plan)
        ]

    def ratings(self) -> dict[tuple[int, int], str]:
        """By deliverable and period, for this period and the one before."""
        periods = [period.pk for period in (self.frame.period, self.frame.before) if period]
        rows = StatusUpdate.objects.filter(period__in=periods).standing().values_list("deliverable_id", "period_id", "rating")
        return {(deliverable, period): rating for deliverable, period, rating in rows.iterator(chunk_size=5000)}

    def principles_by_deliverable(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for deliverable, code in reads.tags(Deliverable.objects.all(), self.frame.period.plan_year_id):
            found.setdefault(deliverable, []).append(code)
        return found

    def milestones_by_deliverable(self) -> dict[int, tuple[int, int]]:
        """How many were due by the period's end by their baseline, which never moves, and how many of those were done by then."""
        period = self.frame.period
        rows = reads.milestones_counted(Milestone.objects.all(), period.plan_year_id, period.ends_on)
        return {deliverable: (due, finished) for deliverable, due, finished in rows}

    def months(self, lines: list[Line]) -> list[tuple[ReportingPeriod, Counter[str]]]:
        """The distribution of every month so far. What nobody reported is counted; what was stopped is not."""
        counts: dict[int, Counter[str]] = {period.pk: Counter() for period in self.frame.periods}
        stopped = reads.stopped(Deliverable.objects.all(), self.frame.period.plan_year_id)
        counted = [period.pk for period in self.frame.periods[: -1 if stopped else -2]]
        for period, rating, number in reads.ratings_counted(StatusUpdate.objects.all(), counted, bool(stopped)):
            counts[period][rating] = number
        for period in self.frame.periods:
            still_going = sum(period.ends_on < day <= self.frame.period.ends_on for day in stopped)  # then, and stopped since
            counts[period.pk][NOT_REPORTED] = len(lines) + still_going - counts[period.pk].total()
        # The last two are counted from the lines, which hold them already; but what has been stopped since has no line.
        if self.frame.before and not stopped:
            counts[self.frame.before.pk] = Counter(line.before for line in lines if line.before)
        counts[self.frame.period.pk] = Counter(line.rating for line in lines)
        return [(period, counts[period.pk]) for period in self.frame.periods]

    def strips(self, deliverables: set[int]) -> dict[int, list[str]]:
        """The ratings of these deliverables, a month each, up to this period."""
        periods = [period.pk for period in self.frame.periods]
        found = {(d, p): rating for d, p, rating in reads.ratings_of(StatusUpdate.objects.all(), periods, list(deliverables))}
        return {pk: [found.get((pk, period.pk), NOT_REPORTED) for period in self.frame.periods] for pk in deliverables}

    def words(self, deliverables: set[int]) -> dict[int, dict[str, Any]]:
        """What was said of the deliverables that are put before the board."""
        rows = reads.words_of(StatusUpdate.objects.all(), self.frame.period.pk, list(deliverables))
        return {row.pop("deliverable_id"): row for row in rows}

    def milestones(self) -> tuple[list[dict[str, Any]], int]:
        """Those not done by the period's end and forecast for the 90 days after it, or before it: overdue. Soonest first."""
        period, milestones = self.frame.period, Milestone.objects.all()
        where = (period.plan_year_id, period.ends_on, period.ends_on + timedelta(days=NEXT_DAYS))
        return reads.first_ahead(milestones, *where), reads.number_ahead(milestones, *where)[0]

    def decisions(self) -> dict[str, int]:
        """How many standing updates the group has agreed or returned, and how many with a flag wait for its word."""
        found = {"agreed": 0, "returned": 0, "flagged": 0, "undecided": 0}
        for decision, has_flags, number in reads.decisions_counted(StatusUpdate.objects.all(), self.frame.period.pk):
            found[{"agree": "agreed", "return": "returned"}.get(decision, "undecided")] += number
            found["flagged"] += number if has_flags and decision is None else 0
        return found

    def coverage(self, lines: list[Line]) -> list[tuple[str, int, int]]:
        """For each organisation that leads something: its name, how many updates are expected from it, and how many are in."""
        reported = {line.id for line in lines if line.rating != NOT_REPORTED}
        leads = reads.leads(Deliverable.objects.all(), self.frame.period.plan_year_id, self.frame.period.ends_on)
        expected: Counter[str] = Counter()
        present: Counter[str] = Counter()
        for pk, short_name, name in leads:
            lead = self.in_force.lead(pk, short_name, name)
            expected[lead] += 1
            present[lead] += pk in reported
        return [(lead, expected[lead], present[lead]) for lead in expected]

    def facts(self, deliverables: list[int]) -> dict[int, Facts]:
        """All that is told of these deliverables, in a few queries."""
        found = {pk: Facts() for pk in deliverables}
        rows = Deliverable.objects.filter(pk__in=deliverables)
        for pk, title, short_name, name in rows.values_list("pk", "title", "lead__short_name", "lead__name"):
            found[pk].title = self.in_force.title(pk, title)
            found[pk].lead = self.in_force.lead(pk, short_name, name)
        updates = StatusUpdate.objects.filter(deliverable__in=deliverables).standing()
        said = updates.filter(period=self.frame.period).with_decision().annotate(author=F("submitted_by__name"))
        for words in said.values("deliverable_id", "author", "decision", "submitted_at", *SAID):
            facts = found[words["deliverable_id"]]
            facts.said, facts.decision = words | {"submitted_by": words["author"]}, words["decision"]
        months = updates.filter(period__in=self.frame.periods).values_list("deliverable_id", "period_id", "rating", "why", "done")
        for pk, period, *words in months.iterator():
            found[pk].months[period] = tuple(words)
        for step in self.steps(deliverables):
            found[step["deliverable_id"]].milestones.append(step)
        return found

    def named(self, deliverables: set[int]) -> dict[int, tuple[str, str]]:
        """Code and name, also of what was stopped."""
        rows = Deliverable.objects.filter(pk__in=deliverables).values_list("pk", "code", "short_title", "title")
        return {pk: (code, self.in_force.name(pk, short_title, title)) for pk, code, short_title, title in rows}

    def steps(self, deliverables: list[int]) -> Iterator[dict[str, Any]]:
        """The milestones in the plan at the period's end, in the order in which they were promised."""
        steps = Milestone.objects.filter(deliverable__in=deliverables).in_plan(self.frame.period.ends_on).with_moves().in_order()
        return steps.values("deliverable_id", "moved", *STEP).iterator()


def shown_lines(summary: Summary) -> list[Line]:
    lists: list[Shown] = [summary.attention, summary.worse, summary.better, *summary.cells.values()]
    return [line for shown in lists for line in shown.lines]
