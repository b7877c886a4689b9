"""Finding stories by their words: the same on every database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestudies.models import CaseStudy
from casestudies.search import fold, words_of
from tests.casestudies.test_case_studies import story

FOUND = [
    ("éla", "Élan Ward"),
    ("ÉLA", "Élan Ward"),
    ("ela", "Élan Ward"),
    ("e\u0301la", "Élan Ward"),
    ("ward élan", "Élan Ward"),
    ("STRASSE", "Straße 5"),
    ("100%", "100% of homes"),
    ("a_b", "a_b"),
    ("ﬁt", "Fit and well"),
]
NOT_FOUND = [("elan hall", "Élan Ward"), ("100%", "1000 homes"), ("a_b", "acb"), ("\\", "back"), ("'", "quote")]


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "title"), FOUND)
def test_a_story_is_found_whatever_its_accents_and_capitals(asked, title):
    made = story(title=title)
    assert list(CaseStudy.objects.search(asked)) == [made]


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "title"), NOT_FOUND)
def test_other_words_do_not_find_it(asked, title):
    story(title=title)
    assert not CaseStudy.objects.search(asked).exists()


@pytest.mark.django_db
def test_every_part_of_the_story_is_searched_and_what_is_saved_anew_is_found_anew():
    made = story(problem="Cold homes", done="Warmth", changed="Fewer falls", learnt="Ask", place="Worksop")
    for word in ("cold", "warmth", "falls", "ask", "worksop", "partner", "story"):
        assert CaseStudy.objects.search(word).exists(), word
    made.place = "Newark"
    made.save()
    assert CaseStudy.objects.search("newark").exists() and not CaseStudy.objects.search("worksop").exists()


def test_a_search_of_many_words_or_none_is_bounded():
    assert words_of("") == words_of(" \0 ") == []
    assert len(words_of("a " * 5000)) <= 8


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
