"""The plan on a page: what the strategy wants, promises and expects, and who oversees it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, FilteredRelation, Q, TextField, Value, Window
from django.db.models.functions import Cast, RowNumber

from deliverables.models import Deliverable
from priorities.models import Aim, Ambition, Body, Commitment, ExpectedOutcome, PlanYear, Principle, Priority
from reports import burn_down, charts
from strategy_portal import clock
from strategy_portal.prepared import prepared
from strategy_portal.templatetags.portal import day_short

SHOWN_OF_A_PRIORITY = 8
HEADINGS = {
    Commitment.Kind.TRANSFORMATION: "Commitments",
    Commitment.Kind.FIVE_YEAR_AIM: "Aims over five years",
    Commitment.Kind.PREVENTION: "Prevention initiatives",
    Commitment.Kind.UNDERPINNING: "Underpinning work",
}


@dataclass
class Named:
    """An aim, ambition, principle, priority, expected outcome or body, as far as the page shows it."""

    code: str
    name: str
    text: str
    more: str


@dataclass
class Promise:
    """A commitment, and the codes of the deliverables that answer it."""

    code: str
    title: str
    summary: str
    answered_by: list[str] = field(default_factory=list)


def on_a_page(year: PlanYear, *, only_unanswered: bool = False) -> dict[str, Any]:
    """With `years`: every plan year of the strategy with its first day, the newest first."""
    found, promised = named(year), themes(year)
    answered, promises = answered_of(promised)
    years = sorted(((one.code, one.text) for one in found["years"]), key=lambda one: one[1], reverse=True)
    return found | {
        "years": years,
        "priorities": with_deliverables(found["priorities"], year),
        "themes": unanswered(promised) if only_unanswered else promised,
        "only_unanswered": only_unanswered,
        "promises": promises,
        "answered": answered,
        "not_answered": promises - answered,
        "definitions": Deliverable.objects.of(year).definitions(),
    }


def named(year: PlanYear) -> dict[str, list[Named]]:
    """The frame of the plan, in one statement: kind, order, code, name, text, and one thing more. Bodies are those of today, or
    of the day of the year that is nearest to it."""
    kinds = ("aims", "ambitions", "principles", "bodies", "priorities", "outcomes", "years")
    found: dict[str, list[Named]] = {kind: [] for kind in kinds}
    on = min(max(clock.today(), year.starts_on), year.ends_on)
    rows = frame_of(PlanYear.objects.all(), year.strategy_id, year.pk, on)
    for kind, _, code, name, text, extra, more in sorted(rows, key=lambda row: row[:2]):
        found[kind].append(Named(code, name, " ".join(filter(None, (text, extra))), more or ""))
    return found


@prepared
def frame_of(_: Any, strategy: int, year: int, on: date) -> Any:
    of_strategy, of_year = Q(strategy=strategy), Q(plan_year=year)
    there = (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gte=on))
    parts = [
        part(Aim, "aims", of_strategy),
        part(Ambition, "ambitions", of_strategy),
        part(Principle, "principles", of_strategy),
        part(Body, "bodies", of_strategy & there, text="oversees", more="assures__name", extra="role"),
        part(Priority, "priorities", of_year, code="slug", text="statement"),
        part(ExpectedOutcome, "outcomes", of_year, name="audience", text="summary"),
        part(PlanYear, "years", of_strategy, order=Value(0), name="code", text="starts_on"),
    ]
    return parts[0].union(*parts[1:], all=True)


def part(
    model: Any,
    kind: str,
    narrowed: Q,
    *,
    order: Any = "order",
    code: str = "code",
    name: str = "name",
    text: str = "",
    extra: str = "",
    more: str = "",
) -> Any:
    """One kind's rows, in the columns that all kinds share."""
    return model.objects.filter(narrowed).values_list(
        Value(kind, output_field=CharField()),
        order,
        code,
        name,
        as_text(text),
        as_text(extra),
        as_text(more),
    )


def as_text(column: str) -> Any:
    return Cast(F(column), TextField()) if column else Value("", output_field=TextField())


@dataclass
class Planned:
    """A deliverable, as far as the page shows it."""

    code: str
    name: str
    reach_gap: bool
    is_stopped: bool
    total: int
    principles: list[str] = field(default_factory=list)


def with_deliverables(priorities: list[Named], year: PlanYear) -> list[dict[str, Any]]:
    """Each priority with its first deliverables, and how many more there are."""
    shown = {pk: (place, total) for pk, place, total in placed(Deliverable.objects.all(), year.pk)}
    rows = listed(Deliverable.objects.all(), list(shown))
    made: dict[int, Planned] = {}
    found: dict[str, list[Planned]] = {}
    in_order = sorted(rows, key=lambda row: (shown[row[0]], row[7] or 0, row[8] or ""))
    for pk, slug, code, short, title, gap, stopped_on, _, principle in in_order:
        if pk not in made:
            made[pk] = Planned(code, short or title, gap, stopped_on is not None, shown[pk][1])
            found.setdefault(slug, []).append(made[pk])
        if principle:
            made[pk].principles.append(principle)
    return [{"priority": p, "deliverables": found.get(p.code, []), "more": left_out(found.get(p.code, []))} for p in priorities]


@prepared
def placed(rows: Any, year: int) -> Any:
    """By narrow rows from an index alone, so that only what is shown is read in full."""
    of_priority = {"partition_by": F("priority")}
    places = {"place": Window(RowNumber(), order_by=["order", "code"], **of_priority), "total": Window(Count("*"), **of_priority)}
    return rows.of(year).annotate(**places).values_list("pk", "place", "total").filter(place__lte=SHOWN_OF_A_PRIORITY)


@prepared
def listed(rows: Any, deliverables: list[int]) -> Any:
    """One row for each of their principles."""
    columns = ("pk", "priority__slug", "code", "short_title", "title", "reach_gap", "stopped_on")
    return rows.filter(pk__in=deliverables).with_reach_gap().values_list(*columns, "principles__order", "principles__name")


def left_out(shown: list[Planned]) -> int:
    return shown[0].total - len(shown) if shown else 0


def themes(year: PlanYear) -> list[dict[str, Any]]:
    """Each theme with its promises by kind, and the deliverables that answer each, in one statement. What was stopped
    answers nothing any more."""
    found: dict[str, dict[str, Any]] = {}
    promises: dict[int, Promise] = {}
    for pk, name, note, kind, code, title, summary, answer in promised(Commitment.objects.all(), year.pk):
        theme = found.setdefault(name, {"name": name, "note": note, "kinds": {}})
        if pk not in promises:
            promises[pk] = Promise(code, title, summary)
            theme["kinds"].setdefault(HEADINGS[kind], []).append(promises[pk])
        if answer:
            promises[pk].answered_by.append(answer)
    return list(found.values())


@prepared
def promised(rows: Any, year: int) -> Any:
    going = FilteredRelation("deliverables", condition=Q(deliverables__stopped_on=None))
    columns = ("pk", "theme__name", "theme__note", "kind", "code", "title", "summary", "answers__code")
    in_order = (
        rows.filter(theme__plan_year=year).annotate(answers=going).order_by("theme__order", "kind", "order", "answers__code")
    )
    return in_order.values_list(*columns)


def unanswered(themes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only the promises that no deliverable answers."""
    found = []
    for theme in themes:
        kinds = {kind: [one for one in promises if not one.answered_by] for kind, promises in theme["kinds"].items()}
        if left := {kind: promises for kind, promises in kinds.items() if promises}:
            found.append(theme | {"kinds": left})
    return found


def answered_of(themes: list[dict[str, Any]]) -> tuple[int, int]:
    """How many promises a deliverable answers, and how many there are."""
    promises = [promise for theme in themes for kind in theme["kinds"].values() for promise in kind]
    return sum(bool(promise.answered_by) for promise in promises), len(promises)


def matured(year: PlanYear) -> dict[str, Any]:
    """The first quarter's weeks as far as they have passed, their figure, and what it says in one sentence."""
    last = burn_down.last_day(year.starts_on)
    days = burn_down.ends_of_weeks(year.starts_on, min(last, clock.today()))
    found = burn_down.standings(Deliverable.objects.changes_of_maturity(year, last), days)
    weeks = [vars(standing) | {"day": day_short(standing.on)} for standing in found]
    said = burn_down.reading(found, last)
    return {"weeks": weeks, "reading": said, "figure": charts.definitions(weeks) if said else None, "quarter_ends_on": last}
