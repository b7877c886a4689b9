"""The run as a whole: each size in a database of its own, then what does not depend on size, then the verdict."""

import gc
import time
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from priorities.models import ReportingPeriod
from reports.actions import store_roll_up
from strategy_portal.management.commands.up import make_folders
from tests.bench import many_years, memory, pack, say, targets
from tests.bench.fill import fill
from tests.bench.first_visit import Visit, first_visit
from tests.bench.issue import IssueCost, UnchangedCost, issue_all, unchanged
from tests.bench.pages import PageCost, measure_pages
from tests.bench.roll_up import RollUpCost, measure_roll_up
from tests.bench.save import SaveCost, measure_save
from tests.bench.scratch import database


@dataclass(frozen=True)
class SizeCost:
    pages: list[PageCost]
    roll_up: RollUpCost
    save: SaveCost
    visit: Visit
    issue: IssueCost
    unchanged: UnchangedCost


def run(sizes: tuple[int, ...], folder: Path) -> int:
    started = time.monotonic()
    make_folders()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"On {connection.vendor}, CPU in milliseconds, medians.")
    costs = {size: measure(size, folder) for size in sizes}
    over_years = say.pages(many_years.measure(folder))
    made = say.pack(pack.measure())
    used = memory.measure(folder)
    say.memory(used)
    reached = say.verdict([*targets.judge(costs, used, made), *targets.many_years(over_years)])
    print(f"\nThe run took {time.monotonic() - started:.0f} seconds.")
    return 0 if reached else 1


def run_many_years(folder: Path) -> int:
    """That part alone."""
    make_folders()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"On {connection.vendor}, CPU in milliseconds, medians.")
    return 0 if say.verdict(targets.many_years(say.pages(many_years.measure(folder)))) else 1


def leave_out_of_collections() -> None:
    """What made and filled the database stays in memory here, and a web process has none of it: the collector is not to go
    through it for a page that makes more objects than the floor does."""
    gc.collect()
    gc.freeze()


def measure(size: int, folder: Path) -> SizeCost:
    with database(folder, str(size)):
        started = time.monotonic()
        frame = fill(size)
        for period in frame.begun:
            store_roll_up(period_id=period.pk)
        print(f"\n{size:,} deliverables, filled in {time.monotonic() - started:.0f} seconds")
        issued = say.issue(issue_all(frame))
        leave_out_of_collections()
        pages = say.pages(measure_pages(frame, size))
        visit = first_visit(frame)
        period = ReportingPeriod.objects.select_related("plan_year__strategy").get(pk=frame.begun[-1].pk)
        roll_up = say.roll_up(measure_roll_up(period, size))
        saved = say.save(measure_save(frame, period))
        return SizeCost(pages, roll_up, saved, visit, issued, say.unchanged(unchanged(frame)))
