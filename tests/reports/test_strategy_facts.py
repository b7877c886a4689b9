"""What is loaded, compared with the facts of the documents (strategy_source.yaml), and whose words it is in."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from casestudies.figures import paired
from casestudies.models import CaseStudy, Figure
from casestudies.readiness import Fact
from deliverables.models import Deliverable, Milestone, StatusUpdate
from priorities.models import (
    Aim,
    Ambition,
    Body,
    Commitment,
    ExpectedOutcome,
    PlanYear,
    Principle,
    Priority,
    ReachGroup,
    ReportingPeriod,
    Sourced,
    Strategy,
    Theme,
)
from reports.loading.kinds import KINDS
from tests.reports.strategy_file import TEXT, load

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent
SOURCE = yaml.safe_load((HERE / "strategy_source.yaml").read_text(encoding="utf-8"))

SECTIONS = {
    "Integrated Care Strategy": {
        "Foreword",
        "Plan on a page",
        "Our accelerated transformational approach in 2025/26",
        "Promoting Prevention, Equity and Integration",
        "Monitoring of progress",
        "What will this mean for our population, our partners and our teams",
        "Case Study Broxtowe Learning Disability Collaborative",
        "Case Study MEN AT THE EDGE, Oasis Community Church",
        "Case Study Lung health checks for people with severe multiple disadvantage",
        "Development of our 2025/26 delivery expectations",
    },
    "Article on the strategy": {
        "Opening",
        "Improve outcomes in population health",
        "Tackle inequalities in outcomes, experiences and access",
        "Enhance productivity and value for money",
        "Support broader social and economic development",
    },
    "NHS England": {"Core20PLUS5", "Core20PLUS5 for adults", "Core20PLUS5 for children and young people"},
}

# How the source words a qualifier that does not stand before a number: ours says it in the note.
IN_THE_NOTE = {
    "four years ago": "four years ago",
    "eighth highest": "eighth highest",
    "last four years": "last four years",
    "'over' may or may not extend to this number": "Whether 'over' belongs to both",
}


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for all tests here, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def in_order(model: type[Any], *fields: str, **where: Any) -> list[Any]:
    found = model.objects.filter(**where).order_by("order").values_list(*fields)
    return [row[0] for row in found] if len(fields) == 1 else list(found)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@pytest.mark.usefixtures("loaded")
class TestTheStrategy:
    def test_it_has_its_title_version_and_system(self):
        strategy, meta = Strategy.objects.get(), SOURCE["meta"]
        assert (strategy.title, strategy.version, strategy.system, strategy.published_in) == (
            meta["strategy_title"],
            meta["version"],
            meta["system"],
            meta["first_published"],
        )
        assert str(PlanYear.objects.get()) == meta["delivery_year"]

    def test_the_plan_year_has_twelve_months_each_with_its_cycle_and_no_meeting(self):
        periods = list(ReportingPeriod.objects.order_by("starts_on"))
        assert [period.month for period in periods] == [*(f"2025-{m:02}" for m in range(4, 13)), "2026-01", "2026-02", "2026-03"]
        november = periods[7]
        assert (november.ends_on, november.opens_on, november.due_on) == (
            date(2025, 11, 30),
            date(2025, 11, 24),
            date(2025, 12, 5),
        )
        assert not any(period.meeting_on or period.closed_at for period in periods)

    def test_its_aims_have_both_their_names(self):
        names = [(a["id"], capital(a["official_name"]), a["article_name"]) for a in SOURCE["aims"]]
        assert in_order(Aim, "code", "name", "short_name") == names
        assert len(names) == 4

    def test_its_principles_have_their_long_forms(self):
        names = [(p["id"], p["name"], capital(p["long_form"])) for p in SOURCE["principles"]]
        assert in_order(Principle, "code", "name", "long_form") == names
        assert len(names) == 3

    def test_its_ambitions_are_three(self):
        assert in_order(Ambition, "code", "name") == [(a["id"], a["official_name"]) for a in SOURCE["ambitions"]]
        assert Ambition.objects.count() == 3

    def test_its_priorities_have_the_three_names_of_the_documents_and_ours(self):
        fields = ("code", "foreword_name", "plan_on_a_page_name", "delivery_name")
        theirs = [
            (p["id"], *(p["names"][n] for n in ("foreword", "plan_on_a_page", "delivery_section"))) for p in SOURCE["priorities"]
        ]
        assert in_order(Priority, *fields) == theirs
        assert in_order(Priority, "slug", "name") == [
            ("health-and-work", "Health and work"),
            ("children-and-young-people", "Children and young people"),
            ("frailty-and-complex-needs", "Frailty and complex needs"),
        ]

    def test_the_figures_of_why_a_priority_matters_are_kept(self):
        why = Priority.objects.get(code="P2").why
        assert "20%" in why and "100%" in why
        assert all(in_order(Priority, "why")) and all(in_order(Priority, "statement"))

    def test_its_themes_hold_as_many_commitments_as_the_source_counts(self):
        names = [(t["id"], t["official_name"]) for t in SOURCE["transformation_themes"]]
        assert in_order(Theme, "code", "name") == names
        counts = Counter(Commitment.objects.values_list("theme__code", "kind"))
        assert counts == {
            ("T1", "transformation"): 6,
            ("T1", "five_year_aim"): 3,
            ("T2", "transformation"): 4,
            ("T3", "transformation"): 5,
            ("T4", "prevention"): 8,
            ("T4", "underpinning"): 1,
        }

    def test_its_commitments_stand_in_the_order_of_the_source(self):
        for theme in SOURCE["transformation_themes"][:3]:
            theirs = [c["id"] for c in theme["commitments"] + theme.get("five_year_aims", [])]
            assert in_order(Commitment, "code", theme__code=theme["id"]) == theirs
        initiatives = [(p["id"], p["official_name"] or p["title"]) for p in SOURCE["prevention_initiatives"]]
        underpinning = ("CORE20PLUS5", SOURCE["underpinning"]["name"])
        assert in_order(Commitment, "code", "title", theme__code="T4") == [*initiatives, underpinning]

    def test_the_fourth_theme_says_that_it_may_be_none(self):
        assert "does not make clear" in Theme.objects.get(code="T4").note

    def test_its_expected_outcomes_are_for_four_audiences(self):
        theirs = [(o["id"], o["audience"]) for o in SOURCE["expected_outcomes"]]
        assert in_order(ExpectedOutcome, "code", "audience") == theirs
        assert len(theirs) == 4

    def test_its_bodies_have_what_they_oversee_and_whom_they_assure(self):
        theirs = [(b["id"], b["official_name"].removesuffix(" (the ICB)")) for b in SOURCE["governance"]]
        assert in_order(Body, "code", "name") == theirs
        assert len(theirs) == 12
        assuring = {(code, b["id"]) for b in SOURCE["governance"] for code in b.get("receives_assurance_from", [])}
        assert set(Body.objects.exclude(assures=None).values_list("code", "assures__code")) == assuring
        says = {b["id"]: ("oversees" in b, "role" in b) for b in SOURCE["governance"]}
        assert {b.code: (bool(b.oversees), bool(b.role)) for b in Body.objects.all()} == says
        assert Body.objects.get(code="INT").also_called == "Integrated Neighbourhood Health Teams"

    def test_whom_it_may_reach_are_those_whom_nhs_england_names_and_one_group_that_the_strategy_names(self):
        theirs = SOURCE["core20plus5"]
        found = {kind: in_order(ReachGroup, "name", kind=kind) for kind in ReachGroup.Kind.values}
        assert found == {kind: theirs[kind] for kind in ReachGroup.Kind.values}
        assert [len(found[kind]) for kind in ("core20", "adults", "children", "across")] == [1, 5, 5, 1]
        assert SOURCE["prevention_initiatives"][7]["title"].lower() in found["plus"][0]
        assert not ReachGroup.objects.exclude(ended_on=None).exists()


@pytest.mark.usefixtures("loaded")
class TestTheDeliverables:
    def test_they_are_nine_in_the_order_of_the_source(self):
        theirs = [(d["id"], d["priority"], d["order"], d["label"]) for d in SOURCE["deliverables"]]
        found = Deliverable.objects.order_by("priority__order", "order").values_list("code", "priority__code", "order", "label")
        assert list(found) == theirs
        assert len(theirs) == SOURCE["deliverable_counts"]["total"] == 9

    def test_they_carry_the_ten_tags_of_the_source(self):
        tags = Counter(Deliverable.objects.values_list("principles__code", flat=True))
        assert tags == SOURCE["deliverable_counts"]["by_principle_tag"] and tags.total() == 10
        for theirs in SOURCE["deliverables"]:
            deliverable = Deliverable.objects.get(code=theirs["id"])
            assert set(deliverable.principles.values_list("code", flat=True)) == set(theirs["principles"])

    def test_they_keep_what_the_source_names(self):
        for theirs in SOURCE["deliverables"]:
            lines = Deliverable.objects.get(code=theirs["id"]).named.split("\n")
            assert len(lines) == len(theirs["named"])
            assert all(name in line for name, line in zip(theirs["named"], lines, strict=True))

    def test_they_link_to_aims_and_initiatives_only_where_the_source_does(self):
        for theirs in SOURCE["deliverables"]:
            deliverable, links = Deliverable.objects.get(code=theirs["id"]), theirs.get("links", {})
            assert list(deliverable.aims.values_list("code", flat=True)) == [links[k] for k in ("aim",) if k in links]
            assert list(deliverable.commitments.values_list("code", flat=True)) == [
                links[k] for k in ("prevention_initiative",) if k in links
            ]

    def test_nothing_is_invented(self):
        for deliverable in Deliverable.objects.all():
            given = (deliverable.lead, deliverable.starts_on, deliverable.due_on, deliverable.measure)
            assert given == (None, None, None, "")
            assert not deliverable.managers.exists() and not deliverable.partners.exists()
            assert deliverable.maturity == "expected"
        assert not Milestone.objects.exists() and not StatusUpdate.objects.exists()
        assert not Body.objects.exclude(starts_on=None, ends_on=None).exists()

    def test_they_have_a_title_for_tables(self):
        assert all(d.short_title and d.title and d.summary for d in Deliverable.objects.all())


@pytest.mark.usefixtures("loaded")
class TestTheCaseStudies:
    def test_they_are_seven_in_the_order_of_the_source(self):
        theirs = [(c["id"], c["title"], capital(c["source_year"])) for c in SOURCE["case_studies"]]
        assert in_order(CaseStudy, "code", "title", "year") == theirs
        assert len(theirs) == 7

    def test_each_is_published_with_its_caution_and_looked_at_again_a_year_after_its_document(self):
        for study in CaseStudy.objects.all():
            is_of_strategy = study.source.startswith("Integrated Care Strategy")
            assert (study.stage, study.review_on) == ("published", date(2026, 3, 31) if is_of_strategy else date(2024, 12, 31))
            assert study.caution.endswith(".") and study.done

    def test_they_belong_to_an_aim_only_where_the_source_says_so(self):
        for theirs in SOURCE["case_studies"]:
            study = CaseStudy.objects.get(code=theirs["id"])
            assert list(study.aims.values_list("code", flat=True)) == [a for a in [theirs["explicit_aim"]] if a]
            assert not study.principles.exists() and not study.priorities.exists() and not study.deliverables.exists()

    def test_what_the_source_does_not_say_stays_empty(self):
        silent = {
            study.code: [f for f in ("problem", "changed", "learnt", "place", "video") if not getattr(study, f)]
            for study in CaseStudy.objects.all()
        }
        assert silent == {
            "CS-1": ["problem", "learnt", "video"],
            "CS-2": ["learnt", "video"],
            "CS-3": ["learnt", "video"],
            "CS-4": ["problem", "changed", "learnt", "video"],
            "CS-5": ["changed", "learnt", "place", "video"],
            "CS-6": ["problem", "learnt", "video"],
            "CS-7": ["problem", "changed", "learnt", "place", "video"],
        }

    def test_sensitive_subjects_and_videos_are_marked(self):
        for theirs in SOURCE["case_studies"]:
            study = CaseStudy.objects.get(code=theirs["id"])
            assert bool(study.sensitive) == ("sensitive" in theirs)
            assert study.has_video == theirs.get("has_video", False)

    def test_every_figure_is_the_source_s(self):
        for theirs in SOURCE["case_studies"]:
            figures = list(Figure.objects.filter(case_study__code=theirs["id"]).order_by("order"))
            assert len(figures) == len(theirs["figures"])
            for figure, source in zip(figures, theirs["figures"], strict=True):
                compare(figure, source, better="lower" if theirs.get("improvement_direction") == "decrease" else "")
        assert Figure.objects.count() == 14

    def test_each_tells_what_the_source_tells(self):
        """By words that stand in the source and must not be lost when ours are written anew."""
        for code, names in NAMED_IN_A_STORY.items():
            study = CaseStudy.objects.get(code=code)
            told = " ".join([study.title, study.organisation, study.problem, study.done, study.changed]).lower()
            source = next(c for c in SOURCE["case_studies"] if c["id"] == code)
            says = " ".join([source["title"], source["organisation"], source["what"], *source.get("results", [])]).lower()
            assert [name for name in names if name not in told] == [], code
            assert [name for name in names if name not in says] == [], code

    def test_a_change_is_shown_with_its_direction_and_its_caution_and_never_as_proof_of_cause(self):
        theirs = next(c for c in SOURCE["case_studies"] if c["id"] == "CS-6")
        study = CaseStudy.objects.get(code="CS-6")
        [shown] = paired(study.figures.all())
        derived = {d["metric"]: d["value"] for d in theirs["derived"]}
        assert (shown.change, shown.percent) == (derived["change"], round(abs(derived["percent change"])))
        assert shown.is_better is True and shown.change_said == "1,871 fewer (35%), which is the better way"
        assert "not evidence that the work caused the change" in study.caution

    def test_nothing_that_the_portal_asks_of_its_own_stories_is_made_up_for_them(self):
        for study in CaseStudy.objects.all():
            assert (study.owner, study.revises, study.key, study.summary) == (None, None, None, "")
            assert (study.consent, study.consent_on, study.anonymity, study.small_numbers) == ("", None, "", "")
            assert not study.reviews.exists() and not study.pictures.exists() and not study.is_demonstration
        assert not Figure.objects.exclude(source="").exists()

    def test_small_counts_of_people_are_known_and_said_in_the_caution(self):
        for theirs in SOURCE["case_studies"]:
            study = CaseStudy.objects.get(code=theirs["id"])
            facts = tuple(Fact(f.metric, f.value, f.unit, caution=f.note) for f in study.figures.all())
            assert any(f.value < 5 and f.unit == "people" for f in facts) == theirs.get("small_numbers", False)
            assert ("under 5" in study.caution) == theirs.get("small_numbers", False)

    def test_the_numbers_of_a_story_are_those_of_its_figures(self):
        study = CaseStudy.objects.get(code="CS-6")
        assert "5,304" in study.changed and "3,433" in study.changed
        assert [figure.value for figure in study.figures.order_by("order")] == [5304, 3433]


NAMED_IN_A_STORY = {
    "CS-1": ["roadshows", "learning disability", "oliver mcgowan", "sensory flu clinics", "annual learning disability review"],
    "CS-2": ["derelict site", "suicide", "unemployment", "isolation", "veterans", "men's breakfast", "lifeline"],
    "CS-3": ["targeted lung health checks", "smd", "walk-in clinics"],
    "CS-4": ["weaning", "teething", "breastfeeding", "play", "local communities"],
    "CS-5": ["primary care", "social contact", "medicine"],
    "CS-6": ["multidisciplinary", "day therapy", "carer support", "hospice at home"],
    "CS-7": ["food", "waste", "energy", "travel", "biodiversity", "green plan", "pandemic"],
}


def compare(figure: Figure, source: dict[str, Any], *, better: str) -> None:
    unit, _, doubt = source["unit"].partition(" (")
    qualifier = source.get("qualifier", "")
    assert (figure.value, figure.unit, figure.better) == (Decimal(str(source["value"])), unit, better)
    assert figure.period == capital(source.get("period", source.get("as_at", "")))
    assert figure.qualifier == ("" if qualifier in IN_THE_NOTE else qualifier)
    assert IN_THE_NOTE.get(qualifier, "") in figure.note
    assert bool(figure.note) == bool(doubt or "note" in source or qualifier in IN_THE_NOTE)
    if doubt:
        assert "attendances may be meant" in figure.note


@pytest.mark.usefixtures("loaded")
def test_every_row_names_the_document_and_the_section_that_it_came_from():
    models = [kind.model for kind in KINDS if issubclass(kind.model, Sourced)] + [Strategy, PlanYear]
    for row in (row for model in models for row in model.objects.all()):
        for part in re.split(r"; (?=Integrated|Article)", row.source):
            document, _, section = part.partition(", ")
            assert section in SECTIONS[document], f"{row}: {part}"


LEFT_OPEN = [
    (ReachGroup, "PLUS-1", "names no PLUS groups"),
    (Body, "OOG", "does not say how this group and the Working Group relate"),
    (Body, "ICS-WG", "does not say how this group and the Operational Outcomes Group relate"),
    (Body, "INT", "both names"),
    (Priority, "P3", "frail and vulnerable"),
    (Aim, "AIM-2", "share of children"),
    (Priority, "P2", "need most support"),
    (CaseStudy, "CS-1", "does not link this story"),
    (CaseStudy, "CS-2", "does not link this story"),
    (CaseStudy, "CS-3", "whether the 3 opportunistic patients are among the 13 and the 15"),
    (CaseStudy, "CS-6", "mid Nottingham"),
    (Deliverable, "CYP-2", "without 'and'"),
    (Deliverable, "HW-2", "Connect to Work"),
    (Deliverable, "HW-1", "the portal's reading"),
    (Strategy, "nottingham-and-nottinghamshire", "five-year"),
    (Strategy, "nottingham-and-nottinghamshire", "first version of 2023"),
    (Strategy, "nottingham-and-nottinghamshire", "No deliverable has a lead"),
]


@pytest.mark.usefixtures("loaded")
def test_what_the_source_leaves_open_is_noted_on_the_row():
    for model, code, words in LEFT_OPEN:
        assert words in model.objects.get(code=code).note, f"{code}: {words}"


# Whose words they are. The documents are not kept here: only hashes of every eight words that follow one another in them.
NAMES = {"name", "title", "short_title", "short_name", "foreword_name", "plan_on_a_page_name", "delivery_name", "source"}


def shingles(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", re.sub("['\u2019]", "", text.lower()))
    runs = (" ".join(words[n : n + 8]) for n in range(len(words) - 7))
    return {base64.b32encode(hashlib.blake2b(run.encode(), digest_size=5).digest()).decode() for run in runs}


def texts(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from texts(value, name)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value, key)
    elif isinstance(data, str):
        yield key, data


SOURCE_SHINGLES = {
    word for line in (HERE / "source_shingles.txt").read_text().split("\n") if line[:1] != "#" for word in line.split()
}


def test_the_hashes_know_the_documents():
    theme = SOURCE["transformation_themes"][0]["official_name"]
    statement = SOURCE["priorities"][1]["statement"]
    assert len(SOURCE_SHINGLES) > 3900
    assert shingles(theme) and shingles(statement) and shingles(theme) | shingles(statement) <= SOURCE_SHINGLES


def test_the_wording_is_ours():
    copied = [text for key, text in texts(yaml.safe_load(TEXT)) if key not in NAMES and shingles(text) & SOURCE_SHINGLES]
    assert copied == []


SENTENCES = {
    *{"summary", "statement", "why", "focus", "role", "oversees", "explanation", "note"},
    *{"problem", "done", "changed", "caution"},
}


def test_the_text_is_plain():
    for key, text in texts(yaml.safe_load(TEXT)):
        assert re.fullmatch(r"[ -~]+", text), f"{key}: {text}"
        if key in SENTENCES:
            assert text[0].isupper() and text.endswith("."), text
            assert all(len(sentence.split()) <= 20 for sentence in re.split(r"(?<=[.!?]) ", text)), text
