"""The same job with the portal's own Celery worker behind it: what Priya reports is rolled up and stored."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from reports.models import RollUp
from reports.querysets import periods_behind
from strategy_portal.management.commands.up import programs
from tests.journeys.house import House
from tests.journeys.pages import GroupPage, UpdatePage, Updates
from tests.journeys.places import OLU, PRIYA
from tests.journeys.stage import Stage
from tests.processes import Program, Redis, eventually

pytestmark = [pytest.mark.journey, pytest.mark.faults]

STORED = 15.0  # seconds from the click until the row is current, on a slow machine


@pytest.fixture
def staffed_stage(stage: Stage, browser: Browser, tmp_path: Path) -> Iterator[Stage]:
    """A second web program on the same database, with a broker of its own and a worker that listens to it."""
    redis = Redis(tmp_path)
    house = House(stage.house.folder, stage.house.database, BROKER_URL=redis.url)
    worker = Program(programs()["worker"], house.environment, tmp_path / "worker.log")
    with ExitStack() as started:
        for program, start in ((redis, redis.start), (house.web, house.open), (worker, worker.start)):
            started.callback(program.stop)
            start()
        staffed = Stage(browser, house)
        yield staffed
        wrong = staffed.end()
    stage.changed = True
    assert not wrong, "\n".join(wrong)


def test_what_priya_reports_is_rolled_up_by_the_worker_and_stored(staffed_stage: Stage) -> None:
    with staffed_stage.behind():
        before = RollUp.objects.get(period=staffed_stage.november()).data_version
        assert not periods_behind().exists()
    page = UpdatePage(staffed_stage.visit(PRIYA)).open()
    page.fill_in("410 homes.", rating="Off track", why="No installers.", route="New installers.", by_when="27 3 2026")
    page.send()
    expect(Updates(page.visit).banner).to_contain_text("is in")

    with staffed_stage.behind():
        eventually(lambda: not periods_behind().exists(), within=STORED, what="the stored roll-up is current")
        stored = RollUp.objects.get(period=staffed_stage.november())
        assert stored.data_version > before
        assert stored.content["plan"]["reported"] == 6
    expect(GroupPage(staffed_stage.visit(OLU)).open().lede).to_contain_text("6 of 9 updates are in.")
