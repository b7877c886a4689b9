"""All reading of case studies."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from casestudies.search import words_of
from deliverables.models import Deliverable, PrioritySuccession, StatusUpdate
from deliverables.querysets.deliverables import Named, newest_of_each
from deliverables.ratings import NOT_REPORTED, OFF_TRACK, TAKEN_BACK
from people.permissions import can_edit_plan, can_report_progress, can_review_stories
from priorities.models import ReportingPeriod
from strategy_portal import clock
from strategy_portal.prepared import prepared


def consent_ended(on: date) -> Q:
    """Of stories whose people had agreed up to a day that is over."""
    return Q(consent="given", consent_ends_on__lt=on)


NO_WORDS = Value("", output_field=TextField())
LINKS = ("aims", "principles", "priorities", "deliverables")


def as_last_issued() -> QuerySet:
    """Deliverables with `issued_rating` in the last issued report of their year, and `issued_month`, the month that it is of."""
    closed = ReportingPeriod.objects.filter(plan_year=OuterRef("plan_year"), closed_at__isnull=False).order_by("-starts_on")
    newest = StatusUpdate.objects.filter(deliverable=OuterRef("pk"), period=OuterRef("issued_period")).order_by("-number")
    found = Deliverable.objects.annotate(
        issued_period=Subquery(closed.values("pk")[:1]), issued_month=Subquery(closed.values("starts_on")[:1])
    )
    said = Coalesce(Subquery(newest.values("rating")[:1]), Value(TAKEN_BACK))
    last = Case(When(issued_month=None, then=Value("")), default=said)
    return found.annotate(last_rating=last).annotate(
        issued_rating=Case(When(last_rating=TAKEN_BACK, then=Value(NOT_REPORTED)), default=F("last_rating"))
    )


def day_of_last(*decisions: str) -> TruncDate:
    """On a story."""
    from casestudies.models import Review

    found = Review.objects.filter(case_study=OuterRef("pk"), decision__in=decisions).order_by("-pk")
    return TruncDate(Subquery(found.values("reviewed_at")[:1]), tzinfo=clock.LONDON, output_field=DateField())


class CaseStudyQuerySet(QuerySet):
    def published(self, on: date | None = None):
        """Those that readers see today, or on a day: as long as the consent for them holds."""
        return self.filter(~consent_ended(on or clock.today()), stage="published")

    def taken_down(self):
        """Published, and seen by no reader, since the consent for them has ended."""
        return self.filter(consent_ended(clock.today()), stage="published")

    def stories(self):
        """Those that have an address: not the revisions of others."""
        return self.filter(revises=None)

    def search(self, words: str):
        """Every word somewhere in the story, in any order, whatever its accents and capitals."""
        found = self
        for word in words_of(words):
            found = found.filter(search_text__contains=word)
        return found

    def with_organisation(self):
        """With `organisation_now`: as the organisation is called today, where it is one of the portal's."""
        return self.annotate(organisation_now=Coalesce("owner__name", "organisation"))

    def in_order(self):
        return self.order_by("order", "title", "pk")

    def for_list(self):
        return self.published().with_organisation().prefetch_related("aims", "principles").in_order()

    def with_days(self):
        """With the day on which it was last published here, and on which it was last looked at, if it was."""
        return self.annotate(published_on=day_of_last("published"), looked_at_on=day_of_last("published", "confirmed"))

    def with_figures(self):
        from casestudies.models import Figure

        return self.prefetch_related(Prefetch("figures", Figure.objects.order_by("order")))

    def with_pictures(self):
        from casestudies.models import Picture

        return self.prefetch_related(Prefetch("pictures", Picture.objects.order_by("order")))

    @prepared
    def related_to(self, study: int):
        """The deliverables that a story tells of, each with its rating as last issued."""
        return as_last_issued().filter(case_studies=study).select_related("plan_year").order_by("code", "pk")

    def for_priority(self, priority: int) -> list[Named]:
        """The published ones of a priority, and of what it came from, as far as a link names them."""
        return newest_of_each(Named(*row) for row in self.prepared_for_priority(priority, clock.today()))

    @prepared
    def prepared_for_priority(self, priority: int, on: date):
        line = PrioritySuccession.objects.line_of(priority, "priorities")
        columns = ("title", "slug", "organisation_now", "priorities__plan_year__code")
        return self.published(on).filter(line).with_organisation().in_order().values_list(*columns)

    def for_page(self):
        return self.with_organisation().with_days().with_figures().with_pictures()

    def for_editor(self, user: Any):
        """Those that she works on: her organisations' own; for a reviewer, what was ever sent for review; for an administrator,
        also those of the strategy documents, which are nobody's own."""
        hers = Q(owner__in=user.organisation_ids_reported_for) if can_report_progress(user) else Q(pk=None)
        if can_edit_plan(user):
            hers |= Q(owner=None)
        if can_review_stories(user):
            hers |= Q(stage__in=["in_review", "published", "withdrawn"])
        return self.filter(hers)

    def seen_by(self, user: Any):
        """What is published, and to those who work on it also what readers do not see any more for want of consent."""
        return self.filter(Q(pk__in=self.model.objects.published()) | Q(pk__in=self.model.objects.for_editor(user).taken_down()))

    def with_work(self, user: Any):
        """With `seen`, the number of its newest edit, `hers`, whether she has edited or sent it, and `sent_by_id`."""
        from casestudies.models import Picture, Review

        edits = self.model.history.filter(id=OuterRef("pk"))
        pictured = Picture.history.filter(case_study=OuterRef("pk"), history_user=user, history_change_reason=None)
        sent = Review.objects.filter(case_study=Coalesce(OuterRef("revises"), OuterRef("pk")), decision="in_review")
        newest = sent.order_by("-pk").values("reviewed_by")[:1]
        return self.annotate(
            seen=Coalesce(Subquery(edits.order_by("-history_id").values("history_id")[:1]), 0),
            hers=Exists(edits.filter(history_user=user, history_change_reason=None)) | Exists(pictured),
            sent_by_id=Subquery(newest, output_field=IntegerField()),
        )

    def worked_on(self, slug: str, user: Any):
        """What an editor finds at the address of a story: its revision where she may see one, else the story. One or none."""
        rows = self.for_editor(user).filter(Q(slug=slug, revises=None) | Q(revises__slug=slug))
        return rows.select_related("owner", "revises").with_work(user).order_by(F("revises").desc(nulls_last=True))

    def in_hand(self, user: Any):
        """What there is to do, the most urgent first: with `rank`, `is_due`, `is_down`, `is_off_track` and `returned`, why."""
        today = clock.today()
        off_track = as_last_issued().filter(issued_rating=OFF_TRACK, case_studies=OuterRef("pk"))
        past, ended = (
            Q(stage="published") & (Q(review_on=None) | Q(review_on__lt=today)),
            consent_ended(today) & Q(stage="published"),
        )
        found = self.for_editor(user).annotate(
            is_off_track=Exists(off_track),
            is_due=Case(When(past, then=True), default=False),
            is_down=Case(When(ended, then=True), default=False),
            returned=Case(When(stage="draft", then=Subquery(self.last_return())), default=NO_WORDS),
        )
        rank = Case(
            When(stage="in_review", then=0),
            When(stage="draft", then=1),
            When(Q(is_due=True) | Q(is_down=True) | Q(stage="published", is_off_track=True), then=2),
            When(stage="withdrawn", then=3),
            default=4,
        )
        return found.annotate(rank=rank).filter(rank__lt=4).select_related("revises", "owner").order_by("rank", "title", "pk")

    def last_return(self) -> QuerySet:
        """Of the story in the outer query: the reason of its last review, empty where that did not give it back to its author."""
        review = self.model.reviews.rel.related_model
        is_return = Q(decision="draft") & ~Q(reason=review.TAKEN_BACK)
        said = review.objects.annotate(said=Case(When(is_return, then=F("reason")), default=NO_WORDS))
        return said.filter(case_study=Coalesce(OuterRef("revises"), OuterRef("pk"))).order_by("-pk").values("said")[:1]

    def links_of(self, study: Any) -> dict[str, list[tuple[int, str]]]:
        """The id and name of all that a story is tied to, by kind, in one statement."""
        found: dict[str, list[tuple[int, str]]] = {kind: [] for kind in LINKS}
        for kind, _, pk, name in sorted(self.prepared_links_of(study.pk)):
            found[kind].append((pk, name))
        return found

    @prepared
    def prepared_links_of(self, study: int):
        model = self.model
        parts = [
            getattr(model, kind).through.objects.filter(casestudy=study).values_list(Value(kind), *columns)
            for kind, columns in (
                ("aims", ("aim__order", "aim_id", "aim__name")),
                ("principles", ("principle__order", "principle_id", "principle__name")),
                ("priorities", ("priority__order", "priority_id", "priority__name")),
                ("deliverables", ("deliverable__order", "deliverable_id", "deliverable__code")),
            )
        ]
        return parts[0].union(*parts[1:], all=True)


class PictureQuerySet(QuerySet):
    def visible_to(self, user: Any):
        """Those of published stories, and of the stories that she works on."""
        from casestudies.models import CaseStudy

        editors = CaseStudy.objects.for_editor(user)
        return self.filter(Q(case_study__in=CaseStudy.objects.published()) | Q(case_study__in=editors))

    def files_in_use(self, names: Iterable[str]) -> set[str]:
        return set(self.filter(file__in=list(names)).values_list("file", flat=True))
