"""The pages on which an administrator edits the plan: previewed before they are published, and never at the cost of a word."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from people.models import KeptForm, Organisation, User
from priorities.models import BankHoliday, Body, Priority, ReportingPeriod
from priorities.plan.actions import edit_row, plan_periods
from reports.actions import check_reports
from strategy_portal.editing import seen_of
from tests import factories
from tests.pages import Pages, banner, mistakes, said
from tests.reports.test_issue import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.person("administrator", "Ada")


@pytest.fixture
def page(ada) -> Pages:
    return Pages(ada)


# Priorities


def test_a_priority_is_previewed_word_by_word_and_then_published(page, ada):
    priority = factories.priority()
    edit_row(by=None, row=priority, values={"statement": "Help people to be in work."})
    address = "/plan/priorities/P1/"
    preview = page.send(page.get(address), address, "preview", statement="Help people to stay in work.")
    assert [one.get_text() for one in preview.select("del")] == ["removed: be"]
    assert [one.get_text() for one in preview.select("ins")] == ["added: stay"]
    priority.refresh_from_db()
    assert priority.statement == "Help people to be in work."
    assert banner(page.send(preview, address, "publish")) == "Priority P1 is published"
    priority.refresh_from_db()
    assert priority.statement == "Help people to stay in work." and priority.history.first().history_user == ada
    history = said(page.get("/plan/priorities/P1/history/"))
    assert "Changed" in history and "by Ada" in history and "added: stay" in history


def test_a_preview_can_be_changed_again_with_every_word(page):
    factories.priority()
    address = "/plan/priorities/P1/"
    preview = page.send(page.get(address), address, "preview", why="Because <b>.")
    again = page.send(preview, address, "edit")
    assert again.select_one("textarea[name=why]").get_text().strip() == "Because <b>."
    assert mistakes(again) == []


def test_a_preview_of_nothing_new_publishes_nothing(page):
    factories.priority()
    address = "/plan/priorities/P1/"
    preview = page.send(page.get(address), address, "preview")
    assert "Nothing would be different" in said(preview)
    assert [button.get_text() for button in preview.select("main button")] == ["See what changes"]


def test_a_mistake_stands_beside_its_box_and_keeps_what_was_typed(page):
    factories.priority()
    address = "/plan/priorities/P1/"
    shown = page.send(page.get(address), address, "preview", name="", why="x" * 2001)
    assert mistakes(shown)[0] == "Enter its name" and len(mistakes(shown)) == 2
    assert shown.select_one("#id_name-error") and shown.title.get_text().startswith("Error: ")
    assert len(shown.select_one("textarea[name=why]").get_text().strip()) == 2001


def test_of_two_editors_the_second_reads_both_texts_and_chooses(page):
    priority = factories.priority()
    address = "/plan/priorities/P1/"
    preview = page.send(page.get(address), address, "preview", name="Ada's words")
    edit_row(by=factories.person("administrator", "Adam"), row=priority, values={"name": "Adam's words"}, seen=seen_of(priority))
    shown = page.send(preview, address, "publish")
    assert "Adam has saved other words" in said(shown)
    assert "removed: Adam's" in said(shown) and "added: Ada's" in said(shown)
    assert shown.select_one("input[name=name]")["value"] == "Ada's words"
    priority.refresh_from_db()
    assert priority.name == "Adam's words"
    page.send(page.send(shown, address, "preview"), address, "publish")
    priority.refresh_from_db()
    assert priority.name == "Ada's words" and priority.history.count() == 3


def test_publishing_twice_is_one_edit(page):
    priority = factories.priority()
    address = "/plan/priorities/P1/"
    preview = page.send(page.get(address), address, "preview", name="Work")
    for _ in range(2):
        assert banner(page.send(preview, address, "publish")) == "Work is published"
    assert priority.history.count() == 2


def test_what_is_typed_is_kept_for_her_and_forgotten_once_it_is_published(page):
    seen = seen_of(factories.priority())
    address = "/plan/priorities/P1/"
    page.client.post(address, {"do": "quiet", "name": "Half a na", "seen": seen})
    shown = page.get(address)
    assert shown.select_one("input[name=name]")["value"] == "Half a na" and "kept for you" in said(shown)
    page.publish(address, name="Half a name")
    assert not KeptForm.objects.exists()


def test_what_is_sent_after_the_session_ended_is_kept(page, ada):
    factories.priority()
    address = "/plan/priorities/P1/"
    shown = page.get(address)
    page.client.logout()
    page.client.post(
        address, {"do": "preview", "name": "Typed long ago", "writer": shown.select_one("input[name=writer]")["value"]}
    )
    factories.sign_in(page.client, ada)
    assert page.get(address).select_one("input[name=name]")["value"] == "Typed long ago"


def test_a_new_priority_comes_last_and_is_added_once(page):
    factories.priority()
    address = "/plan/priorities/new/"
    preview = page.send(page.get(address), address, "preview", code="p4", name="Housing and health")
    for _ in range(2):
        assert "Housing and health is published" in banner(page.send(preview, address, "publish"))
    made = Priority.objects.get(code="P4")
    assert (made.slug, made.order) == ("housing-and-health", 2)
    assert page.get("/priorities/housing-and-health/")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"code": "", "name": "X"}, "Enter a code"),
        ({"code": "P 4", "name": "X"}, "Use letters, numbers and hyphens only, such as P4"),
        ({"code": "p1", "name": "X"}, "2025/26 has a priority with the code P1 already"),
        ({"code": "P4", "name": "Priority-P1"}, None),
        ({"code": "P4", "name": "P1"}, "2025/26 has a priority at the address /p1/ already. Choose another name"),
    ],
)
def test_a_new_priority_has_a_code_and_an_address_of_its_own(page, typed, message):
    factories.priority()
    address = "/plan/priorities/new/"
    assert mistakes(page.send(page.get(address), address, "preview", **typed)) == ([message] if message else [])


def test_priorities_are_moved_by_buttons_which_say_where_they_are_now(page):
    for number in (1, 2, 3):
        factories.priority(f"P{number}", number)
    shown = page.get("/plan/priorities/")
    buttons = {" ".join(one.get_text(" ").split()): one["value"] for one in shown.select("button[name=move]")}
    assert list(buttons) == ["Move down Priority P1", "Move up Priority P2", "Move down Priority P2", "Move up Priority P3"]
    sent = [page.client.post("/plan/priorities/", {"move": buttons["Move up Priority P3"]}, follow=True) for _ in range(2)]
    assert [banner(BeautifulSoup(one.content, "html.parser")) for one in sent] == ["Priority P3 is now number 2 of 3"] * 2
    assert list(Priority.objects.order_by("order").values_list("code", flat=True)) == ["P1", "P3", "P2"]
    stale = page.client.post("/plan/priorities/", {"move": buttons["Move up Priority P2"]}, follow=True)
    assert (
        banner(BeautifulSoup(stale.content, "html.parser"))
        == "Priority P2 was not moved, because the order has changed. It is number 3 of 3"
    )
    for nonsense in ("", "P1", "P1:x:2", "P9:1:2", "P1:1:99999999999", "\0:1:2"):
        assert "Nothing was moved" in banner(
            BeautifulSoup(page.client.post("/plan/priorities/", {"move": nonsense}, follow=True).content, "html.parser")
        )


def test_a_priority_with_deliverables_shows_the_way_out_and_stays(page):
    work = factories.deliverable()
    factories.update(work, by=factories.person("programme_manager"), month=factories.october())
    shown = page.get("/plan/priorities/P1/delete/")
    assert "cannot be deleted" in said(shown) and "progress on it was reported" in said(shown)
    assert "stop its deliverables" in said(shown) and "end with the plan year" in said(shown)
    assert not shown.select("main form")
    page.client.post("/plan/priorities/P1/delete/")
    assert Priority.objects.exists()


def test_a_priority_without_deliverables_is_deleted_once_that_is_confirmed(page):
    factories.priority()
    for _ in range(2):
        page.client.post("/plan/priorities/P1/delete/") if _ else page.send(
            page.get("/plan/priorities/P1/delete/"), "/plan/priorities/P1/delete/"
        )
    assert not Priority.objects.exists()


# The year and its months


def test_the_days_of_the_plan_year_are_edited(page):
    year = factories.plan_year()
    shown = page.send(page.get("/plan/year/"), "/plan/year/", "preview", ends_on__day="30")
    assert mistakes(shown) == ["The last day must be 31 March 2026 or after, when March 2026 ends"]
    page.publish("/plan/year/", source="Foreword", ends_on__month="April", ends_on__day="1")
    year.refresh_from_db()
    assert (year.ends_on, year.source) == (date(2026, 4, 1), "Foreword")


def months(**typed: str) -> dict[str, str]:
    """Boxes of November."""
    return {f"{name}__{factories.november().pk}": value for name, value in typed.items()}


def test_empty_meetings_are_filled_in_by_one_button_previewed_and_published(page):
    factories.issue(factories.october())
    BankHoliday.objects.create(day_on=date(2025, 12, 12), name="A royal one-off")
    november = page.get("/plan/periods/")
    assert "Proposed: 15 December 2025" in said(november) and "Fill in 5 proposed meetings" not in said(november)
    preview = page.send(november, "/plan/periods/", "propose", **months(meeting_on="9 12 2025"))
    assert "9 December 2025" in said(preview) and "15 January 2026" in said(preview)
    assert ReportingPeriod.objects.filter(meeting_on=None).count() == 12, "nothing is stored yet"
    assert banner(page.send(preview, "/plan/periods/", "publish")) == "The dates are published"
    assert factories.november().meeting_on == date(2025, 12, 9)
    assert factories.period_of("2025-12-01").meeting_on == date(2026, 1, 15)
    assert factories.october().meeting_on is None


def test_dates_out_of_order_are_told_beside_their_boxes_and_kept(page):
    factories.plan_year()
    typed = months(opens_on="24 November 2025", due_on="20 November 2025", meeting_on="soon")
    shown = page.send(page.get("/plan/periods/"), "/plan/periods/", "preview", **typed)
    assert mistakes(shown) == ["Group meets, November 2025: enter a date, such as 5 December 2025"]
    shown = page.send(shown, "/plan/periods/", "preview", **months(meeting_on="1 December 2025"))
    assert mistakes(shown) == ["Updates for November 2025 must be due on or after the day on which it opens"]
    assert shown.select_one(f"#id_due_on-{factories.november().pk}-error")
    assert shown.select_one(f"input[name=due_on-{factories.november().pk}]")["value"] == "20 November 2025"


def test_a_day_on_which_nobody_works_is_pointed_out(page):
    factories.plan_year()
    preview = page.send(page.get("/plan/periods/"), "/plan/periods/", "preview", **months(meeting_on="13 December 2025"))
    assert "Saturday 13 December 2025 is not a working day" in said(preview)


def test_an_issued_month_is_read_and_has_no_boxes(page):
    factories.issue(factories.october())
    shown = page.get("/plan/periods/")
    assert not shown.select(f"input[name=due_on-{factories.october().pk}]") and "Issued" in said(shown)
    page.client.post("/plan/periods/", {"do": "publish", f"due_on-{factories.october().pk}": "1 January 2026"})
    assert factories.october().due_on == date(2025, 11, 5)


def test_of_two_who_edit_months_the_second_reads_both(page, ada):
    november = factories.november()
    preview = page.send(page.get("/plan/periods/"), "/plan/periods/", "preview", **months(meeting_on="11 December 2025"))
    days = {november.pk: {"opens_on": november.opens_on, "due_on": november.due_on, "meeting_on": date(2025, 12, 12)}}
    plan_periods(by=factories.person("administrator", "Adam"), plan_year=november.plan_year, days=days)
    shown = page.send(preview, "/plan/periods/", "publish")
    assert "Adam has saved other words" in said(shown) and "removed: 12 added: 11 December 2025" in said(shown)
    assert factories.november().meeting_on == date(2025, 12, 12)
    page.send(page.send(shown, "/plan/periods/", "preview"), "/plan/periods/", "publish")
    assert factories.november().meeting_on == date(2025, 12, 11)
    assert "by Adam" in said(page.get("/plan/periods/2025-11/history/"))


# Bodies and organisations


def test_a_body_is_added_edited_and_placed(page):
    factories.plan_year()
    page.publish("/plan/bodies/new/", code="oog", name="Outcomes group", oversees="The year.")
    group = Body.objects.get(code="OOG")
    page.publish("/plan/bodies/new/", code="ICP", name="Partnership")
    page.publish(
        "/plan/bodies/OOG/",
        assures=str(Body.objects.get(code="ICP").pk),
        ends_on__day="1",
        ends_on__month="6",
        ends_on__year="2026",
    )
    group.refresh_from_db()
    assert (group.assures.code, group.ends_on, group.order) == ("ICP", date(2026, 6, 1), 1)
    page.client.post("/plan/bodies/", {"move": "ICP:2:1"})
    assert list(Body.objects.order_by("order").values_list("code", flat=True)) == ["ICP", "OOG"]
    assert "Partnership" in said(page.get("/plan/bodies/OOG/history/"))


def test_an_organisation_is_added_found_renamed_and_ended(page):
    page.publish("/plan/organisations/new/", name="New Partner Trust", short_name="NPT")
    made = Organisation.objects.get(code="npt")
    assert "New Partner Trust" in said(page.get("/plan/organisations/?q=partner+npt"))
    assert "No organisation is found" in said(page.get("/plan/organisations/?q=nowhere"))
    page.publish("/plan/organisations/npt/", name="Newer Trust", ends_on__day="31", ends_on__month="3", ends_on__year="2026")
    made.refresh_from_db()
    assert (made.name, made.ends_on) == ("Newer Trust", date(2026, 3, 31))
    assert "New Partner" in said(page.get("/plan/organisations/npt/history/"))


def test_an_organisation_in_use_is_ended_and_not_deleted(page):
    factories.deliverable(lead=factories.organisation("trust"))
    shown = page.get("/plan/organisations/trust/delete/")
    assert "1 deliverable that it leads" in said(shown)
    assert shown.select_one(".nhsuk-header__organisation-name").get_text() == settings.PORTAL_ORGANISATION  # not the one deleted
    factories.organisation("unused")
    assert "is deleted" in banner(page.send(page.get("/plan/organisations/unused/delete/"), "/plan/organisations/unused/delete/"))


# The past


def test_no_edit_of_the_plan_changes_a_byte_of_an_issued_report(page, ada):
    icb, priya = factories.organisation("trust"), factories.person("programme_manager")
    work = factories.deliverable(lead=icb, principles=("EQUITY",))
    factories.priority("P2", 2)
    factories.update(work, by=priya, month=factories.october(), rating="off_track")
    report = factories.issue(factories.october())
    before, read = stored(report), read_report(ada)
    page.publish("/plan/priorities/P1/", name="Renamed priority", statement="Other words.")
    page.client.post("/plan/priorities/", {"move": "P2:2:1"})
    page.send(page.get("/plan/priorities/P2/delete/"), "/plan/priorities/P2/delete/")
    page.publish(
        "/plan/organisations/trust/",
        name="Renamed trust",
        short_name="RT",
        ends_on__day="3",
        ends_on__month="12",
        ends_on__year="2025",
    )
    page.publish("/plan/periods/", **months(meeting_on="19 December 2025", due_on="12 December 2025"))
    page.publish("/plan/year/", source="Elsewhere")
    page.publish(f"/plan/people/{priya.pk}/details/", name="Renamed person", email="other@example.org")
    page.send(page.get(f"/plan/people/{priya.pk}/deactivate/"), f"/plan/people/{priya.pk}/deactivate/")
    report.refresh_from_db()
    assert stored(report) == before and read_report(ada) == read
    assert check_reports().faults == []
    priya.refresh_from_db()
    assert (priya.name, priya.is_active) == ("Renamed person", False) and not Priority.objects.filter(code="P2").exists()
    factories.issue(factories.november())
    assert check_reports().faults == []


def read_report(reader: User) -> str:
    client = Client()
    factories.sign_in(client, reader)
    shown = client.get("/reports/2025-10/").content.decode()
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", shown[shown.index("<main") :])


def test_the_plan_page_says_what_needs_her(page):
    lacks, complete = (
        factories.deliverable("HW-1"),
        factories.deliverable("HW-2", lead=factories.organisation(), due_on=date(2026, 3, 1)),
    )
    complete.managers.add(factories.person("programme_manager"))
    factories.person(None, "Nina")
    factories.priority("P2", 2)
    shown = said(page.get("/plan/"))
    for words in (
        "12 months without a meeting date",
        "1 priority without deliverables",
        "1 person without a role",
        "1 deliverable with something missing",
    ):
        assert words in shown
    assert lacks.name in shown and complete.name not in shown and "Nobody can report it" in shown


def test_without_a_plan_year_the_plan_page_says_how_to_begin(page):
    assert "There is no plan year yet" in said(page.get("/plan/"))
