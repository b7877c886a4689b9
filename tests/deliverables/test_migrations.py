"""Migrations run on a database that has data in it, on both engines: what was reported is as it was, behind its walls."""

from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from strategy_portal.clock import LONDON

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [
    ("people", "0001_initial"),
    ("priorities", "0001_initial"),
    ("deliverables", "0002_append_only"),
    ("reports", "0001_initial"),
]
NOON = datetime(2025, 11, 20, 12, tzinfo=LONDON)


@pytest.fixture
def executor():
    """The database as the first version made it. Whatever happens, it is brought up to date again."""
    made = MigrationExecutor(connection)
    made.migrate(BEFORE)
    yield made
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())


def up_to_date() -> object:
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate(leaves)
    return MigrationExecutor(connection).loader.project_state(leaves).apps


def fill(apps) -> None:
    """A plan with an update that moved a milestone, evidence of each kind, and a decision."""
    get = apps.get_model
    strategy = get("priorities", "Strategy").objects.create(code="s", title="S", version="1", system="S", published_in=2023)
    days = {"starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31)}
    year = get("priorities", "PlanYear").objects.create(strategy=strategy, code="2025-26", **days)
    period = get("priorities", "ReportingPeriod").objects.create(
        plan_year=year,
        starts_on=date(2025, 11, 1),
        ends_on=date(2025, 11, 30),
        opens_on=date(2025, 11, 24),
        due_on=date(2025, 12, 5),
    )
    priority = get("priorities", "Priority").objects.create(plan_year=year, code="P1", slug="p1", name="P")
    user = get("people", "User").objects.create(email="a@example.org", name="A", joined_at=NOON)
    deliverable = get("deliverables", "Deliverable").objects.create(plan_year=year, priority=priority, code="A-1", title="A")
    by = {"submitted_at": NOON, "submitted_by": user}
    update = get("deliverables", "StatusUpdate").objects.create(
        deliverable=deliverable, period=period, number=1, key=uuid4(), rating="on_track", done="Kept as it was.", **by
    )
    step = {"baseline_on": date(2025, 11, 15), "forecast_on": date(2026, 2, 27)}
    milestone = get("deliverables", "Milestone").objects.create(deliverable=deliverable, title="M", **step)
    get("deliverables", "MilestoneMove").objects.create(
        milestone=milestone,
        update=update,
        from_on=date(2025, 11, 15),
        to_on=date(2026, 2, 27),
        reason="data",
        words="Late.",
        moved_at=NOON,
        moved_by=user,
    )
    get("deliverables", "Decision").objects.create(update=update, kind="agree", decided_at=NOON, decided_by=user)
    added = {"title": "T", "link": "https://example.org/", "added_at": NOON, "added_by": user}
    get("deliverables", "Evidence").objects.create(update=update, **added)
    get("deliverables", "Evidence").objects.create(milestone=milestone, **added)


def test_what_was_reported_is_as_it_was(executor):
    fill(executor.loader.project_state(BEFORE).apps)
    apps = up_to_date()
    get = apps.get_model
    update = get("deliverables", "StatusUpdate").objects.get()
    assert (update.done, update.rating, update.number, update.second_look, update.answer) == (
        "Kept as it was.",
        "on_track",
        1,
        {},
        "",
    )
    move = get("deliverables", "MilestoneMove").objects.get()
    assert (move.kind, move.counts, move.to_on) == ("moved", 1, date(2026, 2, 27))
    milestone = get("deliverables", "Milestone").objects.get()
    assert (milestone.forecast_on, milestone.proposed_on, milestone.ended_on) == (date(2026, 2, 27), None, None)
    assert milestone.carried_from is None and not get("deliverables", "DeliverableSuccession").objects.exists()
    for evidence in get("deliverables", "Evidence").objects.all():
        assert (evidence.deliverable.code, evidence.period.starts_on) == ("A-1", date(2025, 11, 1))
    assert get("deliverables", "Evidence").objects.count() == 2
    assert get("priorities", "ReportingPeriod").objects.get().data_version > 1  # the roll-up is owed again
    assert get("people", "User").objects.get().reminders == "daily"
    deliverable = get("deliverables", "Deliverable").objects.get()
    sent_back = {"reason": "Which homes?", "returned_at": NOON, "returned_by": get("people", "User").objects.get()}
    get("deliverables", "DefinitionReturn").objects.create(deliverable=deliverable, **sent_back)
    for model in ("StatusUpdate", "MilestoneMove", "Decision", "DefinitionReturn"):
        then_nothing_changes_it(get("deliverables", model).objects.all())


def then_nothing_changes_it(rows) -> None:
    """On SQLite the tables were made anew, and had lost their walls."""
    for change in (lambda: rows._raw_delete("default"), lambda: rows.update(id=rows.get().pk)):
        with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
            change()
