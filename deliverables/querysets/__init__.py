"""All reading of deliverables, milestones and updates."""

from deliverables.querysets.definitions import DefinitionChangeQuerySet
from deliverables.querysets.deliverables import DeliverableQuerySet
from deliverables.querysets.milestones import (
    EvidenceQuerySet,
    MilestoneChangeQuerySet,
    MilestoneMoveQuerySet,
    MilestoneQuerySet,
    horizon,
)
from deliverables.querysets.updates import DecisionQuerySet, StatusUpdateQuerySet, UpdateDraftQuerySet

__all__ = [
    "DecisionQuerySet",
    "DefinitionChangeQuerySet",
    "DeliverableQuerySet",
    "EvidenceQuerySet",
    "MilestoneChangeQuerySet",
    "MilestoneMoveQuerySet",
    "MilestoneQuerySet",
    "StatusUpdateQuerySet",
    "UpdateDraftQuerySet",
    "horizon",
]
