"""What the strategy file may say: one Kind for each table, in the order in which they are loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Field, Model

from casestudies.models import CaseStudy, Figure
from deliverables.models import Deliverable, Milestone
from people.models import Organisation, User
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
    Strategy,
    Theme,
)


@dataclass(frozen=True)
class Kind:
    """A table and the keys that its rows have in the file.

    `above` are the foreign keys to rows that enclose it, `links` those keys that name rows of another section by code.
    `scope` leads to the strategy or plan year that the file is about, `identity` finds a row again within it. `only` are rows
    that a file may hold: what was written in the portal is no concern of it.
    """

    model: type[Model]
    place: str
    scope: str = ""
    only: Mapping[str, object] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    identity: tuple[str, ...] = ("code",)
    children: tuple["Kind", ...] = ()
    starts_as: Mapping[str, str] = field(default_factory=dict)  # a new row's column: the column of which it has the value

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def as_parent(self) -> str:
        """What the rows below call their foreign key to this one."""
        return self.name.replace(" ", "_")

    @property
    def keys(self) -> tuple[str, ...]:
        return self.required + self.optional + tuple(child.place for child in self.children)

    @property
    def is_ordered(self) -> bool:
        """Whether the place in the list is the row's order."""
        return any(column.name == "order" for column in self.model._meta.concrete_fields)

    @property
    def many(self) -> frozenset[str]:
        """The links that are many-to-many."""
        return frozenset(name for name in self.links if self.column(name).many_to_many)

    def column(self, name: str) -> Field:
        return self.model._meta.get_field(name)


STRATEGY = Kind(
    Strategy,
    "strategy",
    required=("code", "title", "version", "system", "published_in", "source"),
    optional=("note",),
)
PERIOD = Kind(
    ReportingPeriod,
    "periods",
    scope="plan_year",
    above=("plan_year",),
    required=("starts_on", "ends_on", "opens_on", "due_on"),
    optional=("meeting_on",),
    identity=("starts_on",),
)
PLAN_YEAR = Kind(PlanYear, "plan_year", above=("strategy",), required=("code", "source"), children=(PERIOD,))
AIM = Kind(
    Aim,
    "aims",
    scope="strategy",
    above=("strategy",),
    required=("code", "name", "source"),
    optional=("short_name", "focus", "note"),
)
PRINCIPLE = Kind(
    Principle,
    "principles",
    scope="strategy",
    above=("strategy",),
    required=("code", "name", "source"),
    optional=("long_form", "note"),
)
AMBITION = Kind(
    Ambition, "ambitions", scope="strategy", above=("strategy",), required=("code", "name", "source"), optional=("note",)
)
BODY = Kind(
    Body,
    "bodies",
    scope="strategy",
    above=("strategy",),
    required=("code", "name", "source"),
    optional=("also_called", "role", "oversees", "assures", "starts_on", "ends_on", "note"),
    links={"assures": "bodies"},
)
REACH_GROUP = Kind(
    ReachGroup,
    "reach_groups",
    scope="strategy",
    above=("strategy",),
    required=("code", "kind", "name", "source"),
    optional=("explanation", "ended_on", "note"),
)
COMMITMENT = Kind(
    Commitment,
    "commitments",
    scope="theme__plan_year",
    above=("theme",),
    required=("code", "kind", "summary", "source"),
    optional=("title", "note"),
)
THEME = Kind(
    Theme,
    "themes",
    scope="plan_year",
    above=("plan_year",),
    required=("code", "name", "source"),
    optional=("note",),
    children=(COMMITMENT,),
)
MILESTONE = Kind(
    Milestone,
    "milestones",
    scope="deliverable__plan_year",
    above=("deliverable",),
    required=("title", "baseline_on"),
    identity=("deliverable", "title"),
    starts_as={"forecast_on": "baseline_on"},
)
# What a plan year holds beyond the source, which names none of it.
REACH = ("reach", "benefits", "missed")
OF_THE_PORTAL = ("lead", "partners", "managers", "starts_on", "due_on", "measure", *REACH, "stopped_on", "stop_reason")
DELIVERABLE = Kind(
    Deliverable,
    "deliverables",
    scope="plan_year",
    above=("plan_year", "priority"),
    required=("code", "title", "label", "principles", "source"),
    optional=("short_title", "summary", "named", "aims", "commitments", *OF_THE_PORTAL, "maturity", "note"),
    lines=("named",),
    links={
        **{name: name for name in ("principles", "aims", "commitments")},
        **{"lead": "organisations", "partners": "organisations", "managers": "people", "reach": "reach_groups"},
    },
    children=(MILESTONE,),
)
PRIORITY = Kind(
    Priority,
    "priorities",
    scope="plan_year",
    above=("plan_year",),
    required=("code", "slug", "name", "statement", "source"),
    optional=("foreword_name", "plan_on_a_page_name", "delivery_name", "why", "note"),
    children=(DELIVERABLE,),
)
EXPECTED_OUTCOME = Kind(
    ExpectedOutcome,
    "expected_outcomes",
    scope="plan_year",
    above=("plan_year",),
    required=("code", "audience", "summary", "source"),
    optional=("note",),
)
FIGURE = Kind(
    Figure,
    "figures",
    scope="case_study__strategy",
    only={"case_study__owner": None, "case_study__revises": None},
    above=("case_study",),
    required=("metric", "value", "unit"),
    optional=("qualifier", "period", "source", "note", "better"),
    identity=("case_study", "order"),
)
CASE_STUDY = Kind(
    CaseStudy,
    "case_studies",
    scope="strategy",
    only={"owner": None, "revises": None},
    above=("strategy",),
    required=("code", "slug", "title", "organisation", "year", "stage", "source"),
    optional=(
        *("place", "problem", "done", "changed", "learnt", "caution", "sensitive", "has_video", "video", "aims", "review_on"),
        "note",
    ),
    links={"aims": "aims"},
    children=(FIGURE,),
)

HEADS = (STRATEGY, PLAN_YEAR)
SECTIONS = (AIM, PRINCIPLE, AMBITION, BODY, REACH_GROUP, THEME, PRIORITY, EXPECTED_OUTCOME, CASE_STUDY)
KINDS = (
    *HEADS,
    PERIOD,
    AIM,
    PRINCIPLE,
    AMBITION,
    BODY,
    REACH_GROUP,
    THEME,
    COMMITMENT,
    PRIORITY,
    DELIVERABLE,
    MILESTONE,
    EXPECTED_OUTCOME,
    CASE_STUDY,
    FIGURE,
)
# Rows that the file names and does not hold: their model, and the column by which it names them.
OUTSIDE: Mapping[str, tuple[type[Model], str]] = {"organisations": (Organisation, "code"), "people": (User, "email")}
