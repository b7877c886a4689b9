"""How a definition changes once it is baselined, and what the group sends back before that."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from deliverables.models.deliverable import Deliverable
from deliverables.querysets import DefinitionChangeQuerySet
from people.models import User
from priorities.models import ReportingPeriod


class DefinitionChange(models.Model):
    """A change of a baselined definition that waits for the group, or that it has agreed or declined.

    `asked` holds the fields that are to change (deliverables.definition), `was` what stood in them when it was decided, and then
    when it came into force. `is_in_force` says that it stands in the row of the deliverable, which is done once the month has
    begun from which it takes effect. What a report of an earlier month says is told from `was`.
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="definition_changes")
    asked = models.JSONField()
    was = models.JSONField(default=dict, blank=True)
    why = models.TextField()
    effect = models.TextField("what it changes for the work")
    takes_effect = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_in_force = models.BooleanField(default=False)

    history = HistoricalRecords()
    objects = DefinitionChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(why="") & ~Q(effect=""), name="definition_change_says_why"),
            models.CheckConstraint(
                condition=Q(agreed=None, decided_at=None, decided_by=None)
                | Q(agreed__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="definition_change_decided_at_and_by",
            ),
            models.CheckConstraint(condition=~Q(agreed=False) | ~Q(answer=""), name="definition_change_declined_says_why"),
            models.CheckConstraint(condition=Q(is_in_force=False) | Q(agreed=True), name="definition_change_agreed_first"),
            # One that waits at a time, so that the second is not decided on words that the first has changed.
            models.UniqueConstraint(fields=["deliverable"], condition=Q(agreed=None), name="definition_change_waits_once"),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable}, from {self.takes_effect}"


class DefinitionReturn(models.Model):
    """The group has sent a definition back to those who drafted it, with a reason. Append-only."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="definition_returns")
    reason = models.TextField()
    returned_at = models.DateTimeField()
    returned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="definition_return_says_why")]

    def __str__(self) -> str:
        return f"Returned: {self.deliverable}"
