"""Numbers that no database has, 10,000 characters, markup and NUL: refused in words or kept as text, never an error page."""

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
HUGE, LONG = "9" * 40, "x" * 10_000
DAY = {"baseline_on-day": "1", "baseline_on-month": "1", "baseline_on-year": "2026"}
OLU, PRIYA = ("outcomes_group", "Olu"), ("programme_manager", "Priya")
KEY = "6f8d6a1c-5a0e-4a5c-9a3f-0c6f3b1d2e47"

SENT = [
    (OLU, "/outcomes-group/challenge/HW-1/", {"update": HUGE, "decision": "agree"}, 404),
    (OLU, "/outcomes-group/challenge/HW-1/", {"update": "٣", "decision": "agree"}, 404),
    (OLU, "/outcomes-group/changes/", {"change": HUGE, "decision": "agree"}, 404),
    (OLU, "/outcomes-group/remind/", {"to": HUGE}, 200),
    (PRIYA, "/updates/HW-1/take-back/", {"number": HUGE, "month": "2025-11"}, 404),
    (PRIYA, "/updates/HW-1/draft/", {"version": HUGE, "done": LONG, "month": "2025-11"}, 200),
    (PRIYA, "/updates/HW-1/draft/", {"version": "1", "done": "a\0b", "month": "\0"}, 200),
    (PRIYA, "/updates/HW-1/", {"key": "x", "seen": HUGE, "rating": "on_track", "done": LONG}, 200),
    (PRIYA, "/updates/HW-1/", {"key": KEY, "seen": HUGE, "rating": "on_track", "done": '<script>alert("1")</script>'}, 200),
    (PRIYA, "/updates/HW-1/still/", {"sentence": LONG, "key": "", "seen": "0", "month": "2025-11"}, 200),
    (PRIYA, "/updates/upload/apply/", {"signed": "x"}, 200),
    (PRIYA, "/deliverables/HW-1/milestones/", {"title": "<script>" * 40, **DAY}, 200),
    (PRIYA, f"/deliverables/HW-1/milestones/{HUGE}/", {}, 404),
]


@pytest.mark.parametrize(("who", "address", "sent", "status"), SENT)
def test_it_is_refused_in_words(who, address, sent, status):
    user, made = factories.person(*who), factories.deliverable("HW-1", lead=factories.organisation())
    factories.update(made, by=factories.person("programme_manager", "Sam"), month=factories.october())
    client = Client()
    factories.sign_in(client, user)
    response = client.post(address, sent)
    assert response.status_code == status
    assert b"<script>alert" not in response.content and b"<script><script>" not in response.content
    for query in ("?month=%00&open=%3Cscript%3E", f"?open={LONG[:5000]}", f"?page={HUGE}", f"?after={HUGE}"):
        assert client.get(address + query).status_code in (200, 302, 404)
