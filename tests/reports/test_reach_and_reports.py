"""Reports do not say whom a deliverable reaches: saying, renaming and ending change no byte of what was issued."""

from datetime import date

import pytest

from deliverables.actions import Reach, name_reach
from priorities.actions import add_plus_group, change_plus_group
from reports.actions import check_reports
from reports.models import ProgressReport, RollUp
from strategy_portal.editing import seen_of
from tests import factories
from tests.reports.test_issue import issue, olu, pages_of, plan, stored  # noqa: F401  its fixtures

pytestmark = pytest.mark.django_db


def test_an_issued_report_and_its_proof_stay_as_they_are(olu, plan):  # noqa: F811
    issue(olu, factories.october())
    report = issue(olu, factories.november())
    pages, before, rolled_up = pages_of(olu), stored(report), list(RollUp.objects.order_by("pk").values())
    ada = factories.person("administrator", "Ada")
    given = {"name": "Unpaid carers", "explanation": "", "source": "The Board"}
    group = add_plus_group(by=ada, strategy=factories.plan_year().strategy, **given)
    for deliverable in plan.values():
        reach = Reach(frozenset({group.pk}), "Many.", "Some.")
        name_reach(by=ada, deliverable=deliverable, reach=reach, seen=seen_of(deliverable))
    ended = given | {"name": "Carers", "ended_on": date(2025, 12, 1)}
    change_plus_group(by=ada, group=group, seen=seen_of(group), **ended)
    assert stored(ProgressReport.objects.get(pk=report.pk)) == before
    assert check_reports().faults == []
    assert pages_of(olu) == pages
    assert list(RollUp.objects.order_by("pk").values()) == rolled_up
    assert "Many." not in str(before) and "Unpaid carers" not in str(before)
