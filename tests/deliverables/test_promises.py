"""The register of promises: all of every year is there, and says where it went."""

import re
from datetime import date

import pytest

from deliverables.actions import stop_deliverable
from deliverables.models import Deliverable
from people.models import User
from priorities.models import Commitment, Priority
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
    assert (
        len(found) == len(set(found)) == Deliverable.objects.count() + Commitment.objects.count() + Priority.objects.count() == 20
    )
    assert [row.pk for row in rows(client, "show=all")] == [pk for _, pk in found]


def test_it_is_narrowed_by_year_kind_outcome_and_words(ada, client):
    choose(ada, A_1={"fate": "stopped", "reason": "No money."}, C_1={"fate": "completed", "reason": "Done."})
    publish(ada)
    counts = {
        "year=2026-27": 8,
        "kind=priority": 4,
        "kind=commitment": 5,
        "outcome=stopped": 1,
        "outcome=completed&kind=commitment&year=2025-26": 1,
        "outcome=in_plan": 8,
        "outcome=carried": 8,
        "q=promise+2": 2,
        "q=short+b-1": 2,
        "q=nothing+like+it": 0,
    }
    assert {query: len(rows(client, query)) for query in counts} == counts


def test_what_is_stopped_says_why_whether_within_the_year_or_at_its_end(ada, client):
    stop_deliverable(by=ada, deliverable=Deliverable.objects.get(code="A-2"), on=date(2025, 12, 1), reason="Not wanted.")
    page = text_of(client.get("/promises/"))
    assert "Stopped on 1 December 2025" in page and "Not wanted." in page
    choose(ada, A_1={"fate": "stopped", "reason": "No money."})
    publish(ada)
    page = text_of(client.get("/promises/?outcome=stopped"))
    assert "2 promises found" in page and "No money." in page and "Not wanted." in page


def test_a_priority_that_ends_says_why_in_the_register(ada, client):
    choose(
        ada,
        P2={"fate": "stopped", "reason": "The national programme takes it over."},
        B_1={"fate": "stopped", "reason": "With its priority."},
        B_2={"fate": "completed", "reason": "Done."},
    )
    publish(ada)
    (row,) = rows(client, "kind=priority&outcome=stopped")
    assert (row.code, row.title, row.reason) == ("P2", "Priority P2", "The national programme takes it over.")
    assert "The national programme takes it over." in text_of(client.get("/promises/?outcome=stopped"))
    assert [row.kind for row in rows(client, "year=2026-27")][:2] == ["priority", "deliverable"]


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=²", "page=999999", "year=%00&kind=x&outcome=y&q=%00", "show=all&page=3"]
)
def test_bad_input_narrows_nothing(ada, client, query):
    page = client.get(f"/promises/?{query}").context["page"]
    assert page.total == 10 and len(page.rows) == 10


def test_the_pages_hold_together_across_years(ada, client):
    for number in range(60):
        factories.deliverable(f"Z-{number}")
    publish(ada)
    found = [(row.kind, row.pk) for row in rows(client)]
    assert len(found) == len(set(found)) == 2 * 70
    assert [row.year for row in rows(client)] == ["2026-27"] * 70 + ["2025-26"] * 70


def test_a_deliverables_page_says_what_it_was_and_what_it_became(ada, client):
    choose(
        ada,
        A_1={"fate": "merged", "into": "a-2"},
        A_2={"fate": "reworded", "name": "Anew"},
        A_3={"fate": "split", "parts": "One\nTwo"},
        B_1={"fate": "completed", "reason": "All homes have it."},
    )
    publish(ada)
    said = {
        "/2025-26/deliverables/A-1/": "Merged into A-2 in 2026/27.",
        "/2025-26/deliverables/A-3/": "Split into A-3A in 2026/27 and A-3B in 2026/27.",
        "/2025-26/deliverables/B-1/": "Completed with the end of its year. All homes have it.",
        "/2026-27/deliverables/A-2/": "Was A-1 in 2025/26 (merged into this) and A-2 in 2025/26 (reworded since).",
        "/2026-27/deliverables/A-3B/": "Was A-3 in 2025/26 (split since).",
    }
    for address, words in said.items():
        assert words in text_of(client.get(address)), address
    assert 'href="/2026-27/deliverables/A-3B/"' in client.get("/2025-26/deliverables/A-3/").content.decode()


def test_a_prioritys_page_says_what_it_became(ada, client):
    choose(ada, P1={"fate": "reworded", "name": "Work and health"})
    publish(ada)
    assert "Became P1 in 2026/27 (reworded)." in text_of(client.get("/priorities/p1/"))


def text_of(response) -> str:
    return " ".join(re.sub("<[^>]+>", "", response.content.decode()).split())
