"""The work: what is to be delivered, by when, and every report that was made of it."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from deliverables.querysets import DeliverableQuerySet, MilestoneQuerySet, StatusUpdateQuerySet
from deliverables.ratings import AT_RISK, COMPLETE, OFF_TRACK, RATINGS
from people.models import Organisation, User
from priorities.models import Aim, Commitment, PlanYear, Principle, Priority, ReportingPeriod, Sourced
from strategy_portal.clock import LONDON


class Deliverable(Sourced):
    """One of the year's deliverables. The source names no lead, manager, date or measure: they stay empty until set."""

    class Maturity(models.TextChoices):
        EXPECTED = "expected", "Expected"
        DRAFTED = "drafted", "Drafted"
        AGREED = "agreed", "Agreed"
        BASELINED = "baselined", "Baselined"

    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="deliverables")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, related_name="deliverables")
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=80, blank=True, help_text="For tables and headings; the title when empty.")
    summary = models.TextField(blank=True)
    label = models.CharField(max_length=60, blank=True, help_text="The principle or principles, as the source prints them.")
    named = models.TextField(blank=True, help_text="Names that the source gives, one a line.")
    principles = models.ManyToManyField(Principle, blank=True, related_name="deliverables")
    aims = models.ManyToManyField(Aim, blank=True, related_name="deliverables")
    commitments = models.ManyToManyField(Commitment, blank=True, related_name="deliverables")
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="led_deliverables")
    partners = models.ManyToManyField(Organisation, blank=True, related_name="partnered_deliverables")
    managers = models.ManyToManyField(User, blank=True, related_name="managed_deliverables")
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    measure = models.TextField(blank=True)
    maturity = models.CharField(max_length=12, choices=Maturity.choices, default=Maturity.EXPECTED)

    history = HistoricalRecords(m2m_fields=[principles, aims, commitments, partners, managers])
    objects = DeliverableQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan_year", "code"], name="deliverable_code_once"),
            models.CheckConstraint(
                condition=Q(maturity__in=["expected", "drafted", "agreed", "baselined"]), name="deliverable_maturity"
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
                name="deliverable_due_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.short_title or self.title


class StatusUpdate(models.Model):
    """What someone reported on a deliverable for a period. Append-only.

    A second submission in an open period is a new row with the next `number`: the last one counts, all stay readable.
    `key` is the form's own, so that a double click or a replay is one row.
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="updates")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="updates")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(unique=True)
    rating = models.CharField(max_length=12, choices=[(r.code, r.name) for r in RATINGS.values()])
    done = models.TextField("what was done")
    why = models.TextField(blank=True)
    route = models.TextField("route back", blank=True)
    route_on = models.DateField("date of the route back", null=True, blank=True)
    evidence = models.TextField("evidence, or why there is none", blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="updates")
    is_demonstration = models.BooleanField(default=False)

    append_only = True
    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "deliverable", "number"], name="update_number_once"),
            models.CheckConstraint(condition=Q(rating__in=list(RATINGS)), name="update_rating"),
            models.CheckConstraint(condition=Q(number__gte=1), name="update_number_from_one"),
            models.CheckConstraint(condition=~Q(done=""), name="update_says_what_was_done"),
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


class Milestone(models.Model):
    """A dated step of a deliverable. The baseline never moves; the forecast may, and every move is kept."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=200)
    baseline_on = models.DateField()
    forecast_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deliverable", "title"], name="milestone_title_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def slip(self) -> int:
        """Days from the baseline to the forecast; negative when it is early."""
        return (self.forecast_on - self.baseline_on).days


class MilestoneMove(models.Model):
    """One change of a milestone's forecast, with its reason. Append-only."""

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
    from_on = models.DateField()
    to_on = models.DateField()
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.TextField()
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["milestone", "update"], name="move_once_an_update"),
            models.CheckConstraint(condition=~Q(from_on=F("to_on")), name="move_changes_the_date"),
            models.CheckConstraint(condition=~Q(words=""), name="move_says_why"),
            models.CheckConstraint(
                condition=Q(reason__in=["supplier", "staffing", "funding", "partner", "data", "scope", "estimate", "other"]),
                name="move_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone}: {self.from_on} to {self.to_on}"


class UpdateDraft(models.Model):
    """What its author has typed and not yet submitted. Private to the author."""

    deliverable = models.ForeignKey(Deliverable, on_delete=models.CASCADE, related_name="drafts")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.CASCADE, related_name="drafts")
    saved_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    saved_at = models.DateTimeField()
    fields = models.JSONField(default=dict)

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

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["agree", "return"]), name="decision_kind"),
            models.CheckConstraint(condition=Q(kind="agree") | ~Q(reason=""), name="decision_return_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.update}"


class Evidence(models.Model):
    """A link or a file behind an update or a milestone: one of each pair, never both."""

    update = models.ForeignKey(StatusUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_items")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_items")
    title = models.CharField(max_length=200)
    link = models.URLField(blank=True)
    file = models.FileField(upload_to="evidence/", blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(update=None, milestone__isnull=False) | Q(update__isnull=False, milestone=None),
                name="evidence_of_an_update_or_a_milestone",
            ),
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")), name="evidence_is_a_link_or_a_file"
            ),
        ]

    def __str__(self) -> str:
        return self.title
