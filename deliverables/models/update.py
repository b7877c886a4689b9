"""What is reported each month: the draft, the update, and the group's word on it."""

from django.db import models
from django.db.models import F, Q

from deliverables.models.deliverable import Deliverable
from deliverables.querysets import DecisionQuerySet, StatusUpdateQuerySet, UpdateDraftQuerySet
from deliverables.ratings import AT_RISK, COMPLETE, OFF_TRACK, RATINGS, TAKEN_BACK
from people.models import User
from priorities.models import ReportingPeriod
from strategy_portal.clock import LONDON


class StatusUpdate(models.Model):
    """What someone reported on a deliverable for a period. Append-only.

    A second submission in an open period is a new row with the next `number`: the last one counts, all stay readable.
    Taking an update back is a row too, without words: from then on the period counts as not reported.
    `key` is the form's own, so that a double click or a replay is one row. `second_look` is what was asked of the author
    before she submitted, in the words of that day (deliverables.challenge), and `answer` is what she said to it.
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="updates")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="updates")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True)
    rating = models.CharField(max_length=12, choices=[(r.code, r.name) for r in RATINGS.values()] + [(TAKEN_BACK, "Taken back")])
    done = models.TextField("what was done", blank=True)
    why = models.TextField(blank=True)
    route = models.TextField("route back", blank=True)
    route_on = models.DateField("date of the route back", null=True, blank=True)
    evidence = models.TextField("evidence, or why there is none", blank=True)
    second_look = models.JSONField(default=dict, blank=True)
    answer = models.TextField("answer to the second look", blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="updates")
    is_demonstration = models.BooleanField(default=False)

    append_only = True
    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "deliverable", "number"], name="update_number_once"),
            models.CheckConstraint(condition=Q(rating__in=[*RATINGS, TAKEN_BACK]), name="update_rating"),
            models.CheckConstraint(condition=Q(number__gte=1), name="update_number_from_one"),
            models.CheckConstraint(condition=Q(rating=TAKEN_BACK) | ~Q(done=""), name="update_says_what_was_done"),
            models.CheckConstraint(
                condition=~Q(rating__in=[AT_RISK, OFF_TRACK]) | (~Q(why="") & ~Q(route="") & Q(route_on__isnull=False)),
                name="update_off_course_has_dated_route",
            ),
            models.CheckConstraint(condition=~Q(rating=COMPLETE) | ~Q(evidence=""), name="update_complete_has_evidence"),
        ]
        indexes = [
            models.Index("deliverable", F("submitted_at").desc(), F("id").desc(), name="update_latest_as_at"),
            # Holds all that the roll-up counts, so that a year of updates is read from the index alone.
            models.Index("period", "deliverable", "number", "rating", name="update_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable.code}, {self.period}, {self.get_rating_display()}"

    @property
    def is_late(self) -> bool:
        return self.submitted_at.astimezone(LONDON).date() > self.period.due_on

    @property
    def flags(self) -> list[dict[str, str]]:
        """What the second look found, each with its code, label and words."""
        found: list[dict[str, str]] = self.second_look.get("flags", [])
        return found


class UpdateDraft(models.Model):
    """What its author has typed and not yet submitted, just as she typed it. Private to the author.

    `version` counts the savings, so that a window left open does not write over what was typed in another.
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="drafts")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="drafts")
    saved_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    saved_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    fields = models.JSONField(default=dict)

    objects = UpdateDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deliverable", "period", "saved_by"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.deliverable.code}, {self.period}, {self.saved_by}"


class Decision(models.Model):
    """The group's word on an update: agreed, or returned with a reason. Append-only; the last one counts."""

    class Kind(models.TextChoices):
        AGREE = "agree", "Agreed"
        RETURN = "return", "Returned"

    update = models.ForeignKey(StatusUpdate, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True
    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["agree", "return"]), name="decision_kind"),
            models.CheckConstraint(condition=Q(kind="agree") | ~Q(reason=""), name="decision_return_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.update}"
