"""The case studies that go with a report: up to three, in the words in which they are published when it is issued."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from casestudies.figures import Shown, in_words, paired
from casestudies.models import CaseStudy

MOST, IN_SHORT = 3, 300  # stories of a report, characters


class NotPublished(Exception):
    """A chosen story is published no more. The sentence says which, and what to do."""


def choices(chosen: Sequence[str]) -> list[tuple[str, str]]:
    """Slug and title of each that may be chosen, and of what was chosen and is published no more, so that it can be seen."""
    found = list(CaseStudy.objects.published().in_order().values_list("slug", "title"))
    known, ended = {slug for slug, _ in found}, set(without_consent(chosen))
    gone = {slug: "consent has ended" if slug in ended else "no longer published" for slug in chosen if slug not in known}
    return found + [(slug, f"{slug} ({why})") for slug, why in gone.items()]


def without_consent(slugs: Sequence[str]) -> list[str]:
    """Those that go with no report, since the consent for them has ended: they are left out, and the group is told."""
    return list(CaseStudy.objects.taken_down().filter(slug__in=slugs).in_order().values_list("slug", flat=True)) if slugs else []


def tell(slugs: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """As the report keeps them, in the order in which they were chosen, without those whose consent has ended.
    Raises NotPublished.

    The stories are locked until the transaction ends: what is withdrawn before that is not in the report.
    """
    if not slugs:
        return ()
    rows = CaseStudy.objects.published().select_for_update(of=("self",)).filter(slug__in=slugs).with_organisation().with_figures()
    found = {study.slug: study for study in rows.order_by("pk")}
    missing = [slug for slug in slugs[:MOST] if slug not in found]
    if missing := [slug for slug in missing if slug not in without_consent(missing)]:
        raise NotPublished(
            f"The case study “{missing[0]}” is no longer published. Choose again which stories go with the report."
        )
    return tuple(told(found[slug]) for slug in slugs[:MOST] if slug in found)


def told_if_published(slugs: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """For a preview: those that could be issued now."""
    found = {
        study.slug: study for study in CaseStudy.objects.published().filter(slug__in=slugs).with_organisation().with_figures()
    }
    return tuple(told(found[slug]) for slug in slugs[:MOST] if slug in found)


def told(study: Any) -> dict[str, Any]:
    """All that a report says of a story, as words: it has to say the same when the story is changed or gone."""
    return {
        "title": study.title,
        "organisation": study.organisation_now,
        "place": study.place,
        "summary": study.summary or in_short(study.done),
        "caution": study.caution,
        "sensitive": study.speaks_of,
        "figures": [figure(shown) for shown in paired(study.figures.all())],
        "source": study.source,
        "address": reverse("case_study", args=[study.slug]),
        "is_demonstration": study.is_demonstration,
    }


def figure(shown: Shown) -> dict[str, str]:
    return {"metric": shown.metric, "words": in_words(shown), "caution": shown.caution, "source": shown.source}


def in_short(text: str) -> str:
    """Its first sentences, as many as are short enough together; else its beginning."""
    kept = ""
    for sentence in text.replace("\n", " ").split(". "):
        longer = f"{kept}. {sentence}" if kept else sentence
        if len(longer) >= IN_SHORT:
            break
        kept = longer
    return f"{kept.rstrip('.')}." if kept else f"{text[: IN_SHORT - 1].rstrip()}…" if text else ""
