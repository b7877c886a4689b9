"""What the database itself refuses, whoever writes to it."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import Error, IntegrityError, transaction

from casestudies.models import CaseStudy, Figure, Review
from deliverables.models import Decision, Deliverable, Evidence, Milestone
from people.models import Organisation, User
from priorities.models import Commitment, PlanYear, ReportingPeriod, Theme
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya() -> User:
    return factories.person("programme_manager")


@pytest.fixture
def update(priya):
    return factories.update(factories.deliverable(), by=priya, month=factories.november())


def story(**more) -> CaseStudy:
    given = {"code": "CS-1", "slug": "story", "title": "A story", "organisation": "A partner"}
    return CaseStudy.objects.create(strategy=factories.plan_year().strategy, **given | more)


def refused(make) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_decision_to_return_says_why(update, priya):
    given = {"update": update, "decided_at": clock.now(), "decided_by": priya}
    refused(lambda: Decision.objects.create(kind="return", **given))
    refused(lambda: Decision.objects.create(kind="perhaps", **given))
    Decision.objects.create(kind="agree", **given)


def test_decisions_and_reviews_are_never_changed_or_deleted(update, priya):
    Decision.objects.create(update=update, kind="agree", decided_at=clock.now(), decided_by=priya)
    Review.objects.create(case_study=story(), decision="published", reason="Ready.", reviewed_at=clock.now(), reviewed_by=priya)
    for rows, change in ((Decision.objects, {"kind": "return"}), (Review.objects, {"reason": "Other."})):
        with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_evidence_names_what_it_is_of_and_is_a_link_or_a_file(update, priya):
    of = {"deliverable": update.deliverable, "period": update.period}
    given = {"title": "Plan", "added_at": clock.now(), "added_by": priya}
    link = {"link": "https://example.org/plan"}
    refused(lambda: Evidence.objects.create(**given, **link))
    refused(lambda: Evidence.objects.create(**given, **of))
    refused(lambda: Evidence.objects.create(**given, **of, **link, file="plan.pdf"))
    refused(lambda: Evidence.objects.create(**given, **of, **link, removed_at=clock.now()))
    Evidence.objects.create(**given, **of, **link, milestone=factories.milestone(update.deliverable))


def test_a_review_says_why_and_decides_something_known(priya):
    given = {"case_study": story(), "reviewed_at": clock.now(), "reviewed_by": priya}
    refused(lambda: Review.objects.create(**given, decision="published", reason=""))
    refused(lambda: Review.objects.create(**given, decision="liked", reason="Nice."))


def test_a_story_and_its_figures_keep_to_known_words():
    made = story()
    refused(lambda: story(slug="other", code="CS-2", stage="gone"))
    refused(lambda: story(slug="other"))
    given = {"case_study": made, "metric": "People", "value": 1, "unit": "people"}
    Figure.objects.create(**given, order=1)
    refused(lambda: Figure.objects.create(**given, order=1))
    refused(lambda: Figure.objects.create(**given, order=2, better="sideways"))


def test_a_code_is_used_once_a_year_and_a_maturity_is_known():
    factories.deliverable("HW-1")
    refused(lambda: factories.deliverable("HW-1"))
    refused(lambda: factories.deliverable("HW-2", maturity="ripe"))
    refused(lambda: factories.deliverable("HW-3", starts_on=date(2026, 1, 1), due_on=date(2025, 1, 1)))


def test_milestones_of_a_deliverable_have_different_titles():
    made = factories.deliverable()
    factories.milestone(made)
    refused(lambda: factories.milestone(made))


def test_a_period_is_in_order_and_is_closed_by_someone(priya):
    november = ReportingPeriod.objects.filter(pk=factories.november().pk)
    refused(lambda: november.update(due_on=date(2025, 1, 1)))
    refused(lambda: november.update(ends_on=date(2025, 1, 1)))
    refused(lambda: november.update(closed_at=clock.now()))
    refused(lambda: november.update(closed_by=priya))
    refused(lambda: factories.period(factories.plan_year(), date(2025, 11, 1)))


def test_years_themes_and_commitments_keep_to_their_rules():
    year = factories.plan_year()
    refused(
        lambda: PlanYear.objects.create(strategy=year.strategy, code="x", starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 1))
    )
    theme = Theme.objects.create(plan_year=year, code="T1", name="Teams")
    refused(lambda: Commitment.objects.create(theme=theme, code="T1.1", kind="wish", summary="Hope."))


def test_people_and_organisations_are_themselves_once(priya):
    refused(lambda: User.objects.create(email="PRIYA@example.org", name="Other", joined_at=clock.now()))
    refused(lambda: Organisation.objects.create(code="other", name="ORGANISATION ICB"))
    refused(lambda: Organisation.objects.create(code="o2", name="O2", starts_on=date(2025, 2, 1), ends_on=date(2025, 1, 1)))


def test_what_was_reported_on_cannot_be_deleted(update, priya):
    for thing in (update.deliverable, update.period, priya):
        with pytest.raises(IntegrityError), transaction.atomic():
            thing.delete()
    assert Deliverable.objects.exists() and not Milestone.objects.exists()


def test_a_key_is_used_once(update):
    from deliverables.models import StatusUpdate

    same = {f.name: getattr(update, f.name) for f in StatusUpdate._meta.concrete_fields if f.name not in ("id", "number", "key")}
    refused(lambda: StatusUpdate.objects.create(**same, number=2, key=update.key))
    StatusUpdate.objects.create(**same, number=2, key=uuid4())
