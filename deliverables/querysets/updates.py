"""All reading of updates, drafts and decisions."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from deliverables.querysets.expressions import HasRow, LastWord
from deliverables.ratings import ON_TRACK, TAKEN_BACK
from strategy_portal.prepared import prepared


class StatusUpdateQuerySet(QuerySet):
    def newest(self):
        """The last row of each deliverable and period, which may be that it was taken back.
        Numbers run from one without a gap, so the last has no next."""
        return self.filter(~HasRow(self.model, period="period", deliverable="deliverable", number=F("number") + 1))

    def standing(self):
        """What counts for each deliverable and period: the last submission, unless that took it back."""
        return self.newest().filter(~Q(rating=TAKEN_BACK))

    def last_word(self, *, deliverable: Any, period: Any):
        """The newest row of one deliverable and period, which may be that it was taken back; or None."""
        return next(iter(self.last_words(deliverable.pk, period.pk)), None)

    @prepared
    def last_words(self, deliverable: int, period: int):
        return self.filter(deliverable=deliverable, period=period).order_by("-number")[:1]

    @prepared
    def sent_or_seen(self, key: UUID, deliverable: int, period: int, seen: int):
        """The row of a form's key, and those of the deliverable and period from a number on, in their order."""
        later = Q(deliverable=deliverable, period=period, number__gte=seen)
        return self.filter(Q(key=key) | later).order_by("number")

    def standing_of(self, *, deliverable: Any, period: Any):
        """What counts for one deliverable and period, which it then knows; or None."""
        last = self.last_word(deliverable=deliverable, period=period)
        if last is None or last.rating == TAKEN_BACK:
            return None
        last.period = period
        return last

    @prepared
    def said_of(self, deliverable: int, periods: list[int]):
        """All that was said of one deliverable in these periods, with `author`, the name alone."""
        found = self.filter(deliverable=deliverable, period__in=periods).annotate(author=F("submitted_by__name"))
        return found.defer("key", "second_look", "answer")

    @prepared
    def newest_of(self, deliverable: int, periods: list[int]):
        """The newest row of each of these periods, with `author`."""
        found = self.filter(deliverable=deliverable, period__in=periods).newest().annotate(author=F("submitted_by__name"))
        return found.defer("key", "second_look")

    def give_to(self, deliverables: list[Any], *periods: Any, decided: bool = False, words: bool = True) -> list[Any]:
        """Each of these deliverables with `recent_updates`: its standing updates of these periods with their `author`, in one
        query. On request with the group's word, or with the rating alone."""
        found: dict[int, list[Any]] = {deliverable.pk: [] for deliverable in deliverables}
        for update in self.standing_beside(list(found), [period.pk for period in periods], decided, words):
            found[update.deliverable_id].append(update)
        for deliverable in deliverables:
            deliverable.recent_updates = found[deliverable.pk]
        return deliverables

    @prepared
    def standing_beside(self, deliverables: list[int], periods: list[int], decided: bool, words: bool):
        found = self.filter(deliverable__in=deliverables, period__in=periods).standing()
        if not words:
            return found.only("deliverable", "period", "rating")
        found = found.defer("key").annotate(author=F("submitted_by__name"))
        return found.with_decision_reason() if decided else found

    def with_decision(self):
        """With `decision` (agree, return or None), the group's last word on each."""
        return self.annotate(decision=LastWord("pk", column="kind"))

    def with_decision_reason(self):
        """With `decision` and `decision_reason`."""
        return self.with_decision().annotate(decision_reason=LastWord("pk", column="reason"))

    def newest_before(self, period: Any, deliverables: list[int]):
        """For each of these deliverables its newest standing update of an earlier month of the year, oldest first."""
        return self.prepared_newest_before(period.plan_year_id, period.starts_on, deliverables)

    @prepared
    def prepared_newest_before(self, year: int, before: date, deliverables: list[int]):
        earlier = self.filter(deliverable__in=deliverables, period__plan_year=year, period__starts_on__lt=before)
        return earlier.standing().select_related("period").order_by("period__starts_on")

    def unchanged_on_track(self, period: Any):
        """Standing updates that need no talk: on track as last month, nothing flagged, no date moved, nothing decided yet."""
        from deliverables.models import MilestoneMove

        before = self.model.objects.filter(
            deliverable=OuterRef("deliverable"), period__ends_on=period.starts_on - timedelta(days=1), rating=ON_TRACK
        ).standing()
        moves = MilestoneMove.objects.filter(update=OuterRef("pk"))
        found = self.filter(period=period, rating=ON_TRACK, second_look={}).standing().with_decision()
        return found.filter(Exists(before), ~Exists(moves), decision=None).select_related("deliverable__plan_year", "period")

    def to_challenge(self, period: Any):
        """Standing updates on which the group has not said its word, those with a flag first, in the plan's order."""
        found = self.filter(period=period).standing().with_decision().filter(decision=None)
        unflagged = Case(When(second_look={}, then=Value(1)), default=Value(0))
        return found.annotate(unflagged=unflagged).order_by(
            "unflagged", "deliverable__priority__order", "deliverable__order", "deliverable__code"
        )

    def for_history(self):
        """Newest month first; within a month the standing update, then those it superseded."""
        return self.select_related("period", "submitted_by").order_by("-period__starts_on", "-number")


class DecisionQuerySet(QuerySet):
    def last_word(self, *, deliverable: Any, period: Any) -> tuple[int, str, str] | None:
        """The update's id, the kind and the reason of the newest decision about a deliverable's month; or None."""
        return next(iter(self.last_words(deliverable.pk, period.pk)), None)

    @prepared
    def last_words(self, deliverable: int, period: int):
        found = self.filter(update__deliverable=deliverable, update__period=period).order_by("-pk")
        return found.values_list("update_id", "kind", "reason")[:1]


class UpdateDraftQuerySet(QuerySet):
    def begun_for(self, period: Any, deliverables: Any) -> set[int]:
        """The ids of those on which somebody has begun to write. What is written is for its author alone."""
        return set(self.begun_in(period.pk, [deliverable.pk for deliverable in deliverables]))

    @prepared
    def begun_in(self, period: int, deliverables: list[int]):
        return self.filter(period=period, deliverable__in=deliverables).values_list("deliverable", flat=True)

    @prepared
    def saved_in(self, period: int, deliverables: list[int]):
        return self.filter(period=period, deliverable__in=deliverables).values_list("deliverable", "saved_at")

    @prepared
    def of_hers(self, period: int, user: int, deliverables: list[int]):
        return self.filter(period=period, saved_by=user, deliverable__in=deliverables)
