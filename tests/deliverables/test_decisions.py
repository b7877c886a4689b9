"""The group's word: agree or return, never by the author, and only on what stands."""

from datetime import date

import pytest
from django.core import mail
from django.db import Error, transaction

from deliverables.actions import CannotDecide, MilestoneReport, agree_unchanged, agree_update, return_update
from deliverables.challenge import Flag
from deliverables.models import Decision, Deliverable, StatusUpdate
from people.actions import give_role, send_letters
from people.models import Letter
from priorities.actions import PeriodClosed, close_period
from reports.gather import work_out
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def deliverable():
    return factories.deliverable(lead=factories.organisation())


@pytest.fixture
def update(priya, deliverable):
    return factories.update(deliverable, by=priya, month=factories.november(), rating="at_risk")


def decision(update) -> str | None:
    return StatusUpdate.objects.with_decision().get(pk=update.pk).decision


def test_agreeing_keeps_who_and_when_and_agreeing_twice_is_once(olu, update):
    assert agree_update(by=olu, update=update) == agree_update(by=olu, update=update)
    made = Decision.objects.get()
    assert (made.kind, made.decided_by, decision(update)) == ("agree", olu, "agree")


def test_the_author_cannot_agree_or_return_her_own(priya, update):
    give_role(by=None, user=priya, organisation=factories.organisation(), role="outcomes_group")
    for act in (lambda: agree_update(by=priya, update=update), lambda: return_update(by=priya, update=update, reason="x")):
        with pytest.raises(CannotDecide, match="somebody else"):
            act()
    assert not Decision.objects.exists()


def test_what_was_corrected_meanwhile_is_not_agreed_unseen(priya, olu, deliverable, update):
    factories.update(deliverable, by=priya, month=factories.november(), seen=1, rating="off_track")
    with pytest.raises(CannotDecide, match="has changed"):
        agree_update(by=olu, update=update)


def test_a_correction_of_what_was_agreed_is_to_be_agreed_anew(priya, olu, deliverable, update):
    agree_update(by=olu, update=update)
    factories.update(deliverable, by=priya, month=factories.november(), seen=1)
    assert [one.decision for one in StatusUpdate.objects.to_challenge(factories.november())] == [None]


def test_a_return_needs_a_reason_and_the_author_gets_it_once(olu, priya, update):
    return_update(by=olu, update=update, reason="Which supplier?")
    return_update(by=olu, update=update, reason="Which supplier?")
    assert Decision.objects.count() == 1
    assert send_letters() == 1 and send_letters() == 0
    (letter,) = mail.outbox
    assert letter.to == [priya.email]
    assert "Which supplier?" in letter.body and "/updates/HW-1/?month=2025-11" in letter.body
    html = letter.alternatives[0][0]
    assert "Which supplier?" in html and "<a href=" in html


def test_words_in_a_letter_are_text(olu, update):
    return_update(by=olu, update=update, reason="<img src=x> & so on")
    letter = Letter.objects.get()
    assert "<img src=x> & so on" in letter.text and "&lt;img src=x&gt;" in letter.html


def test_what_was_returned_may_still_be_agreed(olu, update):
    return_update(by=olu, update=update, reason="Which supplier?")
    agree_update(by=olu, update=update)
    assert decision(update) == "agree"


def test_nothing_is_decided_once_the_report_is_issued(olu, update):
    close_period(by=olu, period=factories.november())
    with pytest.raises(PeriodClosed):
        agree_update(by=olu, update=update)


def test_decisions_are_never_rewritten(olu, update):
    agree_update(by=olu, update=update)
    with pytest.raises(Error, match="never changed or deleted"), transaction.atomic():
        Decision.objects.update(kind="return", reason="Rewritten.")


def test_the_roll_up_counts_what_is_decided_and_what_is_flagged(priya, olu, update):
    other = factories.deliverable("HW-2")
    flagged = factories.update(other, by=priya, month=factories.november(), flags=(Flag("words", "Same words", "Say more."),))
    counted = work_out(factories.november()).content["decisions"]
    assert counted == {"agreed": 0, "returned": 0, "undecided": 2, "flagged": 1}
    agree_update(by=olu, update=flagged)
    return_update(by=olu, update=update, reason="Which supplier?")
    counted = work_out(factories.november()).content["decisions"]
    assert counted == {"agreed": 1, "returned": 1, "undecided": 0, "flagged": 0}


def test_a_decision_owes_the_roll_up_again(olu, update):
    before = factories.november().data_version
    agree_update(by=olu, update=update)
    assert factories.november().data_version == before + 1


def test_all_unchanged_on_track_updates_are_agreed_at_once_and_nothing_else(priya, olu):
    october, november = factories.october(), factories.november()
    flags = (Flag("words", "Same words", "Say more."),)
    cases = {  # October's rating, November's, and more of November's
        "A-1": ("on_track", "on_track", {}),
        "A-2": ("at_risk", "on_track", {}),
        "A-3": ("on_track", "at_risk", {}),
        "A-4": ("on_track", "on_track", {"flags": flags}),
        "A-5": (None, "on_track", {}),
        "A-6": ("on_track", "on_track", {}),
        "A-7": ("on_track", "on_track", {"by": "olu"}),
    }
    for code, (was, now, more) in cases.items():
        made = factories.deliverable(code)
        by = olu if more.pop("by", "") else priya
        if was:
            factories.update(made, by=by, month=october, rating=was)
        if code == "A-6":
            milestone = factories.milestone(made, baseline=date(2025, 12, 15))
            more = {"milestones": (MilestoneReport(milestone.pk, date(2025, 12, 15), date(2025, 12, 20), "data", "Late."),)}
        factories.update(made, by=by, month=november, rating=now, **more)
    agreed = agree_unchanged(by=olu, period=november)
    assert [one.update.deliverable.code for one in agreed] == ["A-1"]
    assert agree_unchanged(by=olu, period=november) == []
    assert Deliverable.objects.filter(updates__decisions__kind="agree").get().code == "A-1"
