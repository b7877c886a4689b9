"""Stories of work done, with their figures and what those figures do not show."""

from django.db import models
from django.db.models import Q

from casestudies.querysets import CaseStudyQuerySet
from deliverables.models import Deliverable
from people.models import User
from priorities.models import Aim, Principle, Priority, Sourced, Strategy
from strategy_portal.history import HistoricalRecords


class CaseStudy(Sourced):
    class Stage(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="case_studies")
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    year = models.CharField(max_length=100, blank=True, help_text="When the work was done, as the source says it.")
    problem = models.TextField("what was the problem", blank=True)
    done = models.TextField("what was done", blank=True)
    changed = models.TextField("what changed", blank=True)
    learnt = models.TextField("what was learnt", blank=True)
    caution = models.TextField(blank=True, help_text="What the story and its figures do not show.")
    sensitive = models.CharField(max_length=200, blank=True, help_text="Subjects that a reader may want to be told of first.")
    has_video = models.BooleanField(default=False)
    video = models.URLField(blank=True)
    aims = models.ManyToManyField(Aim, blank=True, related_name="case_studies")
    principles = models.ManyToManyField(Principle, blank=True, related_name="case_studies")
    priorities = models.ManyToManyField(Priority, blank=True, related_name="case_studies")
    deliverables = models.ManyToManyField(Deliverable, blank=True, related_name="case_studies")
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    review_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords(m2m_fields=[aims, principles, priorities, deliverables])
    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "case studies"
        constraints = [
            models.UniqueConstraint(fields=["strategy", "code"], name="case_study_code_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "in_review", "published", "withdrawn"]), name="case_study_stage"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Figure(models.Model):
    """One number of a story: never shown without its unit, its period and its caution."""

    class Better(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="figures")
    order = models.PositiveSmallIntegerField()
    metric = models.CharField(max_length=200)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=100)
    qualifier = models.CharField(max_length=100, blank=True, help_text="Such as over, less than, about.")
    period = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    better = models.CharField(max_length=8, choices=Better.choices, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_study", "order"], name="figure_order_once"),
            models.CheckConstraint(condition=Q(better__in=["", "higher", "lower"]), name="figure_better"),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.value.normalize():f}"


class Review(models.Model):
    """One decision on a case study, with its reason. Append-only."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=12, choices=CaseStudy.Stage.choices)
    reason = models.TextField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["draft", "in_review", "published", "withdrawn"]), name="review_decision"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="review_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.case_study}: {self.get_decision_display()}"
