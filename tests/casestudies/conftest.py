"""People who meet over a story, and a story that is ready to be published."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from casestudies.actions import StoryWords, start_story, submit_story
from casestudies.actions.words import FIELDS
from casestudies.models import CaseStudy
from people.models import User
from strategy_portal.editing import seen_of
from tests import factories


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT / "stories"


@pytest.fixture
def people(db) -> dict[str, User]:
    """Priya and Penny write for the ICB, Tom for the trust; Olu and Grace review, Ada administers, Bea reads."""
    factories.plan_year()
    icb, trust = factories.organisation("icb"), factories.organisation("trust")
    roles = {
        "Priya": ("programme_manager", icb),
        "Penny": ("programme_manager", icb),
        "Tom": ("programme_manager", trust),
        "Olu": ("outcomes_group", icb),
        "Grace": ("outcomes_group", trust),
        "Ada": ("administrator", icb),
        "Bea": ("viewer", icb),
    }
    return {name: factories.person(role, name, org) for name, (role, org) in roles.items()}


@pytest.fixture
def browser(people) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client()
        factories.sign_in(client, people[name])
        return client

    return signed_in


TOLD = {
    "title": "Warm homes",
    "done": "We made homes warm.",
    "consent": "nobody",
    "consent_words": "It tells of homes, not of people.",
    "anonymity": "It names nobody.",
}


def words(*, figures: tuple = (), links: dict | None = None, **fields: object) -> StoryWords:
    given = dict.fromkeys(FIELDS, "") | {"consent_on": None, "consent_ends_on": None}
    return StoryWords(given | TOLD | fields, links or {}, figures)


def figure(metric: str = "Homes", value: str = "40", **more: object) -> dict:
    from decimal import Decimal

    given = dict.fromkeys(("unit", "qualifier", "period", "source", "note", "better"), "") | {"unit": "homes"}
    return given | {"metric": metric, "value": Decimal(value)} | more


def draft(by: User, **more: object) -> CaseStudy:
    owner = by.memberships.first().organisation
    return start_story(by=by, key=uuid4(), owner=owner, words=words(**more))


def in_review(by: User, **more: object) -> CaseStudy:
    study = draft(by, **more)
    return submit_story(by=by, study=study, seen=seen_of(study))


def published(by: User, reviewer: User, **more: object) -> CaseStudy:
    from datetime import date

    from casestudies.actions import publish_story

    study = in_review(by, **more)
    return publish_story(by=reviewer, study=study, seen=seen_of(study), reason="It is clear.", review_on=date(2026, 12, 1))


def sent(study: CaseStudy | None = None, **more: object) -> dict[str, object]:
    """What the form would send."""
    given = TOLD | {"rows": "0", "do": "save", "key": str(uuid4()), "place": "", "year": ""}
    if study:
        given |= {"seen": str(seen_of(study))}
    return given | more
