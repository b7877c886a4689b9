"""The reports that these tests make by hand have the shape of those that are issued, and an issued one makes every file."""

import pytest

from reports.pack import KINDS
from reports.pack.document import Document
from tests import factories
from tests.reports.pack import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued() -> Document:
    """FCN-3 was on track in October and is off track in November, with a milestone that moved."""
    priya, olu = factories.person("programme_manager"), factories.person("outcomes_group", "Olu")
    deliverable = factories.deliverable("FCN-3", principles=("PREVENTION",))
    factories.milestone(deliverable)
    for month, rating in ((factories.october(), "on_track"), (factories.november(), "off_track")):
        factories.update(deliverable, by=priya, month=month, rating=rating)
        report = factories.issue(month, by=olu, FCN_3="The group supports the route.")
    return Document(report.content, list(report.lines.in_order().values_list("content", flat=True)), report.sha256)


def lacking(real, ours, place: str = "") -> list[str]:
    """What ours has and a real one has not, wherever both have something to compare."""
    if isinstance(real, dict) and isinstance(ours, dict):
        gone = [f"{place}.{key}" for key in set(ours) - set(real) if real]
        return gone + [found for key in set(real) & set(ours) for found in lacking(real[key], ours[key], f"{place}.{key}")]
    if isinstance(real, list) and isinstance(ours, list) and real and ours:
        return lacking(real[0], ours[0], f"{place}[]")
    return []


def test_our_reports_have_nothing_that_an_issued_one_has_not(issued):
    ours = sample.document()
    assert issued.content["attention"]["lines"] and issued.content["changes"]["worse"]["lines"]
    assert lacking(issued.content, ours.content) == []
    off_track = next(line for line in ours.lines if line["rating"] == "off_track")
    assert lacking(issued.lines[0], off_track) == []


@pytest.mark.parametrize("code", KINDS)
def test_an_issued_report_makes_every_file_and_the_same_one_each_time(issued, code):
    made = KINDS[code].make(issued)
    assert len(made) > 500
    assert KINDS[code].make(issued) == made
