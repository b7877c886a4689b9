"""manage.py load_demonstration: what it refuses, its passwords, and that it is all or nothing and the same each time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from deliverables.models import Deliverable, Milestone, MilestoneMove, StatusUpdate
from people.models import Membership, Organisation, User
from priorities.models import PlanYear, ReportingPeriod
from reports.demonstration import content as demonstration
from reports.demonstration.load import load_demonstration
from reports.models import RollUp
from tests import factories

PASSWORD = "demonstration only 1"
CONTENT = demonstration.read()
MONTHS = [f"2025-{month:02}" for month in range(4, 12)]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demonstration", *arguments, stdout=out)
    return out.getvalue()


def load() -> None:
    load_demonstration(content=CONTENT, password=PASSWORD)


@pytest.fixture(scope="module")
def strategy_once(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Loaded once for all tests here, each of which takes back what it did, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_strategy", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def strategy(strategy_once, db, settings) -> None:
    settings.PORTAL_DEMONSTRATION = True


# What is refused


def test_it_is_refused_where_the_portal_is_not_a_demonstration(strategy, settings):
    settings.PORTAL_DEMONSTRATION = False
    for arguments in ([], ["--if-missing"]):
        with pytest.raises(CommandError, match="Set PORTAL_DEMONSTRATION=on"):
            run(*arguments)
    assert not User.objects.exists()


def test_it_is_refused_without_the_strategy(strategy):
    PlanYear.objects.update(code="2024-25", starts_on=date(2024, 4, 1), ends_on=date(2025, 3, 31))
    with pytest.raises(CommandError, match=r"Run `manage.py load_strategy` first\. Nothing has changed\."):
        run()


def test_it_is_refused_when_a_deliverable_is_missing(strategy):
    Deliverable.objects.get(code="FCN-3").delete()
    with pytest.raises(CommandError, match="no deliverable FCN-3"):
        run()


def test_it_is_refused_beside_real_updates(strategy):
    hw_1 = Deliverable.objects.get(code="HW-1")
    factories.update(hw_1, by=factories.person("programme_manager"), month=ReportingPeriod.objects.in_month("2025-11").get())
    with pytest.raises(CommandError, match="real updates"):
        run()
    assert not User.objects.demonstration().exists()


def test_it_never_takes_over_a_real_persons_account(strategy):
    factories.person("administrator", name="Ada")
    with pytest.raises(CommandError, match=r"ada@example\.org belongs to someone already"):
        run()
    assert not User.objects.get(email="ada@example.org").has_usable_password()


def test_it_is_refused_while_its_updates_lie_in_the_future(strategy, set_today):
    set_today(date(2025, 11, 30))
    with pytest.raises(CommandError, match=r"runs to 1 December 2025.*PORTAL_TODAY=2025-12-02"):
        run()


def test_a_failure_in_the_last_update_leaves_nothing_behind(strategy):
    works = list(CONTENT.works)
    last = max((said for work in works for said in work.submissions), key=lambda said: said.at)
    index, work = next((n, work) for n, work in enumerate(works) if work.code == last.code)
    broken = replace(last, month="2025-10")  # closed by then
    works[index] = replace(work, submissions=(*(said for said in work.submissions if said != last), broken))
    history = Deliverable.history.count()
    with pytest.raises(Exception, match="has been issued"):
        load_demonstration(content=replace(CONTENT, works=tuple(works)), password=PASSWORD)
    for model in (User, Organisation, Membership, Milestone, StatusUpdate, MilestoneMove, RollUp):
        assert not model.objects.exists(), model
    assert not ReportingPeriod.objects.exclude(meeting_on=None, closed_at=None, data_version__lte=2).exists()
    assert Deliverable.history.count() == history


def test_an_author_who_may_not_report_is_refused(strategy):
    works = [replace(w, submissions=tuple(replace(said, by="olu") for said in w.submissions)) for w in CONTENT.works]
    with pytest.raises(Exception, match="Olu Example may not report on"):
        load_demonstration(content=replace(CONTENT, works=tuple(works)), password=PASSWORD)


# Passwords


def test_one_password_from_a_file_signs_everyone_in(strategy, tmp_path: Path):
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n")
    said = run("--password-file", str(file))
    assert PASSWORD not in said and str(file) in said
    assert all(person.check_password(PASSWORD) for person in User.objects.all())


def test_a_password_is_made_up_and_printed_when_none_is_given(strategy):
    said = run()
    password = said.split("the password ")[1].split(":")[0]
    assert len(password) >= 12
    assert all(person.check_password(password) for person in User.objects.all())
    assert "priya@example.org  Programme manager, ICB" in said
    assert "nina@example.org  No role" in said


@pytest.mark.parametrize(
    ("text", "reason"), [("short", "too short"), ("password1234", "too common"), ("\n", "is empty"), (None, "cannot be read")]
)
def test_a_password_that_does_not_do_is_refused(strategy, tmp_path: Path, text: str | None, reason: str):
    file = tmp_path / "password"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CommandError, match=reason):
        run("--password-file", str(file))
    assert not User.objects.exists()


# The same twice

NAMES = {
    Organisation: ("code", "name", "short_name"),
    User: ("email", "name", "job_title", "is_active", "is_demonstration", "joined_at"),
    Membership: ("user__email", "organisation__code", "role"),
    ReportingPeriod: ("starts_on", "meeting_on", "closed_at", "closed_by__email", "data_version"),
    Deliverable: ("code", "lead__code", "starts_on", "due_on", "measure", "maturity"),
    Deliverable.partners.through: ("deliverable__code", "organisation__code"),
    Deliverable.managers.through: ("deliverable__code", "user__email"),
    Milestone: ("deliverable__code", "title", "baseline_on", "forecast_on", "done_on"),
    StatusUpdate: (
        *("key", "deliverable__code", "period__starts_on", "number", "rating", "done", "why", "route", "route_on", "evidence"),
        *("submitted_at", "submitted_by__email", "is_demonstration"),
    ),
    MilestoneMove: ("milestone__title", "update__key", "from_on", "to_on", "reason", "words", "moved_at", "moved_by__email"),
    RollUp: ("period__starts_on", "content", "lines", "charts", "rules_version", "data_version"),
}


def everything() -> dict[str, list[Any]]:
    """All rows by names that do not depend on ids."""
    return {model.__name__: sorted(model._base_manager.values_list(*names), key=repr) for model, names in NAMES.items()}


def test_two_databases_hold_the_same_rows(strategy):
    def once() -> dict[str, list[Any]]:
        with transaction.atomic():
            load()
            found = everything()
            transaction.set_rollback(True)
        return found

    first, second = once(), once()
    assert first == second
    assert all(first.values())
