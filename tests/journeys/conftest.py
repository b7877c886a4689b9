"""A browser, the web program and a stage. Every test in this folder is a journey, and fails on whatever goes wrong unseen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.plugin import DjangoDbBlocker

from tests.journeys.browsing import launch
from tests.journeys.house import House, open_house
from tests.journeys.stage import Stage

expect.set_options(timeout=20_000)  # milliseconds: a machine may be busy


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launch() as browser:
        yield browser


@pytest.fixture(scope="session")
def empty_stage(browser: Browser, house: House) -> Stage:
    return Stage(browser, house)


@pytest.fixture
def stage(empty_stage: Stage, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """With the demonstration, and nobody there yet."""
    with django_db_blocker.unblock():
        empty_stage.begin()
        yield empty_stage
        wrong = empty_stage.end()
    assert not wrong, "behind the pages:\n" + "\n".join(wrong)
