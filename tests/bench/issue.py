"""Issuing a report, in a process of its own, so that its memory is its own; then what reading that report costs."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.test import Client

from people.models import User
from priorities.models import ReportingPeriod
from reports.actions import Words, issue_report
from strategy_portal import clock
from tests.bench.fill import Frame
from tests.bench.measure import Cost, side_by_side
from tests.bench.pages import FLOOR, ROUNDS, fetch, sign_in

ALONE = "import tests.bench.issue as bench; bench.alone({period}, {by})"


@dataclass(frozen=True)
class IssueCost:
    seconds: float
    megabytes: float  # the most that the process held, Django and all


@dataclass(frozen=True)
class UnchangedCost:
    """A page that the browser has already, beside the floor."""

    page: Cost
    floor: Cost

    @property
    def times(self) -> float:
        return self.page.cpu / self.floor.cpu


def issue_all(frame: Frame) -> IssueCost:
    """Every month but the last is closed; the two before it have a report, and the second of them is measured."""
    older, *two, _ = frame.begun[:-3], *frame.begun[-3:]
    ids = [period.pk for period in older]
    ReportingPeriod.objects.filter(pk__in=ids).update(closed_at=clock.now(), closed_by=frame.group)
    costs = [issue_one(period.pk, frame.group.pk) for period in two]
    return costs[-1]


def issue_one(period: int, by: int) -> IssueCost:
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
    program = f"import django; django.setup(); {ALONE.format(period=period, by=by)}"
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The report was not issued:\n{done.stderr[-3000:]}")
    return IssueCost(**json.loads(done.stdout.splitlines()[-1]))


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    place = f"{given['HOST']}:{given['PORT'] or 5432}"
    who = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    return f"postgresql://{who}@{place}/{given['NAME']}"


def alone(period: int, by: int) -> None:
    """In the process of its own."""
    import resource
    import time

    found = ReportingPeriod.objects.select_related("plan_year__strategy").get(pk=period)
    user, started = User.objects.get(pk=by), time.perf_counter()
    issue_report(by=user, period=found, seen=found.data_version, words=Words("Measured."))
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}))


def unchanged(frame: Frame) -> UnchangedCost:
    """The overview, asked for by a browser that has it."""
    client = sign_in(frame.viewer)
    fetch(client, "/")
    client.cookies[settings.CSRF_COOKIE_NAME] = "x" * 32  # as its first page gave it one
    tag = client.get("/")["ETag"]
    page, floor = side_by_side(lambda: not_modified(client, tag), lambda: fetch(client, FLOOR), ROUNDS)
    return UnchangedCost(page, floor)


def not_modified(client: Client, tag: str) -> None:
    if client.get("/", headers={"if-none-match": tag}).status_code != 304:
        raise SystemExit("The overview was sent again although nothing had changed.")
