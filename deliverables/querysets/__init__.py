"""All reading of deliverables, milestones and updates."""

from deliverables.querysets.definitions import DefinitionChangeQuerySet
from deliverables.querysets.deliverables import DeliverableQuerySet
from deliverables.querysets.milestones import EvidenceQuerySet, MilestoneChangeQuerySet, MilestoneQuerySet, horizon
from deliverables.querysets.updates import DecisionQuerySet, StatusUpdateQuerySet, UpdateDraftQuerySet

__all__ = [
    "DecisionQuerySet",
    "DefinitionChangeQuerySet",
    "DeliverableQuerySet",
    "EvidenceQuerySet",
    "MilestoneChangeQuerySet",
    "MilestoneQuerySet",
    "StatusUpdateQuerySet",
    "UpdateDraftQuerySet",
    "horizon",
]
