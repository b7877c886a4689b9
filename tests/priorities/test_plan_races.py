"""Two who edit the plan at once, on PostgreSQL, where they really meet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from deliverables.actions.hand_over import hand_over
from people.actions import choose_reminders
from people.joining.actions import deactivate_person, end_role, invite_person
from people.models import Letter, User
from priorities.models import Priority
from priorities.plan.actions import add_row, edit_row, move_row
from reports.actions import check_reports
from strategy_portal import clock
from strategy_portal.editing import Overtaken, Refused, seen_of
from tests import factories
from tests.reports.test_issue_races import issue_when_nothing_moves

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def together(*works):
    """Starts all at the same moment, each with a connection of its own. Returns what each returned or refused."""
    barrier = Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            barrier.wait()
            return work()
        except (Overtaken, Refused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


@pytest.fixture
def admins() -> list[User]:
    factories.plan_year()
    return [factories.person("administrator", name) for name in ("Ada", "Adam")]


def test_of_two_editors_one_is_told(admins):
    row = factories.priority()
    seen = seen_of(row)
    results = together(
        *[lambda by=by: edit_row(by=by, row=row, values={"name": f"By {by.name}"}, seen=seen) for by in admins],
    )
    assert sorted(type(one).__name__ for one in results) == ["Overtaken", "Priority"]
    stands = Priority.objects.get()
    assert stands.name == f"By {stands.history.first().history_user.name}" and stands.history.count() == 2


def test_a_double_click_is_one_edit_and_one_row(admins):
    row = factories.priority()
    seen = seen_of(row)
    together(*[lambda: edit_row(by=admins[0], row=row, values={"name": "Work"}, seen=seen)] * 6)
    assert row.history.count() == 2

    def add():
        new = Priority(plan_year=factories.plan_year(), code="P9", slug="new", name="New", order=9)
        return add_row(by=admins[0], row=new, same=("plan_year", "code", "name"))

    together(*[add] * 6)
    assert Priority.objects.filter(code="P9").count() == 1


def test_six_clicks_on_one_button_move_one_place(admins):
    for number in range(1, 5):
        factories.priority(f"P{number}", number)
    last = Priority.objects.get(code="P4")
    results = together(*[lambda: move_row(by=admins[0], row=last, siblings=Priority.objects.all(), was=4, to=3)] * 6)
    assert results == [3] * 6
    assert list(Priority.objects.order_by("order").values_list("code", "order")) == [("P1", 1), ("P2", 2), ("P4", 3), ("P3", 4)]


@pytest.mark.parametrize("leave", ["deactivate", "end"])
def test_two_administrators_who_remove_each_other_leave_one(admins, leave):
    ada, adam = admins
    if leave == "deactivate":
        works = [lambda: deactivate_person(by=ada, user=adam), lambda: deactivate_person(by=adam, user=ada)]
    else:
        hers, his = ada.memberships.get(), adam.memberships.get()
        works = [lambda: end_role(by=ada, membership=his), lambda: end_role(by=adam, membership=hers)]
    results = together(*works)
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert User.objects.able_to("edit_plan").count() == 1


def test_an_organisation_that_ends_while_the_last_other_administrator_leaves_does_not(admins):
    icb, elsewhere = factories.organisation(), factories.person("administrator", "Bob", factories.organisation("trust"))
    ends = {"ends_on": clock.today() - timedelta(days=1)}
    results = together(
        lambda: edit_row(by=elsewhere, row=icb, values=ends), lambda: deactivate_person(by=admins[0], user=elsewhere)
    )
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert User.objects.able_to("edit_plan").exists()


def test_six_clicks_are_one_invitation(admins):
    where = factories.organisation()
    words = {"email": "new@example.org", "name": "New", "job_title": "", "organisation": where, "role": "viewer"}
    results = together(*[lambda: invite_person(by=admins[0], **words)] * 6)
    assert len({one.pk for one in results}) == 1 and Letter.objects.count() == 1


def test_what_is_handed_over_twice_at_once_moves_once(admins):
    priya, sam, tara = (factories.person("programme_manager", name) for name in ("Priya", "Sam", "Tara"))
    work = factories.deliverable()
    work.managers.add(priya)
    results = together(
        *[lambda to=to: hand_over(by=admins[0], leaver=priya, successor=to.pk, deliverables=[work.pk])[1] for to in (sam, tara)]
    )
    assert sorted(map(len, results)) == [0, 1]
    assert work.managers.count() == 1


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_a_rename_in_the_very_moment_of_issuing_is_in_the_report_or_after_it(admins, kind):
    """While the rename is not committed yet, a later edit is, so that the report's mark lies beyond both."""
    priya, olu, other = (
        factories.person("programme_manager"),
        factories.person("outcomes_group", "Olu"),
        factories.organisation("b"),
    )
    lead = factories.organisation("lead")
    factories.update(factories.deliverable(lead=lead), by=priya, month=factories.november())
    row = priya if kind == "person" else lead
    renamed, marked = Event(), Event()

    def rename() -> None:
        with transaction.atomic():
            edit_row(by=admins[0], row=row, values={"name": "Renamed"})
            renamed.set()
            marked.wait(2)

    def mark_beyond() -> None:
        renamed.wait(5)
        choose_reminders(by=admins[1], reminders="late")
        type(other).history.model.objects.filter(id=other.pk).first()
        other._history_user = admins[1]
        other.save()

    def issue():
        mark = ThreadPoolExecutor(1).submit(closing(mark_beyond))
        mark.result()
        found = issue_when_nothing_moves(olu)
        marked.set()
        return found

    together(rename, issue)
    assert check_reports().faults == []


def closing(work):
    def run():
        try:
            return work()
        finally:
            connection.close()

    return run
