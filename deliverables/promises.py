"""The register of promises: all of every plan year, and where each went. Read in four statements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from deliverables.lineage import Kin
from deliverables.models import Deliverable, DeliverableSuccession
from deliverables.models.succession import ENDS, Fate
from priorities.models import Commitment, PlanYear, Priority
from strategy_portal.paging import Page

PRIORITY, DELIVERABLE, COMMITMENT = "priority", "deliverable", "commitment"
KINDS = [(PRIORITY, "Priorities"), (DELIVERABLE, "Deliverables"), (COMMITMENT, "Commitments")]
MODELS: dict[str, Any] = {PRIORITY: Priority, DELIVERABLE: Deliverable, COMMITMENT: Commitment}
YEAR_OF = {PRIORITY: "plan_year", DELIVERABLE: "plan_year", COMMITMENT: "theme__plan_year"}
SEARCHED = {
    PRIORITY: ("code", "name", "statement"),
    DELIVERABLE: ("code", "title", "short_title", "summary"),
    COMMITMENT: ("code", "title", "summary"),
}
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

    def rows(self, kind: str, *, of_all_years: bool = False) -> QuerySet:
        model = MODELS[kind]._default_manager
        found = self.by_outcome(model.all(), of_all_years) if self.kind in ("", kind) else model.none()
        for word in self.words.split()[:8]:
            found = found.filter(reduce(or_, (Q(**{f"{name}__icontains": word}) for name in SEARCHED[kind])))
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
    """A page of it: the newest year first, in each the priorities, the deliverables and the commitments in the plan's order.

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
    parts = []
    for number, (kind, year) in enumerate(YEAR_OF.items()):
        rows = narrowed.rows(kind, of_all_years=not narrowed.year).order_by()
        rows = rows.filter(**{f"{year}__code": narrowed.year}) if narrowed.year else rows
        parts.append(rows.values_list(year).annotate(n=Count("pk"), k=Value(number)))
    found: Counter[int] = Counter()
    for year, count, _ in parts[0].union(*parts[1:], all=True):
        found[year] += count
    return found


def listed(narrowed: PromiseFilter, years: list[int]) -> QuerySet:
    short = Case(When(short_title="", then=F("title")), default=F("short_title"))
    said = {
        PRIORITY: {"said": F("name"), "text": Value("", TextField()), "under": Value("", CharField()), "o3": F("order")},
        DELIVERABLE: {"said": short, "text": Value("", TextField()), "under": F("priority__name"), "o3": F("priority__order")},
        COMMITMENT: {"said": F("title"), "text": F("summary"), "under": F("theme__name"), "o3": F("theme__order")},
    }
    never = {"ended_on": Cast(Value(None), Deliverable._meta.get_field("stopped_on")), "ended": Value("", TextField())}
    ended = {DELIVERABLE: {"ended_on": F("stopped_on"), "ended": F("stop_reason")}}
    names = ("o1", "o2", "o3", "order", "what", "pk", "year", "code", "said", "text", "under", "ended_on", "ended")
    parts = []
    for number, (kind, year) in enumerate(YEAR_OF.items()):
        rows = narrowed.rows(kind).filter(**{f"{year}__in": years}).order_by()
        place = {"o1": F(f"{year}__starts_on"), "o2": Value(number, IntegerField()), "what": Value(kind, CharField())}
        columns = place | {"year": F(f"{year}__code")} | said[kind] | ended.get(kind, never)
        columns["said"] = Cast(columns["said"], TextField())
        parts.append(rows.annotate(**columns).values_list(*names))
    return parts[0].union(*parts[1:], all=True).order_by("-o1", "o2", "o3", "order", "code", "pk")


def with_fates(rows: list[Promised]) -> list[Promised]:
    """Each with what became of it, in one statement for all kinds."""
    ids = [[row.pk for row in rows if row.kind == kind] or [0] for kind, _ in KINDS]
    by_row = {(row.kind, row.pk): row for row in rows}
    found = DeliverableSuccession.objects.of_promises(*ids)
    for kind, was, _, fate, reason, code, year in found:
        row = by_row[kind, was]
        row.fate, row.reason = fate, reason
        if fate not in ENDS:
            row.became.append(Kin(code, year, fate))
    return rows
