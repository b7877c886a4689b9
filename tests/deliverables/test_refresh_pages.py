"""The guided page: what is chosen is kept, what is missing stands beside its row, and a preview comes before publishing."""

import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deliverables.models import Deliverable, DeliverableSuccession
from deliverables.refresh.sheet import Old, draft_of
from people.models import KeptForm, User
from priorities.models import PlanYear
from tests import factories
from tests.deliverables.refreshing import choose, key, make_plan, publish

pytestmark = pytest.mark.django_db
PAGE, PREVIEW, UNDO = "/plan/next-year/", "/plan/next-year/preview/", "/plan/next-year/undo/"


@pytest.fixture
def ada(client) -> User:
    make_plan()
    made = factories.person("administrator", "Ada")
    factories.sign_in(client, made)
    return made


def as_it_opens(client: Client, address: str = PAGE) -> dict[str, str]:
    """What the browser would send of the page as it stands."""
    html = client.get(address).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    found |= dict(re.findall(r'<input[^>]* type="radio" name="([^"]+)" id="[^"]+" value="([^"]+)" checked', html))
    found |= dict(re.findall(r'<input class="nhsuk-input[^"]*" id="[^"]+" name="([^"]+)" value="([^"]*)"', html))
    return found | dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n([^<]*)</textarea>', html))


def chosen(code: str, **given: str) -> dict[str, str]:
    return {f"{key(code)}-{name}": value for name, value in given.items()}


def stored() -> dict[str, dict[str, str]]:
    draft = draft_of(factories.plan_year())
    own = ("by", "page")
    return {k: {n: v for n, v in row.items() if n not in own} for k, row in draft.rows.items()} if draft else {}


def test_sent_as_it_opens_it_stores_nothing(ada, client):
    sent = as_it_opens(client)
    assert sent[f"{key('A-1')}-fate"] == "carried" and sent[f"{key('A-1')}-words"] == "What A-1 is."
    client.post(PAGE, sent | {"do": "save"})
    assert stored() == {}


def test_it_is_saved_as_one_types(ada, client):
    sent = as_it_opens(client) | chosen("A-1", fate="stopped", reason="No mo") | {"do": "quiet"}
    answer = client.post(PAGE, sent).json()
    assert answer["version"] == 1 and answer["said"].endswith("by Ada")
    assert client.post(PAGE, sent | chosen("A-1", reason="No money.")).json()["version"] == 2
    assert stored() == {key("A-1"): {"fate": "stopped", "reason": "No money."}}
    assert as_it_opens(client)[f"{key('A-1')}-reason"] == "No money."


def test_what_is_missing_stands_beside_its_row_and_what_was_typed_is_kept(ada, client):
    sent = as_it_opens(client) | chosen("A-1", fate="stopped", parts="typed before") | chosen("A-2", fate="merged", into="<b>")
    html = client.post(PAGE, sent | {"do": "preview"}).content.decode()
    assert "<title>Error: " in html and f'href="#{key("A-1")}-reason"' in html and f'id="{key("A-1")}-reason-error"' in html
    assert "Nothing here has the code &lt;b&gt;" in html and "typed before" in html
    shown = BeautifulSoup(html, "html.parser")
    assert shown.select_one(f"#{key('A-1')}-reason.nhsuk-textarea--error")["aria-describedby"] == f"{key('A-1')}-reason-error"
    asked = shown.select_one(f"label[for={key('A-2')}-into]")
    asked.span.extract()  # which only screen readers hear
    assert asked.get_text() == "Code of the deliverable that it goes into"
    assert client.get(PREVIEW)["Location"] == f"{PAGE}?check=1"
    assert f'id="{key("A-1")}-reason-error"' in client.get(f"{PAGE}?check=1").content.decode()


def test_from_the_grid_through_the_preview_to_the_new_year_and_back(ada, client):
    words = {"fate": "reworded", "name": "Deliverable A-1", "short": "", "words": "What A-1 will be."}
    sent = as_it_opens(client) | chosen("A-1", **words) | chosen("B-1", fate="stopped", reason="No money.")
    assert client.post(PAGE, sent | {"do": "preview"})["Location"] == PREVIEW
    html = client.get(PREVIEW).content.decode()
    assert "removed: </span>is" in html and "added: </span>will be" in html and "No money." in html
    assert PlanYear.objects.count() == 1
    form = as_it_opens(client, PREVIEW)
    for _ in range(2):
        assert client.post(PREVIEW, form)["Location"] == PAGE
    assert "Plan year 2026/27 is published" in client.get(PAGE).content.decode()
    assert Deliverable.objects.get(code="A-1", plan_year__code="2026-27").summary == "What A-1 will be."
    assert "4 deliverables" in client.get(UNDO).content.decode()
    assert client.post(UNDO, {"do": "undo"})["Location"] == PAGE
    assert PlanYear.objects.count() == 1 and as_it_opens(client)[f"{key('B-1')}-reason"] == "No money."


def test_a_reworded_title_is_what_everybody_reads_in_the_new_year(ada, client):
    """She touches the choice and one box. The short title, which says the old one, makes way."""
    client.post(PAGE, as_it_opens(client) | chosen("A-1", fate="reworded", name="Homes that are warm") | {"do": "preview"})
    assert "removed: </span>Short A-1" in client.get(PREVIEW).content.decode()
    client.post(PREVIEW, as_it_opens(client, PREVIEW))
    for address in ("deliverables/A-1/", "deliverables/", "priorities/", "priorities/p1/"):
        new, old = (client.get(f"/{year}/{address}").content.decode() for year in ("2026-27", "2025-26"))
        assert "Homes that are warm" in new and "Short A-1" not in new, address
        assert "Homes that are warm" not in old and "Short A-1" in old, address
    assert re.search(r"<h1[^>]*>Homes that are warm</h1>", client.get("/2026-27/deliverables/A-1/").content.decode())
    register = {row.year: row.title for row in client.get("/promises/?q=A-1").context["page"].rows}
    assert register == {"2026-27": "Homes that are warm", "2025-26": "Short A-1"}


def test_where_a_priority_ends_each_of_its_deliverables_has_the_box_for_another_at_once(ada, client):
    html = client.get(PAGE).content.decode()
    box = re.search(rf'<select[^>]* name="{key("B-1")}-under".*?</select>', html, re.DOTALL)[0]
    assert f'value="{key("P1")}"' in box and f'value="{key("P2")}"' not in box
    factories.priority("P3", 3)
    split = chosen("B-1", fate="split", parts="One\nTwo", under=key("P3"))
    ends = chosen("P2", fate="stopped", reason="No money.") | chosen("B-2", fate="completed", reason="Done.")
    assert client.post(PAGE, as_it_opens(client) | ends | split | {"do": "preview"})["Location"] == PREVIEW
    client.post(PREVIEW, as_it_opens(client, PREVIEW))
    parts = Deliverable.objects.filter(plan_year__code="2026-27", code__startswith="B-1")
    assert [(one.code, one.priority.code) for one in parts.in_order()] == [("B-1A", "P3"), ("B-1B", "P3")]


def test_undoing_asks_twice_where_definitions_would_be_lost(ada, client):
    client.post(PREVIEW, as_it_opens(client, PREVIEW))
    assert 'name="knowing"' not in client.get(UNDO).content.decode()
    for one in Deliverable.objects.filter(plan_year__code="2026-27", code="A-1"):
        one.title, one.maturity = "Worded <b>anew</b>", "agreed"
        one.save()
    html = client.get(UNDO).content.decode()
    assert "1 definition of 2026/27 would be lost" in html and "A-1 Short A-1</a>: worded and agreed" in html
    html = client.post(UNDO, {"do": "undo"}).content.decode()
    assert "<title>Error: " in html and 'href="#knowing"' in html and PlanYear.objects.count() == 2
    knowing = re.search('name="knowing" type="checkbox" value="([^"]+)"', html)[1]
    assert client.post(UNDO, {"do": "undo", "knowing": knowing})["Location"] == PAGE
    assert PlanYear.objects.count() == 1


def test_two_administrators_see_each_others_choices(ada, client):
    adams = Client()
    factories.sign_in(adams, factories.person("administrator", "Adam"))
    hers, his = as_it_opens(client), as_it_opens(adams)
    client.post(PAGE, hers | chosen("A-1", fate="stopped", reason="No money.") | {"do": "save"})
    adams.post(PAGE, his | chosen("A-2", fate="split", parts="One\nTwo") | {"do": "save"})
    assert set(stored()) == {key("A-1"), key("A-2")}
    his |= chosen("A-1", fate="completed", reason="It is done.")
    assert adams.post(PAGE, his | {"do": "quiet"}).status_code == 409
    html = adams.post(PAGE, his | {"do": "preview"}).content.decode()
    assert "Ada: Stopped. No money." in html and "It is done." in html
    assert stored()[key("A-1")]["reason"] == "No money."
    mark = re.search(rf'name="{key("A-1")}-mark" value="(\w+)"', html)[1]
    adams.post(PAGE, his | {f"{key('A-1')}-mark": mark, "do": "save"})
    assert stored()[key("A-1")]["reason"] == "It is done."


def test_what_is_sent_after_the_session_has_ended_is_in_the_draft(ada, client):
    sent = as_it_opens(client) | chosen("A-1", fate="stopped", reason="Typed too long.") | {"do": "save"}
    client.logout()
    assert client.post(PAGE, sent).status_code == 302
    assert stored()[key("A-1")]["reason"] == "Typed too long."
    factories.sign_in(client, ada)
    assert as_it_opens(client)[f"{key('A-1')}-reason"] == "Typed too long."


def test_what_is_sent_too_late_where_another_has_chosen_stands_beside_it(ada, client):
    sent = as_it_opens(client) | chosen("A-1", fate="stopped", reason="Hers.") | {"do": "save"}
    client.logout()
    choose(factories.person("administrator", "Adam"), A_1={"fate": "completed", "reason": "His."})
    client.post(PAGE, sent)
    assert stored()[key("A-1")]["reason"] == "His." and KeptForm.objects.count() == 1
    factories.sign_in(client, ada)
    html = client.get(PAGE).content.decode()
    assert "Adam: Completed. His." in html and "Hers." in html
    client.post(PAGE, as_it_opens(client) | {"do": "save"})
    assert stored()[key("A-1")]["reason"] == "Hers." and not KeptForm.objects.exists()


def test_nobody_else_writes_into_the_draft_with_a_note_that_is_forged(ada, client):
    sent = as_it_opens(client) | chosen("A-1", fate="stopped", reason="x") | {"do": "save", "writer": "forged"}
    client.logout()
    client.post(PAGE, sent)
    assert stored() == {}


def test_a_preview_that_is_overtaken_publishes_nothing_and_shows_what_stands(ada, client):
    form = as_it_opens(client, PREVIEW)
    choose(factories.person("administrator", "Adam"), A_1={"fate": "stopped", "reason": "No money."})
    html = client.post(PREVIEW, form).content.decode()
    assert "Adam has changed the choices" in html and "No money." in html
    assert PlanYear.objects.count() == 1
    assert client.post(PREVIEW, as_it_opens(client, PREVIEW))["Location"] == PAGE


def test_once_the_year_is_there_the_grid_takes_nothing(ada, client):
    sent = as_it_opens(client) | chosen("A-1", fate="stopped", reason="Late.")
    publish(ada)
    assert client.post(PAGE, sent | {"do": "quiet"}).status_code == 409
    assert client.post(PAGE, sent | {"do": "preview"})["Location"] == PAGE
    assert client.get(PREVIEW)["Location"] == PAGE
    assert stored() == {} and DeliverableSuccession.objects.filter(fate="stopped").count() == 0


def test_a_big_plan_comes_in_pages_and_each_keeps_what_the_others_have(ada, client):
    for number in range(70):
        factories.deliverable(f"Z-{number}", in_priority="P2")
    last = Old.read(factories.plan_year()).deliverables[-1].code
    sent = as_it_opens(client) | chosen("A-1", fate="stopped", reason="No money.")
    assert client.post(PAGE, sent | {"do": "page-2"})["Location"] == f"{PAGE}?page=2"
    second = as_it_opens(client, f"{PAGE}?page=2") | chosen(last, fate="completed")
    assert f"{key('A-1')}-fate" not in second
    html = client.post(f"{PAGE}?page=2", second | {"do": "preview"}).content.decode()
    assert f'href="#{key(last)}-reason"' in html
    assert f'href="?page=2&amp;check=1#{key(last)}-reason"' in client.get(f"{PAGE}?check=1").content.decode()
    assert stored()[key("A-1")]["reason"] == "No money." and stored()[key(last)] == {"fate": "completed"}


@pytest.mark.parametrize("sent", [{}, {"do": "nonsense"}, {"do": "page-x"}, {"d1-fate": "x" * 99, "page": "\0"}, {"do": "quiet"}])
def test_bad_input_is_answered_plainly(ada, client, sent):
    assert client.post(PAGE, sent).status_code in (200, 302)
    assert client.get(f"{PAGE}?page=-1&check=x").status_code == 200


def test_saving_costs_the_same_however_big_the_plan_is(ada, client):
    counts = []
    for size in (1, 40):
        for number in range(size):
            factories.deliverable(f"Z-{size}-{number}", in_priority="P2")
        sent = as_it_opens(client) | chosen("A-1", fate="stopped", reason=f"Since {size}.") | {"do": "quiet"}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(PAGE, sent).status_code == 200
        counts.append(len([q for q in captured if "SAVEPOINT" not in q["sql"]]))
    assert counts[0] == counts[1] <= 16


def test_a_plan_of_500_deliverables_is_previewed_within_the_limits_of_a_page_and_published(ada, client):
    year, priority = factories.plan_year(), factories.priority("P2")
    counts = []
    for size in (1, 500):
        Deliverable.objects.bulk_create(
            Deliverable(plan_year=year, priority=priority, code=f"Z-{size}-{n}", title=f"Improve what is number {n} of {size}")
            for n in range(size)
        )
        with CaptureQueriesContext(connection) as captured:
            page = client.get(PREVIEW, HTTP_ACCEPT_ENCODING="gzip")
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10
    assert page["Content-Encoding"] == "gzip" and len(page.content) < 60_000
    assert client.post(PREVIEW, as_it_opens(client, PREVIEW))["Location"] == PAGE
    assert Deliverable.objects.filter(plan_year__code="2026-27").count() == 506


def test_where_there_is_no_plan_year_the_page_says_so(client):
    factories.sign_in(client, factories.person("administrator", "Ada"))
    assert "There is no plan year yet" in client.get(PAGE).content.decode()
