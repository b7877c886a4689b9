"""The only door to the time: dates are those of Europe/London, and a demonstration may fix the day."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

import pytest

from strategy_portal import clock
from strategy_portal.clock import LONDON

NOW = datetime(2025, 11, 14, 9, 30, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 31, 23, 30, tzinfo=UTC), date(2026, 4, 1)),  # summer time: the next plan year has begun
        (datetime(2026, 3, 31, 22, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2025, 11, 30, 23, 59, tzinfo=UTC), date(2025, 11, 30)),  # winter time
        (datetime(2025, 12, 1, 0, 0, tzinfo=UTC), date(2025, 12, 1)),
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), date(2025, 10, 26)),  # the hour that comes twice
    ],
)
def test_a_day_is_a_day_of_london(moment, day):
    with clock.fixed(moment.astimezone(LONDON)):
        assert clock.today() == day


def test_a_moment_given_in_another_zone_is_one_of_london_too():
    with clock.fixed(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 4, 1)


def test_without_a_fixed_date_the_time_is_the_real_one(settings):
    settings.PORTAL_TODAY = None
    real = datetime.now(UTC)
    assert timedelta(0) <= clock.now() - real < timedelta(seconds=5)
    assert clock.now().tzinfo is LONDON
    assert clock.today() == clock.now().date()


def test_a_demonstration_fixes_the_day_and_the_time_of_day_goes_on(settings):
    settings.PORTAL_TODAY = date(2025, 12, 2)
    first, real = clock.now(), datetime.now(UTC).astimezone(LONDON)
    assert clock.today() == first.date() == date(2025, 12, 2)
    same_day = datetime.combine(real.date(), first.time(), LONDON)
    assert abs(same_day - real) < timedelta(seconds=5)
    assert clock.now() > first


def test_a_moment_may_be_fixed_and_inside_it_another():
    outside = clock.today()
    with clock.fixed(NOW):
        assert clock.now() == NOW
        with clock.fixed(NOW + timedelta(days=1)):
            assert clock.today() == date(2025, 11, 15)
        assert clock.now() == NOW
    assert clock.today() == outside


def test_a_mistake_inside_leaves_the_clock_as_it_was():
    outside = clock.today()
    with pytest.raises(ZeroDivisionError), clock.fixed(NOW):
        _ = 1 / 0
    assert clock.today() == outside


def test_the_first_moment_of_a_day_is_midnight_in_london():
    assert clock.on(date(2025, 7, 1)) == datetime(2025, 6, 30, 23, 0, tzinfo=UTC)
    assert clock.on(date(2025, 12, 1)) == datetime(2025, 12, 1, tzinfo=UTC)


def test_the_age_of_sessions_is_measured_on_a_clock_that_nothing_stops(settings):
    """A fixed day must not let a session live for ever."""
    settings.PORTAL_TODAY = date(2025, 12, 2)
    with clock.fixed(NOW):
        assert abs(clock.elapsed() - datetime.now(UTC).timestamp()) < 5
    assert isinstance(LONDON, tzinfo) and str(LONDON) == "Europe/London"
    assert datetime.combine(date(2025, 7, 1), time(), LONDON).utcoffset() == timedelta(hours=1)
