"""Reading what was issued: from the list to a report, its months, what changed, and the files for the board."""

import pytest
from playwright.sync_api import Page, expect

from reports.actions import build_pack_file
from reports.models import PackFile, ProgressReport
from tests.journeys.places import BEA
from tests.journeys.stage import Stage

pytestmark = pytest.mark.journey


def test_bea_reads_a_report_and_what_has_changed_with_the_keyboard_alone(stage: Stage) -> None:
    visit = stage.visit(BEA)
    visit.open("/reports/")
    follow(visit.page, "October 2025")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Progress report October 2025")
    follow(visit.page, "Compare with September 2025")
    expect(visit.page.get_by_role("heading", name="Got better")).to_be_visible()
    visit.page.get_by_label("From", exact=True).focus()
    visit.page.keyboard.type("April")
    visit.page.get_by_role("button", name="Compare").focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page).to_have_url(f"{visit.address}/reports/compare/?from=2025-04&to=2025-10")
    expect(visit.page.get_by_role("heading", level=2, name="April 2025")).to_be_visible()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_the_files_of_a_board_pack_appear_as_they_are_built(stage: Stage) -> None:
    page = stage.visit(BEA, reduced_motion="reduce").page
    owe_the_files(stage)
    page.goto(f"{stage.house.address}/reports/2025-10/board-pack/")
    expect(page.get_by_text("0 of 5 files are ready. The others are being built.")).to_be_visible()
    build(stage, "json")
    link = page.get_by_role("link", name="Download the JSON file")
    expect(link).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 of 5 files are ready.")).to_be_visible()
    with page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "Progress report October 2025.json"


def test_without_scripts_a_link_looks_again_and_a_button_asks_for_the_files(stage: Stage) -> None:
    visit = stage.visit(BEA, scripts=False)
    with stage.behind():
        PackFile.objects.all().delete()
    visit.open("/reports/2025-10/board-pack/")
    visit.page.get_by_role("button", name="Build the board pack").click()
    expect(visit.page.get_by_text("0 of 5 files are ready.")).to_be_visible()
    build(stage, "csv")
    visit.page.get_by_role("link", name="Check again").click()
    expect(visit.page.get_by_role("link", name="Download the CSV file")).to_be_visible()


def owe_the_files(stage: Stage) -> None:
    with stage.behind():
        files = PackFile.objects.filter(report=ProgressReport.objects.at("2025-10").get())
        assert files.update(built_at=None, content=None, size=0, tries=0) == 5


def build(stage: Stage, kind: str) -> None:
    with stage.behind():
        file = PackFile.objects.get(kind=kind, report=ProgressReport.objects.at("2025-10").get())
        assert build_pack_file(file_id=file.pk)
