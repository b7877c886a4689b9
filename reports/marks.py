"""How far each log has been written: what a report is built from is what stands before its marks.

Numbers and not moments, since they need no clock to agree. They are exact for whatever is written under the lock of the year's
periods, which issuing holds; that is everything that a roll-up depends on.
"""

from django.db.models import Max, Model

from deliverables.models import Decision, DefinitionChange, Deliverable, Milestone, MilestoneMove, StatusUpdate
from people.models import Organisation, User
from priorities.models import PlanYear, Principle, Priority, ReportingPeriod, Strategy
from reports.models import Ask, AskDecision

LOGS: dict[str, type[Model]] = {
    "updates": StatusUpdate,
    "decisions": Decision,
    "moves": MilestoneMove,
    "asks": Ask,
    "ask_decisions": AskDecision,
    "people": User.history.model,  # the names of authors
    "strategy": Strategy.history.model,
    "plan_year": PlanYear.history.model,
    "periods": ReportingPeriod.history.model,
    "priorities": Priority.history.model,
    "principles": Principle.history.model,
    "organisations": Organisation.history.model,
    "deliverables": Deliverable.history.model,
    "milestones": Milestone.history.model,
    "definitions": DefinitionChange.history.model,  # a report from before there were any has no mark for them
}


def marks_now() -> dict[str, int]:
    return {name: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for name, model in LOGS.items()}
