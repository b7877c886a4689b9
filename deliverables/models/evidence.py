"""What shows that something was done."""

from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q

from deliverables.models.deliverable import Deliverable
from deliverables.models.milestone import Milestone
from deliverables.querysets import EvidenceQuerySet
from deliverables.uploads import TYPES, FileType
from people.models import User
from priorities.models import ReportingPeriod
from strategy_portal.history import HistoricalRecords


class Evidence(models.Model):
    """A link or a file, never both, behind a deliverable's update of a period, or behind one of its milestones.

    Evidence stays with the deliverable, so that it stands beside later updates too. Removing it keeps the row and its file.
    """

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="evidence_items")
    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="evidence_items")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence_items")
    title = models.CharField(max_length=200)
    link = models.URLField(max_length=500, blank=True)
    file = models.FileField(upload_to="evidence/", blank=True)
    file_name = models.CharField(max_length=120, blank=True, help_text="The name it is downloaded by.")
    file_type = models.CharField(max_length=12, blank=True, help_text="A code of deliverables.uploads, found from the content.")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    history = HistoricalRecords()
    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=(Q(link="") & ~Q(file="")) | (~Q(link="") & Q(file="")), name="evidence_is_a_link_or_a_file"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def type_of_file(self) -> FileType:
        """One whose code is no longer known is handed out as bytes that nothing opens by itself."""
        return TYPES.get(self.file_type) or FileType(self.file_type, "File", "", "application/octet-stream")

    @property
    def bytes_of_file(self) -> int | None:
        """None where there is no file, or where it is lost."""
        try:
            return int(self.file.size) if self.file else None
        except OSError:
            return None

    @property
    def size(self) -> str:
        """340KB or 2.1MB; nothing for a link, or where the file is lost."""
        count = self.bytes_of_file
        if count is None:
            return ""
        return f"{max(1, round(count / 1024))}KB" if count < 1024 * 1000 else f"{count / 1024**2:.1f}MB"

    @property
    def host(self) -> str:
        """Where a link leads to."""
        return urlsplit(self.link).netloc
