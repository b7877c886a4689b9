"""What was issued, word for word; what is being written for the next one; and whether what was issued still stands."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from people.models import User
from priorities.models import ReportingPeriod
from reports.querysets import ProgressReportQuerySet, ReportLineQuerySet


class ProgressReport(models.Model):
    """A period's report as it was issued, or a correction of it. Append-only: it renders the same for ever.

    `content` is what its pages show and is of bounded size; the lines hold every deliverable in full; `sha256` is of all
    three parts (reports.canonical). `marks` says how far each log had been written, so that it can be built again from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)  # known before the row is, for its lines
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="reports")
    version = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, help_text="Of a correction.")
    rules_version = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    marks = models.JSONField()
    content = models.JSONField()
    charts = models.JSONField()

    append_only = True
    objects = ProgressReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "version"], name="report_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | (Q(version__gt=1) & ~Q(reason="")), name="report_correction_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}, version {self.version}"

    @property
    def address(self) -> str:
        """As in an address: 2025-11, or 2025-11.2 for the second version."""
        return f"{self.period.month}.{self.version}"


class ReportLine(models.Model):
    """One deliverable in a report, with all that was said of it. What stands beside `content` is for finding it. Append-only."""

    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    priority = models.CharField(max_length=20)
    principles = models.CharField(max_length=200, help_text="Codes, each with a blank on either side.")
    rating = models.CharField(max_length=12)
    badness = models.PositiveSmallIntegerField(help_text="Its place in the order of ratings, the worst first.")
    content = models.JSONField()

    append_only = True
    objects = ReportLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "place"], name="report_line_place_once"),
            models.UniqueConstraint(fields=["report", "code"], name="report_line_code_once"),
        ]
        indexes = [models.Index("report", "badness", "place", name="report_line_worst_first")]

    def __str__(self) -> str:
        return f"{self.report}: {self.code}"


class ReportDraft(models.Model):
    """What the group is writing for a report, or for a correction of it. It is gone when that is issued.

    `board_lines` and `corrections` are by a deliverable's code. `version` counts the savings, so that a window left open
    does not write over what was typed in another.
    """

    period = models.OneToOneField(ReportingPeriod, on_delete=models.CASCADE, related_name="report_draft")
    note = models.TextField("covering note", blank=True)
    board_lines = models.JSONField(default=dict, blank=True)
    stories = models.JSONField(default=list, blank=True, help_text="Case studies chosen for it, by their slugs.")
    reason = models.TextField("why it is corrected", blank=True)
    corrections = models.JSONField(default=dict, blank=True)
    plan_of_now = models.BooleanField("names and dates as the plan has them now", default=False)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Draft for {self.period}"


class ReportCheck(models.Model):
    """One run over every issued report: how many there were, and what is wrong with which. Append-only."""

    checked_at = models.DateTimeField()
    reports = models.PositiveIntegerField()
    faults = models.JSONField(default=list, blank=True, help_text="Each with the report and what is wrong.")

    append_only = True

    def __str__(self) -> str:
        return f"{self.checked_at:%-d %B %Y}, {len(self.faults)} faults"
