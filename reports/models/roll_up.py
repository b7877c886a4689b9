"""The live position: nothing in it is typed in by hand, it is computed from what the other apps hold."""

from django.db import models

from priorities.models import ReportingPeriod
from reports.querysets import RollUpQuerySet


class RollUp(models.Model):
    """The position of a period, worked out by the worker from data version `data_version` of its period.

    It is current while the two versions are equal; otherwise it is owed again and pages compute it for themselves.
    `content` is what pages show and is of bounded size; `lines` are all the rows behind it.
    """

    period = models.OneToOneField(ReportingPeriod, on_delete=models.CASCADE, related_name="roll_up")
    content = models.JSONField()
    lines = models.JSONField()
    charts = models.JSONField()
    rules_version = models.PositiveSmallIntegerField()
    data_version = models.PositiveBigIntegerField()
    computed_at = models.DateTimeField()

    is_computed = True  # so that it goes with its period, as if it had never been there
    objects = RollUpQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Roll-up of {self.period}"
