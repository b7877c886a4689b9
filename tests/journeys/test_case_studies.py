"""A case study from its first word to its last reader: written, reviewed, published, found and withdrawn."""

import pytest
from playwright.sync_api import expect

from tests.journeys.places import BEA, CARA, OLU, PRIYA
from tests.journeys.stage import Stage, Visit

pytestmark = pytest.mark.journey
TITLE, SLUG = "Warm homes in one street", "warm-homes-in-one-street"


def write(visit: Visit, title: str = TITLE) -> None:
    page = visit.page
    visit.open("/case-studies/")
    page.get_by_role("button", name="Write a case study").click()
    page.get_by_label("Title").fill(title)
    page.get_by_label("What was the problem?").fill("Homes in the street were cold.")
    page.get_by_label("What was done?").fill("Neighbours helped each other to make homes warm.")
    page.get_by_role("group", name="Deliverables").get_by_label("FCN-2", exact=False).check()
    page.get_by_label("The story tells of no single person").check()
    page.get_by_label("Who agreed, and where is that kept?").fill("It tells of homes alone.")
    page.get_by_label("Why can nobody be recognised?").fill("It names nobody and no street.")


def add_figure(visit: Visit, number: int, value: str, period: str) -> None:
    row = visit.page.get_by_role("group", name=f"Figure {number}", exact=True)
    row.get_by_label("What is counted").fill("Homes that are warm")
    row.get_by_label("Figure", exact=True).fill(value)
    row.get_by_label("Counted in").fill("homes")
    row.get_by_label("Of what time").fill(period)
    row.get_by_label("Source", exact=True).fill("Register")


def press(visit: Visit, name: str) -> None:
    with visit.page.expect_navigation():
        visit.page.get_by_role("button", name=name, exact=True).click()


def send_for_review(visit: Visit) -> None:
    press(visit, "Send for review")
    expect(visit.page.get_by_role("heading", name="It is being reviewed")).to_be_visible()


def write_and_send(visit: Visit) -> None:
    write(visit)
    add_figure(visit, 1, "12", "2024")
    press(visit, "Add a figure")
    add_figure(visit, 2, "1,020", "2025")
    press(visit, "Save and check")
    page = visit.page
    expect(page.get_by_role("heading", name="Nothing blocks publishing")).to_be_visible()
    expect(page.locator(".story__preview")).to_contain_text("1,008 more")
    send_for_review(visit)


def publish(visit: Visit) -> None:
    visit.open("/case-studies/in-hand/")
    visit.page.get_by_role("link", name=TITLE).click()
    visit.page.get_by_label("Why can it be published?").fill("It is clear, and nobody is named.")
    press(visit, "Publish")
    expect(visit.page.get_by_text("The story is published.")).to_be_visible()


def find(visit: Visit) -> None:
    visit.open("/case-studies/")
    visit.page.get_by_label("Words").fill("WARM neighbours")
    press(visit, "Find")
    visit.page.get_by_role("link", name=TITLE).click()
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(visit.page.get_by_role("complementary", name="About this story")).to_contain_text("Home devices and sensors")


def test_a_story_is_written_reviewed_published_found_and_withdrawn(stage: Stage) -> None:
    priya, olu, bea = stage.visit(PRIYA), stage.visit(OLU), stage.visit(BEA)
    write_and_send(priya)
    bea.watch.expect(404)
    bea.open(f"/case-studies/{SLUG}/")
    expect(bea.page.get_by_role("heading", level=1)).to_have_text("Page not found")
    publish(olu)
    find(bea)
    priya.open(f"/case-studies/{SLUG}/check/")
    priya.page.get_by_label("Why is it withdrawn?").fill("A neighbour asked us to.")
    press(priya, "Withdraw")
    bea.page.reload()
    expect(bea.page.get_by_role("heading", level=1)).to_have_text("This case study has been withdrawn")
    priya.page.get_by_role("link", name="Every change, word by word").click()
    for reason in ("It is clear, and nobody is named.", "A neighbour asked us to."):
        expect(priya.page.get_by_text(reason)).to_be_visible()


def test_the_same_without_scripts(stage: Stage) -> None:
    write_and_send(stage.visit(PRIYA, scripts=False))
    publish(stage.visit(OLU, scripts=False))
    find(stage.visit(BEA, scripts=False))


def test_what_is_typed_is_kept_while_it_is_typed(stage: Stage) -> None:
    priya = stage.visit(PRIYA)
    write(priya, "Kept as it is typed")
    expect(priya.page.locator("[data-said]")).to_contain_text("Kept at")
    again = stage.visit(PRIYA)
    again.open("/case-studies/new/")
    expect(again.page.get_by_label("Title")).to_have_value("Kept as it is typed")
    expect(again.page.get_by_text("These are your words, kept for you")).to_be_visible()


def test_a_story_with_a_small_count_is_returned_comes_back_decided_is_published_and_withdrawn(stage: Stage) -> None:
    cara, olu, bea = stage.visit(CARA), stage.visit(OLU), stage.visit(BEA)
    write(cara)
    cara.page.get_by_label("What changed?").fill("Two were rehoused.")
    press(cara, "Save and check")
    expect(cara.page.get_by_text("Counts of people under five", exact=True)).to_be_visible()
    send_for_review(cara)

    olu.open("/case-studies/in-hand/")
    olu.page.get_by_role("link", name=TITLE).click()
    expect(olu.page.get_by_text("Return it with the reason.")).to_be_visible()
    olu.page.get_by_label("What should its author look at again?").fill("Did both families agree to be counted?")
    press(olu, "Return to the author")
    expect(olu.page.get_by_text("The story is returned to its author, with your reason.")).to_be_visible()

    cara.open("/case-studies/in-hand/")
    cara.page.get_by_role("link", name=TITLE).click()
    expect(cara.page.get_by_text("Did both families agree to be counted?").first).to_be_visible()
    cara.page.get_by_role("link", name="Settle this open point: counts of people under five").click()
    cara.page.get_by_label("They can be published as they are").check()
    cara.page.get_by_label("Why?", exact=True).fill("Both families asked to be told of.")
    press(cara, "Save and check")
    expect(cara.page.get_by_role("heading", name="Nothing blocks publishing")).to_be_visible()
    send_for_review(cara)

    publish(olu)
    find(bea)
    expect(bea.page.get_by_text("Two were rehoused.")).to_be_visible()
    olu.page.get_by_label("Why is it withdrawn?").fill("One family has changed its mind.")
    press(olu, "Withdraw")
    bea.watch.expect(404)
    bea.page.reload()
    expect(bea.page.get_by_role("heading", level=1)).to_have_text("This case study has been withdrawn")


def test_a_reviewer_says_that_a_story_of_the_documents_is_still_true(stage: Stage) -> None:
    """One whose article is older than a year: readers are told until a reviewer has looked."""
    bea, olu = stage.visit(BEA), stage.visit(OLU)
    bea.open("/case-studies/family-mentors/")
    expect(bea.page.get_by_text("It has not been looked at since its document was published.")).to_be_visible()
    olu.open("/case-studies/family-mentors/check/")
    olu.page.get_by_label("How do you know?").fill("I asked the team.")
    press(olu, "It is still true")
    expect(olu.page.get_by_text("It is kept that the story is still true")).to_be_visible()
    bea.page.reload()
    expect(bea.page.get_by_text("has not been looked at")).to_have_count(0)
