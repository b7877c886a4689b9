"""A plan year taken out as a file, changed, looked at and imported; and read beside the year before."""

import pytest
from playwright.sync_api import expect

from reports.loading.yaml_text import parse_yaml
from tests.journeys.inspection import inspect
from tests.journeys.places import ADA
from tests.journeys.stage import Stage
from tests.reports.test_exchange import as_file

pytestmark = pytest.mark.journey


def test_ada_begins_the_next_plan_year_from_a_file_and_both_can_be_read(stage: Stage) -> None:
    stage.changed = True
    visit = stage.visit(ADA)
    page = visit.page
    visit.open("/plan/exchange/")
    with page.expect_download() as saved:
        page.get_by_role("link", name="YAML").click()
    data = parse_yaml(saved.value.path().read_text(encoding="utf-8"))
    data["plan_year"] = {"code": "2026-27", "source": "The next strategy"}
    data["priorities"][0]["name"] = "Health, work and homes"
    data["aims"][0]["short_name"] = "Better outcomes"
    sent = {"name": "plan.yaml", "mimeType": "application/yaml", "buffer": as_file(data)}
    page.locator("input[type=file]").set_input_files(sent)
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What your file changes")
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
    assert inspect(page) == []
