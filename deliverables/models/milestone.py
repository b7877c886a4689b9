"""Dated steps, every move of their forecast, and what is asked of the group about them."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from deliverables.models.deliverable import Deliverable
from deliverables.models.update import StatusUpdate
from deliverables.querysets import MilestoneChangeQuerySet, MilestoneMoveQuerySet, MilestoneQuerySet
from people.models import User
from strategy_portal.history import HistoricalRecords


class Milestone(models.Model):
    """A dated step of a deliverable. The forecast may move, and every move is kept.

    The baseline stands once the deliverable's definition is baselined; after that it changes by a MilestoneChange that the
    group agrees. `proposed_on` is a forecast that waits for the group: until it is agreed, `forecast_on` holds.
    `ended_on` is the day from which a milestone is no longer part of the plan; what was reported of it stays.
    `carried_from` is the one of the year before that it goes on from, and follows as long as that year is reported on.
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    baseline_on = models.DateField()
    forecast_on = models.DateField()
    proposed_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="carried_to"
    )

    history = HistoricalRecords()
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deliverable", "title"], name="milestone_title_once"),
            models.CheckConstraint(
                condition=Q(proposed_on=None) | ~Q(proposed_on=F("forecast_on")), name="milestone_proposal_moves_it"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def expected_on(self) -> date:
        """The date that its manager expects now, agreed by the group or not."""
        return self.proposed_on or self.forecast_on

    @property
    def slip(self) -> int:
        """Days from the baseline to the forecast; negative when it is early."""
        return (self.forecast_on - self.baseline_on).days


class MilestoneMove(models.Model):
    """One change of a milestone's forecast, with its reason. Append-only.

    A move in force at once counts one; a proposed one counts nothing until the group agrees it, which is a row of its own;
    a move that went back with its update counts minus one. So the sum of `counts` is how often the date has moved.
    """

    class Kind(models.TextChoices):
        MOVED = "moved", "Moved"
        PROPOSED = "proposed", "Proposed to the group"
        AGREED = "agreed", "Agreed by the group"
        TAKEN_BACK = "taken_back", "Taken back"

    class Reason(models.TextChoices):
        SUPPLIER = "supplier", "Supplier or contract"
        STAFFING = "staffing", "Recruitment or staffing"
        FUNDING = "funding", "Funding or approval"
        PARTNER = "partner", "Waiting for a partner"
        DATA = "data", "Data or information sharing"
        SCOPE = "scope", "What is to be done has changed"
        ESTIMATE = "estimate", "The first estimate was wrong"
        OTHER = "other", "Something else"

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="moves")
    update = models.ForeignKey(StatusUpdate, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MOVED)
    counts = models.SmallIntegerField(default=1)
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.TextField()
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True
    objects = MilestoneMoveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "update", "kind"], name="move_once_an_update"),
            models.CheckConstraint(condition=~Q(from_on=F("to_on")) | Q(kind="taken_back"), name="move_changes_the_date"),
            models.CheckConstraint(condition=~Q(words=""), name="move_says_why"),
            models.CheckConstraint(
                condition=Q(reason__in=["supplier", "staffing", "funding", "partner", "data", "scope", "estimate", "other"]),
                name="move_reason",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["moved", "agreed"], counts=1)
                | Q(kind="proposed", counts=0)
                | Q(kind="taken_back", counts__lte=0),
                name="move_kind_and_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.from_on} to {self.to_on}"


class MilestoneChange(models.Model):
    """A change of the baseline that waits for the group, or that it has agreed or declined: a new milestone, another title
    or baseline, or an end. Asked for once the deliverable's definition is baselined."""

    class Kind(models.TextChoices):
        ADD = "add", "Add"
        EDIT = "edit", "Change"
        END = "end", "Remove"

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="milestone_changes")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.CharField(max_length=200, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    words = models.TextField("why")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    history = HistoricalRecords()
    objects = MilestoneChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="add", milestone=None) | Q(kind__in=["edit", "end"], milestone__isnull=False),
                name="milestone_change_of_what",
            ),
            models.CheckConstraint(
                condition=Q(kind="end") | (~Q(title="") & Q(baseline_on__isnull=False)), name="milestone_change_to_what"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="milestone_change_says_why"),
            models.CheckConstraint(
                condition=Q(agreed=None, decided_at=None, decided_by=None)
                | Q(agreed__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="milestone_change_decided_at_and_by",
            ),
            models.CheckConstraint(condition=~Q(agreed=False) | ~Q(answer=""), name="milestone_change_declined_says_why"),
            # One that waits at a time, so that the second is not decided on words that the first has changed.
            models.UniqueConstraint(fields=["milestone"], condition=Q(agreed=None), name="milestone_change_waits_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.milestone or self.title}"
