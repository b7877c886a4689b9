"""A definition on its way: worded by its manager, agreed and baselined by the group, then changed from a later month on."""

import pytest
from playwright.sync_api import expect

from deliverables.models import DefinitionChange, Deliverable
from tests.journeys.inspection import inspect
from tests.journeys.places import ADA, BEA, OLU, PRIYA
from tests.journeys.stage import Stage, Visit

pytestmark = pytest.mark.journey

MEASURE = "Shared initiatives started: 2 by March 2026"
LATER = "Shared initiatives started: 1 by March 2026, 2 by June 2026"
BACK = "Which initiatives are counted?"


def test_a_manager_drafts_the_group_baselines_and_a_change_comes_from_a_later_month(stage: Stage) -> None:
    priya, olu = stage.visit(PRIYA), stage.visit(OLU)
    when_she_words_it(priya, MEASURE)
    when_the_group_sends_it_back(olu)
    then_she_reads_why_and_sends_it_again(priya)
    when_the_group_agrees_and_baselines_it(olu)
    when_she_asks_for_a_change_from_january(priya)
    when_the_group_accepts_it(olu)
    then_everyone_reads_what_is_in_force_and_what_comes(stage.visit(BEA))
    with stage.behind():
        row = Deliverable.objects.get(code="HW-2")
        assert (row.maturity, row.measure) == ("baselined", MEASURE)
        assert DefinitionChange.objects.get(deliverable=row).asked == {"measure": LATER}


def test_an_administrator_orders_edits_previews_and_stops_without_scripts(stage: Stage) -> None:
    ada = stage.visit(ADA, scripts=False)
    ada.open("/plan/deliverables/")
    ada.page.get_by_role("button", name="Up HW-3").click()
    expect(ada.page.get_by_role("main")).to_contain_text("HW-3 is one place higher.")
    ada.page.get_by_role("link", name="Jobs and skills through neighbourhood teams").click()
    ada.page.get_by_label("Short title").fill("Jobs and skills near home")
    ada.page.get_by_role("button", name="See what changes").click()
    expect(ada.page.get_by_role("main")).to_contain_text("Jobs and skills near home")
    ada.page.get_by_role("button", name="Publish").click()
    expect(ada.page.get_by_role("link", name="Jobs and skills near home")).to_be_visible()
    ada.page.get_by_role("link", name="Delete HW-3").click()
    ada.page.get_by_role("button", name="Stop it instead").or_(ada.page.get_by_role("link", name="Stop it instead")).click()
    for label, value in (("Day", "20"), ("Month", "12"), ("Year", "2025")):
        ada.page.get_by_label(label, exact=True).fill(value)
    ada.page.get_by_label("Why does it stop?").fill("The money goes to HW-2.")
    ada.page.get_by_role("button", name="Stop it").click()
    expect(ada.page.get_by_role("main")).to_contain_text("Stopped from 20 December 2025")


def assert_sound(visit: Visit) -> None:
    assert not (wrong := inspect(visit.page)), "\n".join(wrong)


def when_she_words_it(priya: Visit, measure: str) -> None:
    priya.open("/deliverables/HW-2/")
    priya.page.get_by_role("link", name="Agreed 16 July 2025").click()
    priya.page.get_by_role("button", name="Word the definition").or_(
        priya.page.get_by_role("link", name="Word the definition")
    ).click()
    priya.page.get_by_label("How it is measured").fill(measure)
    priya.page.get_by_role("button", name="Save for the group").click()
    expect(priya.page.get_by_role("main")).to_contain_text("The group looks at them.")
    assert_sound(priya)


def when_the_group_sends_it_back(olu: Visit) -> None:
    olu.open("/outcomes-group/definitions/")
    olu.page.get_by_role("link", name="Read HW-2, or send it back").click()
    expect(olu.page.get_by_role("main")).to_contain_text(MEASURE)
    olu.page.get_by_label("What should its managers look at again?").fill(BACK)
    olu.page.get_by_role("button", name="Send it back").click()
    expect(olu.page.get_by_role("main")).to_contain_text("is sent back")


def then_she_reads_why_and_sends_it_again(priya: Visit) -> None:
    priya.open("/deliverables/HW-2/definition/")
    expect(priya.page.get_by_role("main")).to_contain_text(BACK)
    priya.open("/deliverables/HW-2/definition/draft/")
    priya.page.get_by_role("button", name="Send to the group").click()
    expect(priya.page.get_by_role("main")).to_contain_text("The group looks at them.")


def when_the_group_agrees_and_baselines_it(olu: Visit) -> None:
    for button, done in (("Agree those that are ticked", "1 definition agreed."), ("Baseline those", "1 definition baselined.")):
        olu.open("/outcomes-group/definitions/")
        olu.page.get_by_label("HW-2 Health and Work Collaborative").check()
        olu.page.get_by_role("button", name=button).click()
        expect(olu.page.get_by_role("main")).to_contain_text(done)


def when_she_asks_for_a_change_from_january(priya: Visit) -> None:
    priya.open("/deliverables/HW-2/definition/change/")
    priya.page.get_by_label("How it is measured").fill(LATER)
    priya.page.get_by_label("Why does it change?").fill("The second has no lead.")
    priya.page.get_by_label("What does it change for the work?").fill("One starts in the new year.")
    priya.page.get_by_label("From which month on?").select_option(label="January 2026")
    assert_sound(priya)
    priya.page.get_by_role("button", name="See what the group will read").click()
    expect(priya.page.get_by_role("heading", level=1)).to_have_text("What the group will read")
    assert_sound(priya)
    priya.page.get_by_role("button", name="Ask the group").click()
    expect(priya.page.get_by_role("main")).to_contain_text("A change waits for the group")


def when_the_group_accepts_it(olu: Visit) -> None:
    olu.open("/outcomes-group/definitions/")
    olu.page.get_by_role("button", name="Agree the change of HW-2").click()
    expect(olu.page.get_by_role("main")).to_contain_text("It takes effect from January 2026.")


def then_everyone_reads_what_is_in_force_and_what_comes(bea: Visit) -> None:
    bea.open("/deliverables/HW-2/")
    expect(bea.page.get_by_role("complementary", name="Definition")).to_contain_text(MEASURE)
    expect(bea.page.get_by_role("complementary", name="Definition")).to_contain_text("It changes from January 2026.")
    bea.open("/deliverables/HW-2/definition/")
    expect(bea.page.get_by_role("heading", name="From January 2026 on")).to_be_visible()
    assert_sound(bea)
