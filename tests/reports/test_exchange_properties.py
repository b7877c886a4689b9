"""Any plan year goes out and comes in again as it was, and any edit of the file is shown as it was made."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliverables.models import Deliverable, Milestone
from priorities.models import Aim, Body, Commitment, ExpectedOutcome, PlanYear, Priority, ReachGroup, ReportingPeriod, Theme
from reports.actions import import_plan_year
from reports.exchange.portal import read_portal
from reports.exchange.preview import Preview, read_upload
from reports.exchange.workbook import as_workbook
from reports.exchange.yaml_file import as_yaml, data_of
from reports.loading.kinds import KINDS
from reports.loading.yaml_text import parse_yaml
from tests import factories
from tests.reports.test_exchange import HOSTILE, as_file

pytestmark = pytest.mark.django_db

CALMLY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = st.one_of(st.sampled_from(HOSTILE), st.text(ANY, max_size=40), st.just("Line one\r\n\r\nline two "))
TITLES = WORDS.map(lambda text: f"Title {text}"[:190])
DAYS = st.dates(date(2025, 4, 1), date(2026, 3, 31))


@st.composite
def deliverables(draw) -> dict[str, Any]:
    starts, due = sorted([draw(DAYS), draw(DAYS)])
    stopped = draw(st.booleans())
    return {
        "title": draw(TITLES),
        "short_title": draw(WORDS),
        "summary": draw(WORDS),
        "measure": draw(WORDS),
        "named": draw(WORDS),
        "note": draw(WORDS),
        "benefits": draw(WORDS),
        "missed": draw(WORDS),
        "maturity": draw(st.sampled_from(["expected", "drafted", "agreed", "baselined"])),
        "starts_on": draw(st.sampled_from([None, starts])),
        "due_on": draw(st.sampled_from([None, due])),
        "stopped_on": date(2025, 12, 1) if stopped else None,
        "stop_reason": "No longer needed." if stopped else "",
        "order": draw(st.integers(0, 3)),
        "lead": draw(st.booleans()),
        "partners": draw(st.booleans()),
        "managers": draw(st.booleans()),
        "principles": draw(st.sets(st.sampled_from(["EQUITY", "PREVENTION"]))),
        "aims": draw(st.sets(st.sampled_from(["A1", "A2"]))),
        "reach": draw(st.sets(st.sampled_from(["CORE20", "PLUS-1", "PLUS-2"]))),
        "commitments": draw(st.booleans()),
        "steps": draw(st.lists(st.tuples(DAYS, st.sampled_from([None, date(2025, 12, 1)])), max_size=3)),
    }


PLANS = st.lists(st.tuples(TITLES, WORDS, st.lists(deliverables(), max_size=3)), min_size=1, max_size=3)


@contextmanager
def undone() -> Iterator[None]:
    """One example's rows are gone before the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build(plan: Any) -> PlanYear:
    year = factories.plan_year()
    trust, priya = factories.organisation("trust"), factories.person("programme_manager", "Priya")
    for code in ("EQUITY", "PREVENTION"):
        factories.principle(code)
    theme = Theme.objects.create(plan_year=year, code="T", name="Theme")
    promise = Commitment.objects.create(theme=theme, code="C", kind="prevention", summary=plan[0][0])
    for code in ("A1", "A2"):
        Aim.objects.create(strategy=year.strategy, code=code, name=f"Aim {code}", focus=plan[0][1])
    for code, kind, ended_on in (("CORE20", "core20", None), ("PLUS-1", "plus", None), ("PLUS-2", "plus", date(2025, 11, 1))):
        ReachGroup.objects.create(
            strategy=year.strategy, code=code, kind=kind, name=f"Group {code}", explanation=plan[0][1], ended_on=ended_on
        )
    last = Body.objects.create(strategy=year.strategy, code="B2", name="Board", order=2)
    Body.objects.create(strategy=year.strategy, code="B1", name="Group", assures=last, order=1)
    ExpectedOutcome.objects.create(plan_year=year, code="E", audience="People", summary="Better.")
    ReportingPeriod.objects.filter(starts_on="2025-06-01").update(meeting_on="2025-07-10")
    number = 0
    for place, (name, why, made) in enumerate(plan):
        priority = Priority.objects.create(plan_year=year, code=f"P{place}", slug=f"p{place}", name=name[:120], why=why, order=0)
        for given_values in made:
            number += 1
            add(dict(given_values), f"D-{number}", priority, trust, priya, promise)
    return year


def add(values: dict[str, Any], code: str, priority: Priority, trust: Any, priya: Any, promise: Commitment) -> None:
    ties = ("lead", "partners", "managers", "principles", "aims", "reach", "commitments", "steps")
    tied = {name: values.pop(name) for name in ties}
    named = {"plan_year": priority.plan_year, "priority": priority, "code": code, "lead": trust if tied["lead"] else None}
    values["short_title"] = values["short_title"][:80]
    made = Deliverable.objects.create(**named, **values)
    made.principles.set([factories.principle(one) for one in tied["principles"]])
    made.aims.set(Aim.objects.filter(code__in=tied["aims"]))
    made.reach.set(ReachGroup.objects.filter(code__in=tied["reach"]))
    for name, one in (("partners", trust), ("managers", priya), ("commitments", promise)):
        if tied[name]:
            getattr(made, name).add(one)
    for number, (day, ended_on) in enumerate(tied["steps"]):
        Milestone.objects.create(deliverable=made, title=f"Step {number}", baseline_on=day, forecast_on=day, ended_on=ended_on)


def document(year: PlanYear) -> Any:
    return read_portal(year.strategy, year).document


def past() -> list[int]:
    versions = list(ReportingPeriod.objects.order_by("pk").values_list("data_version", flat=True))
    return [kind.model.history.count() for kind in KINDS] + versions


@CALMLY
@given(plan=PLANS)
def test_any_plan_year_goes_out_and_comes_in_without_a_change(plan):
    with undone():
        year, ada = build(plan), factories.person("administrator", "Ada")
        now, before = document(year), past()
        for content in (as_yaml(now).encode(), as_workbook(now)):
            upload = read_upload(content)
            preview = Preview(upload)
            assert [(one.place, one.words) for one in preview.problems] == []
            assert not preview.differences.any and not preview.differences.missing
            import_plan_year(by=ada, upload=upload, seal=preview.portal.seal)
        assert past() == before and data_of(document(year)) == data_of(now)


@CALMLY
@given(plan=PLANS)
def test_the_export_of_an_import_is_the_file(plan):
    """In a portal that has nothing but the people and organisations whom the file names."""
    with undone():
        data = parse_yaml(as_yaml(document(build(plan))))
    with undone():
        ada = factories.person("administrator", "Ada")
        factories.person("programme_manager", "Priya", factories.organisation("trust"))
        upload = read_upload(as_file(data))
        preview = Preview(upload)
        assert preview.problems == []
        import_plan_year(by=ada, upload=upload, seal=preview.portal.seal)
        assert parse_yaml(as_yaml(document(PlanYear.objects.get()))) == data


def rows_in(data: Any) -> list[tuple[str, dict[str, Any]]]:
    """Each priority and deliverable of the file by its kind."""
    found = [("priorities", priority) for priority in data["priorities"]]
    return found + [("deliverables", one) for priority in data["priorities"] for one in priority["deliverables"]]


TIES_EDITED = {"lead": "icb", "principles": ["EQUITY"], "aims": ["A2"], "reach": ["CORE20", "PLUS-1"]}
EDITED = ("note", "title", "benefits", "missed", *TIES_EDITED)
EDITS = st.lists(
    st.tuples(st.sampled_from([*EDITED, "add", "drop"]), st.integers(0, 20), TITLES),
    min_size=1,
    max_size=4,
)


def make(edits: Any, data: Any) -> tuple[set[tuple[str, str]], set[str], set[str]]:
    """Edits the file; what differs then as (code, field), which codes are new, and which are gone."""
    changed, added, dropped = set(), set(), set()
    original = {one["code"]: deepcopy(one) for _, one in rows_in(data)}
    for what, number, words in edits:
        rows = [one for kind, one in rows_in(data) if kind == "deliverables"]
        priority = data["priorities"][number % len(data["priorities"])]
        if what == "add":
            code = f"N-{len(added)}"
            base = {"code": code, "title": words.strip(), "label": "", "principles": [], "source": ""}
            priority["deliverables"].append(base)
            added.add(code)
        elif rows:
            row = rows[number % len(rows)]
            if what == "drop":
                for one in data["priorities"]:
                    one["deliverables"] = [kept for kept in one["deliverables"] if kept is not row]
                added.discard(row["code"])
                dropped |= {row["code"]} & original.keys()
            elif row["code"] in original:
                row[what] = deepcopy(TIES_EDITED.get(what, tidy(words)))
    for _, row in rows_in(data):
        before = original.get(row["code"], row)
        changed |= {(row["code"], name) for name in EDITED if row.get(name) != before.get(name)}
    return changed, added, dropped


def tidy(text: str) -> str:
    from reports.exchange.portal import tidied

    return str(tidied(text))


@CALMLY
@given(plan=PLANS, edits=EDITS)
def test_a_preview_says_exactly_what_was_edited_and_importing_does_exactly_that(plan, edits):
    with undone():
        year, ada = build(plan), factories.person("administrator", "Ada")
        Deliverable.objects.filter(maturity__in=["agreed", "baselined"]).update(maturity="drafted")
        data = parse_yaml(as_yaml(document(year)))
        changed, added, dropped = make(edits, data)
        for _, row in rows_in(data):
            row |= {name: tidy(value) for name, value in row.items() if isinstance(value, str) and name == "title"}
        upload = read_upload(as_file(data))
        preview = Preview(upload)
        found = preview.differences
        assert preview.problems == []
        assert {(one.row.key[1], name) for one in found.changed for name in one.fields} == changed
        assert {row.key[1] for row in found.added} == added
        assert {row.key[1] for row in found.missing if row.key[0] == "deliverables"} == dropped
        records = Deliverable.history.count()
        import_plan_year(by=ada, upload=upload, seal=preview.portal.seal)
        assert Deliverable.history.count() - records == len({code for code, _ in changed}) + len(added)
        after = Preview(upload).differences
        assert not after.any and after.missing == found.missing
        assert Deliverable.objects.filter(plan_year=year).count() == len(added) + sum(len(made) for _, _, made in plan)
