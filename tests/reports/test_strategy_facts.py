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

    def test_each_tells_what_the_source_tells_clause_by_clause(self):
        for theirs in SOURCE["case_studies"]:
            study, facts = CaseStudy.objects.get(code=theirs["id"]), TOLD[theirs["id"]]
            told = " ".join([study.title, study.organisation, study.problem, study.done, study.changed]).lower()
            says = "; ".join([theirs["what"], *theirs.get("results", [])]).lower()
            assert [ours for _, ours in facts if ours not in told] == [], study.code
            clauses = [part for part in re.split("[;,:]", says) if not any(word in part for word, _ in facts)]
            assert clauses == [], f"{study.code}: which of our words tell it?"
            assert [word for word, _ in facts if word not in says] == [], study.code

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

    def test_every_figure_names_the_section_that_it_stands_in(self):
        for figure in Figure.objects.select_related("case_study"):
            assert figure.source == figure.case_study.source, figure

    def test_where_a_document_gives_a_figure_no_time_its_caution_says_so(self):
        silent = list(Figure.objects.filter(period=""))
        assert len(silent) == 10
        assert [f"{figure}" for figure in silent if not re.search("not say (when|since when|over|of which)", figure.note)] == [
            "Years running: 4"
        ]
        assert "without a date" in Figure.objects.get(metric="Years running").note

    def test_a_quote_of_somebody_who_is_named_is_left_out_and_the_note_says_why(self):
        for theirs in SOURCE["case_studies"]:
            study = CaseStudy.objects.get(code=theirs["id"])
            [name] = re.findall(r"quoted: ([A-Z]\w+ [A-Z]\w+)", theirs["organisation"]) or [""]
            assert ("would have to agree" in study.note) == bool(name), study.code
            assert not name or name not in " ".join(str(value) for value in vars(study).values())

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


# For each clause of the source a word of it, and the words of ours that tell the same.
TOLD = {
    "CS-1": [
        ("roadshows", "learning disability health and wellbeing roadshows"),
        ("safe space to be heard", "safe space in which people with learning disabilities were heard"),
        ("annual learning disability review", "encouraged the annual learning disability review"),
        ("wider determinants", "what else shapes health"),
        ("holistic", "the whole person"),
        ("training experience", "every trainee nursing associate in a primary care network (pcn) gets training experience"),
        ("oliver mcgowan", "leisure staff have oliver mcgowan training"),
        ("sensory flu clinics", "sensory flu clinics"),
        ("information repository", "a repository of advice and information"),
    ],
    "CS-2": [
        ("derelict site", "restored a derelict site as a safe place for men, whatever their need"),
        ("high suicide rate", "high suicide rate"),
        ("mental health", "mental and physical health"),
        ("unemployment", "unemployment"),
        ("physical health", "mental and physical health"),
        ("disability and isolation", "disability and isolation"),
        ("several morning sessions", "sessions on several mornings a week"),
        ("veterans", "a special one for veterans"),
        ("social evenings", "social evenings"),
        ("men's breakfast", "men's breakfast"),
        ("lifeline educational projects", "lifeline educational projects"),
        ("support before", "support before, during and after other interventions"),
        ("during and after", "support before, during and after other interventions"),
        ("week by week", "has grown from week to week"),
    ],
    "CS-3": [
        ("walk-in clinics", "walk-in clinics for people with smd"),
        ("service adapted", "adapted the service to make it easier to attend"),
        ("poorer health outcomes", "health outcomes are worse for people with smd than for the population as a whole"),
        ("key workers", "details of the patients fast tracked to hospital went to their key workers"),
    ],
    "CS-4": [
        (
            "recruited from local communities",
            "recruited from local communities and know from their own lives what being a parent",
        ),
        ("weaning", "weaning"),
        ("teething", "teething"),
        ("breastfeeding", "breastfeeding"),
        ("play", "play"),
        ("sleeping", "sleeping"),
        ("child development", "how children develop"),
        ("trusted relationships", "build trust with them"),
    ],
    "CS-5": [
        ("primary care services at home", "the same primary care services to people at home"),
        ("long-term condition", "long-term conditions"),
        ("vaccinations", "vaccinates"),
        ("education about medicine", "teaches people about their medicine"),
        ("social contact", "social contact"),
    ],
    "CS-6": [
        ("identifies people with care needs", "finds people with care needs and lets them plan care in advance"),
        ("single point of access", "one multidisciplinary point of access"),
        ("day therapy", "day therapy"),
        ("carer support", "carer support"),
        ("hospice at home", "hospice at home"),
    ],
    "CS-7": [
        ("sustainability initiative", "green impact sustainability initiative"),
        ("toolkit on food", "toolkit of actions on food"),
        ("waste", "waste"),
        ("energy", "energy"),
        ("travel", "travel"),
        ("biodiversity", "biodiversity"),
        ("green plan", "the trust's green plan"),
        ("pandemic", "through the pandemic"),
    ],
}


def compare(figure: Figure, source: dict[str, Any], *, better: str) -> None:
    unit, _, doubt = source["unit"].partition(" (")
    qualifier = source.get("qualifier", "")
    assert (figure.value, figure.unit, figure.better) == (Decimal(str(source["value"])), unit, better)
    assert figure.period == capital(source.get("period", source.get("as_at", "")))
    assert figure.qualifier == ("" if qualifier in IN_THE_NOTE else qualifier)
    assert IN_THE_NOTE.get(qualifier, "") in figure.note
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
