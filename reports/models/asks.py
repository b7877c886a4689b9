"""What the board is asked to decide, and what it decided."""

from django.db import models
from django.db.models import Q

from deliverables.models import Deliverable
from people.models import User
from priorities.models import ReportingPeriod
from reports.querysets import AskQuerySet
from strategy_portal.history import HistoricalRecords


class Ask(models.Model):
    """A decision asked of the board with a period's report. It can be changed until that report is issued.

    `owner` is who will act on the decision, in words: she need have no account.
    """

    period = models.ForeignKey(ReportingPeriod, on_delete=models.PROTECT, related_name="asks")
    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, null=True, blank=True, related_name="asks")
    wording = models.TextField("what is asked")
    wanted_on = models.DateField("when the decision is wanted")
    owner = models.CharField("who will act on it", max_length=120)
    asked_at = models.DateTimeField(editable=False)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    history = HistoricalRecords()
    objects = AskQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(wording="") & ~Q(owner=""), name="ask_says_what_and_who")]

    def __str__(self) -> str:
        return self.wording

    @property
    def is_open(self) -> bool:
        """The board has not decided, or has put it off. Of a row read `with_decision`."""
        return not self.decided or self.decided[0].kind == AskDecision.Kind.DEFERRED


class AskDecision(models.Model):
    """What the board said to it. Append-only; the last one counts."""

    class Kind(models.TextChoices):
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Declined"
        DEFERRED = "deferred", "Deferred"

    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField("what the board decided", max_length=8, choices=Kind.choices)
    words = models.TextField("in its words", blank=True)
    decided_on = models.DateField("date of the decision")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["agreed", "declined", "deferred"]), name="ask_decision_kind"),
            models.CheckConstraint(condition=Q(kind="agreed") | ~Q(words=""), name="ask_decision_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.ask}"
