"""The register of promises: every deliverable and commitment of every plan year, and where it went. Read in four statements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from deliverables.lineage import Kin
from deliverables.models import Deliverable, DeliverableSuccession
from deliverables.models.succession import ENDS, Fate
from priorities.models import Commitment, PlanYear
from strategy_portal.paging import Page

DELIVERABLE, COMMITMENT = "deliverable", "commitment"
KINDS = [(DELIVERABLE, "Deliverables"), (COMMITMENT, "Commitments")]
IN_PLAN = "in_plan"
OUTCOMES = [*Fate.choices, (IN_PLAN, "Not decided yet")]
PER_PAGE, ON_ONE_PAGE = 25, 1000


@dataclass(frozen=True)
class PromiseFilter:
    """What the register is narrowed by. It lives in the address; an unknown value narrows nothing."""

    words: str = ""
    year: str = ""
    kind: str = ""
    outcome: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], years: list[PlanYear]) -> "PromiseFilter":
        known = {"year": {one.code for one in years}, "kind": dict(KINDS), "outcome": dict(OUTCOMES)}
        given = {name: query.get(name, "") for name in known}
        words = query.get("q", "").replace("\0", "")[:100].strip()
        return cls(words, **{name: value for name, value in given.items() if value in known[name]})

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.year or self.kind or self.outcome)

    def deliverables(self, *, of_all_years: bool = False) -> QuerySet:
        found = self.by_outcome(Deliverable.objects.all(), of_all_years) if self.kind != COMMITMENT else Deliverable.objects.none()
        for word in self.words.split()[:8]:
            named = Q(code__icontains=word) | Q(title__icontains=word)
            found = found.filter(named | Q(short_title__icontains=word) | Q(summary__icontains=word))
        return found

    def commitments(self, *, of_all_years: bool = False) -> QuerySet:
        found = self.by_outcome(Commitment.objects.all(), of_all_years) if self.kind != DELIVERABLE else Commitment.objects.none()
        for word in self.words.split()[:8]:
            found = found.filter(Q(code__icontains=word) | Q(title__icontains=word) | Q(summary__icontains=word))
        return found

    def by_outcome(self, rows: QuerySet, of_all_years: bool) -> QuerySet:
        """Of all years, what ended is found by having become nothing, which has an index; of one, by its year."""
        if self.outcome == IN_PLAN:
            return rows.filter(went=None)
        if self.outcome in ENDS and of_all_years:
            return rows.filter(went__fate=self.outcome, went__became=None)
        return rows.filter(went__fate=self.outcome, went__part=1) if self.outcome else rows


@dataclass
class Promised:
    """One row of the register."""

    kind: str
    pk: int
    year: str
    code: str
    title: str
    text: str
    under: str
    stopped_on: date | None
    stop_reason: str
    fate: str = ""
    reason: str = ""
    became: list[Kin] = field(default_factory=list)

    @property
    def year_name(self) -> str:
        return self.year.replace("-", "/")

    @property
    def outcome(self) -> str:
        return str(Fate(self.fate).label) if self.fate else ""

    @property
    def is_deliverable(self) -> bool:
        return self.kind == DELIVERABLE


def register(narrowed: PromiseFilter, years: list[PlanYear], *, number: int, per_page: int) -> Page:
    """A page of it: the newest year first, in each the deliverables in the plan's order, then the commitments.

    How many each year has is counted first, so that only the years of the page are put in order.
    """
    counts = counted(narrowed)
    chosen = [year for year in years if counts[year.pk] and narrowed.year in ("", year.code)]
    total = sum(counts[year.pk] for year in chosen)
    number = min(max(1, number), max(1, -(-total // per_page)))
    first, last = (number - 1) * per_page, min(number * per_page, total)
    shown, skipped, passed = [], 0, 0
    for year in chosen:
        if passed + counts[year.pk] <= first:
            skipped += counts[year.pk]
        elif passed < last:
            shown.append(year.pk)
        passed += counts[year.pk]
    rows = listed(narrowed, shown)[first - skipped : last - skipped]
    return Page(with_fates([Promised(*row[4:]) for row in rows]), number, total, per_page)


def counted(narrowed: PromiseFilter) -> Counter[int]:
    """How many promises each plan year has, in one statement."""
    of_all = not narrowed.year
    deliverables = narrowed.deliverables(of_all_years=of_all).order_by()
    commitments = narrowed.commitments(of_all_years=of_all).order_by()
    if narrowed.year:
        deliverables = deliverables.filter(plan_year__code=narrowed.year)
        commitments = commitments.filter(theme__plan_year__code=narrowed.year)
    deliverables = deliverables.values_list("plan_year").annotate(n=Count("pk"), k=Value(1))
    commitments = commitments.values_list("theme__plan_year").annotate(n=Count("pk"), k=Value(2))
    found: Counter[int] = Counter()
    for year, number, _ in deliverables.union(commitments, all=True):
        found[year] += number
    return found


def listed(narrowed: PromiseFilter, years: list[int]) -> QuerySet:
    deliverables = narrowed.deliverables().filter(plan_year__in=years).order_by()
    commitments = narrowed.commitments().filter(theme__plan_year__in=years).order_by()
    short = Case(When(short_title="", then=F("title")), default=F("short_title"))
    one = deliverables.annotate(
        **order("plan_year__starts_on", 1, "priority__order"),
        **columns(DELIVERABLE, "plan_year__code", short, Value("", TextField()), "priority__name"),
        ended_on=F("stopped_on"),
        ended=F("stop_reason"),
    )
    other = commitments.annotate(
        **order("theme__plan_year__starts_on", 2, "theme__order"),
        **columns(COMMITMENT, "theme__plan_year__code", F("title"), F("summary"), "theme__name"),
        ended_on=Cast(Value(None), Deliverable._meta.get_field("stopped_on")),
        ended=Value("", TextField()),
    )
    names = ("o1", "o2", "o3", "order", "what", "pk", "year", "code", "said", "text", "under", "ended_on", "ended")
    return one.values_list(*names).union(other.values_list(*names), all=True).order_by("-o1", "o2", "o3", "order", "code", "pk")


def order(year: str, kind: int, above: str) -> dict[str, Any]:
    return {"o1": F(year), "o2": Value(kind, IntegerField()), "o3": F(above)}


def columns(kind: str, year: str, said: Any, text: Any, under: str) -> dict[str, Any]:
    return {
        "what": Value(kind, CharField()),
        "year": F(year),
        "said": Cast(said, TextField()),
        "text": text,
        "under": F(under),
    }


def with_fates(rows: list[Promised]) -> list[Promised]:
    """Each with what became of it, in one statement for both kinds."""
    ids = {kind: [row.pk for row in rows if row.kind == kind] or [0] for kind, _ in KINDS}
    by_row = {(row.kind, row.pk): row for row in rows}
    found = DeliverableSuccession.objects.of_promises(ids[DELIVERABLE], ids[COMMITMENT])
    for kind, was, _, fate, reason, code, year in found:
        row = by_row[kind, was]
        row.fate, row.reason = fate, reason
        if fate not in ENDS:
            row.became.append(Kin(code, year, fate))
    return rows
