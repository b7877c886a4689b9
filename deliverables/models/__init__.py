"""The work: what is to be delivered, by when, and every report that was made of it."""

from deliverables.models.definition import DefinitionChange, DefinitionReturn
from deliverables.models.deliverable import Deliverable
from deliverables.models.evidence import Evidence
from deliverables.models.milestone import Milestone, MilestoneChange, MilestoneMove
from deliverables.models.succession import (
    CommitmentSuccession,
    DeliverableSuccession,
    PrioritySuccession,
    RefreshDraft,
)
from deliverables.models.update import Decision, StatusUpdate, UpdateDraft

__all__ = [
    "CommitmentSuccession",
    "Decision",
    "DefinitionChange",
    "DefinitionReturn",
    "Deliverable",
    "DeliverableSuccession",
    "Evidence",
    "Milestone",
    "MilestoneChange",
    "MilestoneMove",
    "PrioritySuccession",
    "RefreshDraft",
    "StatusUpdate",
    "UpdateDraft",
]
