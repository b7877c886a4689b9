"""What the second look is told of an update: the report itself, beside what stands already. Reads nothing."""

from collections.abc import Iterable

from deliverables.actions import MilestoneReport, Report
from deliverables.actions.milestones import waits_for_the_group
from deliverables.challenge import Case, Step
from deliverables.models import Deliverable, Milestone, StatusUpdate
from strategy_portal import clock


def case_of(
    *,
    deliverable: Deliverable,
    report: Report,
    milestones: Iterable[Milestone],
    before: StatusUpdate | None,
    has_evidence: bool,
) -> Case:
    """`milestones` know how often they have `moved`; `before` is the last month's update that stands, with its period."""
    said = {one.milestone_id: one for one in report.milestones}
    return Case(
        rating=report.rating,
        done=report.done,
        route_on=report.route_on,
        has_evidence=has_evidence or "://" in report.evidence,
        before=before.rating if before else "",
        before_done=before.done if before else "",
        before_month=f"{before.period.starts_on:%B}" if before else "",
        due_on=deliverable.due_on,
        today=clock.today(),
        steps=tuple(step_of(milestone, said.get(milestone.pk), deliverable) for milestone in milestones),
    )


def step_of(milestone: Milestone, said: MilestoneReport | None, deliverable: Deliverable) -> Step:
    """A date that has to wait for the group is not in force yet, but its move is counted."""
    to = said.forecast_on if said else milestone.expected_on
    waits = waits_for_the_group(to=to, began_on=milestone.forecast_on, year_ends_on=deliverable.plan_year.ends_on)
    return Step(
        title=milestone.title,
        forecast_on=milestone.forecast_on if waits else to,
        is_done=bool(said.done_on if said else milestone.done_on),
        moves=milestone.moved + (to != milestone.forecast_on),
        slip=(to - milestone.baseline_on).days,
    )
