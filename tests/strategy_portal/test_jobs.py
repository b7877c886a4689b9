"""Telling the worker, on the broker that is there without Redis. With Redis: tests/faults."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.conf import LazySettings
from django.db import transaction
from kombu.exceptions import OperationalError

from strategy_portal import jobs
from strategy_portal.celery import app


@pytest.fixture
def queue(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """The folder of a broker in files, in which each message is a file."""
    folders = {name: str(tmp_path) for name in ("data_folder_in", "data_folder_out", "control_folder", "processed_folder")}
    settings.BROKER_PUBLISH_OPTIONS = folders
    before = app.conf.broker_url
    app.conf.broker_url = "filesystem://localhost"
    yield tmp_path
    app.conf.broker_url = before


def messages(queue: Path) -> int:
    return len(list(queue.glob("*.msg")))


@pytest.mark.django_db(transaction=True)
def test_a_task_is_sent_once_what_it_is_about_is_stored(queue: Path) -> None:
    with transaction.atomic():
        jobs.enqueue("reports.roll_up", 1)
        assert messages(queue) == 0
    assert messages(queue) == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_about_what_was_not_stored(queue: Path) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("reports.roll_up", 1)
        raise ZeroDivisionError
    assert messages(queue) == 0


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_fails_is_written_to_the_log_and_no_more(
    queue: Path, settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BROKER_PUBLISH_OPTIONS = settings.BROKER_PUBLISH_OPTIONS | {"data_folder_out": "/nowhere"}
    jobs.enqueue("reports.roll_up", 7)
    assert "reports.roll_up(7,) was not sent to the worker" in caplog.text


def test_a_broker_that_was_away_for_long_is_found_again_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The roll-up is to heal within 30 seconds of the fault's end; Celery's own waits grow to 30."""
    waits: list[float] = []
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda seconds: None)
    with app.connection_for_read("redis://127.0.0.1:1") as connection, pytest.raises(OperationalError):
        connection.ensure_connection(lambda error, wait: waits.append(wait), 20)
    assert len(waits) == 20
    assert max(waits) <= 5


def test_workers_and_beat_never_give_up_on_the_broker() -> None:
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.broker_connection_retry_on_startup


def seconds_between(schedule: float | crontab) -> float:
    return 60 * 60 / len(schedule.minute) if isinstance(schedule, crontab) else schedule


def test_no_job_by_the_clock_runs_in_the_hour_that_there_is_twice() -> None:
    """Between 01:00 and 02:00, when the clocks change; what runs every few seconds does not look at the clock."""
    by_the_clock = [entry["schedule"] for entry in app.conf.beat_schedule.values() if isinstance(entry["schedule"], crontab)]
    assert by_the_clock and app.conf.timezone == "Europe/London"
    assert not any(1 in schedule.hour for schedule in by_the_clock)


def test_every_task_in_the_timetable_is_known_and_expires_before_it_is_due_again() -> None:
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] < seconds_between(entry["schedule"])
