"""A number is read from what is sent only if it is one that an id, a page or a version can be."""

import pytest

from strategy_portal.numbers import number_in


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("17", 17), ("007", 7), ("9" * 17, 10**17 - 1)])
def test_a_number_is_read(text, number):
    assert number_in(text, otherwise=-1) == number


@pytest.mark.parametrize("text", ["", "abc", "-1", "+1", "1.5", " 1", "1\0", "٣", "²", "1_0", "9" * 18, "9" * 5_000])
def test_anything_else_is_none(text):
    assert number_in(text, otherwise=-1) == -1 and number_in(text) == 0


def test_a_page_has_fewer_digits():
    assert (number_in("999999", most_digits=6), number_in("1000000", most_digits=6, otherwise=1)) == (999_999, 1)
