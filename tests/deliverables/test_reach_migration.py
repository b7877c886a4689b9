"""Whom a deliverable reaches comes into a database that has data in it: nothing that was there changes, on both engines."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.deliverables.test_migrations import fill, then_nothing_changes_it, up_to_date

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = [
    ("people", "0001_initial"),
    ("priorities", "0001_initial"),
    ("deliverables", "0002_append_only"),
    ("reports", "0001_initial"),
]
BEFORE = [("deliverables", "0006_stopped")]


@pytest.fixture
def filled():
    """With what the first version held, brought to just before the reach. Whatever happens, it is brought up to date again."""
    executor = MigrationExecutor(connection)
    executor.migrate(FIRST)
    fill(executor.loader.project_state(FIRST).apps)
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    yield executor.loader.project_state(BEFORE).apps
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())


def test_it_comes_empty_beside_what_was_there(filled):
    one = filled.get_model("deliverables", "Deliverable").objects.get()
    past = {"id": one.pk, "code": "A-1", "title": "A", "plan_year_id": one.plan_year_id, "priority_id": one.priority_id}
    filled.get_model("deliverables", "HistoricalDeliverable").objects.create(
        **past, maturity="drafted", order=0, history_date="2025-04-01T09:00:00Z", history_type="+"
    )
    get = up_to_date().get_model
    now = get("deliverables", "Deliverable").objects.get()
    assert (now.code, now.benefits, now.missed, now.reach.count()) == ("A-1", "", "", 0)
    edit = get("deliverables", "HistoricalDeliverable").objects.get()
    assert (edit.maturity, edit.benefits, edit.missed) == ("drafted", "", "")
    group = get("priorities", "ReachGroup").objects.create(
        strategy=now.plan_year.strategy, code="PLUS-1", kind="plus", name="Carers", ended_on=date(2026, 1, 1)
    )
    now.reach.add(group)
    assert now.reach.get() == group
    for model in ("StatusUpdate", "MilestoneMove", "Decision"):
        then_nothing_changes_it(get("deliverables", model).objects.all())
