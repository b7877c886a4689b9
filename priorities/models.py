"""The frame of the plan: what the strategy wants, in which year, watched by whom."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from people.models import User
from priorities.querysets import BankHolidayQuerySet, PlanYearQuerySet, PriorityQuerySet, ReachQuerySet, ReportingPeriodQuerySet
from strategy_portal.history import HistoricalRecords


class Sourced(models.Model):
    """A row of the strategy, which keeps its place in the order and the section that it came from."""

    code = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300, blank=True, help_text="The document and section that this came from.")
    note = models.TextField(blank=True, help_text="What the source leaves open.")

    class Meta:
        abstract = True


def once(model: str, *fields: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=fields, name=f"{model}_{fields[-1]}_once")


class Strategy(models.Model):
    code = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    version = models.CharField(max_length=60)
    system = models.CharField(max_length=200)
    published_in = models.PositiveSmallIntegerField(help_text="The year in which it was first published.")
    source = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "strategies"

    def __str__(self) -> str:
        return self.title


class PlanYear(models.Model):
    """A financial year of the strategy, 1 April to 31 March, such as 2025/26."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="plan_years")
    code = models.SlugField(help_text="As in an address: 2025-26")
    starts_on = models.DateField()
    ends_on = models.DateField()
    source = models.CharField(max_length=300, blank=True)

    history = HistoricalRecords()
    objects = PlanYearQuerySet.as_manager()

    class Meta:
        constraints = [
            once("plan_year", "strategy", "code"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="plan_year_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.code.replace("-", "/")


class ReportingPeriod(models.Model):
    """A month to report on. Open from `opens_on` until its report is issued, which sets `closed_at` and `closed_by`.

    `data_version` counts the changes that its roll-up depends on: a roll-up made from an older version is owed again.
    """

    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="periods")
    starts_on = models.DateField()
    ends_on = models.DateField()
    opens_on = models.DateField()
    due_on = models.DateField()
    meeting_on = models.DateField(null=True, blank=True)
    data_version = models.PositiveBigIntegerField(default=1, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+")

    history = HistoricalRecords(excluded_fields=["data_version"])
    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            once("period", "plan_year", "starts_on"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="period_due_after_it_opens"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="period_closed_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"

    @property
    def month(self) -> str:
        """As in an address: 2025-11."""
        return f"{self.starts_on:%Y-%m}"


class BankHoliday(models.Model):
    """A day on which England works otherwise than the calendar's package knows: a royal one-off, or one that was moved.

    Ordinary bank holidays need no row. Reminders and "working days left" count these days as they say.
    """

    day_on = models.DateField("day", unique=True)
    name = models.CharField(max_length=100)
    is_working_day = models.BooleanField(
        "it is a working day", default=False, help_text="Tick only for a bank holiday on which people work after all."
    )

    history = HistoricalRecords()
    objects = BankHolidayQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.day_on:%-d %B %Y}, {self.name}"


class Aim(Sourced):
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="aims")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=200, blank=True)
    focus = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [once("aim", "strategy", "code")]

    def __str__(self) -> str:
        return self.name


class Ambition(Sourced):
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="ambitions")
    name = models.CharField(max_length=200)

    history = HistoricalRecords()

    class Meta:
        constraints = [once("ambition", "strategy", "code")]

    def __str__(self) -> str:
        return self.name


class Principle(Sourced):
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="principles")
    name = models.CharField(max_length=60)
    long_form = models.CharField(max_length=200, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [once("principle", "strategy", "code")]

    def __str__(self) -> str:
        return self.name


class Body(Sourced):
    """A board, group or partnership, and what it oversees."""

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=200)
    also_called = models.CharField(max_length=200, blank=True)
    role = models.TextField(blank=True)
    oversees = models.TextField(blank=True)
    assures = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="assured_by")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "bodies"
        constraints = [once("body", "strategy", "code")]

    def __str__(self) -> str:
        return self.name


class Priority(Sourced):
    """One of the year's priorities. The documents name each one three ways; all are kept, `name` is the portal's."""

    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="priorities")
    slug = models.SlugField()
    name = models.CharField(max_length=120)
    foreword_name = models.CharField(max_length=200, blank=True)
    plan_on_a_page_name = models.CharField(max_length=200, blank=True)
    delivery_name = models.CharField(max_length=200, blank=True)
    statement = models.TextField(blank=True)
    why = models.TextField(blank=True)

    history = HistoricalRecords()
    objects = PriorityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "priorities"
        constraints = [once("priority", "plan_year", "code"), once("priority", "plan_year", "slug")]

    def __str__(self) -> str:
        return self.name


class Theme(Sourced):
    """A transformation theme: a heading under which the strategy makes commitments."""

    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="themes")
    name = models.CharField(max_length=200)

    history = HistoricalRecords()

    class Meta:
        constraints = [once("theme", "plan_year", "code")]

    def __str__(self) -> str:
        return self.name


class Commitment(Sourced):
    """What the strategy promises outside the year's deliverables."""

    class Kind(models.TextChoices):
        TRANSFORMATION = "transformation", "Transformation commitment"
        FIVE_YEAR_AIM = "five_year_aim", "Aim over five years"
        PREVENTION = "prevention", "Prevention initiative"
        UNDERPINNING = "underpinning", "Underpinning work"

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="commitments")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=200, blank=True)
    summary = models.TextField()

    history = HistoricalRecords()

    class Meta:
        constraints = [
            once("commitment", "theme", "code"),
            models.CheckConstraint(
                condition=Q(kind__in=["transformation", "five_year_aim", "prevention", "underpinning"]), name="commitment_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.summary


class ExpectedOutcome(Sourced):
    """What the strategy expects of the year, for one audience."""

    plan_year = models.ForeignKey(PlanYear, on_delete=models.PROTECT, related_name="expected_outcomes")
    audience = models.CharField(max_length=60)
    summary = models.TextField()

    history = HistoricalRecords()

    class Meta:
        constraints = [once("expected_outcome", "plan_year", "code")]

    def __str__(self) -> str:
        return self.audience


class ReachGroup(Sourced):
    """Whom or what Core20PLUS5 is about. NHS England names all but the PLUS groups, which are chosen here."""

    class Kind(models.TextChoices):
        CORE20 = "core20", "Most deprived fifth"
        PLUS = "plus", "Groups chosen here"
        ADULTS = "adults", "Adults' clinical areas"
        ACROSS = "across", "Across the adults' areas"
        CHILDREN = "children", "Children and young people's clinical areas"

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="reach_groups")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    explanation = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True, help_text="From this day it is offered no more.")

    history = HistoricalRecords()
    objects = ReachQuerySet.as_manager()

    class Meta:
        constraints = [
            once("reach_group", "strategy", "code"),
            models.UniqueConstraint("strategy", "kind", Lower("name"), name="reach_group_name_once"),
            models.CheckConstraint(condition=Q(kind__in=["core20", "plus", "adults", "across", "children"]), name="reach_kind"),
        ]

    def __str__(self) -> str:
        return self.name
