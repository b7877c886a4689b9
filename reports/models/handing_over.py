"""How a report reaches people: the files of the board pack, and links for those who have no account."""

from django.db import models
from django.db.models import Q

from people.models import User
from reports.models.report import ProgressReport
from reports.querysets import BoardLinkQuerySet, PackFileQuerySet


class PackFile(models.Model):
    """One file of a report's board pack, asked for by somebody and built by the worker. It is owed until `built_at` is set.

    It is kept in the database: it is there or it is not, whoever was killed while it was written.
    """

    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, help_text="A code of reports.pack.")
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveIntegerField(default=0, help_text="In bytes.")
    content = models.BinaryField(null=True)

    objects = PackFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="pack_file_once")]
        indexes = [models.Index("tries", "id", condition=Q(built_at=None), name="pack_file_owed")]

    def __str__(self) -> str:
        return f"{self.report}: {self.kind}"


class BoardLink(models.Model):
    """Lets one reader without an account read one report until a day, or until it is revoked.

    Whoever knows the address can read the report, so only a fingerprint of it is kept: it is shown once, when it is made.
    """

    report = models.ForeignKey(ProgressReport, on_delete=models.PROTECT, related_name="links")
    reader = models.CharField("who it is for", max_length=120)
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret part of the address.")
    expires_on = models.DateField("last day")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = BoardLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="board_link_revoked_at_and_by",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report}, for {self.reader}"


class BoardLinkVisit(models.Model):
    """Somebody opened the link, and what she opened: the page, or a file. Append-only."""

    link = models.ForeignKey(BoardLink, on_delete=models.PROTECT, related_name="visits")
    opened = models.CharField(max_length=8)
    opened_at = models.DateTimeField()

    append_only = True

    def __str__(self) -> str:
        return f"{self.link}: {self.opened}"
