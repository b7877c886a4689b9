"""Migrations run on a database that has stories in it, on both engines: they are as they were, found by their words, and their
decisions stand behind their wall."""

from datetime import datetime

import pytest
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from strategy_portal.clock import LONDON

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("casestudies", "0002_append_only"), ("people", "0005_kept_forms"), ("reports", "0004_append_only")]
NOON = datetime(2025, 11, 20, 12, tzinfo=LONDON)


@pytest.fixture
def executor():
    """The database as it was before stories were written here. Whatever happens, it is brought up to date again."""
    made = MigrationExecutor(connection)
    made.migrate(BEFORE)
    yield made
    newest = MigrationExecutor(connection)
    newest.migrate(newest.loader.graph.leaf_nodes())


def test_stories_stay_as_they_were_and_are_found(executor):
    get = executor.loader.project_state(BEFORE).apps.get_model
    strategy = get("priorities", "Strategy").objects.create(code="s", title="S", version="1", system="S", published_in=2023)
    study = get("casestudies", "CaseStudy").objects.create(
        strategy=strategy, code="CS-1", slug="one", title="Élan Ward", organisation="A", stage="published", done="Told."
    )
    get("casestudies", "Figure").objects.create(case_study=study, order=1, metric="People", value=5, unit="people")
    user = get("people", "User").objects.create(email="a@example.org", name="A", joined_at=NOON)
    review = {"decision": "published", "reason": "Good.", "reviewed_at": NOON, "reviewed_by": user}
    get("casestudies", "Review").objects.create(case_study=study, **review)
    now = MigrationExecutor(connection)
    leaves = now.loader.graph.leaf_nodes()
    now.migrate(leaves)
    get = MigrationExecutor(connection).loader.project_state(leaves).apps.get_model
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
    reviews = get("casestudies", "Review").objects.all()
    assert reviews.get().reason == "Good."
    for change in (lambda: reviews._raw_delete("default"), lambda: reviews.update(reason="Other.")):
        with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
            change()
