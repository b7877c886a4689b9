"""A story stays with what it tells of when the plan goes into its next year."""

from datetime import date

import pytest

from deliverables.models import Deliverable, DeliverableSuccession, PrioritySuccession
from priorities.models import PlanYear, Priority
from strategy_portal import clock
from tests import factories
from tests.casestudies.test_case_studies import bea, story  # noqa: F401  the fixture
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db
IN_MAY = date(2026, 5, 12)


def went_on(was, became, fate="carried") -> None:
    kind = DeliverableSuccession if isinstance(was, Deliverable) else PrioritySuccession
    by = factories.person("administrator", "Ada")
    kind.objects.create(was=was, became=became, fate=fate, decided_at=clock.now(), decided_by=by)


@pytest.fixture
def lines(set_today):
    """HW-1 and its priority of 2025/26, and what they became in 2026/27. A story tells of the older ones. It is May 2026."""
    old = factories.deliverable("HW-1")
    factories.next_year()
    set_today(IN_MAY)
    new = Deliverable.objects.get(plan_year__code="2026-27")
    told = story("told", title="Told of HW-1")
    told.deliverables.add(old)
    told.priorities.add(old.priority)
    return old, new, told


def test_it_is_on_the_pages_of_what_they_became_with_the_year_that_it_is_of(client, bea, lines):  # noqa: F811
    old, new, _ = lines
    for address in ("/deliverables/HW-1/", "/priorities/p1/"):
        assert "Told of HW-1" not in text(client.get(address)), "a code alone makes no line"
    went_on(old, new, "reworded")
    went_on(old.priority, new.priority)
    for address in ("/deliverables/HW-1/", "/priorities/p1/"):
        page = client.get(address)
        assert 'href="/case-studies/told/"' in page.content.decode()
        assert "Told of HW-1 A partner · of the plan of 2025/26" in text(page)
        page = text(client.get(f"/2025-26{address}"))
        assert "Told of HW-1 A partner" in page and "of the plan of" not in page


def test_a_story_of_both_years_is_there_once_as_one_of_this_year(client, bea, lines):  # noqa: F811
    old, new, told = lines
    went_on(old, new)
    went_on(old.priority, new.priority)
    told.deliverables.add(new)
    told.priorities.add(new.priority)
    for address in ("/deliverables/HW-1/", "/priorities/p1/"):
        page = client.get(address).content.decode()
        assert page.count('href="/case-studies/told/"') == 1 and "of the plan of" not in page


def test_it_is_followed_through_merging_and_splitting_and_over_several_years(client, bea, lines):  # noqa: F811
    old, new, _ = lines
    other = factories.deliverable("HW-2")
    story("other", title="Told of HW-2").deliverables.add(other)
    went_on(old, new, "merged")
    went_on(other, new, "merged")
    assert all(title in text(client.get("/deliverables/HW-1/")) for title in ("Told of HW-1", "Told of HW-2"))
    before = new
    for start in (2027, 2028, 2029):
        year = PlanYear.objects.create(
            strategy=before.plan_year.strategy,
            code=f"{start}-{start - 1999}",
            starts_on=date(start, 4, 1),
            ends_on=date(start + 1, 3, 31),
        )
        priority = Priority.objects.create(plan_year=year, code="P1", slug="p1", name="One", order=1)
        after = Deliverable.objects.create(plan_year=year, priority=priority, code="HW-9", title=f"Of {year}")
        went_on(before, after, "split")
        page = text(client.get(f"/{year.code}/deliverables/HW-9/"))
        assert all(title in page for title in ("Told of HW-1", "Told of HW-2")), year
        before = after
