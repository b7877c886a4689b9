"""The plan page and the register of promises after a working life of the portal: 42 plan years of 500 deliverables."""

import io
import time
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction

from deliverables.models import Deliverable, DeliverableSuccession
from deliverables.models.succession import CommitmentSuccession, PrioritySuccession
from people.models import User
from priorities.models import Commitment, PlanYear, Priority, Theme
from strategy_portal import clock
from tests.bench.fill import SENTENCES, TEXTS, analyse, insert, make_frame
from tests.bench.pages import ITEM, LIST, Page, PageCost, measure_page, sign_in
from tests.bench.scratch import database

YEARS, EACH, COMMITMENTS = 42, 500, 30
PAGES = (
    Page("/priorities/", ITEM),
    Page("/promises/", LIST),
    Page("/promises/?page=300", LIST),
    Page("/promises/?year=2010-11", LIST),
    Page("/promises/?year=2010-11&kind=deliverable&outcome=stopped", LIST),
    Page("/promises/?outcome=stopped", LIST),
    Page("/promises/?q=asthma", LIST, judged=False),  # a word is looked for in every text of all years
)


def measure(folder: Path) -> list[PageCost]:
    with database(folder, "many_years"):
        started = time.monotonic()
        viewer = fill()
        counts = f"{PlanYear.objects.count()} plan years, {Deliverable.objects.count():,} deliverables"
        print(f"\n{counts}, filled in {time.monotonic() - started:.0f} seconds")
        client = sign_in(viewer)
        return [measure_page(page, client) for page in PAGES]


def fill() -> User:
    """The strategy's own year is the current one; 41 came before it, each carried on into the next."""
    call_command("load_strategy", stdout=io.StringIO())
    with transaction.atomic():
        frame = make_frame()
        last = frame.year
        years = [past_year(last, number) for number in range(YEARS - 1, 0, -1)] + [last]
        for number, year in enumerate(years):
            fill_year(year, number, own=year is last)
        for model, of in ((Priority, "plan_year"), (Deliverable, "plan_year"), (Commitment, "theme__plan_year")):
            for was, became in pairwise(years):
                insert(SUCCESSIONS[model], successions(model, of, was, became, frame.viewer))
    analyse()
    return frame.viewer


SUCCESSIONS: dict[Any, Any] = {
    Priority: PrioritySuccession,
    Deliverable: DeliverableSuccession,
    Commitment: CommitmentSuccession,
}


def past_year(last: PlanYear, back: int) -> PlanYear:
    start = last.starts_on.year - back
    code = f"{start}-{(start + 1) % 100:02}"
    days = {"starts_on": date(start, 4, 1), "ends_on": date(start + 1, 3, 31)}
    return PlanYear.objects.create(strategy=last.strategy, code=code, **days)


def fill_year(year: PlanYear, number: int, *, own: bool) -> None:
    if not own:
        for order in (1, 2, 3):
            named = {"code": f"P{order}", "slug": f"priority-{order}", "name": f"Priority {order}", "order": order}
            Priority.objects.create(plan_year=year, **named)
            theme = Theme.objects.create(plan_year=year, code=f"T{order}", name=f"Theme {order}", order=order)
            insert(Commitment, commitments(theme))
    priorities = list(Priority.objects.filter(plan_year=year).order_by("order"))
    there = Deliverable.objects.filter(plan_year=year).count()
    insert(Deliverable, (deliverable(year, priorities, n) for n in range(there, EACH)))


def commitments(theme: Theme) -> Iterator[dict[str, Any]]:
    for n in range(COMMITMENTS // 3):
        said = {"title": "", "summary": TEXTS[n], "source": "Bench", "note": "", "order": n}
        yield {"theme_id": theme.pk, "code": f"{theme.code}.{n}", "kind": "transformation", **said}


def deliverable(year: PlanYear, priorities: list[Priority], n: int) -> dict[str, Any]:
    subject = ("asthma", "falls", "housing", "carers")[n % 4]
    return {
        "code": f"X-{n:03}",
        "order": n // 3,
        "source": "Bench",
        "note": "",
        "plan_year_id": year.pk,
        "priority_id": priorities[n % 3].pk,
        "title": f"Improve {subject} in district {n} with partners and the people who live there",
        "short_title": f"{subject.capitalize()} in district {n}",
        "summary": TEXTS[n % len(TEXTS)],
        "benefits": "",
        "missed": "",
        "label": "",
        "named": "",
        "starts_on": str(year.starts_on),
        "due_on": str(year.ends_on),
        "measure": SENTENCES[n % len(SENTENCES)],
        "stop_reason": "",
        "maturity": "agreed",
    }


def successions(model: Any, of: str, was: PlanYear, became: PlanYear, by: User) -> Iterator[dict[str, Any]]:
    """Most are carried on; one in twenty is stopped, and its like begins anew."""
    there = [list(model.objects.filter(**{of: year}).order_by("pk").values_list("pk", flat=True)) for year in (was, became)]
    for n, (old, new) in enumerate(zip(*there, strict=False)):
        stopped = n % 20 == 19
        yield {
            "was_id": old,
            "became_id": None if stopped else new,
            "part": 1,
            "fate": "stopped" if stopped else "carried",
            "reason": SENTENCES[n % len(SENTENCES)] if stopped else "",
            "decided_at": f"{clock.on(was.ends_on):%Y-%m-%d %H:%M:%S}",
            "decided_by_id": by.pk,
        }
