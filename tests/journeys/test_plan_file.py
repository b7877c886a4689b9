"""The next plan year is started on its page, changed by a file that is looked at first, and read beside the year before."""

from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from reports.loading.yaml_text import parse_yaml
from tests.journeys.inspection import inspect
from tests.journeys.places import ADA
from tests.journeys.stage import Stage
from tests.reports.test_exchange import as_file

pytestmark = pytest.mark.journey


def test_ada_starts_the_next_plan_year_changes_it_by_a_file_and_both_can_be_read(stage: Stage) -> None:
    stage.changed = True
    visit = stage.visit(ADA)
    page = visit.page
    visit.open("/plan/exchange/")
    data = exported(page, "2025/26")
    data["plan_year"] = {"code": "2026-27", "source": "The next strategy"}
    when_she_looks_at_the_file(page, data)
    expect(page.get_by_role("alert")).to_contain_text("Start 2026/27 on the next year's page first")
    expect(page.get_by_role("button", name="Import all of it")).to_have_count(0)
    assert inspect(page) == []
    visit.open("/plan/next-year/preview/")
    page.get_by_role("button", name="Publish 2026/27").click()
    visit.open("/plan/exchange/")
    data = exported(page, "2026/27")
    data["priorities"][0]["name"] = "Health, work and homes"
    data["aims"][0]["short_name"] = "Better outcomes"
    when_she_looks_at_the_file(page, data)
    assert inspect(page) == []
    page.get_by_role("button", name="Import all of it").click()
    expect(page.get_by_role("alert")).to_contain_text("Plan year 2026/27 is imported")
    visit.open("/priorities/")
    expect(page.get_by_role("heading", name="Health and work")).to_be_visible()
    page.get_by_role("navigation", name="Plan years").get_by_role("link", name="2026/27").click()
    expect(page.get_by_role("heading", name="Health, work and homes")).to_be_visible()
    assert inspect(page) == []
    page.get_by_role("link", name="Home devices and sensors").click()
    expect(page).to_have_url(f"{visit.address}/2026-27/deliverables/FCN-2/")
    expect(page.get_by_text("You are reading the plan of 2026/27.")).to_be_visible()
    expect(page.get_by_text("Was FCN-2 in 2025/26.")).to_be_visible()
    assert inspect(page) == []


def exported(page: Page, year: str) -> dict[str, Any]:
    with page.expect_download() as saved:
        page.get_by_role("link", name=f"YAML file of {year}").click()
    found: dict[str, Any] = parse_yaml(saved.value.path().read_text(encoding="utf-8"))
    return found


def when_she_looks_at_the_file(page: Page, data: dict[str, Any]) -> None:
    sent: FilePayload = {"name": "plan.yaml", "mimeType": "application/yaml", "buffer": as_file(data)}
    page.locator("input[type=file]").set_input_files(sent)
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What your file changes")
