"""Nobody writes over what she has not seen, and every edit can be read back, field by field."""

from datetime import date

import pytest

from strategy_portal import clock
from strategy_portal.editing import Change, Overtaken, changes_between, edits_of, lock_as_seen, seen_of
from tests import factories

pytestmark = pytest.mark.django_db


def edited(row, *, by, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user = by
    row.save()


@pytest.fixture
def ada():
    return factories.person("administrator", "Ada")


def test_a_save_that_has_seen_the_last_edit_gets_the_row(ada):
    row = factories.priority()
    assert lock_as_seen(row, seen=seen_of(row)) == row


def test_a_save_that_has_not_is_refused_with_the_name_of_who_was_first(ada):
    row = factories.priority()
    seen = seen_of(row)
    edited(row, by=ada, name="Theirs")
    with pytest.raises(Overtaken, match="Ada has saved other words") as refused:
        lock_as_seen(row, seen=seen)
    assert refused.value.theirs.name == "Theirs"


def test_the_history_says_who_changed_what_newest_first(ada, django_assert_num_queries):
    row = factories.deliverable(principles=("EQUITY",))
    edited(row, by=ada, title="Another title", due_on=date(2026, 3, 1), maturity="drafted", lead=factories.organisation())
    row.partners.set([factories.organisation("city")])
    with django_assert_num_queries(2):
        newest, changed, *_, first = edits_of(row.history.all())
    assert newest.changes == [Change("Partners", "Not set", "Organisation city")]
    assert (changed.by, changed.what) == ("Ada", "Changed")
    assert changed.changes == [
        Change("Title", "Deliverable HW-1", "Another title"),
        Change("Lead", "Not set", "Organisation icb"),
        Change("Due on", "Not set", "1 March 2026"),
        Change("Maturity", "Expected", "Drafted"),
    ]
    assert changed.changes[0].pieces == [("gone", "Deliverable HW-1"), ("same", "\n"), ("new", "Another title")]
    assert (first.what, first.changes) == ("Added", [])


def test_the_history_outlives_what_it_points_at(ada):
    gone = factories.organisation("gone")
    row = factories.deliverable(lead=gone)
    edited(row, by=ada, lead=None)
    pk = gone.pk
    gone.delete()
    assert edits_of(row.history.all())[0].changes == [Change("Lead", f"Number {pk}, which is gone", "Not set")]


def test_a_preview_names_only_what_differs():
    labels = {"name": "Name", "on": "Day", "open": "Open", "aims": "Aims"}
    then = {"name": "A", "on": None, "open": True, "aims": ["x", "y"]}
    now = {"name": "A", "on": date(2026, 8, 6), "open": False, "aims": []}
    assert changes_between(labels, then, now) == [
        Change("Day", "Not set", "6 August 2026"),
        Change("Open", "Yes", "No"),
        Change("Aims", "x, y", "Not set"),
    ]


def test_an_edit_is_dated_by_the_portal_s_clock():
    with clock.fixed(clock.on(date(2025, 5, 7))):
        row = factories.priority()
    assert row.history.get().history_date == clock.on(date(2025, 5, 7))
    assert not hasattr(row, "_history_date")
