"""Who may report on what: at the page, by its form, and by what a form may not say."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from deliverables.models import Deliverable, Milestone, MilestoneMove, StatusUpdate, UpdateDraft
from deliverables.permissions import can_report_on
from people.actions import give_role
from people.models import Membership, Organisation, User
from priorities.actions import close_period
from priorities.models import PlanYear, ReportingPeriod
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def icb() -> Organisation:
    return factories.organisation("icb")


@pytest.fixture
def trust() -> Organisation:
    return factories.organisation("trust")


@pytest.fixture
def priya(icb) -> User:
    return factories.person("programme_manager", org=icb)


@pytest.fixture
def hers(icb) -> Deliverable:
    return factories.deliverable("HW-1", lead=icb)


@pytest.fixture
def theirs(trust) -> Deliverable:
    return factories.deliverable("X-1", lead=trust)


def browser(user: User) -> Client:
    client = Client()
    factories.sign_in(client, user)
    return client


def filled(**more: str) -> dict[str, str]:
    return {
        "key": str(uuid4()),
        "seen": "0",
        "month": "2025-11",
        "rating": "on_track",
        "done": "Typed with care.",
        "looked": "overdue",
    } | more


def answers(user: User, deliverable: Deliverable, **more: str) -> tuple[int, int, int]:
    """The status of the page, of a good form sent to it, and how many updates are stored then."""
    client, address = browser(user), f"/updates/{deliverable.code}/"
    page, sent = client.get(address).status_code, client.post(address, filled(**more)).status_code
    return page, sent, StatusUpdate.objects.filter(deliverable=deliverable).count()


TAKEN, HIDDEN, REFUSED = (200, 302, 1), (404, 404, 0), (403, 403, 0)


def test_a_manager_reports_on_what_her_organisation_leads(priya, hers):
    assert answers(priya, hers) == TAKEN


def test_a_manager_of_two_organisations_reports_on_what_either_leads(priya, hers, theirs, trust):
    give_role(by=None, user=priya, organisation=trust, role="programme_manager")
    assert answers(priya, hers) == answers(priya, theirs) == TAKEN


def test_a_manager_reports_on_what_is_assigned_to_her_by_name(priya, theirs):
    theirs.managers.add(priya)
    assert answers(priya, theirs) == TAKEN


def test_another_organisations_deliverable_is_not_there_for_her(priya, theirs):
    assert answers(priya, theirs) == HIDDEN


def test_one_that_nobody_leads_and_one_that_is_assigned_to_a_colleague_are_not_there(priya, icb):
    open_to_none = factories.deliverable("N-1")
    open_to_none.managers.add(factories.person("programme_manager", "Sam", icb))
    assert answers(priya, open_to_none) == HIDDEN


def test_a_partner_organisation_does_not_report(priya, theirs, icb):
    theirs.partners.add(icb)
    assert answers(priya, theirs) == HIDDEN


@pytest.mark.parametrize("role", ["viewer", "outcomes_group", "administrator", None])
def test_other_roles_do_not_report_even_when_assigned_by_name(role, icb, hers):
    user = factories.person(role, "Other", icb)
    hers.managers.add(user)
    assert answers(user, hers) == REFUSED


def test_a_manager_elsewhere_who_only_views_here_does_not_report_here(hers, icb, trust):
    sam = factories.person("programme_manager", "Sam", trust)
    give_role(by=None, user=sam, organisation=icb, role="viewer")
    assert answers(sam, hers) == HIDDEN


def test_the_list_the_page_and_the_button_agree(priya, hers, theirs, icb):
    """One rule, asked by query, by permission and by the page of the deliverable."""
    factories.deliverable("N-1")
    factories.deliverable("P-1", lead=theirs.lead).managers.add(priya)
    client = browser(priya)
    may = {d.code for d in Deliverable.objects.all() if can_report_on(User.objects.get(pk=priya.pk), d)}
    assert may == {"HW-1", "P-1"}
    assert {row.deliverable.code for row in client.get("/updates/").context["rows"]} == may
    assert {d.code for d in Deliverable.objects.all() if offers(client, d)} == may


def offers(client: Client, deliverable: Deliverable) -> bool:
    return "Report progress" in client.get(f"/deliverables/{deliverable.code}/").content.decode()


def test_nobody_else_is_offered_the_button(hers, icb):
    assert not offers(browser(factories.person("viewer", "Bea", icb)), hers)


# Changes count at once: the page is open, the form is filled, and then


@pytest.fixture
def opened(priya, theirs) -> Client:
    """Her page on a deliverable that is assigned to her by name."""
    theirs.managers.add(priya)
    client = browser(priya)
    assert client.get("/updates/X-1/").status_code == 200
    return client


def refused(client: Client, status: int) -> bool:
    sent = client.post("/updates/X-1/", filled())
    return (sent.status_code, StatusUpdate.objects.count()) == (status, 0)


def test_the_assignment_is_removed(opened, priya, theirs):
    theirs.managers.remove(priya)
    assert refused(opened, 404)


def test_her_role_is_taken_away(opened, priya):
    Membership.objects.filter(user=priya).update(role="viewer")
    assert refused(opened, 403)


def test_her_organisation_ends(opened, icb):
    Organisation.objects.filter(pk=icb.pk).update(ends_on=date(2025, 12, 1))
    assert refused(opened, 403)


def test_another_organisation_takes_the_lead(priya, hers, trust):
    client = browser(priya)
    client.get("/updates/HW-1/")
    Deliverable.objects.filter(pk=hers.pk).update(lead=trust)
    assert client.post("/updates/HW-1/", filled()).status_code == 404
    assert not StatusUpdate.objects.exists()


def test_she_is_signed_out_and_nothing_is_stored(opened, priya):
    User.objects.filter(pk=priya.pk).update(is_active=False)
    assert refused(opened, 302)


# What a form may not say


def test_extra_fields_change_nothing(priya, hers, theirs):
    sam, october = factories.person("programme_manager", "Sam"), factories.october()
    extra = {
        "submitted_by": str(sam.pk),
        "submitted_by_id": str(sam.pk),
        "submitted_at": "2025-04-01T00:00:00Z",
        "period": str(october.pk),
        "period_id": str(october.pk),
        "deliverable": str(theirs.pk),
        "deliverable_id": str(theirs.pk),
        "code": "X-1",
        "number": "7",
        "id": "99",
        "is_demonstration": "on",
        "data_version": "99",
        "closed_at": "2025-04-01",
        "user": str(sam.pk),
        "by": str(sam.pk),
    }
    assert browser(priya).post("/updates/HW-1/", filled(**extra)).status_code == 302
    made = StatusUpdate.objects.get()
    assert (made.deliverable, made.period, made.number, made.submitted_by) == (hers, factories.november(), 1, priya)
    assert made.submitted_at.date() == date(2025, 12, 2)
    assert not made.is_demonstration and made.pk != 99
    assert not ReportingPeriod.objects.exclude(closed_at=None).exists()


def test_extra_words_in_the_address_change_nothing_either(priya, hers):
    october, address = factories.october(), "/updates/HW-1/"
    browser(priya).post(address, filled(), query_params={"period": october.pk, "submitted_by": 99, "number": 7, "code": "X-1"})
    made = StatusUpdate.objects.get()
    assert (made.period, made.submitted_by, made.number) == (factories.november(), priya, 1)


def test_a_milestone_of_another_deliverable_cannot_be_moved_through_this_form(priya, hers, theirs):
    mine, other = factories.milestone(hers), factories.milestone(theirs)
    sent = filled()
    for milestone in (mine, other):
        name = f"milestone-{milestone.pk}"
        sent |= {f"{name}-seen_on": "2025-11-15", f"{name}-forecast_on": "15 November 2025", f"{name}-done": "on"}
    name = f"milestone-{other.pk}"
    sent |= {f"{name}-forecast_on": "1 March 2026", f"{name}-reason": "data", f"{name}-words": "Late."}
    assert browser(priya).post("/updates/HW-1/", sent).status_code == 302
    other.refresh_from_db()
    assert (other.forecast_on, other.done_on, MilestoneMove.objects.count()) == (date(2025, 11, 15), None, 0)
    assert Milestone.objects.get(pk=mine.pk).done_on == date(2025, 12, 2)


def test_a_baseline_cannot_be_moved_by_a_form(priya, hers):
    milestone = factories.milestone(hers)
    name = f"milestone-{milestone.pk}"
    sent = {f"{name}-seen_on": "2025-11-15", f"{name}-forecast_on": "15 November 2025", f"{name}-baseline_on": "2026-03-01"}
    browser(priya).post("/updates/HW-1/", filled(**sent, **{f"{name}-title": "Other"}))
    milestone.refresh_from_db()
    assert StatusUpdate.objects.count() == 1
    assert (milestone.title, milestone.baseline_on) == ("First step", date(2025, 11, 15))


@pytest.mark.parametrize("month", ["2025-12", "2026-03", "2024-11", "2025-13", "x", "", "2025-11-01", "\0"])
def test_a_month_that_is_not_open_is_never_stored(priya, hers, month):
    """December has not begun to report; what is no month at all is the month that is open."""
    browser(priya).post("/updates/HW-1/", filled(month=month))
    assert {update.period.month for update in StatusUpdate.objects.all()} <= {"2025-11"}


def test_a_closed_month_is_refused_whatever_the_form_and_the_address_say_and_the_words_are_kept(priya, hers):
    olu = factories.person("outcomes_group", "Olu")
    close_period(by=olu, period=factories.november())
    client, data_version = browser(priya), factories.november().data_version
    for address in ("/updates/HW-1/", "/updates/HW-1/?month=2025-11", "/updates/HW-1/?month=2025-10"):
        page = client.post(address, filled(month="2025-11"))
        assert page.status_code == 200, address
        assert "The report for November 2025 has been issued" in page.content.decode()
        assert "Typed with care." in page.content.decode()
    assert not StatusUpdate.objects.exists()
    assert factories.november().data_version == data_version


def test_a_key_that_someone_else_used_does_not_show_or_take_over_her_update(priya, hers, trust, theirs):
    """A key is a secret of its form, but nothing hangs on that."""
    key, sam = uuid4(), factories.person("programme_manager", "Sam", trust)
    factories.update(theirs, by=sam, month=factories.november(), key=key, done="Of the trust.")
    client = browser(priya)
    client.raise_request_exception = False
    page = client.post("/updates/HW-1/", filled(key=str(key)))
    assert "Of the trust." not in page.content.decode()
    assert StatusUpdate.objects.get().submitted_by == sam
    assert page.status_code < 500 and "Typed with care." in page.content.decode()


def test_a_form_that_was_sent_before_and_then_changed_is_not_taken_for_a_double_click(priya, hers):
    """As after the browser's back button, where it fills the form in again, hidden fields and all."""
    client, first = browser(priya), filled()
    client.post("/updates/HW-1/", first)
    page = client.post("/updates/HW-1/", first | {"done": "Better words."}, follow=True).content.decode()
    assert "Better words." in page or StatusUpdate.objects.standing().get().done == "Better words."


def test_a_form_that_was_sent_before_and_then_ticked_is_not_taken_for_a_double_click(priya, hers):
    client, milestone = browser(priya), factories.milestone(hers)
    name = f"milestone-{milestone.pk}"
    first = filled(**{f"{name}-seen_on": "2025-11-15", f"{name}-forecast_on": "15 November 2025"})
    client.post("/updates/HW-1/", first)
    page = client.post("/updates/HW-1/", first | {f"{name}-done": "on"})
    assert page.status_code == 200 or Milestone.objects.get().done_on == date(2025, 12, 2)


def test_a_draft_is_its_authors_alone(priya, hers):
    """Submitting takes away her own draft, and no colleague's."""
    sam, november = factories.person("programme_manager", "Sam"), factories.november()
    for user in (priya, sam):
        UpdateDraft.objects.create(deliverable=hers, period=november, saved_by=user, saved_at=clock.now())
    browser(priya).post("/updates/HW-1/", filled())
    assert [draft.saved_by for draft in UpdateDraft.objects.all()] == [sam]


# At the turn of the plan year


def test_the_last_month_of_a_plan_year_is_reported_after_the_next_one_has_begun(priya, hers, icb, set_today):
    """March is due in April, when another plan year is the current one."""
    set_today(date(2026, 4, 2))
    year = hers.plan_year
    days = {"starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31)}
    following = PlanYear.objects.create(strategy=year.strategy, code="2026-27", **days)
    Deliverable.objects.create(plan_year=following, priority=factories.priority(), code="HW-1", title="Next year's", lead=icb)
    client = browser(priya)
    assert [row.deliverable for row in client.get("/updates/").context["rows"]] == [hers]
    sent = client.post("/updates/HW-1/", filled(month="2026-03"))
    assert sent.status_code == 302
    made = StatusUpdate.objects.get()
    assert (made.deliverable, made.period.month) == (hers, "2026-03")
