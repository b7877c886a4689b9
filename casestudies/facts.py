"""A story as the readiness list reads it."""

from typing import Any

from casestudies.readiness import Fact, Story

TOLD = ("title", "summary", "problem", "done", "changed", "learnt", "caution", "organisation", "place", "year")
SAID = ("consent", "consent_words", "consent_on", "consent_ends_on", "anonymity", "small_numbers", "small_words")


def story_of(study: Any, *, figures: list[Any], pictures: list[Any], is_linked: bool) -> Story:
    return Story(
        texts={name: getattr(study, name) for name in TOLD},
        figures=tuple(Fact(f"{one.metric}", one.value, one.unit, one.period, one.source, one.note) for one in figures),
        pictures=tuple(picture.alternative for picture in pictures),
        is_linked=is_linked,
        is_of_documents=study.owner_id is None,
        **{name: getattr(study, name) for name in SAID},
    )
