"""What a save of the plan costs in statements: no more than DESIGN.md section 7 allows, however much is saved at once."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from priorities.models import Body, Priority, ReportingPeriod
from strategy_portal.editing import seen_of
from tests import factories

pytestmark = pytest.mark.django_db
SAVE = 16


@pytest.fixture
def ada() -> Client:
    made = Client()
    factories.sign_in(made, factories.person("administrator", "Ada"))
    return made


def edit(n: int) -> tuple[str, dict]:
    for number in range(n):
        factories.priority(f"P{number}", number)
    row = Priority.objects.get(code="P0")
    return "/plan/priorities/P0/", {"do": "publish", "seen": seen_of(row), "name": "Work"}


def body(n: int) -> tuple[str, dict]:
    """At the end of a chain of bodies that assure one another."""
    above = None
    for number in range(n):
        above = Body.objects.create(strategy=factories.plan_year().strategy, code=f"B{number}", name=f"B{number}", assures=above)
    return "/plan/bodies/B0/", {"do": "publish", "seen": seen_of(Body.objects.get(code="B0")), "name": "First"}


def order(n: int) -> tuple[str, dict]:
    for number in range(n + 1):
        factories.priority(f"P{number}", number)
    return "/plan/priorities/", {"move": f"P{n}:{n + 1}:1"}


def months(n: int) -> tuple[str, dict]:
    typed: dict = {"do": "publish"}
    for place, period in enumerate(factories.plan_year().periods.order_by("starts_on")):
        meets = "30 June 2026" if place < min(n, 12) else ""
        boxes = {"opens_on": period.opens_on.isoformat(), "due_on": period.due_on.isoformat(), "meeting_on": meets}
        typed |= {f"{name}-{period.pk}": value for name, value in boxes.items()}
    typed["seen"] = ReportingPeriod.history.order_by("-history_id")[0].pk
    return "/plan/periods/", typed


def organisation(n: int) -> tuple[str, dict]:
    row = factories.organisation("trust")
    for number in range(n):
        factories.person("administrator", f"Admin{number}", row)
    return "/plan/organisations/trust/", {"do": "publish", "seen": seen_of(row), "name": "Renamed"}


def invite(n: int) -> tuple[str, dict]:
    words = {"email": "new@example.org", "name": "New", "role": "viewer", "organisation": factories.organisation().pk}
    return "/plan/people/invite/", words


def leave(n: int) -> tuple[str, dict]:
    bea = factories.person("viewer", "Bea")
    for _ in range(n):
        factories.sign_in(Client(), bea)
    return f"/plan/people/{bea.pk}/deactivate/", {}


def end_role(n: int) -> tuple[str, dict]:
    bea = factories.person("viewer", "Bea")
    for number in range(n):
        factories.person("administrator", f"Admin{number}")
    return f"/plan/people/{bea.pk}/", {"do": "end", "membership": bea.memberships.get().pk}


def hand_over(n: int) -> tuple[str, dict]:
    priya, sam = (factories.person("programme_manager", name) for name in ("Priya", "Sam"))
    works = [factories.deliverable(f"D-{number}", principles=("EQUITY",), lead=factories.organisation()) for number in range(n)]
    for work in works:
        work.managers.add(priya)
        work.partners.add(factories.organisation())
    moving = [work.pk for work in works]
    return f"/plan/people/{priya.pk}/hand-over/", {"do": "publish", "successor": sam.pk, "moving": moving}


@pytest.mark.parametrize("save", [edit, body, order, months, organisation, invite, leave, end_role, hand_over])
@pytest.mark.parametrize("size", [1, 12])
def test_a_save_costs_no_more_than_it_may(ada, save: Callable[[int], tuple[str, dict]], size: int):
    factories.plan_year()
    address, typed = save(size)
    with CaptureQueriesContext(connection) as captured:
        response = ada.post(address, typed)
    asked = [one["sql"] for one in captured if not re.match("SAVEPOINT|RELEASE|BEGIN|COMMIT", one["sql"])]
    assert response.status_code == 302, response.content.decode()[:3000]
    assert len(asked) <= SAVE, "\n".join(line[:160] for line in asked)
