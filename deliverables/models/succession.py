"""Where everything that was promised in one plan year went in the next."""

from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from deliverables.models.deliverable import Deliverable
from deliverables.querysets.succession import SuccessionQuerySet
from people.models import User
from priorities.models import Commitment, PlanYear, Priority


class Fate(models.TextChoices):
    CARRIED = "carried", "Carried on"
    REWORDED = "reworded", "Reworded"
    MERGED = "merged", "Merged into another"
    SPLIT = "split", "Split into several"
    COMPLETED = "completed", "Completed"
    STOPPED = "stopped", "Stopped"


ENDS = (Fate.COMPLETED, Fate.STOPPED)


class Succession(models.Model):
    """`was`, of one plan year, became `became` in the next; or it ended, with a reason for readers.

    One row for each, and for what was split one for each part, numbered from 1. Written when a plan year is refreshed, and
    taken away only when that is undone; the history keeps both.
    """

    part = models.PositiveSmallIntegerField(default=1)
    fate = models.CharField(max_length=10, choices=Fate.choices)
    reason = models.TextField(blank=True, help_text="For readers. Needed where it ends.")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.was}: {self.get_fate_display()}"  # type: ignore[attr-defined]


def honest(name: str) -> list[Any]:
    """One fate for each; what goes on says where, what ends says why; two become one only where they are merged."""
    ends = Q(fate__in=ENDS)
    return [
        models.UniqueConstraint(fields=["was", "part"], name=f"{name}_fate_once"),
        models.UniqueConstraint(
            fields=["became"], condition=Q(fate__in=[Fate.CARRIED, Fate.REWORDED, Fate.SPLIT]), name=f"{name}_became_once"
        ),
        models.CheckConstraint(condition=Q(fate__in=Fate.values), name=f"{name}_fate"),
        models.CheckConstraint(condition=Q(part=1) | Q(part__gt=1, fate=Fate.SPLIT), name=f"{name}_only_split_has_parts"),
        models.CheckConstraint(
            condition=(ends & Q(became=None) & ~Q(reason="")) | (~ends & Q(became__isnull=False)),
            name=f"{name}_goes_on_or_says_why",
        ),
    ]


class PrioritySuccession(Succession):
    was = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="went")
    became = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="came")

    history = HistoricalRecords()

    class Meta:
        constraints = honest("priority")


class CommitmentSuccession(Succession):
    was = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="went")
    became = models.ForeignKey(Commitment, on_delete=models.PROTECT, null=True, blank=True, related_name="came")

    history = HistoricalRecords()

    class Meta:
        constraints = honest("commitment")


class DeliverableSuccession(Succession):
    was = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="went")
    became = models.ForeignKey(Deliverable, on_delete=models.PROTECT, null=True, blank=True, related_name="came")

    history = HistoricalRecords()

    class Meta:
        constraints = honest("deliverable")


class RefreshDraft(models.Model):
    """What administrators have chosen and typed for the year after `plan_year`, row by row, as they typed it.

    Shared by all of them: each row says who saved it, in `rows` by key (see deliverables.refresh.rows). It stays after
    publishing, so that undoing brings back every word. `version` counts the savings.
    """

    plan_year = models.OneToOneField(PlanYear, on_delete=models.CASCADE, related_name="refresh_draft")
    rows = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Refresh of {self.plan_year}"
