"""How definitions mature: what stands at the end of each week, from changes in the order in which they were written."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverables.models import Deliverable
from reports.burn_down import MATURITIES, Standing, ends_of_weeks, last_day, reading, standings
from reports.charts import MATURING
from strategy_portal.clock import LONDON

APRIL, JUNE = date(2025, 4, 1), date(2025, 6, 30)


def at(day, hour=9, month=4):
    return datetime(2025, month, day, hour, tzinfo=LONDON)


def counts(*changes, days=(date(2025, 4, 6), date(2025, 4, 13))):
    found = standings(changes, days)
    return [tuple(getattr(one, maturity) for maturity in MATURITIES) for one in found]


CASES = {
    "nothing is known": ([], [(0, 0, 0, 0)] * 2),
    "one stands still": ([(at(1), 1, "drafted")], [(0, 1, 0, 0)] * 2),
    "one matures in the second week": ([(at(1), 1, "drafted"), (at(9), 1, "agreed")], [(0, 1, 0, 0), (0, 0, 1, 0)]),
    "one goes back": ([(at(1), 1, "agreed"), (at(9), 1, "expected")], [(0, 0, 1, 0), (1, 0, 0, 0)]),
    "the last second of the day counts": ([(at(6, 23), 1, "baselined")], [(0, 0, 0, 1)] * 2),
    "the next morning does not": ([(at(7, 0), 1, "baselined")], [(0, 0, 0, 0), (0, 0, 0, 1)]),
    "the day is London's": ([(datetime.fromisoformat("2025-04-06T23:30+00:00"), 1, "agreed")], [(0, 0, 0, 0), (0, 0, 1, 0)]),
    "of a day, the last that was written": ([(at(2, 9), 1, "agreed"), (at(2, 8), 1, "drafted")], [(0, 1, 0, 0)] * 2),
    "written later for an earlier day": ([(at(12), 1, "expected"), (at(2), 1, "drafted")], [(0, 1, 0, 0)] * 2),
    "one is added in the second week": ([(at(1), 1, "agreed"), (at(8), 2, "expected")], [(0, 0, 1, 0), (1, 0, 1, 0)]),
    "before the year began": ([(at(3, month=3), 1, "agreed"), (at(8), 1, "baselined")], [(0, 0, 1, 0), (0, 0, 0, 1)]),
    "after the last day": ([(at(1), 1, "agreed"), (at(20), 1, "baselined")], [(0, 0, 1, 0)] * 2),
}


@pytest.mark.parametrize("changes, found", CASES.values(), ids=CASES)
def test_what_stands_at_the_end_of_each_week(changes, found):
    assert counts(*changes) == found


moments = st.datetimes(datetime(2025, 3, 1), datetime(2025, 7, 31), timezones=st.just(LONDON))
rows = st.lists(st.tuples(moments, st.integers(1, 4), st.sampled_from(MATURITIES)), max_size=30)


@given(rows)
def test_it_says_what_walking_through_the_changes_for_each_day_says(changes):
    days = ends_of_weeks(APRIL, JUNE)
    for day, found in zip(days, standings(changes, days), strict=True):
        stands = {one: maturity for moment, one, maturity in changes if moment.date() <= day}
        expected = [sum(1 for maturity in stands.values() if maturity == name) for name in MATURITIES]
        assert [getattr(found, name) for name in MATURITIES] == expected
        assert found.total == len(stands)


def test_the_quarter_ends_in_june_and_its_weeks_on_sundays():
    assert last_day(APRIL) == JUNE
    days = ends_of_weeks(APRIL, JUNE)
    assert days[0] == date(2025, 4, 6) and days[-2:] == [date(2025, 6, 29), JUNE] and len(days) == 14
    assert ends_of_weeks(APRIL, date(2025, 4, 6)) == [date(2025, 4, 6)]
    assert ends_of_weeks(APRIL, date(2025, 4, 2)) == [date(2025, 4, 2)]
    assert ends_of_weeks(APRIL, date(2025, 3, 31)) == []


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 120))
def test_every_day_of_a_quarter_is_followed_by_an_end_of_its_week(first, length):
    last = first + timedelta(days=length)
    days = ends_of_weeks(first, last)
    assert days == sorted(set(days)) and days[-1] == last
    assert all(any(first <= end and 0 <= (end - first).days - n <= 6 for end in days) for n in range(length + 1))


@pytest.mark.parametrize(
    "standing, said",
    [
        (
            Standing(JUNE, 2, 1, 2, 4),
            "By the end of the first quarter, 4 of 9 definitions were baselined, 2 agreed, 1 drafted and 2 only expected.",
        ),
        (Standing(date(2025, 5, 18), 0, 0, 1, 8), "By 18 May 2025, 8 of 9 definitions were baselined and 1 agreed."),
        (Standing(JUNE, 0, 0, 0, 9), "By the end of the first quarter, 9 of 9 definitions were baselined."),
        (Standing(JUNE, 1, 0, 0, 0), "By the end of the first quarter, 0 of 1 definition was baselined and 1 only expected."),
        (Standing(JUNE, 0, 0, 0, 0), ""),
    ],
)
def test_the_chart_is_read_in_one_sentence(standing, said):
    assert reading([Standing(APRIL, 9, 0, 0, 0), standing], JUNE) == said


def test_nothing_is_said_of_nothing():
    assert reading([], JUNE) == ""


def test_the_words_are_those_of_a_definition():
    assert list(MATURITIES) == Deliverable.Maturity.values
    assert {code: name for code, name, _, _ in MATURING} == dict(Deliverable.Maturity.choices)
    assert len({shape for _, _, _, shape in MATURING}) == 4  # so that colour is never alone
