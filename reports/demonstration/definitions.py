"""How the demonstration's definitions begin, mature and are asked to change."""

from deliverables.actions import (
    Definition,
    advance_definition,
    ask_definition_change,
    decide_definition_change,
    define_deliverable,
    draft_definition,
)
from deliverables.maturity import next_step
from deliverables.models import DefinitionChange, Deliverable
from deliverables.permissions import can_report_on
from reports.demonstration.content import Change, Plan, Work
from reports.demonstration.stage import Stage
from strategy_portal.editing import seen_of

CLOSED_BY, PLANNED_BY = "olu", "ada"


def define(stage: Stage, work: Work, plan: Plan) -> None:
    """As the year begins, and where an administrator sets something. Those who take the steps of its maturity take them."""
    row = Deliverable.objects.select_related("plan_year").get(pk=stage.deliverables[work.code].pk)
    if plan is not work.plans[0] and plan.maturity != row.maturity:
        mature(stage, row, plan)
        return
    definition = Definition(
        lead=stage.organisations[plan.lead] if plan.lead else None,
        partners=tuple(stage.organisations[code] for code in plan.partners),
        managers=tuple(stage.people[code] for code in plan.managers),
        starts_on=plan.starts_on,
        due_on=plan.due_on,
        measure=plan.measure,
        maturity=plan.maturity,
    )
    define_deliverable(by=stage.people[PLANNED_BY], deliverable=stage.deliverables[work.code], definition=definition)


def mature(stage: Stage, row: Deliverable, plan: Plan) -> None:
    """Somebody who reports on it words it and sends it, then the group takes the steps."""
    values = {"summary": row.summary, "measure": plan.measure, "starts_on": plan.starts_on, "due_on": plan.due_on}
    manager, group = next(one for one in stage.people.values() if can_report_on(one, row)), stage.people[CLOSED_BY]
    row = draft_definition(by=manager, deliverable=row, seen=seen_of(row), values=values, ready=True)
    while row.maturity != plan.maturity:
        row = advance_definition(by=group, deliverable=row, to=next_step(row.maturity), seen=seen_of(row))


def ask_for_change(stage: Stage, said: Change) -> None:
    row = Deliverable.objects.select_related("plan_year").get(pk=stage.deliverables[said.code].pk)
    words = {"values": said.values, "why": said.why, "effect": said.effect}
    ask_definition_change(
        by=stage.people[said.by], deliverable=row, seen=seen_of(row), takes_effect=stage.periods[said.takes_effect], **words
    )


def agree_change(stage: Stage, said: Change) -> None:
    waiting = DefinitionChange.objects.waiting().select_related("deliverable__plan_year")
    change = waiting.get(deliverable=stage.deliverables[said.code])
    decide_definition_change(by=stage.people[CLOSED_BY], change=change, agreed=True)
