"""Managers word a definition; the group agrees it, baselines it or sends it back. Nobody agrees her own words."""

from datetime import date

import pytest
from django.test import Client

from deliverables.actions import (
    CannotDecide,
    NeedsTheGroup,
    NotReady,
    advance_definition,
    change_deliverable,
    draft_definition,
    return_definition,
)
from deliverables.models import DefinitionChange, DefinitionReturn, Deliverable
from people.actions import give_role
from people.models import Letter
from strategy_portal.editing import Overtaken, seen_of
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = {"summary": "Homes.", "measure": "800 homes", "starts_on": date(2025, 4, 1), "due_on": date(2026, 3, 31)}


@pytest.fixture
def row(priya):
    return factories.deliverable("HW-1", lead=factories.organisation())


def draft(row, by, ready=True, **words):
    return draft_definition(by=by, deliverable=row, seen=seen_of(row), values=WORDS | words, ready=ready)


def advance(row, by, to):
    return advance_definition(by=by, deliverable=row, to=to, seen=seen_of(row))


def client_of(user) -> Client:
    client = Client()
    factories.sign_in(client, user)
    return client


def typed(**more) -> dict[str, str]:
    days = {"starts_on-day": "1", "starts_on-month": "4", "starts_on-year": "2025"}
    days |= {"due_on-day": "31", "due_on-month": "3", "due_on-year": "2026"}
    return {"summary": "Homes.", "measure": "800 homes", "do": "send"} | days | more


def test_the_whole_ladder_with_who_took_each_step_in_the_history(row, priya, olu):
    factories.milestone(row)
    draft(row, priya)
    advance(row, olu, "agreed")
    advance(row, olu, "baselined")
    steps = row.history.order_by("history_id").values_list("maturity", "history_user__name")
    assert list(steps) == [("expected", None), ("drafted", "Priya"), ("agreed", "Olu"), ("baselined", "Olu")]


def test_words_are_saved_before_they_are_ready(row, priya):
    assert draft(row, priya, ready=False, measure="").maturity == "expected"
    with pytest.raises(NotReady) as refused:
        draft(row, priya, measure="")
    assert [check.code for check in refused.value.checks] == ["measure"]
    assert Deliverable.objects.get().maturity == "expected"


def test_what_is_missing_is_asked_for_before_each_step(row, priya, olu):
    ada = factories.person("administrator", "Ada")
    nobody = {"values": {"lead": None}, "links": {"managers": [priya.pk]}}
    change_deliverable(by=ada, deliverable=row, seen=seen_of(row), **nobody)
    draft(row, priya)
    with pytest.raises(NotReady, match="lead organisation"):
        advance(row, olu, "agreed")
    led = {"values": {"lead": factories.organisation().pk}, "links": {}}
    change_deliverable(by=ada, deliverable=row, seen=seen_of(row), **led)
    advance(row, olu, "agreed")
    with pytest.raises(NotReady, match="at least one dated milestone"):
        advance(row, olu, "baselined")


def test_who_cannot_sign_in_is_no_manager(row, priya, olu):
    draft(row, priya)
    priya.is_active = False
    priya.save()
    with pytest.raises(NotReady, match="Nobody who can sign in"):
        advance(row, olu, "agreed")


def test_who_drafted_cannot_agree_or_baseline(row, priya, olu):
    factories.milestone(row)
    give_role(by=None, user=priya, organisation=factories.organisation(), role="outcomes_group")
    draft(row, priya)
    with pytest.raises(CannotDecide, match="yourself"):
        advance(row, priya, "agreed")
    advance(row, olu, "agreed")
    with pytest.raises(CannotDecide, match="yourself"):
        advance(row, priya, "baselined")


def test_a_second_click_changes_nothing_and_no_step_is_left_out(row, priya, olu):
    factories.milestone(row)
    seen = seen_of(draft(row, priya))
    assert draft(row, priya).maturity == "drafted" and seen_of(row) == seen
    with pytest.raises(CannotDecide, match="drafted now"):
        advance(row, olu, "baselined")
    advance_definition(by=olu, deliverable=row, to="agreed", seen=seen)
    advance_definition(by=olu, deliverable=row, to="agreed", seen=seen)
    assert row.history.filter(maturity="agreed").count() == 1


def test_words_that_have_changed_since_they_were_read_are_not_agreed(row, priya, olu):
    seen = seen_of(draft(row, priya))
    draft(row, priya, measure="900 homes")
    with pytest.raises(Overtaken, match="Priya"):
        advance_definition(by=olu, deliverable=row, to="agreed", seen=seen)


def test_words_that_change_after_they_were_agreed_wait_again(row, priya, olu):
    draft(row, priya)
    advance(row, olu, "agreed")
    assert draft(row, priya, ready=False).maturity == "agreed"  # the same words
    assert draft(row, priya, ready=False, measure="900 homes").maturity == "drafted"
    advance(row, olu, "agreed")
    ada = factories.person("administrator", "Ada")
    changed = change_deliverable(by=ada, deliverable=row, seen=seen_of(row), values={"title": "Another"}, links={})
    assert changed.maturity == "drafted"


def test_once_it_is_baselined_managers_ask(row, priya, olu):
    factories.milestone(row)
    draft(row, priya)
    advance(row, olu, "agreed")
    advance(row, olu, "baselined")
    with pytest.raises(NeedsTheGroup):
        draft(row, priya, measure="900 homes")
    answer = client_of(priya).get("/deliverables/HW-1/definition/draft/")
    assert answer["Location"] == "/deliverables/HW-1/definition/change/"


def test_what_is_sent_back_reaches_those_who_drafted_by_email_once(row, priya, olu):
    draft(row, priya)
    first = return_definition(by=olu, deliverable=row, reason="Which homes?")
    assert return_definition(by=olu, deliverable=row, reason="Which homes?") == first
    letter = Letter.objects.get()
    assert letter.to == priya and "Which homes?" in letter.text and letter.kind == "returned"
    assert Deliverable.objects.get().maturity == "expected" and DefinitionReturn.objects.count() == 1
    page = client_of(priya).get("/deliverables/HW-1/definition/").content.decode()
    assert "The group sent this back" in page and "Which homes?" in page
    draft(row, priya, measure="900 homes")
    assert "The group sent this back" not in client_of(priya).get("/deliverables/HW-1/definition/").content.decode()


def test_a_manager_words_it_on_its_page(row, priya, olu):
    client = client_of(priya)
    wrong = client.post("/deliverables/HW-1/definition/draft/", typed(measure="", seen=seen_of(row)))
    assert "Say how it is measured" in wrong.content.decode() and "There is a problem" in wrong.content.decode()
    page = client.post("/deliverables/HW-1/definition/draft/", typed(seen=seen_of(row)), follow=True).content.decode()
    row.refresh_from_db()
    assert (row.maturity, row.measure, row.due_on) == ("drafted", "800 homes", date(2026, 3, 31))
    assert "The group looks at them" in page and "Ready to be agreed by the group" in page


def test_a_stale_form_shows_both_texts_and_saves_nothing(row, priya):
    tara = factories.person("programme_manager", "Tara")
    seen = seen_of(row)
    draft(row, tara, ready=False, measure="Theirs")
    page = client_of(priya).post("/deliverables/HW-1/definition/draft/", typed(measure="Mine", seen=seen)).content.decode()
    assert "Tara has saved other words" in page and "Theirs" in page and "Mine" in page
    row.refresh_from_db()
    assert row.measure == "Theirs"
    client_of(priya).post("/deliverables/HW-1/definition/draft/", typed(measure="Mine", seen=seen_of(row)))
    row.refresh_from_db()
    assert row.measure == "Mine"


def test_the_group_agrees_several_at_once_and_is_told_of_those_that_it_cannot(row, priya, olu):
    others = [factories.deliverable(code, lead=factories.organisation()) for code in ("HW-2", "HW-3")]
    for one in (row, *others):
        draft(one, priya)
    client = client_of(olu)
    listed = client.get("/outcomes-group/definitions/").content.decode()
    assert "Drafted, to be agreed" in listed and listed.count("Nothing is missing.") == 3
    picks = [f"{one.pk}-{seen_of(one)}" for one in (row, *others)]
    draft(others[1], priya, measure="900 homes")  # meanwhile
    page = client.post("/outcomes-group/definitions/", {"pick": picks, "to": "agreed"}, follow=True).content.decode()
    assert "2 definitions agreed." in page and "HW-3: Priya has saved other words" in page
    assert sorted(Deliverable.objects.values_list("code", "maturity")) == [
        ("HW-1", "agreed"),
        ("HW-2", "agreed"),
        ("HW-3", "drafted"),
    ]


def test_of_a_plan_without_deliverables_nothing_is_said_to_be_baselined(olu):
    factories.plan_year()
    page = client_of(olu).get("/outcomes-group/definitions/").content.decode()
    assert "The plan has no deliverables yet" in page and "Every definition is baselined" not in page


@pytest.mark.parametrize(
    "sent", [{"pick": ["x-y", "1", "99999999999999999999-1"], "to": "agreed"}, {"pick": "1-1", "to": "ripe"}, {}]
)
def test_nonsense_is_no_fault(row, olu, sent):
    assert client_of(olu).post("/outcomes-group/definitions/", sent).status_code == 302
    assert Deliverable.objects.get().maturity == "expected"


def test_one_is_read_with_its_past_agreed_or_sent_back(row, priya, olu):
    draft(row, priya)
    client = client_of(olu)
    page = client.get("/outcomes-group/definitions/HW-1/").content.decode()
    assert "How it came to these words" in page and "800 homes" in page
    assert (
        "Say what its managers should look at again"
        in client.post("/outcomes-group/definitions/HW-1/", {"decision": "return", "reason": ""}).content.decode()
    )
    client.post("/outcomes-group/definitions/HW-1/", {"decision": "advance", "to": "agreed", "seen": seen_of(row)})
    assert Deliverable.objects.get().maturity == "agreed"
    client.post("/outcomes-group/definitions/HW-1/", {"decision": "return", "reason": "Which homes?"})
    assert Deliverable.objects.get().maturity == "expected"


def asked(row, **more) -> dict[str, str]:
    given = {"title": row.title, "lead": str(row.lead_id), "why": "A supplier.", "effect": "Fewer homes."}
    return typed() | given | {"takes_effect": str(factories.period_of("2026-01-01").pk), "seen": str(seen_of(row))} | more


def test_a_change_is_asked_for_with_a_preview_and_decided_with_the_difference(row, priya, olu, set_today):
    Deliverable.objects.filter(pk=row.pk).update(maturity="baselined", **WORDS)
    row.refresh_from_db()
    client, group, address = client_of(priya), client_of(olu), "/deliverables/HW-1/definition/change/"
    same = client.post(address, asked(row, do="preview")).content.decode()
    assert "Nothing would be different" in same
    seen = client.post(address, asked(row, do="preview", measure="400 homes")).content.decode()
    assert "<del>" in seen and "400" in seen and not DefinitionChange.objects.exists()
    page = client.post(address, asked(row, do="publish", measure="400 homes"), follow=True).content.decode()
    assert "The group is asked" in page and "A change waits for the group" in page
    assert client.get(address)["Location"] == "/deliverables/HW-1/definition/"
    change = DefinitionChange.objects.get()
    listed = group.get("/outcomes-group/definitions/").content.decode()
    assert "Changes that are asked for" in listed and "A supplier." in listed and "<del>" in listed
    wrong = group.post("/outcomes-group/definitions/", {"change": change.pk, "decision": "decline"}).content.decode()
    assert "Say why the change is declined" in wrong
    said = group.post("/outcomes-group/definitions/", {"change": change.pk, "decision": "agree"}, follow=True)
    assert "It takes effect from January 2026" in said.content.decode()
    for address in ("/deliverables/HW-1/", "/deliverables/HW-1/definition/"):
        page = client_of(factories.person("viewer", "Bea")).get(address).content.decode()
        assert "800 homes" in page and "January 2026" in page
    set_today(date(2026, 1, 1))  # before the sweep has come by
    for address in ("/deliverables/HW-1/", "/deliverables/HW-1/definition/"):
        page = client_of(priya).get(address).content.decode()
        assert "400 homes" in page and "Changes from January" not in page


def test_a_change_that_waits_is_previewed_with_its_month_told_to_the_group_and_withdrawn_by_its_asker(row, priya, olu):
    Deliverable.objects.filter(pk=row.pk).update(maturity="baselined", **WORDS)
    row.refresh_from_db()
    client, page, one = client_of(priya), "/deliverables/HW-1/definition/", "/outcomes-group/definitions/HW-1/"
    preview = client.post(f"{page}change/", asked(row, do="preview", measure="400 homes")).content.decode()
    assert "What the group will read" in preview and "January 2026 on" in preview
    assert "Nothing is to be decided" in client_of(olu).get(one).content.decode()
    client.post(f"{page}change/", asked(row, do="publish", measure="400 homes"))
    told = client_of(olu).get(one).content.decode()
    assert "A change of it is asked for" in told and "Nothing is to be decided" not in told
    shown = client.get(page).content.decode()
    assert "Fewer homes." in shown and "Withdraw it" in shown
    ada = client_of(factories.person("administrator", "Ada"))
    assert "Withdraw it" not in ada.get(page).content.decode()
    assert "No change of yours waits" in ada.post(f"{page}withdraw/", follow=True).content.decode()
    gone = client.post(f"{page}withdraw/", follow=True).content.decode()
    assert "Your change is withdrawn" in gone and "Ask for a change" in gone and not DefinitionChange.objects.exists()


def test_the_page_says_when_it_was_baselined_and_which_version_it_is(row, priya, olu, set_today):
    factories.milestone(row)
    set_today(date(2025, 6, 30))
    draft(row, priya)
    advance(row, olu, "agreed")
    advance(row, olu, "baselined")
    set_today(date(2025, 12, 2))
    mine = client_of(priya).get("/deliverables/HW-1/").content.decode()
    assert "Baselined 30 June 2025" in mine and "version 1" in mine
    others = client_of(factories.person("viewer", "Bea")).get("/deliverables/HW-1/").content.decode()
    assert "Baselined 30 June 2025" in others and "version 1" not in others


def test_what_is_missing_stands_on_its_page(row, priya):
    page = client_of(priya).get("/deliverables/HW-1/").content.decode()
    assert "Missing before it can be drafted: summary, measure" in page
