"""Stories of work done, with their figures and what those figures do not show."""

from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q

from casestudies.fields import FoldedField
from casestudies.querysets import CaseStudyQuerySet, PictureQuerySet
from deliverables.models import Deliverable
from people.models import Organisation, User
from priorities.models import Aim, Principle, Priority, Sourced, Strategy
from strategy_portal import clock
from strategy_portal.history import HistoricalRecords


class CaseStudy(Sourced):
    """A story. Readers see it while it is published; whoever edits a published one works on a revision of it, a row of its own,
    which takes its place when a reviewer publishes it. Until then readers go on seeing what was published."""

    class Stage(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Consent(models.TextChoices):
        GIVEN = "given", "Everyone in the story has agreed to it"
        NOBODY = "nobody", "The story tells of no single person"
        DOCUMENT = "document", "It was published in a document of the strategy, whose owner holds the consent"

    class SmallNumbers(models.TextChoices):
        KEEP = "keep", "They can be published as they are"
        CHANGED = "changed", "They have been grouped or taken out"

    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="case_studies")
    owner = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="case_studies",
        help_text="Whose managers write it. None for a story of the strategy documents.",
    )
    revises = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="revision")
    key = models.UUIDField(null=True, unique=True, editable=False)  # of the form that began it: sent twice is begun once
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    year = models.CharField(max_length=100, blank=True, help_text="When the work was done, as the source says it.")
    summary = models.TextField("in short", blank=True)
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
    review_on = models.DateField("review date", null=True, blank=True)
    consent = models.CharField(max_length=8, choices=Consent.choices, blank=True)
    consent_words = models.TextField("who agreed, and where that is kept", blank=True)
    consent_on = models.DateField("agreed on", null=True, blank=True)
    consent_ends_on = models.DateField("agreed until", null=True, blank=True)
    anonymity = models.TextField("why nobody can be recognised", blank=True)
    small_numbers = models.CharField(max_length=8, choices=SmallNumbers.choices, blank=True)
    small_words = models.TextField("why the small numbers can stay", blank=True)
    is_demonstration = models.BooleanField(default=False, help_text="Somebody who is made up has written in it.")
    search_text = FoldedField(of=("title", "summary", "organisation", "place", "problem", "done", "changed", "learnt"))

    history = HistoricalRecords(m2m_fields=[aims, principles, priorities, deliverables], excluded_fields=["search_text", "key"])
    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "case studies"
        constraints = [
            models.UniqueConstraint(fields=["strategy", "code"], name="case_study_code_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "in_review", "published", "withdrawn"]), name="case_study_stage"
            ),
            models.CheckConstraint(
                condition=Q(consent__in=["", "given", "nobody"]) | Q(consent="document", owner=None), name="case_study_consent"
            ),
            models.CheckConstraint(condition=Q(small_numbers__in=["", "keep", "changed"]), name="case_study_small_numbers"),
            models.CheckConstraint(
                condition=Q(revises=None) | Q(stage__in=["draft", "in_review"]), name="case_study_revision_is_not_shown"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def video_host(self) -> str:
        return urlsplit(self.video).hostname or ""

    @property
    def speaks_of(self) -> str:
        """Its sensitive subjects, as they stand within a sentence: suicide and mental health; HIV."""
        is_short_form = self.sensitive[1:2].isupper()
        return self.sensitive if is_short_form else self.sensitive[:1].lower() + self.sensitive[1:]

    @property
    def is_past(self) -> bool:
        """Due to be looked at again; also where nobody has said when, as in the strategy's documents."""
        return self.review_on is None or self.review_on < clock.today()

    @property
    def has_consent_ended(self) -> bool:
        ends_on = self.consent_ends_on
        return self.consent == self.Consent.GIVEN and ends_on is not None and ends_on < clock.today()

    @property
    def story_id(self) -> int:
        """The row that readers know: its own, or the one that it revises."""
        return self.revises_id or self.pk


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
    source = models.CharField(max_length=200, blank=True)
    note = models.TextField("what it does not show", blank=True)
    better = models.CharField(max_length=8, choices=Better.choices, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_study", "order"], name="figure_order_once"),
            models.CheckConstraint(condition=Q(better__in=["", "higher", "lower"]), name="figure_better"),
        ]

    def __str__(self) -> str:
        return f"{self.metric}: {self.value.normalize():f}"


class Picture(models.Model):
    """A picture of a story: decoded and written anew, under a name that tells nothing, and seen by those who see the story."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.CASCADE, related_name="pictures")
    order = models.PositiveSmallIntegerField()
    file = models.FileField(upload_to="stories/")
    alternative = models.CharField("what it shows", max_length=250)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = HistoricalRecords()
    objects = PictureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_study", "order"], name="picture_order_once"),
            models.CheckConstraint(condition=~Q(alternative=""), name="picture_says_what_it_shows"),
        ]

    def __str__(self) -> str:
        return self.alternative


class Review(models.Model):
    """One decision on a case study, with its reason. Append-only."""

    class Decision(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        CONFIRMED = "confirmed", "Still true"
        WITHDRAWN = "withdrawn", "Withdrawn"

    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    reason = models.TextField()
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    append_only = True
    TAKEN_BACK = "Taken back by its author."

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision__in=["draft", "in_review", "published", "confirmed", "withdrawn"]), name="review_decision"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="review_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.case_study}: {self.said}"

    @property
    def is_return(self) -> bool:
        """Whether a reviewer gave it back: its author may also take it back herself."""
        return self.decision == CaseStudy.Stage.DRAFT and self.reason != self.TAKEN_BACK

    @property
    def said(self) -> str:
        """What was decided, not what the story is since."""
        if self.decision == CaseStudy.Stage.IN_REVIEW:
            return "Sent for review"
        if self.decision == CaseStudy.Stage.DRAFT:
            return "Returned" if self.is_return else "Taken back"
        return str(self.get_decision_display())
