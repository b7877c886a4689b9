"""One of the year's deliverables and its definition."""

from django.db import models
from django.db.models import F, Q

from deliverables.querysets import DeliverableQuerySet
from people.models import Organisation, User
from priorities.models import Aim, Commitment, PlanYear, Principle, Priority, ReachGroup, Sourced
from strategy_portal.history import HistoricalRecords


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
    reach = models.ManyToManyField(ReachGroup, blank=True, related_name="deliverables", verbose_name="who it reaches")
    benefits = models.TextField("who benefits", blank=True)
    missed = models.TextField("who might be missed", blank=True)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="led_deliverables")
    partners = models.ManyToManyField(Organisation, blank=True, related_name="partnered_deliverables")
    managers = models.ManyToManyField(User, blank=True, related_name="managed_deliverables")
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    measure = models.TextField(blank=True)
    stopped_on = models.DateField(null=True, blank=True, help_text="From this day it is no longer part of the plan.")
    stop_reason = models.TextField(blank=True, help_text="For readers. Needed when it is stopped.")
    maturity = models.CharField(max_length=12, choices=Maturity.choices, default=Maturity.EXPECTED)

    history = HistoricalRecords(m2m_fields=[principles, aims, commitments, reach, partners, managers])
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
            models.CheckConstraint(
                condition=Q(stopped_on=None, stop_reason="") | (Q(stopped_on__isnull=False) & ~Q(stop_reason="")),
                name="deliverable_stopped_says_why",
            ),
        ]
        # Holds all that places a deliverable in its priority, so that a page of some reads no others.
        indexes = [models.Index("plan_year", "priority", "order", "code", name="deliverable_places")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        return self.short_title or self.title
