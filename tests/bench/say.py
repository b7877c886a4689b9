"""The tables that are printed."""

from tests.bench.issue import IssueCost, UnchangedCost
from tests.bench.memory import Process
from tests.bench.pages import PageCost
from tests.bench.roll_up import RollUpCost
from tests.bench.save import SaveCost
from tests.bench.targets import Target


def pages(costs: list[PageCost]) -> list[PageCost]:
    print(f"  {'page':42}{'statements':>11}{'rows':>8}{'CPU':>9}{'floor':>8}{'times':>7}{'gzip B':>8}")
    for cost in costs:
        numbers = f"{cost.statements:11}{cost.rows:8}{cost.page_cost.cpu:9.1f}{cost.floor.cpu:8.1f}{cost.times:7.2f}{cost.size:8}"
        print(f"  {cost.page.address:42}{numbers}", flush=True)
    return costs


def roll_up(cost: RollUpCost) -> RollUpCost:
    print(f"  roll-up: {cost.statements} statements, {cost.rows:,} rows, CPU {cost.portal.cpu:.1f}; ", end="")
    print(f"plain SQL {cost.raw.cpu:.1f}, so {cost.times:.2f} times; ", end="")
    print(f"of it charts {cost.charts.cpu:.1f}; worked out and stored {cost.stored.cpu:.1f}", flush=True)
    return cost


def save(cost: SaveCost) -> SaveCost:
    print(f"  POST of an update: {cost.page.statements} statements, {cost.action.statements} of them the action; ", end="")
    print(f"{cost.submitted.wall:.1f} ms, CPU {cost.submitted.cpu:.1f}; ", end="")
    print(f"the least POST {cost.least.wall:.1f} ms, CPU {cost.least.cpu:.1f}, so {cost.times:.2f} times", flush=True)
    return cost


def issue(cost: IssueCost) -> IssueCost:
    print(f"  issuing a month: {cost.seconds:.1f} s, {cost.megabytes:.0f} MB at the most", flush=True)
    return cost


def unchanged(cost: UnchangedCost) -> UnchangedCost:
    print(f"  the overview again, unchanged: CPU {cost.page.cpu:.1f}, so {cost.times:.2f} times the floor", flush=True)
    return cost


def pack(seconds: dict[str, float]) -> dict[str, float]:
    print("\nPDF of the board pack: " + ", ".join(f"{value:.1f} s for {size}" for size, value in seconds.items()), flush=True)
    return seconds


def memory(used: list[Process]) -> None:
    print(f"\n`manage.py up` after its work\n  {'process':14}{'RSS MB':>8}{'PSS MB':>8}")
    for process in [*used, Process("together", sum(p.rss for p in used), sum(p.pss for p in used))]:
        print(f"  {process.name:14}{process.rss:8.0f}{process.pss:8.0f}")


def verdict(targets: list[Target]) -> bool:
    print(f"\n{'target':88}{'measured':>26}")
    for target in targets:
        print(f"{target.name:88}{target.measured:>26}  {'reached' if target.reached else 'NOT REACHED'}")
    return all(target.reached for target in targets)
