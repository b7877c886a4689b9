"""What stands between a story and its readers: one table of cases, and rules that hold for any words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestudies.readiness import (
    Fact,
    Story,
    blocking,
    readiness,
    reading_age,
    small_counts,
    unexplained,
)
from casestudies.signs import is_nhs_number, nhs_numbers, signs_of_people

TODAY = date(2025, 12, 2)
READY = Story(
    texts={
        "title": "Warm homes",
        "summary": "Homes were made warm.",
        "problem": "Homes were cold.",
        "done": "We made them warm.",
        "changed": "Fewer people fell ill.",
        "learnt": "Ask early.",
        "caution": "The winter was mild.",
    },
    figures=(Fact("Homes", Decimal(40), "homes", "2024/25", "Council register"),),
    is_linked=True,
    consent="given",
    consent_words="All signed. The team keeps the forms.",
    consent_on=date(2025, 6, 1),
    consent_ends_on=date(2026, 6, 1),
    anonymity="It names nobody.",
)


def telling(words: str, **more: object) -> Story:
    return replace(READY, texts=READY.texts | {"done": words}, **more)


def counting(value: str, unit: str = "people", **more: object) -> Story:
    return replace(READY, figures=(Fact("Who came", Decimal(value), unit, "2024/25", "Register"),), **more)


# A story, and which items are open: those that block before the stroke, advice after it.
CASES = {
    "nothing is missing": (READY, "|"),
    "an empty story": (Story(), "told consent people | whole links"),
    "nothing was done": (telling("  "), "told | "),
    "no consent is said": (replace(READY, consent=""), "consent |"),
    "consent without words": (replace(READY, consent_words=" "), "consent |"),
    "consent without a day": (replace(READY, consent_on=None), "consent |"),
    "consent of tomorrow": (replace(READY, consent_on=date(2025, 12, 3)), "consent |"),
    "consent of today": (replace(READY, consent_on=TODAY), "|"),
    "consent without an end": (replace(READY, consent_ends_on=None), "consent |"),
    "consent that ended yesterday": (replace(READY, consent_ends_on=date(2025, 12, 1)), "consent |"),
    "consent that ends today": (replace(READY, consent_ends_on=TODAY), "|"),
    "a story of nobody needs no days": (replace(READY, consent="nobody", consent_on=None, consent_ends_on=None), "|"),
    "a story of nobody says why": (replace(READY, consent="nobody", consent_words=""), "consent |"),
    "a story of the documents": (
        replace(READY, consent="document", is_of_documents=True, consent_on=None, consent_ends_on=None),
        "|",
    ),
    "a story of the documents says something of consent": (
        replace(READY, consent="", is_of_documents=True),
        "consent |",
    ),
    "a story of the documents names its document": (
        replace(READY, consent="document", is_of_documents=True, consent_words=""),
        "consent |",
    ),
    "a story of an organisation is of no document": (replace(READY, consent="document"), "consent |"),
    "an answer that is none": (replace(READY, consent="yes"), "consent |"),
    "nobody says that nobody can be recognised": (replace(READY, anonymity=""), "people |"),
    "an NHS number blocks whatever is said of it": (telling("See 943 476 5919."), "people |"),
    "a postcode that is explained": (telling("The hall is at NG1 5DT."), "|"),
    "a postcode that is not": (telling("The hall is at NG1 5DT.", anonymity=""), "people |"),
    "a count of four people": (counting("4"), "small |"),
    "a count of nobody": (counting("0"), "small |"),
    "a count of five people": (counting("5"), "|"),
    "a small count of something else": (counting("4", "areas"), "|"),
    "a small percentage": (counting("3", "percent"), "|"),
    "a small count that is said to be taken out": (
        counting("4", small_numbers="changed", small_words="They are grouped."),
        "small |",
    ),
    "words that are said to be taken out": (telling("Two patients came.", small_numbers="changed", small_words="So."), "small |"),
    "words that are taken out": (telling("Few patients came.", small_numbers="changed", small_words="So."), "|"),
    "a small count of what is not named": (counting("4", "deaths"), "small |"),
    "a rate": (counting("2.5", "deaths per 1,000"), "|"),
    "a small count that is decided": (counting("4", small_numbers="keep", small_words="They are staff."), "|"),
    "a small count that is decided without a reason": (counting("4", small_numbers="keep"), "small |"),
    "a reason without a decision": (counting("4", small_words="They are staff."), "small |"),
    "a small count in words": (telling("Only two patients came."), "small |"),
    "a figure without its source": (replace(READY, figures=(Fact("Homes", Decimal(9), "homes", "2024"),)), "| sources"),
    "a figure without its period": (replace(READY, figures=(Fact("Homes", Decimal(9), "homes", "", "R"),)), "| sources"),
    "a change without a caution": (
        replace(READY, texts=READY.texts | {"caution": ""}, figures=READY.figures * 2),
        "| whole cautions",
    ),
    "a change whose figure has its caution": (
        replace(
            READY,
            texts=READY.texts | {"caution": ""},
            figures=tuple(replace(fact, caution="Two points only.") for fact in READY.figures * 2),
        ),
        "| whole",
    ),
    "tied to nothing": (replace(READY, is_linked=False), "| links"),
    "a sentence of 21 words": (telling(" ".join(["we"] * 21) + "."), "| sentences"),
    "a sentence of 20 words": (telling(" ".join(["we"] * 20) + "."), "|"),
    "an abbreviation": (telling("The TLHC team came."), "| short_forms"),
    "an abbreviation that is explained": (telling("Targeted Lung Health Checks (TLHC) came. TLHC helped."), "|"),
    "hard words": (
        telling("Multidisciplinary organisational interdependencies necessitate comprehensive reconfiguration."),
        "| reading",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_item_is_open_where_it_should_be(name):
    story, expected = CASES[name]
    blocks, _, advice = expected.partition("|")
    found = readiness(story, TODAY)
    assert [item.code for item in found if item.is_open and item.blocks] == blocks.split()
    assert [item.code for item in found if item.is_open and not item.blocks] == advice.split()


def test_the_cases_open_every_item():
    """So that the table leaves none out."""
    codes = {item.code for item in readiness(READY, TODAY)}
    assert {item.code for story, _ in CASES.values() for item in readiness(story, TODAY) if item.is_open} == codes


SIGNS = {
    "Write to jane.doe@example.org today": "an e-mail address",
    "Ring 0115 496 0000": "a telephone number",
    "Ring +44 7700 900123": "a telephone number",
    "Ring 07700900123": "a telephone number",
    "Lives at NG1 5DT": "a postcode",
    "lives at ng15dt": "a postcode",
    "Born on 3 May 1961": "a full date, which may be a date of birth",
    "Born 03/05/1961": "a full date, which may be a date of birth",
    "Born 1961-05-03": "a full date, which may be a date of birth",
    "Mrs Example was glad": "somebody's name",
    "a man called Peter": "somebody's name",
    "a woman aged 47": "somebody's age",
    "a 47-year-old": "somebody's age",
    "NHS number 9434765919": "an NHS number",
}
NO_SIGNS = [
    "In 2024/25 the four places met 5,304 people, 35% fewer.",
    "Between May 2024 and June 2025 they ran 12 sessions of 2.5 hours.",
    "Nottingham City Council and Small Steps Big Changes met every week.",
    "Core20PLUS5 is about 20% of people. HW-1 and FCN-2 are deliverables.",
    "It cost £1,250,000 and reached 1,200,000 people.",
]


@pytest.mark.parametrize("words", SIGNS)
def test_what_looks_like_a_persons_details_is_found(words):
    assert SIGNS[words] in [kind for kind, _ in signs_of_people(words)]


@pytest.mark.parametrize("words", NO_SIGNS)
def test_what_does_not_is_left_alone(words):
    assert list(signs_of_people(words)) == []


def test_the_check_digit_is_the_one_of_the_nhs():
    assert is_nhs_number("9434765919") and not is_nhs_number("9434765918")
    assert not is_nhs_number("1234567890")


COUNTED = {
    "two patients": "two patients",
    "Two were fast tracked": "Two were",
    "3 of the 15 died": "3 of the 15 died",
    "there were 2 deaths": "2 deaths",
    "Three suicides": "Three suicides",
    "Only 2 individuals": "2 individuals",
    "2 of 13 people": "2 of 13 people",
    "2/13 patients": "2/13 patients",
    "2 cases": "2 cases",
    "A single patient": "A single patient",
    "Three of them came": "Three of them",
    "Only one of them came": "one of them",
    "One died": "One died",
    "Both families moved": "Both families",
    "3 opportunistic patients came": "3 opportunistic patients",
    "from 2 to 4 people": "2 to 4 people",
    "two service users": "two service users",
    "3 care home residents": "3 care home residents",
    "two hospital admissions and two referrals": "two hospital admissions; two referrals",
    "In the first year 2 died": "2 died",
    "Two may have died": "Two may",
    "Three report feeling better": "Three report",
    "It fell from 12 to 3.": "3",
}
NOT_COUNTED = [
    "13 people and 2,003 people and 1.4 people and 12% of people",
    "four areas, two thousand people, twenty two people",
    "There were several mornings a week, and a special one for veterans.",
    "No one came. They helped one another, one to one, and each one of the nine practices.",
    "one in four people",
    "two and a half years, 3 weeks, 4 times a week, 2 hours, 3 per cent, 4 percent, £2",
    "two of the three sites and one of the four areas",
    "two new community mental health hubs and two nurse-led clinics",
    "two patient groups, two women's groups and 3 staff hours",
    "a single point of access for 24/7 care in 2024/25",
    "Priority 1, HW-1, Core20PLUS5, type 2 diabetes and a two-year plan",
    "2 December 2025 at 2pm, 3 May 2024, a two year plan and one report",
    "1. Ask early.",
]


@pytest.mark.parametrize("words", COUNTED)
def test_small_counts_are_found_in_words_whatever_they_count(words):
    """A warning too many is a question; one too few is a person."""
    assert "; ".join(small_counts(telling(words))) == COUNTED[words]


@pytest.mark.parametrize("words", NOT_COUNTED)
def test_what_is_plainly_no_count_of_people_is_left_alone(words):
    assert small_counts(telling(words)) == []


def test_small_counts_are_found_wherever_the_story_is_told():
    fact = replace(READY.figures[0], metric="Of the two patients", caution="Three died.")
    found = small_counts(replace(READY, figures=(fact,), pictures=("Four men at a table",)))
    assert found == ["two patients", "Three died", "Four men"]


def test_abbreviations_in_the_plural_are_explained_by_their_singular():
    assert unexplained("Primary Care Networks (PCN) and PCNs. The NHS. ICB and INTs") == ["ICB", "INTs"]


def test_a_story_is_told_whether_it_is_easy_to_read():
    said = {name: {item.code: item for item in readiness(CASES[name][0], TODAY)}["reading"].title for name in CASES}
    assert said["nothing is missing"] == "It is easy enough to read" and said["hard words"] == "It is hard to read"


def test_long_words_need_older_readers():
    assert reading_age("The cat sat on the mat.") < 8
    assert reading_age(CASES["hard words"][0].texts["done"]) > 20
    assert reading_age("") == 0


nine = st.text("0123456789", min_size=9, max_size=9)
blank = st.sampled_from(["", " ", "-"])


@given(nine, blank, blank, st.text(max_size=30), st.text(max_size=30))
def test_an_nhs_number_is_never_published_however_it_is_written(digits, one, two, before, after):
    last = next((d for d in "0123456789" if is_nhs_number(digits + d)), None)
    if last is None:
        return
    number = f"{digits[:3]}{one}{digits[3:6]}{two}{digits[6:]}{last}"
    words = f"{before} .{number}. {after}"
    assert number in nhs_numbers(words)
    assert "people" in {item.code for item in blocking(readiness(telling(words), TODAY))}


stories = st.builds(
    Story,
    texts=st.dictionaries(st.sampled_from(sorted(READY.texts)), st.text(max_size=200)),
    figures=st.lists(
        st.builds(
            Fact,
            st.text(max_size=20),
            st.decimals(-10, 10_000, places=2),
            st.sampled_from(["people", "patients", "areas", "percent", ""]),
        ),
        max_size=4,
    ).map(tuple),
    consent=st.sampled_from(["", "given", "nobody"]),
    consent_words=st.text(max_size=10),
    consent_on=st.none() | st.dates(),
    consent_ends_on=st.none() | st.dates(),
    anonymity=st.text(max_size=10),
    small_numbers=st.sampled_from(["", "keep", "changed"]),
    small_words=st.text(max_size=10),
)


@given(stories, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_nothing_is_published_without_consent_and_a_decision_on_small_counts(story, today):
    items = readiness(story, today)
    if blocking(items):
        return
    assert story.texts["done"].strip() and story.consent_words.strip() and story.anonymity.strip()
    assert story.consent == "nobody" or (story.consent == "given" and story.consent_on <= today <= story.consent_ends_on)
    small = [fact for fact in story.figures if fact.unit in ("people", "patients") and fact.value in range(5)]
    assert not small or (story.small_numbers == "keep" and story.small_words.strip())


@given(stories)
def test_every_item_is_said_once_and_advice_never_blocks(story):
    items = readiness(story, TODAY)
    assert len({item.code for item in items}) == len(items) == 11
    assert all(item.title and item.says for item in items)
    assert blocking(items) == [item for item in items if item.blocks and item.is_open]
    assert all(item.place for item in items if item.is_open)


HOSTILE = [
    "a" * 30_000,
    "1 " * 15_000,
    "a@" * 15_000,
    "A. " * 10_000,
    "two " * 8_000,
    "NG1 " * 8_000,
    "1. " * 10_000,
    "one a " * 5_000,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_read_quickly(words):
    began = perf_counter()
    readiness(telling(words), TODAY)
    assert perf_counter() - began < 2
