"""A deliverable that is stopped is no longer due, holds up nobody, and keeps what was reported of it."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from deliverables.actions import stop_deliverable
from deliverables.due import not_reported
from deliverables.models import Deliverable
from priorities.actions import PeriodClosed
from reports.gather import work_out
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(priya):
    """One goes on; the other reported in October and is stopped on 20 November."""
    goes_on, stopped = (factories.deliverable(code, lead=factories.organisation()) for code in ("A-1", "A-2"))
    for made in (goes_on, stopped):
        factories.update(made, by=priya, month=factories.october(), rating="off_track" if made is stopped else "on_track")
    factories.milestone(stopped, baseline=date(2025, 12, 10))
    stop_deliverable(by=None, deliverable=stopped, on=date(2025, 11, 20), reason="Its money goes to A-1.")
    return goes_on, Deliverable.objects.select_related("plan_year").get(pk=stopped.pk)


def test_the_month_is_complete_without_it(priya, two):
    factories.update(two[0], by=priya, month=factories.november())
    content = work_out(factories.november()).content
    assert (content["plan"]["expected"], content["plan"]["reported"], content["plan"]["headline"]) == (1, 1, "on_track")
    assert content["milestones"]["rows"] == []
    assert [row["expected"] for row in content["coverage"]["rows"]] == [1]


def test_the_months_before_it_was_stopped_count_it_as_they_did(priya, two):
    months = {month["month"]: month for month in work_out(factories.november()).content["months"]}
    assert (months["2025-10"]["off_track"], months["2025-10"]["on_track"], months["2025-10"]["not_reported"]) == (1, 1, 0)
    assert (months["2025-09"]["not_reported"], months["2025-11"]["not_reported"]) == (2, 1)
    assert work_out(factories.october()).content["plan"]["headline"] == "off_track"


def test_it_is_due_from_nobody_and_takes_no_update(priya, two):
    assert [due.deliverable.code for due in not_reported(date(2025, 12, 2)) if due.period.month == "2025-11"] == ["A-1"]
    client = Client()
    factories.sign_in(client, priya)
    assert [row.deliverable.code for row in client.get("/updates/").context["rows"]] == ["A-1"]
    assert client.get("/updates/A-2/").status_code == 404
    with pytest.raises(PeriodClosed, match="stopped on 20 November 2025"):
        factories.update(two[1], by=priya, month=factories.november())


def test_its_page_says_when_and_why_and_offers_no_report(priya, two):
    client = Client()
    factories.sign_in(client, priya)
    page = client.get("/deliverables/A-2/").content.decode()
    assert "No longer part of the plan since 20 November 2025. Its money goes to A-1." in page and "Report progress" not in page


def test_stopping_needs_a_reason(two):
    with pytest.raises(IntegrityError), transaction.atomic():
        Deliverable.objects.filter(pk=two[1].pk).update(stop_reason="")
