"""The second look: each check with its cases, beside those that must stay silent."""

from dataclasses import replace
from datetime import date

import pytest

from deliverables.challenge import CHECKS, RULES_VERSION, Case, Step, fingerprint, kept, second_look

TODAY = date(2025, 12, 2)
FINE = Case(
    rating="on_track",
    done="Work went on.",
    route_on=None,
    has_evidence=True,
    before="on_track",
    before_done="Work began.",
    before_month="October",
    due_on=date(2026, 3, 31),
    today=TODAY,
)
AT_RISK = replace(FINE, rating="at_risk", route_on=date(2026, 1, 31))
COMPLETE = replace(FINE, rating="complete")


def step(
    title: str = "800 homes connected", forecast: date = date(2026, 1, 30), *, done: bool = False, moves: int = 0, slip: int = 0
):
    return Step(title, forecast, done, moves, slip)


LATE = step(forecast=date(2025, 12, 1))

TABLE = [
    # what is tried, the case, the codes that fire
    ("nothing", FINE, ""),
    ("at risk with a dated route", AT_RISK, ""),
    ("no rating yet", replace(FINE, rating="", done="Work began."), ""),
    ("an unknown rating", replace(FINE, rating="green"), ""),
    ("on track, a milestone due today", replace(FINE, steps=(step(forecast=TODAY),)), ""),
    ("on track, a milestone overdue", replace(FINE, steps=(LATE,)), "overdue"),
    ("on track, an overdue one that is done", replace(FINE, steps=(replace(LATE, is_done=True),)), ""),
    ("complete, a milestone overdue", replace(COMPLETE, steps=(LATE,)), "overdue"),
    ("at risk says so itself", replace(AT_RISK, steps=(LATE,)), ""),
    ("a milestone moved once", replace(FINE, steps=(step(moves=1),)), ""),
    ("a milestone moved twice", replace(FINE, steps=(step(moves=2),)), "moved"),
    ("one moved three times and done", replace(FINE, steps=(step(moves=3, done=True),)), ""),
    ("off track and moved", replace(AT_RISK, rating="off_track", steps=(step(moves=3),)), "moved"),
    ("at risk without a date", replace(AT_RISK, route_on=None), "route"),
    ("off track, date of yesterday", replace(AT_RISK, rating="off_track", route_on=date(2025, 12, 1)), "route"),
    ("at risk, date of today", replace(AT_RISK, route_on=TODAY), ""),
    ("on track needs no route", replace(FINE, route_on=date(2025, 1, 1)), ""),
    ("the same words", replace(FINE, done="Work began."), "words"),
    ("the same words in capitals, with other stops", replace(FINE, done="WORK  began"), "words"),
    ("the same words but for a number", replace(FINE, done="410 homes", before_done="355 homes"), ""),
    ("no words at all, twice", replace(FINE, done="", before_done=""), ""),
    ("complete without evidence", replace(COMPLETE, has_evidence=False), "evidence"),
    ("on track without evidence", replace(FINE, has_evidence=False), ""),
    ("off track to on track", replace(FINE, before="off_track"), "step"),
    ("at risk to complete", replace(COMPLETE, before="at_risk"), "step"),
    ("off track to at risk", replace(AT_RISK, before="off_track"), ""),
    ("at risk to on track", replace(FINE, before="at_risk"), ""),
    ("on track to off track", replace(AT_RISK, rating="off_track"), ""),
    ("never reported before", replace(FINE, before="", before_done=""), ""),
    ("on track on the due day", replace(FINE, due_on=TODAY), ""),
    ("on track past the due day", replace(FINE, due_on=date(2025, 12, 1)), "due"),
    ("complete past the due day", replace(COMPLETE, due_on=date(2025, 12, 1)), ""),
    ("no due day is set", replace(FINE, due_on=None), ""),
    ("nobody who can report it", replace(FINE, reporters=0), "nobody"),
    (
        "many at once",
        replace(FINE, done="Work began.", steps=(LATE, step(moves=2)), due_on=date(2025, 11, 1)),
        "overdue moved words due",
    ),
]


@pytest.mark.parametrize(("case", "codes"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_fires(case, codes):
    assert [flag.code for flag in second_look(case)] == codes.split()


def test_every_check_has_a_case_that_fires_it():
    fired = {flag.code for _, case, _ in TABLE for flag in second_look(case)}
    assert len(fired) == len(CHECKS) == 8


def test_the_words_name_the_milestone_the_moves_and_the_days():
    (flag,) = second_look(replace(FINE, steps=(step(moves=3, slip=90), step("Second supplier", moves=2))))
    assert flag.label == "Milestone moved 3 times"
    assert flag.words.startswith("“800 homes connected” has moved 3 times, 90 days in all, and 1 other at least twice.")


def test_the_label_counts_what_is_overdue():
    (flag,) = second_look(replace(FINE, steps=(LATE, replace(LATE, title="Second supplier"))))
    assert flag.label == "On track with 2 milestones overdue"
    assert "“800 homes connected”, “Second supplier”" in flag.words


def test_what_is_kept_says_by_which_rules_it_was_found():
    flags = second_look(replace(FINE, done="Work began.", due_on=date(2025, 11, 1)))
    assert kept(flags)["version"] == RULES_VERSION == 1
    assert [found["code"] for found in kept(flags)["flags"]] == ["words", "due"]
    assert kept(()) == {}
    assert fingerprint(flags) == "due words"
