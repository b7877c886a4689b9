"""Does what it is told on standard input, a JSON line each, and answers with how long it took."""

import json
import sys
import time
from typing import Any
from uuid import uuid4

import django

django.setup()

from deliverables.actions import Report, submit_update  # noqa: E402
from deliverables.models import Deliverable  # noqa: E402
from people.models import User  # noqa: E402
from priorities.models import ReportingPeriod  # noqa: E402
from strategy_portal.jobs import publish  # noqa: E402


def submit(*, by: int, deliverable: int, period: int, seen: int, rating: str) -> None:
    submit_update(
        by=User.objects.get(pk=by),
        deliverable=Deliverable.objects.select_related("plan_year").get(pk=deliverable),
        period=ReportingPeriod.objects.get(pk=period),
        key=uuid4(),
        seen=seen,
        report=Report(rating=rating, done="Work went on.", evidence="The signed plan." if rating == "complete" else ""),
    )


def send(*, task: str, arguments: list[int]) -> None:
    publish(task, tuple(arguments))


def answer(line: str) -> dict[str, Any]:
    what, arguments = json.loads(line)
    started = time.monotonic()
    {"submit": submit, "send": send, "wake": User.objects.exists}[what](**arguments)
    return {"seconds": time.monotonic() - started}


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
