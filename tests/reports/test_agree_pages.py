"""The group's third step in the browser: check list, words, asks, issuing, correcting; and nothing typed is lost."""

import re
from datetime import date

import pytest
from django.test import Client

from deliverables.models import DefinitionChange, Deliverable
from people.models import Letter, User
from people.permissions import can_view_group
from reports.actions import record_decision, save_report_draft
from reports.keeping import writer_token
from reports.models import Ask, PackFile, ProgressReport, ReportDraft
from strategy_portal import clock
from tests import factories
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db

AGREE, ISSUE = "/outcomes-group/agree/?month=2025-11", "/outcomes-group/agree/issue/?month=2025-11"
CORRECT = "/outcomes-group/correct/2025-11/"


@pytest.fixture
def olu(client) -> User:
    user = factories.person("outcomes_group", "Olu")
    factories.sign_in(client, user)
    return user


@pytest.fixture
def plan() -> Deliverable:
    """One off track, one silent."""
    bad = factories.deliverable("FCN-2", short_title="Home devices", principles=("PREVENTION",))
    factories.deliverable("HW-1", short_title="Mapping")
    factories.update(bad, by=factories.person("programme_manager"), month=factories.november(), rating="off_track")
    return bad


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="(.*?)"', page)[1]


def write(client: Client, note: str = "Our words.", do: str = "save", **more: str):
    page = client.get(AGREE).content.decode()
    return client.post(AGREE, {"version": hidden(page, "version"), "note": note, "do": do, **more})


def test_the_check_list_says_what_is_open_and_what_follows(client, olu, plan):
    page = text(client.get(AGREE))
    assert "1 of 2 updates are in Open It is shown as not reported, and no headline above it can be on track." in page
    assert "One other update is neither agreed nor returned Open It is reported as its author wrote it." in page
    assert "No returned update is waiting Settled" in page
    assert "Updates are due in three days Open After issuing, nobody can submit" in page


def test_where_nothing_is_planned_no_update_is_said_to_be_in(client, olu):
    factories.plan_year()
    page = text(client.get(AGREE))
    assert "No updates are expected" in page and "0 of 0" not in page and "Every deliverable is reported" not in page


def test_the_check_list_counts_changes_of_definitions_that_wait(client, olu, plan):
    assert "No change of a definition waits for the group Settled" in text(client.get(AGREE))
    DefinitionChange.objects.create(
        deliverable=plan,
        asked={"title": "Homes"},
        why="A supplier.",
        effect="Fewer homes.",
        takes_effect=factories.november(),
        asked_at=clock.now(),
        asked_by=User.objects.get(name="Priya"),
    )
    page = client.get(AGREE)
    assert "One change of a definition waits Open The report has the definitions that are in force." in text(page)
    assert 'href="/outcomes-group/definitions/"' in page.content.decode()


def test_the_note_is_drafted_from_the_figures(client, olu, plan):
    page = text(client.get(AGREE))
    assert "0 of 2 deliverables are on track. One is off track. One has not reported." in page
    assert "Home devices: A supplier is late." in page


def test_from_the_words_to_the_issued_report(client, olu, plan, django_capture_on_commit_callbacks):
    sent = write(client, do="go", **{"line-FCN-2": "Help us."})
    assert sent["Location"] == ISSUE
    page = client.get(ISSUE).content.decode()
    assert "Our words." in page and "Help us." in page and not ProgressReport.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(ISSUE, {"seen": hidden(page, "seen"), "version": hidden(page, "version")})
    assert done["Location"] == "/reports/2025-11/"
    report = ProgressReport.objects.get()
    assert (report.version, report.issued_by, report.content["note"]) == (1, olu, "Our words.")
    assert factories.november().closed_at and not ReportDraft.objects.exists()
    assert PackFile.objects.filter(report=report, built_at=None).count() == 5
    again = client.post(ISSUE, {"seen": hidden(page, "seen"), "version": hidden(page, "version")})
    assert again["Location"] == "/reports/2025-11/" and ProgressReport.objects.count() == 1  # a double click


def test_what_is_reported_after_the_page_was_opened_stops_the_issue(client, olu, plan):
    write(client, do="go")
    page = client.get(ISSUE).content.decode()
    priya = User.objects.get(name="Priya")
    factories.update(Deliverable.objects.get(code="HW-1"), by=priya, month=factories.november())
    refused = client.post(ISSUE, {"seen": hidden(page, "seen"), "version": hidden(page, "version")})
    assert "Something was reported or changed since you opened this page" in text(refused)
    assert not ProgressReport.objects.exists()
    fresh = refused.content.decode()
    assert client.post(ISSUE, {"seen": hidden(fresh, "seen"), "version": hidden(fresh, "version")}).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "9" * 30, "-1"])
def test_a_form_that_was_tampered_with_issues_nothing(client, olu, plan, seen):
    write(client, do="go")
    assert client.post(ISSUE, {"seen": seen, "version": "1"}).status_code == 200
    assert not ProgressReport.objects.exists()


def test_words_are_saved_as_they_are_typed(client, olu, plan):
    answer = write(client, "Half a sen", do="quiet").json()
    assert answer["said"].startswith("Draft saved") and answer["version"] == 1
    assert "Half a sen" in client.get(AGREE).content.decode()


def test_two_writers_see_each_others_words_and_nothing_is_overwritten(client, olu, plan):
    page = client.get(AGREE).content.decode()
    grace = factories.person("outcomes_group", "Grace")
    save_report_draft(by=grace, period=factories.november(), seen=0, words={"note": "The words of Grace."})
    mine = {"version": hidden(page, "version"), "note": "The words of Olu."}
    assert client.post(AGREE, mine | {"do": "quiet"}).status_code == 409
    shown = client.post(AGREE, mine | {"do": "save"})
    assert "The words of Grace." in text(shown) and "The words of Olu." in text(shown)
    assert ReportDraft.objects.get().note == "The words of Grace."
    client.post(AGREE, mine | {"do": "save", "version": hidden(shown.content.decode(), "version")})
    assert ReportDraft.objects.get().note == "The words of Olu."


def test_words_sent_after_the_session_has_ended_are_kept(olu, plan):
    token = writer_token(olu, factories.november())
    sent = {"writer": token, "version": "0", "note": "Typed over lunch.", "do": "save"}
    assert "/account/sign-in/" in Client().post(AGREE, sent)["Location"]
    assert ReportDraft.objects.get().note == "Typed over lunch."
    Client().post(AGREE, sent | {"writer": token + "x", "note": "Forged."})
    assert ReportDraft.objects.get().note == "Typed over lunch."


@pytest.mark.parametrize("form", ["ask", "decision", "update"])
def test_other_words_of_the_group_are_kept_too_until_they_are_sent(client, olu, plan, form):
    """The session ends on a shared computer; another signs in and sees nothing; the writer signs in and sends them."""
    october = factories.october()
    ask = Ask.objects.create(**ask_of(october, olu, "Pay."))
    factories.issue(october, by=olu)
    address, words = {
        "ask": ("/outcomes-group/asks/new/", {"wording": "Typed over lunch."}),
        "decision": (f"/outcomes-group/asks/{ask.pk}/decision/", {"kind": "declined", "words": "Typed over lunch."}),
        "update": ("/outcomes-group/correct/2025-10/FCN-2/", {"rating": "on_track", "done": "Typed over lunch."}),
    }[form]
    writer = hidden(client.get(address).content.decode(), "writer")
    assert "/account/sign-in/" in Client().post(address, words | {"writer": writer})["Location"]
    other = Client()
    factories.sign_in(other, factories.person("outcomes_group", "Grace"))
    assert "Typed over lunch." not in other.get(address).content.decode()
    page = client.get(address).content.decode()
    assert "Typed over lunch." in page and "These are your words, kept for you" in page
    day = {"decided_on-day": "1", "decided_on-month": "12", "decided_on-year": "2025"}
    more = {"wanted_on-day": "18", "wanted_on-month": "12", "wanted_on-year": "2025", "owner": "The director"}
    assert client.post(address, words | day | more | {"do": "keep"}).status_code == 302
    assert "kept for you" not in client.get(address).content.decode()


def test_two_who_correct_one_report_lose_nothing(client, olu, plan, monkeypatch):
    factories.issue(factories.november(), by=olu)
    stale = client.get(f"{CORRECT}FCN-2/")
    assert stale.status_code == 200
    grace = factories.person("outcomes_group", "Grace")

    def first(*args, **kwargs):
        """Grace saves between Olu's reading of the draft and his saving."""
        monkeypatch.undo()
        save_report_draft(by=grace, period=factories.november(), seen=0, words={"reason": "The reason of Grace."})
        return save_report_draft(*args, **kwargs)

    monkeypatch.setattr("reports.views.correct.save_report_draft", first)
    page = client.post(f"{CORRECT}FCN-2/", {"rating": "on_track", "done": "Done by Olu.", "do": "keep"})
    assert "Somebody else has changed the correction meanwhile" in text(page) and "Done by Olu." in text(page)
    assert ReportDraft.objects.get().reason == "The reason of Grace."


def test_an_empty_or_endless_note_is_said_beside_the_field_and_kept(client, olu, plan):
    long = "x" * 4001
    page = write(client, long, do="go")
    assert page.status_code == 200 and long in page.content.decode() and "4,000 characters" in text(page).replace("4000", "4,000")
    assert "Write a covering note" in text(write(client, "", do="go"))


def test_a_line_can_be_written_for_any_deliverable(client, olu, plan):
    good = factories.deliverable("X-7", short_title="Going well")
    factories.update(good, by=User.objects.get(name="Priya"), month=factories.november())
    assert "line-X-7" not in client.get(AGREE).content.decode()
    assert 'name="line-X-7"' in client.get(f"{AGREE}&line=x-7").content.decode()
    write(client, **{"line-X-7": "Look at this one."})
    assert ReportDraft.objects.get().board_lines == {"X-7": "Look at this one."}


def test_the_board_is_asked_answers_and_the_next_report_says_so(client, olu, plan):
    asked = {"deliverable": "FCN-2", "wording": "Pay.", "owner": "The director"}
    day = {"wanted_on-day": "18", "wanted_on-month": "12", "wanted_on-year": "2025"}
    new = "/outcomes-group/asks/new/?month=2025-11"
    assert "Enter the date by which the decision is wanted" in text(client.post(new, asked))
    assert client.post(new, asked | day).status_code == 302
    assert client.post(new, asked | day).status_code == 302  # a double click
    ask = Ask.objects.get()
    client.post(f"/outcomes-group/asks/{ask.pk}/", asked | day | {"wording": "Pay now.", "do": "save"})
    report = factories.issue(factories.november(), by=olu)
    assert [one["wording"] for one in report.content["asks"]] == ["Pay now."]
    client.post(f"/outcomes-group/asks/{ask.pk}/", asked | day | {"wording": "Pay twice.", "do": "save"})
    assert Ask.objects.get().wording == "Pay now."  # it has been put before the board
    said = {"kind": "declined", "decided_on-day": "1", "decided_on-month": "12", "decided_on-year": "2025"}
    decision = f"/outcomes-group/asks/{ask.pk}/decision/"
    assert "Say why the board declined or deferred it" in text(client.post(decision, said))
    assert client.post(decision, said | {"words": "Not now."}).status_code == 302
    page = text(client.get("/outcomes-group/asks/"))
    assert "Declined on 1 December 2025" in page and "Not now." in page
    assert "Declined on 1 December 2025" in text(client.get("/deliverables/FCN-2/"))


def test_the_next_report_carries_what_was_decided_since_and_what_is_open(olu, plan, set_today):
    october, november = factories.october(), factories.november()
    asks = [Ask.objects.create(**ask_of(october, olu, words)) for words in ("One", "Two", "Three")]
    first = factories.issue(october, by=olu)
    assert [ask["decision"] for ask in first.content["asks"]] == [None, None, None]
    for ask, kind in ((asks[0], "agreed"), (asks[1], "deferred")):
        record_decision(by=olu, ask=ask, kind=kind, words="So it is.", decided_on=date(2025, 12, 1))
    second = factories.issue(november, by=olu)
    assert [(ask["wording"], (ask["decision"] or {}).get("name")) for ask in second.content["asks"]] == [
        ("One", "Agreed"),
        ("Two", "Deferred"),
        ("Three", None),
    ]
    set_today(date(2026, 1, 2))
    third = factories.issue(factories.period_of("2025-12-01"), by=olu)
    assert [ask["wording"] for ask in third.content["asks"]] == ["Two", "Three"]  # the first is settled, and was said


def ask_of(period, by: User, wording: str) -> dict:
    day = date(2025, 12, 18)
    return {"period": period, "wording": wording, "wanted_on": day, "owner": "X", "asked_at": clock.now(), "asked_by": by}


def test_a_correction_is_written_looked_at_and_issued(client, olu, plan):
    factories.issue(factories.november(), by=olu, note="As it was.")
    truth = {"rating": "on_track", "done": "It was done in time."}
    assert client.post(f"{CORRECT}FCN-2/", truth | {"do": "keep"}).status_code == 302
    assert "To be corrected" in text(client.get(CORRECT))
    words = {"version": "1", "note": "As it was.", "reason": "The supplier had delivered.", "do": "go"}
    assert "Say why the report is corrected" in text(client.post(CORRECT, words | {"reason": ""}))
    version = str(ReportDraft.objects.get().version)
    shown = client.post(CORRECT, words | {"version": version})
    assert "Got better" in text(shown) and ProgressReport.objects.count() == 1
    assert plan.updates.count() == 1  # nothing is written before the second click
    version = hidden(shown.content.decode(), "version")
    assert client.post(f"{CORRECT}issue/", {"version": version})["Location"] == "/reports/2025-11/"
    report = ProgressReport.objects.get(version=2)
    assert report.lines.get(code="FCN-2").rating == "on_track" and report.reason == "The supplier had delivered."
    old = text(client.get("/reports/2025-11.1/"))
    assert "superseded" in old.lower() or "corrected" in old.lower()


def test_a_correction_needs_what_every_update_needs(client, olu, plan):
    factories.issue(factories.november(), by=olu)
    page = text(client.post(f"{CORRECT}HW-1/", {"rating": "off_track", "done": "Nothing.", "do": "keep"}))
    assert "Say why it is off track" in page and "Enter the date by which" in page
    assert not ReportDraft.objects.exists()


def test_an_open_month_has_nothing_to_correct_and_an_issued_one_nothing_to_agree(client, olu, plan):
    assert client.get(CORRECT).status_code == 404
    factories.issue(factories.november(), by=olu)
    assert client.get("/outcomes-group/correct/2025-11.1/").status_code == 404
    assert client.get(f"{CORRECT}NO-9/").status_code == 404
    assert client.get(f"{CORRECT}issue/").status_code == 302


def test_those_who_want_it_are_told(olu, plan):
    bea, carl = factories.person("viewer", "Bea"), factories.person("viewer", "Carl")
    client = Client()
    factories.sign_in(client, bea)
    client.post("/account/reminders/", {"do": "reports", "wants": "on"})
    factories.issue(factories.november(), by=olu)
    letter = Letter.objects.get(kind="issued")
    assert (letter.to, carl.letters.count()) == (bea, 0)
    assert letter.subject == "November 2025 progress report: 0 of 2 deliverables are on track."
    assert "Off track: Home devices (FCN-2)" in letter.text and "/?month=2025-11" in letter.text


def test_the_group_alone_agrees_corrects_and_asks():
    from reports.views import agree, asks, correct, links

    views = (agree.agree, agree.issue, asks.asks, asks.new_ask, asks.ask, asks.ask_decision, links.links)
    more = (correct.correct, correct.correct_update, correct.correction)
    assert {view.access_rule for view in (*views, *more)} == {can_view_group}
