"""Setting milestones up: freely until the definition is baselined, then by asking the group."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from deliverables.actions import (
    AlreadyAsked,
    CannotDecide,
    add_milestone,
    change_milestone,
    decide_milestone_change,
    end_milestone,
)
from deliverables.models import Milestone, MilestoneChange
from people.actions import give_role
from tests import factories

pytestmark = pytest.mark.django_db
DAY, LATER = date(2025, 12, 15), date(2026, 1, 30)


@pytest.fixture
def free(priya):
    return factories.deliverable("HW-1", lead=factories.organisation(), maturity="agreed")


@pytest.fixture
def baselined(priya):
    return factories.deliverable("HW-2", lead=factories.organisation(), maturity="baselined")


def client_of(user) -> Client:
    client = Client()
    factories.sign_in(client, user)
    return client


def filled(title="800 homes", day="15 12 2025", **more) -> dict[str, str]:
    return {
        "title": title,
        **dict(zip(("baseline_on-day", "baseline_on-month", "baseline_on-year"), day.split(), strict=True)),
    } | more


def test_until_the_definition_is_baselined_the_manager_sets_it_up(priya, free):
    client = client_of(priya)
    page = client.post("/deliverables/HW-1/milestones/", filled(), follow=True).content.decode()
    made = Milestone.objects.get()
    assert (made.title, made.baseline_on, made.forecast_on) == ("800 homes", DAY, DAY) and "“800 homes” is added." in page
    client.post(f"/deliverables/HW-1/milestones/{made.pk}/", filled("900 homes", "30 1 2026", do="change"))
    made.refresh_from_db()
    assert (made.title, made.baseline_on, made.forecast_on) == ("900 homes", LATER, LATER)
    assert made.history.first().history_user == priya
    client.post(f"/deliverables/HW-1/milestones/{made.pk}/", filled("900 homes", "30 1 2026", do="remove"))
    made.refresh_from_db()
    assert made.ended_on == date(2025, 12, 2) and not free.milestones.in_plan().exists()


def test_a_forecast_that_has_moved_does_not_follow_the_baseline(priya, free):
    made = factories.milestone(free, baseline=DAY, forecast_on=date(2026, 2, 1))
    change_milestone(by=priya, milestone=made, title="First step", baseline_on=LATER)
    made.refresh_from_db()
    assert (made.baseline_on, made.forecast_on) == (LATER, date(2026, 2, 1))


def test_once_it_is_baselined_nothing_changes_until_the_group_agrees(priya, olu, baselined):
    made = factories.milestone(baselined, "800 homes", DAY)
    page = client_of(priya).post(
        f"/deliverables/HW-2/milestones/{made.pk}/", filled("800 homes", "30 1 2026", words="A year was misread."), follow=True
    )
    assert "The group is asked" in page.content.decode()
    made.refresh_from_db()
    assert made.baseline_on == DAY
    listed = client_of(olu).get("/outcomes-group/changes/").content.decode()
    assert "Baseline from 15 December 2025 to 30 January 2026" in listed and "A year was misread." in listed
    client_of(olu).post("/outcomes-group/changes/", {"change": MilestoneChange.objects.get().pk, "decision": "agree"})
    made.refresh_from_db()
    assert (made.baseline_on, made.forecast_on) == (LATER, LATER)
    kept = MilestoneChange.objects.get()
    assert (kept.agreed, kept.decided_by, kept.asked_by) == (True, olu, priya)


def test_a_new_one_and_an_end_are_asked_for_too(priya, olu, baselined):
    made = factories.milestone(baselined, "800 homes", DAY)
    asked = [
        add_milestone(by=priya, deliverable=baselined, title="900 homes", baseline_on=LATER, words="More money."),
        end_milestone(by=priya, milestone=made, words="No longer needed."),
    ]
    assert all(isinstance(one, MilestoneChange) for one in asked) and baselined.milestones.in_plan().get() == made
    for change in asked:
        decide_milestone_change(by=olu, change=change, agreed=True)
    assert baselined.milestones.in_plan().get().title == "900 homes"


def test_a_decline_needs_words_and_changes_nothing(priya, olu, baselined):
    change = add_milestone(by=priya, deliverable=baselined, title="900 homes", baseline_on=LATER, words="More money.")
    answer = client_of(olu).post("/outcomes-group/changes/", {"change": change.pk, "decision": "decline"}).content.decode()
    assert "Say why the change is declined" in answer
    client_of(olu).post(
        "/outcomes-group/changes/", {"change": change.pk, "decision": "decline", f"change-{change.pk}-answer": "Not this year."}
    )
    change.refresh_from_db()
    assert (change.agreed, change.answer) == (False, "Not this year.") and not baselined.milestones.exists()
    decide_milestone_change(by=olu, change=change, agreed=True)
    assert not baselined.milestones.exists()


def test_who_asked_does_not_decide(priya, baselined):
    give_role(by=None, user=priya, organisation=factories.organisation(), role="outcomes_group")
    change = add_milestone(by=priya, deliverable=baselined, title="900 homes", baseline_on=LATER, words="More money.")
    with pytest.raises(CannotDecide):
        decide_milestone_change(by=priya, change=change, agreed=True)


def test_one_change_of_a_milestone_waits_at_a_time(priya, baselined):
    made = factories.milestone(baselined, "800 homes", DAY)
    change_milestone(by=priya, milestone=made, title="800 homes", baseline_on=LATER, words="A year was misread.")
    with pytest.raises(AlreadyAsked):
        end_milestone(by=priya, milestone=made, words="No longer needed.")


def test_two_milestones_of_one_name_are_refused_beside_the_field(priya, free):
    factories.milestone(free, "800 homes", DAY)
    with pytest.raises(ValidationError, match="already"):
        add_milestone(by=priya, deliverable=free, title="800 HOMES", baseline_on=DAY)
    html = client_of(priya).post("/deliverables/HW-1/milestones/", filled("800 Homes")).content.decode()
    assert "There is a milestone “800 Homes” already" in html and "There is a problem" in html and Milestone.objects.count() == 1


def test_without_words_the_group_is_not_asked(priya, baselined):
    html = client_of(priya).post("/deliverables/HW-2/milestones/", filled()).content.decode()
    assert "Say why, so that the group can decide" in html and not MilestoneChange.objects.exists()
