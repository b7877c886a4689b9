"""The case studies of the demonstration: by fictional people, begun and sent through the real actions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from casestudies.actions import StoryWords, start_story, submit_story
from casestudies.actions.words import FIELDS, OF_A_FIGURE
from casestudies.models import CaseStudy
from deliverables.models import Deliverable
from people.models import Organisation, User
from priorities.models import Principle, Priority
from strategy_portal.editing import seen_of

KEYS = uuid5(NAMESPACE_DNS, "stories.demonstration.example.org")
DAYS = ("consent_on", "consent_ends_on")


@dataclass(frozen=True)
class Tale:
    """A story: when and by whom it was begun, when it was sent for review if it was, what it says and what it is tied to."""

    at: datetime
    by: str
    organisation: str
    says: dict[str, Any]
    figures: tuple[dict[str, Any], ...] = ()
    deliverables: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    sent: dict[str, Any] = field(default_factory=dict)  # at, words


def words_of(tale: Tale) -> StoryWords:
    fields = {name: tale.says.get(name, None if name in DAYS else "") for name in FIELDS}
    figures = (
        {name: given.get(name, "") for name in OF_A_FIGURE} | {"value": Decimal(str(given["value"]))} for given in tale.figures
    )
    links = {
        "aims": frozenset[int](),
        "principles": ids(Principle, tale.principles),
        "priorities": ids(Priority, tale.priorities),
        "deliverables": ids(Deliverable, tale.deliverables),
    }
    return StoryWords(fields, links, tuple(figures))


def ids(model: Any, codes: tuple[str, ...]) -> frozenset[int]:
    return frozenset(model.objects.filter(code__in=codes).values_list("pk", flat=True))


def events(tales: tuple[Tale, ...], people: dict[str, User], organisations: dict[str, Organisation]) -> Iterator[Any]:
    for tale in tales:
        yield tale.at, partial(begin, tale, people, organisations)
        if tale.sent:
            yield tale.sent["at"], partial(send, tale, people)


def begin(tale: Tale, people: dict[str, User], organisations: dict[str, Organisation]) -> None:
    key = uuid5(KEYS, str(tale.says["title"]))
    start_story(by=people[tale.by], key=key, owner=organisations[tale.organisation], words=words_of(tale))


def send(tale: Tale, people: dict[str, User]) -> None:
    study = CaseStudy.objects.get(key=uuid5(KEYS, str(tale.says["title"])))
    submit_story(by=people[tale.by], study=study, seen=seen_of(study), words=tale.sent["words"])
