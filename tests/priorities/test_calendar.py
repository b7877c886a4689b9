"""Against worked cases (calendar.json): computed once from the holidays package and by an independent rule, which agreed."""

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from priorities.calendar import (
    add_working_days,
    is_working_day,
    months,
    nth_working_day,
    plan_year_ends_on,
    plan_year_label,
    plan_year_starts_on,
    proposed_meeting,
    reporting_cycle,
    roll_back,
    roll_forward,
    working_days_between,
)
from strategy_portal.clock import LONDON

CASES = json.loads(Path(__file__).with_name("calendar.json").read_text())


def day(text: str) -> date:
    return date.fromisoformat(text)


def month(text: str) -> date:
    return day(f"{text}-01")


def cases(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", CASES[name], ids=str)


def quarter(label: str, number: int) -> tuple[date, date]:
    starts = months(label)
    ends = [*starts[1:], plan_year_ends_on(label) + timedelta(days=1)]
    return starts[3 * number - 3], ends[3 * number - 1] - timedelta(days=1)


@cases("financial_year")
def test_a_day_lies_in_its_plan_year_quarter_and_month(case):
    label = plan_year_label(day(case["date"]))
    number = months(label).index(day(case["date"]).replace(day=1)) + 1
    assert (label, number, (number + 2) // 3) == (case["label"], case["month_number"], case["quarter"])
    assert plan_year_starts_on(label).year == case["start_year"]


@cases("quarters")
def test_a_quarter_has_its_days(case):
    label, _, number = case["label"].partition(" Q")
    starts_on, ends_on = quarter(label, int(number))
    assert (starts_on, ends_on) == (day(case["start"]), day(case["end"]))
    assert (ends_on - starts_on).days + 1 == case["days"]


@cases("months")
def test_a_plan_year_has_twelve_months(case):
    label, _, number = case["label"].partition(" M")
    assert months(label)[int(number) - 1] == day(case["month"])
    assert len(months(label)) == 12


@cases("clock")
def test_the_plan_year_turns_in_london(case):
    local = datetime.fromisoformat(case["utc"]).astimezone(LONDON).date()
    assert local == day(case["london_date"])
    assert plan_year_label(local) == case.get("fy", plan_year_label(local))


@pytest.mark.parametrize("label", ["2025/27", "2025-26-27", "2025", "25/26", "", "2025/026", "٢٠٢٥/26", "0000/01", "April"])
def test_what_is_not_a_plan_year_is_refused(label):
    with pytest.raises(ValueError, match="is not a plan year"):
        plan_year_starts_on(label)


def test_a_plan_year_is_read_as_in_an_address_too():
    assert plan_year_starts_on("2025-26") == date(2025, 4, 1)
    assert plan_year_ends_on("2025-26") == date(2026, 3, 31)
    assert plan_year_starts_on("1999/00") == date(1999, 4, 1)


def test_every_weekday_that_is_not_worked_is_a_bank_holiday_and_no_other():
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range((date(2029, 1, 1) - date(2023, 1, 1)).days)]
    off = [d for d in days if d.weekday() < 5 and not is_working_day(d)]
    assert off == [day(case["date"]) for case in CASES["bank_holidays"]]
    assert not any(is_working_day(d) for d in days if d.weekday() >= 5)


@cases("add_working_days")
def test_working_days_are_added(case):
    assert add_working_days(day(case["start"]), case["n"]) == day(case["expected"])


@cases("roll_forward")
def test_a_day_rolls_forward(case):
    assert roll_forward(day(case["date"])) == day(case["expected"])


@cases("roll_back")
def test_a_day_rolls_back(case):
    assert roll_back(day(case["date"])) == day(case["expected"])


@cases("nth_working_day")
def test_a_month_has_its_nth_working_day(case):
    assert nth_working_day(month(case["month"]), case["n"]) == day(case["expected"])


@pytest.mark.parametrize("n", [0, 24, -24])
def test_a_month_has_no_working_day_of_such_a_number(n):
    with pytest.raises(ValueError, match=f"April 2025 has no working day number {n}"):
        nth_working_day(date(2025, 4, 15), n)


@cases("working_days_between")
def test_working_days_are_counted_after_the_first_day_and_up_to_the_second(case):
    assert working_days_between(day(case["after"]), day(case["to"])) == case["expected"]


@cases("next_due")
def test_a_due_day_follows_from_its_rule(case):
    if "month" in case:
        assert roll_back(reporting_cycle(month(case["month"])).ends_on) == day(case["expected"])
    else:
        label, _, number = case["quarter"].partition(" Q")
        assert add_working_days(quarter(label, int(number))[1], 10) == day(case["expected"])


@pytest.mark.parametrize(
    ("of", "opens_on", "due_on"),
    [
        ("2025-04", "2025-04-24", "2025-05-08"),  # Easter in the month, a bank holiday in the next
        ("2025-11", "2025-11-24", "2025-12-05"),
        ("2025-12", "2025-12-23", "2026-01-08"),  # two days of Christmas, and New Year
        ("2026-03", "2026-03-25", "2026-04-09"),  # Easter after the month
    ],
)
def test_a_month_opens_on_its_fifth_last_working_day_and_is_due_on_the_fifth_of_the_next(of, opens_on, due_on):
    cycle = reporting_cycle(month(of))
    assert (cycle.opens_on, cycle.due_on) == (day(opens_on), day(due_on))


@pytest.mark.parametrize(
    ("of", "changed", "meets_on"),
    [
        ("2025-04", {}, "2025-05-15"),  # the early May bank holiday
        ("2025-07", {}, "2025-08-14"),
        ("2025-11", {}, "2025-12-12"),
        ("2025-12", {}, "2026-01-15"),  # New Year
        ("2026-03", {}, "2026-04-16"),  # Good Friday and Easter Monday
        ("2025-11", {"2025-12-12": False}, "2025-12-15"),  # a one-off on the day itself
        ("2025-11", {"2025-12-08": False, "2025-12-09": False}, "2025-12-16"),
        ("2025-11", {"2025-12-06": True}, "2025-12-11"),  # a Saturday on which people work
    ],
)
def test_a_meeting_is_proposed_for_the_tenth_working_day_of_the_next_month(of, changed, meets_on):
    known = {day(on): works for on, works in changed.items()}
    proposed = proposed_meeting(month(of), known)
    assert proposed == day(meets_on)
    assert is_working_day(proposed, known) and proposed > reporting_cycle(month(of), known).due_on


def test_the_months_of_a_plan_year_follow_one_another_without_a_gap():
    cycles = [reporting_cycle(start) for start in months("2025/26")]
    assert cycles[0].starts_on == date(2025, 4, 1) and cycles[-1].ends_on == date(2026, 3, 31)
    assert all(a.ends_on + timedelta(days=1) == b.starts_on for a, b in pairwise(cycles))


def test_days_that_people_entered_are_counted_as_they_say():
    """A royal one-off on Monday 8 December 2025; a Boxing Day and a Saturday on which people work."""
    changed = {day("2025-12-08"): False, day("2025-12-26"): True, day("2025-12-13"): True}
    assert [is_working_day(d, changed) for d in sorted(changed)] == [False, True, True]
    assert [is_working_day(d) for d in sorted(changed)] == [True, False, False]
    assert roll_forward(day("2025-12-06"), changed) == day("2025-12-09")
    assert roll_back(day("2025-12-08"), changed) == day("2025-12-05")
    assert add_working_days(day("2025-12-05"), 5, changed) == day("2025-12-13")
    assert add_working_days(day("2025-12-29"), -1, changed) == day("2025-12-26")
    assert working_days_between(day("2025-12-05"), day("2025-12-15"), changed) == 6
    assert nth_working_day(day("2025-12-01"), 6, changed) == day("2025-12-09")
    assert reporting_cycle(day("2025-11-01"), {day("2025-12-05"): False}).due_on == day("2025-12-08")
