"""The register of promises: all of every year is there, and says where it went."""

import pytest

from deliverables.models import Deliverable
from people.models import User
from priorities.models import Commitment
from tests import factories
from tests.deliverables.refreshing import choose, make_plan, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client) -> User:
    make_plan()
    made = factories.person("administrator", "Ada")
    factories.sign_in(client, made)
    return made


def rows(client, query: str = "") -> list:
    found, number = [], 1
    while True:
        page = client.get(f"/promises/?page={number}&{query}").context["page"]
        found += page.rows
        if number >= page.pages:
            return found
        number += 1


def test_every_deliverable_and_commitment_of_every_year_is_there_once(ada, client):
    choose(ada, A_1={"fate": "stopped", "reason": "No money."}, A_2={"fate": "split", "parts": "One\nTwo"})
    publish(ada)
    found = [(row.kind, row.pk) for row in rows(client)]
    assert len(found) == len(set(found)) == Deliverable.objects.count() + Commitment.objects.count() == 16
    assert [row.pk for row in rows(client, "show=all")] == [pk for _, pk in found]
