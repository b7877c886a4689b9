"""Migrations run on a database that has data in it, on both engines: what was reported and told is as it was, behind its walls.

One database goes the whole way, filled where it stops: as the first version made it, then as it was before definitions, reach
and stories came. A new database takes the short way, by the migrations that say 0001_squashed, and ends up the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from strategy_portal.clock import LONDON
from tests.conftest import ON_POSTGRESQL

FIRST = [
    ("people", "0001_initial"),
    ("priorities", "0001_initial"),
    ("deliverables", "0002_append_only"),
    ("casestudies", "0002_append_only"),
    ("reports", "0001_initial"),
]
LATER = [("deliverables", "0006_stopped"), ("people", "0005_kept_forms"), ("reports", "0004_append_only")]
APPS = ("people", "priorities", "deliverables", "casestudies", "reports")
NOON = datetime(2025, 11, 20, 12, tzinfo=LONDON)


@contextmanager
def empty_database() -> Iterator[None]:
    """The portal's connection leads to a database without tables, and then back to the one that the tests share."""
    shared, name = connection.connection, connection.settings_dict["NAME"]
    other = "file:from-the-first?mode=memory&cache=shared"
    if ON_POSTGRESQL:
        other = f"{name}_from_the_first"
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{other}"')
            cursor.execute(f'CREATE DATABASE "{other}"')
    connection.connection, connection.settings_dict["NAME"] = None, other
    try:
        yield
    finally:
        connection.connection.close()
        connection.connection, connection.settings_dict["NAME"] = shared, name
        if ON_POSTGRESQL:
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{other}"')


def migrate(to: list[tuple[str, str]]) -> Callable[[str, str], Any]:
    """By the long way. Gives what finds a model as it is there."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.migrate(to)
    return executor.loader.project_state(to).apps.get_model


def migrate_to_today() -> Callable[[str, str], Any]:
    """As manage.py migrate does."""
    executor = MigrationExecutor(connection)
    executor.migrate(to := executor.loader.graph.leaf_nodes())
    return executor.loader.project_state(to).apps.get_model


def schema() -> set[tuple[str, ...]]:
    """Each column, constraint, index and wall of the portal's own tables, as the database words it. Their order is left out."""
    with connection.cursor() as cursor:
        cursor.execute(POSTGRESQL_SCHEMA if ON_POSTGRESQL else SQLITE_SCHEMA)
        found = [row for row in cursor.fetchall() if row[0].startswith(APPS)]
    if ON_POSTGRESQL:
        return set(found)
    return {(table, kind, part) for table, kind, sql in found for part in (parts_of(sql) if kind == "table" else [sql])}


def parts_of(table: str) -> Iterator[str]:
    """What stands between the outer brackets of a statement, from comma to comma."""
    depth, part = 0, ""
    for letter in table.partition("(")[2].rpartition(")")[0] + ",":
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += letter


SQLITE_SCHEMA = "SELECT tbl_name, type, sql FROM sqlite_master WHERE sql IS NOT NULL"
POSTGRESQL_SCHEMA = """
    SELECT table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, is_identity)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid > 0
    UNION SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""


@pytest.fixture(scope="module")
def short_way(django_db_setup, django_db_blocker) -> set[tuple[str, ...]]:
    """The schema of the database that the tests share."""
    with django_db_blocker.unblock():
        return schema()


@pytest.fixture(scope="module")
def get(short_way, django_db_blocker) -> Iterator[Callable[[str, str], Any]]:
    """Finds a model of today, in the database that went the whole way."""
    with django_db_blocker.unblock(), empty_database():
        report(migrate(FIRST))
        tell(migrate([*FIRST, *LATER]))
        yield migrate_to_today()


@pytest.mark.django_db
def test_the_short_way_makes_the_same_database(short_way, get):
    assert len(short_way) > 500
    assert short_way ^ schema() == set()


def report(get: Callable[[str, str], Any]) -> None:
    """A plan with an update that moved a milestone, evidence of each kind, and a decision."""
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


def tell(get: Callable[[str, str], Any]) -> None:
    """An edit of the deliverable, words that were typed and not sent, and a published story with a figure."""
    one = get("deliverables", "Deliverable").objects.get()
    past = {"id": one.pk, "code": "A-1", "title": "A", "plan_year_id": one.plan_year_id, "priority_id": one.priority_id}
    get("deliverables", "HistoricalDeliverable").objects.create(
        **past, maturity="drafted", order=0, history_date="2025-04-01T09:00:00Z", history_type="+"
    )
    typed = {f"{get('people', 'User').objects.get().pk} /outcomes-group/asks/new/": {"wording": "Pay & stay."}}
    given = {"saved_at": NOON, "saved_by": get("people", "User").objects.get(), "unsent": typed}
    get("reports", "ReportDraft").objects.create(period=get("priorities", "ReportingPeriod").objects.get(), **given)
    study = get("casestudies", "CaseStudy").objects.create(
        strategy=get("priorities", "Strategy").objects.get(),
        code="CS-1",
        slug="one",
        title="Élan Ward",
        organisation="A",
        stage="published",
        done="Told.",
    )
    get("casestudies", "Figure").objects.create(case_study=study, order=1, metric="People", value=5, unit="people")
    review = {"decision": "published", "reason": "Good.", "reviewed_at": NOON, "reviewed_by": get("people", "User").objects.get()}
    get("casestudies", "Review").objects.create(case_study=study, **review)


def test_what_was_reported_is_as_it_was(get):
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


def test_whom_a_deliverable_reaches_comes_empty_beside_what_was_there(get):
    now = get("deliverables", "Deliverable").objects.get()
    assert (now.code, now.benefits, now.missed, now.reach.count()) == ("A-1", "", "", 0)
    edit = get("deliverables", "HistoricalDeliverable").objects.get()
    assert (edit.maturity, edit.benefits, edit.missed) == ("drafted", "", "")
    group = get("priorities", "ReachGroup").objects.create(
        strategy=now.plan_year.strategy, code="PLUS-1", kind="plus", name="Carers", ended_on=date(2026, 1, 1)
    )
    now.reach.add(group)
    assert now.reach.get() == group


def test_stories_stay_as_they_were_and_are_found(get):
    found = get("casestudies", "CaseStudy").objects.get(search_text__contains="elan ward")
    assert (found.title, found.stage, found.done, found.owner, found.revises, found.consent, found.key) == (
        "Élan Ward",
        "published",
        "Told.",
        None,
        None,
        "",
        None,
    )
    assert (found.figures.get().value, found.figures.get().source) == (5, "")
    assert get("casestudies", "Review").objects.get().reason == "Good."


def test_what_was_typed_and_not_sent_still_waits_for_its_writer(get):
    kept = get("people", "KeptForm").objects.get()
    assert (kept.address, kept.fields, kept.kept_by.name) == ("/outcomes-group/asks/new/", "wording=Pay+%26+stay.", "A")


def test_nothing_changes_what_stands_behind_a_wall(get):
    """On SQLite the tables were made anew, and had lost their walls."""
    deliverable, by = get("deliverables", "Deliverable").objects.get(), get("people", "User").objects.get()
    get("deliverables", "DefinitionReturn").objects.create(
        deliverable=deliverable, reason="Which homes?", returned_at=NOON, returned_by=by
    )
    for app, model in (
        ("deliverables", "StatusUpdate"),
        ("deliverables", "MilestoneMove"),
        ("deliverables", "Decision"),
        ("deliverables", "DefinitionReturn"),
        ("casestudies", "Review"),
    ):
        rows = get(app, model).objects.all()
        for change in (lambda: rows._raw_delete("default"), lambda: rows.update(id=rows.get().pk)):  # noqa: B023
            with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
                change()


def test_every_migration_can_be_taken_back():
    found = [one for (app, _), one in MigrationLoader(None).disk_migrations.items() if app in APPS]
    assert len(found) > 20
    assert [f"{one}: {step}" for one in found for step in one.operations if not step.reversible] == []
