"""What stands between a story and its readers. Pure.

Some of it blocks publishing; the rest is advice, which the reviewer sees and weighs. Nothing here changes a word: what looks like
a person's details is shown to the author, who takes it out or says why it is none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from casestudies.counts import counts_people, small_counts_in
from casestudies.signs import POSTCODE, signs_of_people

LONGEST_SENTENCE = 20  # words: the content guide of the NHS
OLDEST_READER = 14  # years: what needs an older reader is hard to read for many
SMALL = 5  # counts of people under this may point at somebody
SHOWN = 4  # examples of one kind


@dataclass(frozen=True)
class Fact:
    """One figure of the story."""

    metric: str
    value: Decimal
    unit: str
    period: str = ""
    source: str = ""
    caution: str = ""


@dataclass(frozen=True)
class Story:
    """`texts` are its words by the name of their field, `pictures` the words that stand for each."""

    texts: dict[str, str] = field(default_factory=dict)
    figures: tuple[Fact, ...] = ()
    pictures: tuple[str, ...] = ()
    is_linked: bool = False
    is_of_documents: bool = False  # of the strategy, and no organisation's own
    consent: str = ""  # given, nobody, document, or not said
    consent_words: str = ""
    consent_on: date | None = None
    consent_ends_on: date | None = None
    anonymity: str = ""
    small_numbers: str = ""  # keep, changed, or not decided
    small_words: str = ""

    @property
    def words(self) -> str:
        figures = (f"{fact.metric} {fact.caution}" for fact in self.figures)
        return "\n".join([*self.texts.values(), *figures, *self.pictures])


@dataclass(frozen=True)
class Item:
    """One entry of the list, whether or not anything is open. `place` is the field of the form that settles it."""

    code: str
    title: str
    says: str
    is_open: bool
    blocks: bool
    place: str = ""
    examples: tuple[str, ...] = ()


def readiness(story: Story, today: date) -> list[Item]:
    """What blocks first."""
    found = [told(story), consent(story, today), people(story), small_numbers(story)]
    return found + [check(story) for check in (whole, sources, cautions, links, sentences, short_forms, reading)]


def blocking(items: Iterable[Item]) -> list[Item]:
    """Those for which it cannot be published."""
    return [item for item in items if item.blocks and item.is_open]


def told(story: Story) -> Item:
    if story.texts.get("done", "").strip():
        return Item("told", "The story is told", "It says what was done.", False, True)
    return Item("told", "The story is not told yet", "Say at least what was done.", True, True, "done")


# Consent


def consent(story: Story, today: date) -> Item:
    trouble, place = missing_consent(story, today)
    if trouble:
        return Item("consent", "Consent is not settled", trouble, True, True, place)
    return Item("consent", "Consent is recorded and in date", "It is kept with the story, for its editors alone.", False, True)


def missing_consent(story: Story, today: date) -> tuple[str, str]:
    """What is wrong with it and where; two empty texts where nothing is."""
    if story.is_of_documents and not story.consent:
        return "Say which document it was published in, or who has agreed to it, or that it tells of no single person.", "consent"
    if story.consent not in ("given", "nobody", *["document"] * story.is_of_documents):
        return "Say whether the people in the story have agreed to it, or that it tells of no single person.", "consent"
    if not story.consent_words.strip() and story.consent == "document":
        return "Say which document it was published in, and who holds the consent.", "consent_words"
    if not story.consent_words.strip():
        return "Say who agreed and where that is kept, or why nobody had to.", "consent_words"
    if story.consent != "given":
        return "", ""
    if story.consent_on is None or story.consent_on > today:
        return "Say when they agreed. It must be today or before.", "consent_on"
    if story.consent_ends_on is None:
        return "Say until when their agreement holds.", "consent_ends_on"
    if story.consent_ends_on < today:
        return "Their agreement has ended. Ask them again.", "consent_ends_on"
    return "", ""


# People


def people(story: Story) -> Item:
    signs = list(signs_of_people(story.words))
    examples = tuple(dict.fromkeys(f"{words}: it looks like {kind}" for kind, words in signs))[: 2 * SHOWN]
    if any(kind == "an NHS number" for kind, _ in signs):
        says = "An NHS number must never be published. Take it out."
        return Item("people", "Somebody can be identified", says, True, True, "done", examples)
    if not story.anonymity.strip():
        says = "Say in your own words why nobody can be recognised, or that those who can have agreed to it."
        title = "Somebody may be identified" if signs else "Nobody has said that no person can be recognised"
        return Item("people", title, says, True, True, "anonymity", examples)
    says = "The author has looked at these, and says in words why they can stand." if signs else "The author says so in words."
    return Item("people", "No person can be recognised", says, False, True, "anonymity", examples)


# Small numbers


COUNTS_NOBODY = ("organisation", "place", "year")


def small_counts(story: Story) -> list[str]:
    """Figures and words that count fewer than five people."""
    figures = [
        f"{fact.metric}: {fact.value.normalize():f} {fact.unit}"
        for fact in story.figures
        if 0 <= fact.value < SMALL and fact.value % 1 == 0 and counts_people(fact.unit)
    ]
    told = (words for name, words in story.texts.items() if name not in COUNTS_NOBODY)
    around = (words for fact in story.figures for words in (fact.metric, fact.caution))
    return list(dict.fromkeys([*figures, *small_counts_in("\n".join([*told, *around, *story.pictures]))]))


def small_numbers(story: Story) -> Item:
    small = small_counts(story)
    examples = tuple(small[:SHOWN])
    if not small:
        return Item("small", "No count of people is under five", "Nothing has to be decided.", False, True)
    if story.small_numbers == "changed":
        says = "You say that they have been grouped or taken out, but these still stand in the story."
        return Item("small", "Counts under five are still there", says, True, True, "small_numbers", examples)
    if story.small_numbers == "keep" and story.small_words.strip():
        says = "It is decided, with its reason, that they can be published."
        return Item("small", "Counts under five are decided", says, False, True, "small_numbers", examples)
    says = "So few people may be recognised. Decide whether these counts can be published, and say why."
    return Item("small", "Counts of people under five", says, True, True, "small_numbers", examples)


# Advice


def whole(story: Story) -> Item:
    asked = {
        "summary": "in short",
        "problem": "what the problem was",
        "changed": "what changed",
        "learnt": "what was learnt",
        "caution": "what it does not show",
    }
    bare = {name: words for name, words in asked.items() if not story.texts.get(name, "").strip()}
    if not bare:
        return Item("whole", "Every question is answered", "Nothing is left out.", False, False)
    return Item(
        "whole", "Some questions are not answered", f"Not said: {', '.join(bare.values())}.", True, False, next(iter(bare))
    )


def sources(story: Story) -> Item:
    bare = tuple(fact.metric for fact in story.figures if not fact.source.strip() or not fact.period.strip())
    if not story.figures:
        return Item("sources", "There are no figures", "A story without figures can be published.", False, False)
    if not bare:
        return Item("sources", "Every figure has its source and its period", "Readers can check them.", False, False)
    says = "Say where each figure comes from and what time it is of."
    return Item("sources", "A figure is without its source or its period", says, True, False, "figures", bare[:SHOWN])


def cautions(story: Story) -> Item:
    metrics = [fact.metric for fact in story.figures]
    pairs = {metric for metric in metrics if metrics.count(metric) > 1}
    bare = tuple(sorted(m for m in pairs if not any(f.caution.strip() for f in story.figures if f.metric == m)))
    if bare and not story.texts.get("caution", "").strip():
        says = "Two figures show a change, not what caused it. Say what else may have changed them."
        return Item("cautions", "A change is shown without a caution", says, True, False, "caution", bare[:SHOWN])
    return Item("cautions", "No change is shown as proof of cause", "Each has its caution, or there is none.", False, False)


def links(story: Story) -> Item:
    if story.is_linked:
        return Item("links", "It is tied to the strategy", "Readers find it from there.", False, False)
    says = "Choose an aim, a principle, a priority or a deliverable, so that readers find it from there."
    return Item("links", "It is tied to nothing in the strategy", says, True, False, "aims")


def sentences_in(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


def sentences(story: Story) -> Item:
    long = [words for words in sentences_in("\n".join(story.texts.values())) if len(words.split()) > LONGEST_SENTENCE]
    if not long:
        return Item("sentences", "Sentences are short", f"None has more than {LONGEST_SENTENCE} words.", False, False)
    examples = tuple(f"{' '.join(words.split()[:12])}…" for words in long[:SHOWN])
    says = f"Cut those with more than {LONGEST_SENTENCE} words in two."
    return Item("sentences", "Some sentences are long", says, True, False, "done", examples)


SHORT_FORM = re.compile(r"\b(?=[A-Z0-9]*[A-Z][A-Z0-9]*[A-Z])[A-Z0-9]{2,12}s?\b")
EVERYONE_KNOWS = {"NHS", "UK", "GP", "GPS", "TV", "US", "EU", "HIV", "COVID", "OK"}


def unexplained(text: str) -> list[str]:
    """Short forms that do not stand in brackets behind their long form anywhere, in the order of the text."""
    explained = {found[1] for found in re.finditer(r"\(([A-Za-z0-9]{2,12})\)", text)}
    known = EVERYONE_KNOWS | explained | {f"{form}s" for form in explained}
    return list(dict.fromkeys(found[0] for found in SHORT_FORM.finditer(POSTCODE.sub(" ", text)) if found[0] not in known))


def short_forms(story: Story) -> Item:
    bare = unexplained("\n".join(words for name, words in story.texts.items() if name != "title"))
    if not bare:
        return Item("short_forms", "Abbreviations are explained", "Each is written out once.", False, False)
    says = "Write each out once, with the abbreviation in brackets behind it."
    return Item("short_forms", "Some abbreviations are not explained", says, True, False, "done", tuple(bare[: 2 * SHOWN]))


def syllables(word: str) -> int:
    """A fair guess: groups of vowels, but for a silent e at the end."""
    plain = re.sub("[^a-z]", "", word.lower())
    found = len(re.findall("[aeiouy]+", re.sub("(?<=[a-z]{2})e$", "", plain)))
    return max(1, found)


def reading_age(text: str) -> int:
    """In years, by Flesch and Kincaid: the grade of an American school, in which children are five years older. 0 of no text."""
    words = re.findall(r"[A-Za-z][A-Za-z'’-]*", text)
    parts = len(sentences_in(text))
    if not words or not parts:
        return 0
    grade = 0.39 * len(words) / parts + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return max(5, round(grade + 5))


def reading(story: Story) -> Item:
    told = ("summary", "problem", "done", "changed", "learnt", "caution")
    age = reading_age("\n".join(story.texts.get(name, "") for name in told))
    says = f"Its words ask for a reading age of about {age}. Aim for {OLDEST_READER} or less: short words, short sentences."
    is_hard = age > OLDEST_READER
    return Item("reading", "It is hard to read" if is_hard else "It is easy enough to read", says, is_hard, False, "done")
