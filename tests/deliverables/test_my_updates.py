"""/updates/: all that is due from someone on one page, each openable in place, with drafts, an undo and one-action updates."""

import re
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.test import Client

from deliverables.actions import agree_update, return_update, save_draft
from deliverables.entry import NOTHING_NEW
from deliverables.models import StatusUpdate, UpdateDraft
from people.models import User
from priorities.actions import close_period
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya() -> User:
    return factories.person("programme_manager")


@pytest.fixture
def hers(priya):
    return factories.deliverable("HW-1", lead=factories.organisation(), short_title="Home devices")


@pytest.fixture
def client(priya, hers) -> Client:
    return client_of(priya)


def client_of(user: User) -> Client:
    made = Client()
    factories.sign_in(made, user)
    return made


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def quick(seen: int = 0, **more: str) -> dict[str, str]:
    return {"key": str(uuid4()), "seen": str(seen), "month": "2025-11"} | more


def filled(**more: str) -> dict[str, str]:
    return quick() | {"rating": "on_track", "done": "410 homes are connected.", "place": "row", "version": "0"} | more


OFF = {
    "rating": "off_track",
    "why": "Late.",
    "route": "A second supplier.",
    "route_on-day": "31",
    "route_on-month": "1",
    "route_on-year": "2026",
}


def october(hers, priya, rating="on_track", **more) -> StatusUpdate:
    return factories.update(hers, by=priya, month=factories.october(), rating=rating, **more)


# One action


def test_nothing_to_report_is_one_action_with_one_optional_sentence(client, priya, hers):
    october(hers, priya)
    assert "Still on track : Home devices" in text(client.get("/updates/"))
    page = client.post("/updates/HW-1/still/", quick(sentence="Training starts in January."), follow=True)
    assert "Your update on Home devices for November 2025 is in." in text(page) and "0 to do, 1 done." in text(page)
    stored = StatusUpdate.objects.get(period=factories.november())
    assert (stored.rating, stored.done, stored.submitted_by) == ("on_track", "Training starts in January.", priya)


def test_without_a_sentence_it_says_so(client, priya, hers):
    october(hers, priya)
    client.post("/updates/HW-1/still/", quick())
    assert StatusUpdate.objects.get(period=factories.november()).done == NOTHING_NEW


def test_still_complete_carries_its_evidence(client, priya, hers):
    october(hers, priya, "complete", evidence="https://example.org/map")
    client.post("/updates/HW-1/still/", quick())
    stored = StatusUpdate.objects.get(period=factories.november())
    assert (stored.rating, stored.evidence) == ("complete", "https://example.org/map")


@pytest.mark.parametrize("rating", ["at_risk", "off_track"])
def test_what_is_off_course_cannot_be_said_again_in_one_action(client, priya, hers, rating):
    october(hers, priya, rating)
    assert "Still" not in text(client.get("/updates/")).partition("To do")[2]
    assert client.post("/updates/HW-1/still/", quick()).status_code == 404
    assert StatusUpdate.objects.count() == 1


def test_the_second_look_is_taken_before_the_one_action_counts(client, priya, hers):
    october(hers, priya)
    factories.milestone(hers, "800 homes connected", date(2025, 11, 15))
    page = client.post("/updates/HW-1/still/", quick(sentence="All well."))
    assert "“800 homes connected” was forecast for 15 November 2025 and is not done." in text(page)
    assert 'name="looked" value="overdue"' in page.content.decode() and "All well." in page.content.decode()
    assert not StatusUpdate.objects.filter(period=factories.november()).exists()


def test_a_double_click_is_one_update(client, priya, hers):
    october(hers, priya)
    form = quick()
    for _ in range(2):
        client.post("/updates/HW-1/still/", form)
    assert StatusUpdate.objects.filter(period=factories.november()).count() == 1


# A row that opens in place


def test_a_row_opens_in_place_and_takes_the_update(client, hers):
    assert 'action="/updates/HW-1/"' not in client.get("/updates/").content.decode()
    page = client.get("/updates/?open=HW-1")
    assert 'action="/updates/HW-1/"' in page.content.decode() and "Where is it now?" in text(page)
    after = client.post("/updates/HW-1/", filled(), follow=True)
    assert after.redirect_chain == [("/updates/", 302)] and "0 to do, 1 done." in text(after)


def test_a_mistake_in_a_row_is_said_in_the_row_and_what_was_typed_is_there(client, hers):
    page = client.post("/updates/HW-1/", filled(rating="at_risk", done="Typed with care."))
    html = page.content.decode()
    assert "Say why it is at risk" in html and "Typed with care." in html and "<title>Error: My updates" in html
    assert 'href="#HW-1-why"' in html and 'id="HW-1-why"' in html
    assert not StatusUpdate.objects.exists()


def test_the_route_and_evidence_are_carried_forward_but_never_the_reason_or_what_was_done(client, priya, hers):
    october(hers, priya, "off_track", done="Old words.", why="Old reason.", route="A second supplier.")
    form = client.get("/updates/?open=HW-1").context["opened"].form
    assert form["route"].value() == "A second supplier." and form["route_on"].value() == date(2026, 1, 31)
    assert not form["done"].value() and not form["why"].value() and not form["rating"].value()


def test_a_copy_of_last_months_words_is_flagged_and_the_answer_is_kept(client, priya, hers):
    october(hers, priya, done="Work went on.")
    page = client.post("/updates/HW-1/", filled(done="Work went on."))
    assert "These are the words of October." in text(page) and "A second look before it goes in" in text(page)
    client.post("/updates/HW-1/", filled(done="Work went on.", looked="words", answer="There is no news."))
    stored = StatusUpdate.objects.get(period=factories.november())
    assert (stored.flags[0]["code"], stored.answer, stored.rating) == ("words", "There is no news.", "on_track")


def test_a_flag_never_blocks_an_author_who_has_seen_it(client, priya, hers):
    october(hers, priya, done="Work went on.")
    client.post("/updates/HW-1/", filled(done="Work went on.", looked="words"))
    assert StatusUpdate.objects.get(period=factories.november()).answer == ""


# Drafts


def draft(client, **more: str):
    return client.post("/updates/HW-1/draft/", filled(**more))


def test_a_draft_is_saved_and_says_when_and_what_the_second_look_asks(client, priya, hers):
    october(hers, priya, done="Work went on.")
    answer = draft(client, done="Work went on.").json()
    assert re.fullmatch(r"Draft saved \d{1,2}:\d\d[ap]m", answer["said"]) and answer["version"] == 1
    assert "These are the words of October." in answer["look"]
    kept = UpdateDraft.objects.get()
    assert (kept.saved_by, kept.fields["done"], "csrfmiddlewaretoken" in kept.fields) == (priya, "Work went on.", False)
    assert not StatusUpdate.objects.filter(period=factories.november()).exists()


def test_a_draft_fills_the_form_again_also_what_is_no_date_yet(client, hers):
    milestone = factories.milestone(hers, baseline=date(2025, 12, 15))
    name = f"milestone-{milestone.pk}"
    sent = {"rating": "off_track", "done": "Half a sent", "route_on-day": "31", "route_on-month": "Janu", "route_on-year": ""}
    draft(client, **sent, **{f"{name}-seen_on": "2025-12-15", f"{name}-forecast_on": "end of Jan", f"{name}-words": "Because"})
    for address in ("/updates/HW-1/", "/updates/?open=HW-1"):
        html = client.get(address).content.decode()
        assert all(f'value="{typed}"' in html for typed in ("31", "Janu", "end of Jan")) and "Half a sent" in html
        assert "Because</textarea>" in html and "There is a problem" not in html and "Draft saved" in html


def test_a_draft_is_private_to_its_author(client, hers):
    draft(client, done="Not for others.")
    sam = client_of(factories.person("programme_manager", "Sam"))
    for address in ("/updates/", "/updates/?open=HW-1", "/updates/HW-1/"):
        assert "Not for others." not in sam.get(address).content.decode()
    olu = client_of(factories.person("outcomes_group", "Olu"))
    for address in ("/outcomes-group/", "/outcomes-group/collect/", "/outcomes-group/challenge/HW-1/", "/deliverables/HW-1/"):
        assert "Not for others." not in olu.get(address).content.decode()
    assert "Draft" in text(olu.get("/outcomes-group/"))


def test_a_window_that_was_left_open_does_not_write_over_what_was_typed_in_another(client, hers):
    assert draft(client, done="First window.", version="0").json()["version"] == 1
    stale = draft(client, done="Second window.", version="0")
    assert stale.status_code == 409 and "another window" in stale.json()["said"]
    assert UpdateDraft.objects.get().fields["done"] == "First window."
    assert draft(client, done="First window, more.", version="1").json()["version"] == 2


def test_a_draft_says_what_is_still_missing_and_goes_when_it_is_submitted(client, hers):
    draft(client, rating="at_risk")
    page = text(client.get("/updates/"))
    assert "Draft" in page and "Still missing: Say why it is at risk; Say how it will get back on track" in page
    client.post("/updates/HW-1/", filled(**OFF))
    assert not UpdateDraft.objects.exists()


def test_all_that_are_ready_are_submitted_at_once_and_the_others_stay(client, priya, hers):
    others = [factories.deliverable(code, lead=factories.organisation()) for code in ("HW-2", "HW-3")]
    for code, more in (("HW-1", {}), ("HW-2", {"done": "Other work."}), ("HW-3", {"rating": "at_risk"})):
        client.post(f"/updates/{code}/draft/", filled(**more))
    assert "Submit all 2 that are ready" in text(client.get("/updates/"))
    page = text(client.post("/updates/submit/", {"month": "2025-11"}, follow=True))
    assert "2 updates are in." in page and "1 to do, 2 done." in page
    assert set(StatusUpdate.objects.values_list("deliverable__code", flat=True)) == {"HW-1", "HW-2"}
    assert UpdateDraft.objects.get().deliverable == others[1]
    client.post("/updates/submit/", {"month": "2025-11"})
    assert StatusUpdate.objects.count() == 2


def test_a_draft_that_someone_else_has_overtaken_is_not_submitted_with_the_rest(client, hers):
    draft(client)
    factories.update(hers, by=factories.person("programme_manager", "Sam"), month=factories.november(), done="Sam's words.")
    page = text(client.post("/updates/submit/", {"month": "2025-11"}, follow=True))
    assert "Not submitted, because something has changed meanwhile: Home devices" in page
    assert UpdateDraft.objects.get().fields["done"] == "410 homes are connected."
    assert StatusUpdate.objects.get().done == "Sam's words."


# Nothing typed is lost


def author(client) -> str:
    return re.search(r'name="author" value="([^"]+)"', client.get("/updates/HW-1/").content.decode())[1]


@pytest.mark.parametrize("address", ["/updates/HW-1/", "/updates/HW-1/draft/"])
def test_what_is_sent_after_the_session_has_ended_waits_in_her_draft(client, priya, address):
    token = author(client)
    signed_out = Client()
    response = signed_out.post(address, filled(done="Typed before tea.", author=token))
    assert response.status_code == 302 and response["Location"].startswith("/account/sign-in/?next=/updates/HW-1/")
    assert "Typed before tea." in client_of(priya).get("/updates/HW-1/").content.decode()
    assert not StatusUpdate.objects.exists()


def test_nobody_else_and_no_other_form_can_put_words_into_her_draft(client, priya, hers):
    factories.deliverable("HW-2", lead=factories.organisation())
    token = author(client)
    for address, given in (
        ("/updates/HW-1/", ""),
        ("/updates/HW-1/", token[:-2]),
        ("/updates/HW-2/", token),
        ("/updates/HW-1/still/", token),
    ):
        Client().post(address, filled(done="Not hers.", author=given))
    User.objects.filter(pk=priya.pk).update(is_active=False)
    Client().post("/updates/HW-1/", filled(done="Not hers.", author=token))
    assert not UpdateDraft.objects.exists()


def test_two_texts_stand_side_by_side_and_she_chooses(client, hers):
    factories.update(hers, by=factories.person("programme_manager", "Sam"), month=factories.november(), done="Sam's words.")
    for place in ("row", "page"):
        page = client.post("/updates/HW-1/", filled(done="My words.", place=place))
        assert "Someone else has reported since you opened this page" in text(page)
        assert "Sam's words." in text(page).replace("&#x27;", "'") and "You, not submitted" in text(page)
        assert page.content.decode().count("My words.") == 2 and 'name="seen" value="1"' in page.content.decode()
    client.post("/updates/HW-1/", filled(done="My words.", seen="1"))
    assert [one.done for one in StatusUpdate.objects.order_by("number")] == ["Sam's words.", "My words."]


# Done ones


def test_a_done_one_stays_in_sight_with_an_undo_until_the_report_is_issued(client, priya, hers):
    factories.update(hers, by=priya, month=factories.november(), done="Slip of the hand.")
    assert "Undo the update on Home devices" in text(client.get("/updates/"))
    page = client.post("/updates/HW-1/take-back/", {"month": "2025-11", "number": "1"}, follow=True)
    assert "is taken back" in text(page) and "1 to do, 0 done." in text(page)
    assert "Slip of the hand." in client.get("/updates/?open=HW-1").content.decode()
    again = client.post("/updates/HW-1/", filled(done="As meant.", seen="2"), follow=True)
    assert "0 to do, 1 done." in text(again)


def test_once_the_report_is_issued_there_is_nothing_to_undo(client, priya, hers):
    factories.update(hers, by=priya, month=factories.november())
    close_period(by=factories.person("outcomes_group", "Olu"), period=factories.november())
    client.post("/updates/HW-1/take-back/", {"month": "2025-11", "number": "1"})
    assert StatusUpdate.objects.standing().filter(period=factories.november()).count() == 1


def test_what_is_agreed_says_so_and_what_is_returned_comes_back_with_the_reason(client, priya, hers):
    olu = factories.person("outcomes_group", "Olu")
    update = factories.update(hers, by=priya, month=factories.november())
    return_update(by=olu, update=update, reason="Which supplier?")
    page = text(client.get("/updates/"))
    assert "1 to do, 0 done." in page and "The group asks: Which supplier?" in page and "Returned" in page
    agree_update(by=olu, update=update)
    page = text(client.get("/updates/"))
    assert "0 to do, 1 done." in page and "Agreed" in page and "Undo" not in page


def test_a_stopped_clock_shows_when_a_draft_was_saved(priya, hers):
    with clock.fixed(datetime(2025, 12, 2, 14, 2, tzinfo=clock.LONDON)):
        save_draft(by=priya, deliverable=hers, period=factories.november(), fields={"done": "x"}, version=0)
    assert "Draft saved 2 December 2025, 2:02pm" in text(client_of(priya).get("/updates/HW-1/"))
