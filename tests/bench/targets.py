"""The figures that DESIGN.md section 7 and the issue ask for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.memory import Process

if TYPE_CHECKING:
    from tests.bench.pages import PageCost
    from tests.bench.run import SizeCost

SAVE, SAVE_TIMES = 16, 2.0  # statements, and the least save
PAGE_TIMES, AT = 2.0, 1_000  # the floor, at this many deliverables
ROLL_UP_TIMES = 1.5  # plain SQL
GROWTH = 1.1  # times linear: an index of ten times the rows is a level deeper
MEMORY = 450  # MB
FIRST_KILOBYTES, FIRST_REQUESTS = 60, 8
REPORT_TIMES, UNCHANGED_TIMES = 1.5, 0.6  # the floor, at the largest size: pages that read one issued report
ISSUE_SECONDS, ISSUE_MEGABYTES = 10, 300
PDF_SECONDS = {"9": 2, "300": 20}


@dataclass(frozen=True)
class Target:
    name: str
    measured: str
    reached: bool


def judge(costs: "dict[int, SizeCost]", used: list[Process], pack: dict[str, float]) -> list[Target]:
    found = [*statements(costs), *speed(costs), *reports(costs), *saves(costs), *roll_ups(costs), *first_visit(costs)]
    return [*found, *pdf(pack), memory(used)]


def reports(costs: "dict[int, SizeCost]") -> list[Target]:
    """At the largest size that was measured."""
    size, cost = max(costs), last(costs)
    pages = [page for page in cost.pages if page.page.of_report]
    again, issued = cost.unchanged.times, cost.issue
    return [
        *(
            Target(f"{p.page.address} at {size:,} <= {REPORT_TIMES:g} x the floor", f"{p.times:.2f}", p.times <= REPORT_TIMES)
            for p in pages
        ),
        Target(f"overview unchanged <= {UNCHANGED_TIMES:g} x the floor", f"{again:.2f}", again <= UNCHANGED_TIMES),
        Target(f"issue at {size:,} <= {ISSUE_SECONDS} s", f"{issued.seconds:.1f}", issued.seconds <= ISSUE_SECONDS),
        Target(f"issue at {size:,} <= {ISSUE_MEGABYTES} MB", f"{issued.megabytes:.0f}", issued.megabytes <= ISSUE_MEGABYTES),
    ]


def pdf(pack: dict[str, float]) -> list[Target]:
    return [
        Target(f"PDF of {size} deliverables <= {most} s", f"{pack[size]:.1f}", pack[size] <= most)
        for size, most in PDF_SECONDS.items()
    ]


def statements(costs: "dict[int, SizeCost]") -> list[Target]:
    seen: dict[str, set[int]] = {}
    for cost in costs.values():
        for page in cost.pages:
            seen.setdefault(page.page.address, set()).add(page.statements)
        for name, count in (("POST", cost.save.page), ("submit_update", cost.save.action)):
            seen.setdefault(name, set()).add(count.statements)
    uneven = [f"{address} {sorted(counts)}" for address, counts in seen.items() if len(counts) > 1]
    over = [f"{p.page.address} {p.statements}" for p in last(costs).pages if p.statements > p.page.most]
    saves = max(count for name in ("POST", "submit_update") for count in seen[name])
    return [
        Target("statements are the same at every size", "; ".join(uneven) or "all", not uneven),
        Target("statements of a dashboard or list <= 8, of one thing <= 10", "; ".join(over) or "all", not over),
        Target(f"statements of a save <= {SAVE}", str(saves), saves <= SAVE),
    ]


def speed(costs: "dict[int, SizeCost]") -> list[Target]:
    """One line a page, since each is to be mended by itself."""
    return [
        Target(f"{page.page.address} at {AT:,} <= {PAGE_TIMES:g} x the floor", f"{page.times:.2f}", page.times <= PAGE_TIMES)
        for page in (costs[AT].pages if AT in costs else [])
        if page.page.judged
    ]


def many_years(pages: "list[PageCost]") -> list[Target]:
    """The plan page and the register of promises at 42 plan years of 500 deliverables."""
    over = [f"{p.page.address} {p.statements}" for p in pages if p.statements > p.page.most]
    return [
        Target("statements at 42 plan years within their limits", "; ".join(over) or "all", not over),
        *(
            Target(f"{p.page.address} at 42 years <= {PAGE_TIMES:g} x the floor", f"{p.times:.2f}", p.times <= PAGE_TIMES)
            for p in pages
            if p.page.judged
        ),
    ]


def saves(costs: "dict[int, SizeCost]") -> list[Target]:
    return [
        Target(f"save at {size:,} <= {SAVE_TIMES:g} x the least save", f"{cost.save.times:.2f}", cost.save.times <= SAVE_TIMES)
        for size, cost in costs.items()
    ]


def roll_ups(costs: "dict[int, SizeCost]") -> list[Target]:
    times = {size: cost.roll_up.times for size, cost in costs.items() if size >= AT}
    found = [
        Target(f"roll-up at {size:,} <= {ROLL_UP_TIMES:g} x plain SQL", f"{measured:.2f}", measured <= ROLL_UP_TIMES)
        for size, measured in times.items()
    ]
    if AT in costs and 10 * AT in costs:
        grown = costs[10 * AT].roll_up.portal.cpu / costs[AT].roll_up.portal.cpu
        found.append(Target(f"roll-up from {AT:,} to {10 * AT:,} <= {10 * GROWTH:g} x", f"{grown:.1f}", grown <= 10 * GROWTH))
    return found


def first_visit(costs: "dict[int, SizeCost]") -> list[Target]:
    visits = [cost.visit for cost in costs.values()]
    most, requests = max(visit.kilobytes for visit in visits), max(visit.requests for visit in visits)
    return [
        Target(f"first visit <= {FIRST_KILOBYTES} kB compressed", f"{most:.1f}", most <= FIRST_KILOBYTES),
        Target(f"first visit <= {FIRST_REQUESTS} requests", str(requests), requests <= FIRST_REQUESTS),
    ]


def memory(used: list[Process]) -> Target:
    total = sum(process.rss for process in used)
    return Target(f"two web workers, worker and beat <= {MEMORY} MB (RSS)", f"{total:.0f}", total <= MEMORY)


def last(costs: "dict[int, SizeCost]") -> "SizeCost":
    return costs[max(costs)]
