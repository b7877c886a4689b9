"""The group's pages: who is in, who cannot report, one flag after another, agree and return."""

import re

import pytest
from django.core import mail
from django.test import Client

from deliverables.actions import agree_update
from deliverables.challenge import Flag
from deliverables.models import Decision
from people.actions import add_person, give_role, send_letters
from people.models import User
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db
FLAGS = (Flag("words", "Same words as October", "These are the words of October."),)


@pytest.fixture
def priya() -> User:
    return factories.person("programme_manager")


@pytest.fixture
def olu() -> User:
    return factories.person("outcomes_group", "Olu")


@pytest.fixture
def client(olu) -> Client:
    made = Client()
    factories.sign_in(made, olu)
    return made


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def row(page: str, name: str) -> str:
    """The text of one deliverable's row."""
    return page.partition(name)[2].partition("Deliverable ")[0]


def test_the_page_says_who_is_in_what_is_flagged_and_where_to_go_next(client, priya):
    for code in ("A-1", "A-2", "A-3"):
        factories.deliverable(code, lead=factories.organisation())
    from_one = factories.deliverable("A-4")
    factories.update(from_one, by=priya, month=factories.november(), flags=FLAGS)
    page = text(client.get("/outcomes-group/"))
    assert "1 of 4 updates are in. Three are still to come. One needs a second look before the report is agreed." in page
    assert "Same words as October" in page and "Go to the next flag" in page


@pytest.mark.parametrize(
    ("assigned", "says"),
    [
        ([], "Nobody is assigned"),
        (["left"], "Nobody of them can sign in any more"),
        (["new"], "None of them ever signed in"),
        (["left", "new"], "None of them ever signed in"),
        (["new", "known"], ""),
        (["known"], ""),
    ],
)
def test_what_nobody_can_report_is_named_with_the_reason(client, assigned, says):
    made = factories.deliverable("A-1")
    for name in assigned:
        user = factories.person("programme_manager", name.title(), factories.organisation("trust"))
        User.objects.filter(pk=user.pk).update(is_active=name != "left", last_login=clock.now() if name == "known" else None)
        made.managers.add(user)
    page = text(client.get("/outcomes-group/collect/"))
    assert ("Cannot report" in page) == bool(says) and says in page


def test_someone_whose_organisation_has_ended_cannot_report(client):
    trust = factories.organisation("trust")
    priya = factories.person("programme_manager", org=trust)
    User.objects.filter(pk=priya.pk).update(last_login=clock.now())
    factories.deliverable("A-1", lead=trust)
    assert "Cannot report" not in text(client.get("/outcomes-group/collect/"))
    trust.ends_on = clock.today().replace(day=1)
    trust.save()
    assert "Nobody of them can sign in any more" in text(client.get("/outcomes-group/collect/"))


def test_coverage_by_organisation_counts_each_deliverable_once(client, priya):
    icb, trust = factories.organisation("icb"), factories.organisation("trust")
    first = factories.deliverable("A-1", lead=icb)
    factories.deliverable("A-2", lead=icb)
    factories.deliverable("A-3", lead=trust)
    factories.deliverable("A-4")
    factories.update(first, by=priya, month=factories.november())
    page = text(client.get("/outcomes-group/collect/"))
    table = page.partition("By organisation")[2]
    assert "1 of 4 updates are in" in page
    assert all(line in table for line in ("No lead set 0 of 1", "Organisation icb 1 of 2", "Organisation trust 0 of 1"))


def test_one_flag_after_another_until_none_waits(client, priya):
    month = factories.november()
    for code, flags in (("A-1", ()), ("A-2", FLAGS), ("A-3", FLAGS)):
        factories.update(factories.deliverable(code), by=priya, month=month, flags=flags)
    address, seen = "/outcomes-group/challenge/", []
    for _ in range(3):
        page = client.get(address, follow=True)
        code = re.search(r"November 2025 · (A-\d)", text(page))[1]
        seen.append(code)
        update = page.context["now"].standing
        answer = client.post(f"/outcomes-group/challenge/{code}/", {"decision": "agree", "update": update.pk})
        address = answer["Location"]
    assert seen == ["A-2", "A-3", "A-1"]
    page = client.get(address, follow=True)
    assert "Nothing waits for the group's word." in text(page).replace("&#x27;", "'")
    assert Decision.objects.count() == 3


def test_the_challenge_shows_the_authors_answer_last_months_words_and_the_milestones(client, priya):
    made = factories.deliverable("A-1")
    factories.milestone(made, "800 homes connected")
    factories.update(made, by=priya, month=factories.october(), done="Last month's words.")
    factories.update(made, by=priya, month=factories.november(), done="This month's words.", flags=FLAGS, answer="No news.")
    page = text(client.get("/outcomes-group/challenge/A-1/")).replace("&#x27;", "'")
    for words in (
        "Last month's words.",
        "This month's words.",
        "Priya answered: No news.",
        "800 homes connected",
        FLAGS[0].words,
    ):
        assert words in page


def test_a_return_needs_a_reason_and_reaches_the_author(client, priya):
    made = factories.deliverable("A-1")
    update = factories.update(made, by=priya, month=factories.november())
    page = client.post("/outcomes-group/challenge/A-1/", {"decision": "return", "update": update.pk, "reason": " "})
    assert "Say what its author should look at again" in text(page) and "<title>Error: " in page.content.decode()
    page = client.post(
        "/outcomes-group/challenge/A-1/", {"decision": "return", "update": update.pk, "reason": "Which supplier?"}, follow=True
    )
    assert "is returned. Priya gets your reason by email." in text(page)
    send_letters()
    assert mail.outbox[0].to == [priya.email]


def test_an_author_in_the_group_is_told_that_others_decide(olu, client):
    give_role(by=None, user=olu, organisation=factories.organisation(), role="programme_manager")
    update = factories.update(factories.deliverable("A-1"), by=olu, month=factories.november())
    assert "You reported this yourself" in text(client.get("/outcomes-group/challenge/A-1/"))
    page = client.post("/outcomes-group/challenge/A-1/", {"decision": "agree", "update": update.pk})
    assert "Nothing was decided" in text(page) and not Decision.objects.exists()


def test_all_unchanged_are_listed_before_they_are_agreed(client, priya):
    made = factories.deliverable("A-1")
    for month in (factories.october(), factories.november()):
        factories.update(made, by=priya, month=month)
    assert "Agree this one" in text(client.get("/outcomes-group/agree-unchanged/"))
    assert not Decision.objects.exists()
    assert "One is agreed." in text(client.post("/outcomes-group/agree-unchanged/", follow=True))


def test_another_open_month_can_be_chosen(client, priya, olu):
    made = factories.deliverable("A-1")
    update = factories.update(made, by=priya, month=factories.october(), flags=FLAGS)
    page = client.get("/outcomes-group/?month=2025-10")
    assert "October 2025 report" in text(page) and "November 2025 is open too" in text(page)
    response = client.get("/outcomes-group/challenge/?month=2025-10")
    assert response["Location"] == "/outcomes-group/challenge/A-1/?month=2025-10"
    agree_update(by=olu, update=update)
    assert client.get("/outcomes-group/challenge/?month=2025-10", follow=True).status_code == 200


def test_a_stopped_deliverable_does_not_hold_up_the_month(client, priya):
    """One that is complete is said again in one action; nothing waits for a deliverable that is no longer in the plan."""
    made = factories.deliverable("A-1")
    factories.update(made, by=priya, month=factories.november(), rating="complete")
    assert "1 of 1 updates are in. None is missing." in text(client.get("/outcomes-group/"))


def test_names_are_text(client):
    user = add_person(by=None, email="x@example.org", name="<b>Mallory</b>")
    give_role(by=None, user=user, organisation=factories.organisation(), role="programme_manager")
    factories.deliverable("A-1", lead=factories.organisation())
    assert "<b>Mallory" not in client.get("/outcomes-group/collect/").content.decode()
