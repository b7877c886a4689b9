"""One form, more than one moment: corrections, two editors, two clicks, the way back, and a month that closes meanwhile."""

import pytest
from playwright.sync_api import expect

from deliverables.models import StatusUpdate
from people.models import User
from priorities.actions import close_period
from tests.journeys.pages import DeliverablePage, UpdatePage, Updates
from tests.journeys.places import BEA, CARA, PRIYA
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey

HERS, THEIRS = "410 homes are connected.", "409 homes are connected, by our count."
LATER = "412 homes are connected, now that the last counts are in."


def test_a_correction_counts_instead_and_both_stay_readable(stage: Stage) -> None:
    given_an_update(UpdatePage(stage.visit(PRIYA)).open(), HERS)
    page = UpdatePage(stage.visit(PRIYA)).open()
    expect(page.page.get_by_text("Priya Example reported for November 2025")).to_be_visible()
    expect(page.done).to_have_value(HERS)
    given_an_update(page, LATER)
    then_both_can_be_read(stage, stands=LATER, superseded=HERS)


def test_of_two_editors_the_second_reads_both_and_chooses_hers(stage: Stage) -> None:
    priya, cara = UpdatePage(stage.visit(PRIYA)).open(), UpdatePage(stage.visit(CARA)).open()
    given_an_update(priya, HERS)
    cara.fill_in(THEIRS, rating="At risk", why="Fewer installers.", route="More installers.", by_when="1 2 2026")
    cara.send()
    then_she_reads_both_and_nothing_of_hers_is_stored(cara, stage)
    cara.send()
    expect(Updates(cara.visit).banner).to_contain_text("is in")
    then_both_can_be_read(stage, stands=THEIRS, superseded=HERS)


def test_of_two_editors_the_second_may_leave_the_first_as_it_is(stage: Stage) -> None:
    priya, cara = UpdatePage(stage.visit(PRIYA)).open(), UpdatePage(stage.visit(CARA)).open()
    given_an_update(priya, HERS)
    cara.fill_in(THEIRS)
    cara.send()
    cara.page.get_by_role("link", name="Leave it as it is").click()
    expect(Updates(cara.visit).row("Home devices and sensors")).to_contain_text(HERS)
    assert words_stored(stage) == [HERS]


def test_a_milestone_that_moved_meanwhile_is_not_moved_back(stage: Stage) -> None:
    priya, cara = UpdatePage(stage.visit(PRIYA)).open(), UpdatePage(stage.visit(CARA)).open()
    row = priya.milestone("800 homes connected")
    row.forecast.fill("31 March 2026")
    row.reason.select_option("supplier")
    row.words.fill("The installers need longer.")
    given_an_update(priya, HERS)
    cara.fill_in(THEIRS)
    cara.send()
    cara.send()
    page = DeliverablePage(stage.visit(BEA)).open()
    expect(page.milestone("800 homes connected")).to_contain_text("31 March 2026")


def test_a_double_click_is_one_update(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA), "HW-2").open()
    page.fill_in(HERS)
    page.submit.dblclick()
    expect(Updates(page.visit).banner).to_contain_text("is in")
    assert words_stored(stage, "HW-2") == [HERS]


def test_a_double_click_is_one_update_even_when_no_script_stops_the_second(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA, scripts=False), "HW-2").open()
    page.fill_in(HERS)
    page.submit.dblclick()
    expect(Updates(page.visit).banner).to_contain_text("is in")
    assert words_stored(stage, "HW-2") == [HERS]


def test_the_way_back_after_submitting_leads_to_what_stands_now(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    given_an_update(page, HERS)
    page.page.go_back()
    expect(page.done).to_have_value(HERS)
    page.done.fill(LATER)
    page.send()
    expect(Updates(page.visit).banner).to_contain_text("is in")
    then_both_can_be_read(stage, stands=LATER, superseded=HERS)


def test_a_month_that_closes_while_the_form_is_open_takes_nothing_and_keeps_every_word(stage: Stage) -> None:
    page = UpdatePage(stage.visit(PRIYA)).open()
    page.fill_in(HERS, rating="Off track", why="No installers.", route="New installers.", by_when="1 2 2026")
    with stage.behind():
        close_period(by=User.objects.get(email="olu@example.org"), period=stage.november())
    page.visit.watch.expect(409)  # a draft of it is not taken any more either
    page.submit.click()
    expect(page.page.get_by_text("The report for November 2025 has been issued, so it takes no more updates.")).to_be_visible()
    for box, words in {page.done: HERS, page.why: "No installers.", page.route: "New installers."}.items():
        expect(box).to_have_value(words)
    assert words_stored(stage) == []


def given_an_update(page: UpdatePage, words: str) -> None:
    page.fill_in(words)
    page.send()
    expect(Updates(page.visit).banner).to_contain_text("is in")


def then_she_reads_both_and_nothing_of_hers_is_stored(cara: UpdatePage, stage: Stage) -> None:
    expect(cara.page).to_have_title("Error: Update on Home devices and sensors, November 2025 – Strategy portal")
    notice = cara.page.get_by_role("alert")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text("Someone else has reported since you opened this page")
    expect(notice).to_contain_text("Priya Example")
    expect(notice).to_contain_text(HERS)
    expect(cara.done).to_have_value(THEIRS)
    expect(cara.why).to_have_value("Fewer installers.")
    expect(cara.rating("At risk")).to_be_checked()
    assert words_stored(stage) == [HERS]


def then_both_can_be_read(stage: Stage, *, stands: str, superseded: str) -> None:
    month = DeliverablePage(stage.visit(PRIYA)).open().month("November 2025")
    expect(month).to_contain_text(stands)
    expect(month.get_by_text(superseded)).to_be_hidden()
    month.get_by_text("1 earlier version").click()
    expect(month.get_by_text(superseded)).to_be_visible()
    assert words_stored(stage) == [superseded, stands]


def words_stored(stage: Stage, code: str = "FCN-2") -> list[str]:
    with stage.behind():
        november = StatusUpdate.objects.filter(deliverable__code=code, period=stage.november())
        return list(november.order_by("number").values_list("done", flat=True))
