"""Who is reminded of what, and when: the timetable as a table of cases, then the letters that come of it."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from deliverables.actions import remind_due, remind_now, take_back_update
from deliverables.due import outstanding
from deliverables.reminders import Window, reason_today, subject
from deliverables.tasks import remind
from people.actions import choose_reminders, give_role, send_letters
from people.models import Letter, Membership, User
from priorities.actions import close_period
from priorities.models import BankHoliday, ReportingPeriod
from strategy_portal import clock
from strategy_portal.clock import LONDON
from tests import factories

DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


# The timetable. November 2025 opens on Monday 24 November and is due on Friday 5 December.

NOVEMBER = Window(day("2025-11-24"), day("2025-12-05"))
# Due on the last Monday of the year; Thursday 25 and Friday 26 December are bank holidays, and so is Thursday 1 January.
AT_CHRISTMAS = Window(day("2025-12-15"), day("2025-12-29"))


def year_of(window: Window, choice: str = "daily", changed: dict[date, bool] | None = None) -> dict[str, str]:
    """What is sent on which day when the worker runs every day for a quarter of a year."""
    found, last_on = {}, None
    for n in range(90):
        today = window.opens_on - 5 * DAY + n * DAY
        reason = reason_today(window, today=today, choice=choice, last_on=last_on, changed=changed or {})
        if reason:
            found[f"{today}"], last_on = reason.code, today
    return found


def first(found: dict[str, str], number: int) -> dict[str, str]:
    return dict(list(found.items())[:number])


def test_a_month_is_opened_counted_down_and_chased_every_week():
    assert first(year_of(NOVEMBER), 8) == {
        "2025-11-24": "opens",
        "2025-11-28": "five_days",
        "2025-12-04": "one_day",
        "2025-12-08": "day_after",
        "2025-12-15": "week_1",
        "2025-12-22": "week_2",
        "2025-12-29": "week_3",
        "2026-01-05": "week_4",
    }


def test_working_days_step_over_christmas():
    """Five working days before Monday 29 December are 24, 23, 22, 19 and 18; the last before it is Wednesday 24."""
    assert first(year_of(AT_CHRISTMAS), 5) == {
        "2025-12-15": "opens",
        "2025-12-18": "five_days",
        "2025-12-24": "one_day",
        "2025-12-30": "day_after",
        "2026-01-06": "week_1",
    }


def test_days_that_people_entered_count_as_they_say():
    """A royal one-off on Tuesday 30 December, and a Boxing Day on which people work after all."""
    changed = {day("2025-12-30"): False, day("2025-12-26"): True}
    assert first(year_of(AT_CHRISTMAS, changed=changed), 5) == {
        "2025-12-15": "opens",
        "2025-12-19": "five_days",
        "2025-12-26": "one_day",
        "2025-12-31": "day_after",
        "2026-01-07": "week_1",
    }


def test_a_weekly_reminder_on_a_bank_holiday_waits_for_the_next_working_day():
    """Weeks after Friday 28 November are Fridays; 26 December is Boxing Day."""
    found = year_of(Window(day("2025-11-20"), day("2025-11-27")))
    assert [on for on, code in found.items() if code.startswith("week")][:6] == [
        *("2025-12-05", "2025-12-12", "2025-12-19", "2025-12-29", "2026-01-02", "2026-01-09")
    ]


@pytest.mark.parametrize(
    ("opens_on", "due_on", "expected"),
    [
        # Opens three working days before it is due: the five days are left out.
        ("2025-12-02", "2025-12-05", {"2025-12-02": "opens", "2025-12-04": "one_day", "2025-12-08": "day_after"}),
        # Opens on the working day before.
        ("2025-12-04", "2025-12-05", {"2025-12-04": "one_day", "2025-12-08": "day_after", "2025-12-15": "week_1"}),
        # Opens on the day it is due.
        ("2025-12-05", "2025-12-05", {"2025-12-05": "opens", "2025-12-08": "day_after", "2025-12-15": "week_1"}),
        # Opens and is due at a weekend.
        ("2025-12-06", "2025-12-07", {"2025-12-08": "day_after", "2025-12-15": "week_1", "2025-12-22": "week_2"}),
        # Due on a Saturday: one working day before it is the Friday.
        ("2025-12-01", "2025-12-13", {"2025-12-01": "opens", "2025-12-08": "five_days", "2025-12-12": "one_day"}),
    ],
)
def test_a_month_of_any_shape_has_its_reminders(opens_on, due_on, expected):
    assert first(year_of(Window(day(opens_on), day(due_on))), 3) == expected


def test_no_reminder_is_written_at_a_weekend_or_on_a_bank_holiday():
    for choice in ("daily", "weekly", "late"):
        for opens in range(20):
            window = Window(day("2025-12-10") + opens * DAY, day("2025-12-20") + opens * DAY)
            days = [day(on) for on in year_of(window, choice)]
            assert days and not [on for on in days if on.weekday() > 4 or f"{on}" in ("2025-12-25", "2025-12-26", "2026-01-01")]


@pytest.mark.parametrize(
    ("today", "last_on", "expected"),
    [
        ("2025-12-02", None, "five_days"),  # away since the month opened
        ("2025-12-02", "2025-11-24", "five_days"),  # away on the day itself
        ("2025-12-02", "2025-11-28", None),
        ("2025-12-02", "2025-12-01", None),  # reminded by hand since
        ("2025-12-18", "2025-11-24", "week_1"),  # away for weeks: the newest alone, not a pile
        ("2026-03-02", None, "week_12"),
        ("2025-11-23", None, None),  # not open
        ("2025-12-06", None, None),  # a Saturday
    ],
)
def test_of_the_reminders_that_were_missed_the_newest_is_sent_once(today, last_on, expected):
    reason = reason_today(NOVEMBER, today=day(today), choice="daily", last_on=day(last_on) if last_on else None)
    assert (reason.code if reason else None) == expected


def test_a_weekly_reader_hears_on_the_first_working_day_of_a_week_of_what_is_due_in_it_or_late():
    assert first(year_of(NOVEMBER, "weekly"), 5) == {
        "2025-12-01": "week_of_2025-12-01",
        "2025-12-08": "week_of_2025-12-08",
        "2025-12-15": "week_of_2025-12-15",
        "2025-12-22": "week_of_2025-12-22",
        "2025-12-29": "week_of_2025-12-29",
    }


def test_a_weekly_reader_hears_on_tuesday_when_monday_is_a_bank_holiday():
    found = year_of(Window(day("2026-03-25"), day("2026-04-09")), "weekly")  # Easter Monday is 6 April 2026
    assert first(found, 2) == {"2026-04-07": "week_of_2026-04-06", "2026-04-13": "week_of_2026-04-13"}


def test_a_weekly_reader_whose_monday_was_missed_hears_on_the_next_working_day_and_once_that_week():
    assert reason_today(NOVEMBER, today=day("2025-12-03"), choice="weekly", last_on=day("2025-11-28"))
    assert not reason_today(NOVEMBER, today=day("2025-12-03"), choice="weekly", last_on=day("2025-12-01"))


def test_who_wants_to_hear_only_of_what_is_late_does():
    assert first(year_of(NOVEMBER, "late"), 3) == {"2025-12-08": "day_after", "2025-12-15": "week_1", "2025-12-22": "week_2"}


@pytest.mark.parametrize("choice", ["daily", "weekly", "late"])
def test_the_group_is_copied_from_the_first_weekly_reminder_after_the_due_day_on(choice):
    copied = {
        f"{today}": reason.copies_group
        for n in range(30)
        if (reason := reason_today(NOVEMBER, today=(today := day("2025-11-24") + n * DAY), choice=choice))
    }
    assert {on for on, is_copied in copied.items() if is_copied} == {on for on in copied if on >= "2025-12-15"} != set()


@pytest.mark.parametrize("choice", ["daily", "weekly", "late"])
def test_a_closed_month_reminds_nobody(choice):
    assert year_of(Window(NOVEMBER.opens_on, NOVEMBER.due_on, is_closed=True), choice) == {}


@pytest.mark.parametrize(
    ("due_days", "expected"),
    [
        (["2025-12-05"], "1 update is due on 5 December 2025"),
        (["2025-12-05"] * 3, "3 updates are due on 5 December 2025"),
        (["2025-12-05", "2026-01-08"], "2 updates are due, the first on 5 December 2025"),
        (["2025-12-01"], "1 update is late"),
        (["2025-12-01", "2025-11-07"], "2 updates are late"),
        (["2025-12-05", "2025-11-07", "2025-11-07"], "2 updates are late and 1 is due on 5 December 2025"),
        (["2025-12-02"], "1 update is due on 2 December 2025"),
    ],
)
def test_the_subject_says_what_is_due(due_days, expected):
    assert subject([day(on) for on in due_days], day("2025-12-02")) == expected


# The letters. November alone is open: its days are those of the table above.


@pytest.fixture
def november(db) -> ReportingPeriod:
    year, ada = factories.plan_year(), factories.person("administrator", "Ada")
    for period in ReportingPeriod.objects.exclude(starts_on="2025-11-01"):
        close_period(by=ada, period=period)
    ReportingPeriod.objects.filter(starts_on="2025-11-01").update(opens_on=NOVEMBER.opens_on, due_on=NOVEMBER.due_on)
    return factories.november(year)


@pytest.fixture
def priya(november) -> User:
    """She reports on HW-1 for her organisation, and on X-1 by name."""
    priya = factories.person("programme_manager", "Priya")
    factories.deliverable("HW-1", lead=factories.organisation(), short_title="Home devices")
    factories.deliverable("X-1", lead=factories.organisation("trust")).managers.add(priya)
    return priya


def at(text: str, hour: int = 8):
    """The portal's moment, in London."""
    return clock.fixed(datetime.combine(day(text), datetime.min.time(), LONDON).replace(hour=hour))


def run_on(text: str, hour: int = 8, *, send: bool = True) -> list[Letter]:
    with at(text, hour):
        written = remind_due()
        if send:
            send_letters()
        return written


def days_of(user: User) -> list[str]:
    return [f"{letter.written_on}" for letter in user.letters.order_by("written_on")]


def run_every_day(until: str = "2025-12-23") -> None:
    """As the timetable does, four times an hour and more often than it needs to be."""
    today = day("2025-11-20")
    while today <= day(until):
        run_on(f"{today}", 8)
        run_on(f"{today}", 17)
        today += DAY


def test_a_month_of_running_every_day_writes_one_letter_for_each_reason(priya):
    run_every_day()
    assert days_of(priya) == ["2025-11-24", "2025-11-28", "2025-12-04", "2025-12-08", "2025-12-15", "2025-12-22"]
    assert Letter.objects.count() == 6


def test_reminders_stop_when_everything_is_reported_and_start_again_when_it_is_taken_back(priya, november):
    updates = [factories.update(of, by=priya, month=november) for of in {due.deliverable for due in outstanding().people[0].dues}]
    assert run_on("2025-12-04") == []
    with at("2025-12-05"):
        take_back_update(by=priya, update=updates[0], key=uuid4())
    [letter] = run_on("2025-12-08")
    assert letter.subject == "1 update is late"
    assert updates[0].deliverable.code in letter.text


def test_what_is_reported_already_is_not_in_the_letter(priya, november):
    hers = outstanding().people[0].dues[0].deliverable
    factories.update(hers, by=priya, month=november)
    [letter] = run_on("2025-12-04")
    assert letter.subject == "1 update is due on 5 December 2025"
    assert hers.code not in letter.text and "X-1" in letter.text


def test_an_issued_month_reminds_nobody(priya, november):
    close_period(by=priya, period=november)
    run_every_day()
    assert Letter.objects.count() == 0


def test_nothing_is_written_when_nothing_is_due(november):
    """Someone who could report, and nothing to report on."""
    factories.person("programme_manager")
    run_every_day()
    assert Letter.objects.count() == 0


def test_two_open_months_make_one_letter(priya, november):
    """October was due on 7 November and is chased weekly; on 28 November both have their day."""
    ReportingPeriod.objects.filter(starts_on="2025-10-01").update(
        closed_at=None, closed_by=None, opens_on="2025-10-27", due_on="2025-11-06"
    )
    run_on("2025-11-21")
    [letter] = run_on("2025-11-28")
    assert letter.subject == "2 updates are late and 2 are due on 5 December 2025"
    assert letter.text.index("October 2025: was due on 6 November 2025, 22 days late") < letter.text.index(
        "November 2025: due on"
    )
    assert run_on("2025-11-28", 17) == []


def test_a_reminder_by_hand_and_the_timetable_make_one_letter_a_day(priya):
    olu = factories.person("outcomes_group", "Olu")
    with at("2025-12-04"):
        assert remind_now(by=olu, people=[priya]).written == [priya]
        assert remind_due() == []
        again = remind_now(by=olu, people=[priya])
    assert (again.written, again.already, again.nothing_due) == ([], [priya], [])
    assert days_of(priya) == ["2025-12-04"]


def test_who_owes_nothing_is_not_reminded_by_hand_either(priya, november):
    olu, bea = factories.person("outcomes_group", "Olu"), factories.person("viewer", "Bea")
    reminded = remind_now(by=olu, people=[bea, priya], period=november)
    assert (reminded.written, reminded.nothing_due) == ([priya], [bea])
    letter = Letter.objects.get()
    assert (letter.written_by, letter.copies) == (olu, [])
    assert "Olu of the outcomes group asked us to remind you." in letter.text


def test_by_hand_for_one_month_leaves_out_who_owes_only_another(priya, november):
    """Zoe has reported November and owes October."""
    olu, council = factories.person("outcomes_group", "Olu"), factories.organisation("council")
    ReportingPeriod.objects.filter(starts_on="2025-10-01").update(closed_at=None, closed_by=None)
    zoe, hers = factories.person("programme_manager", "Zoe", council), factories.deliverable("Z-1", lead=council)
    factories.update(hers, by=zoe, month=november)
    assert remind_now(by=olu, people=[zoe], period=november).nothing_due == [zoe]
    assert remind_now(by=olu, people=[zoe], period=factories.october()).written == [zoe]


def test_a_weekly_reader_and_one_who_wants_only_what_is_late_get_theirs(priya):
    choose_reminders(by=priya, reminders="weekly")
    sam = factories.person("programme_manager", "Sam")
    choose_reminders(by=sam, reminders="late")
    run_every_day()
    assert days_of(priya) == ["2025-12-01", "2025-12-08", "2025-12-15", "2025-12-22"]
    assert days_of(sam) == ["2025-12-08", "2025-12-15", "2025-12-22"]


def test_the_group_gets_a_copy_of_the_weekly_chasers_once_each(priya):
    for name in ("Olu", "Omar"):
        factories.person("outcomes_group", name)
    give_role(by=None, user=User.objects.get(name="Olu"), organisation=factories.organisation("trust"), role="outcomes_group")
    left = factories.person("outcomes_group", "Otto")
    left.is_active = False
    left.save()
    run_every_day()
    copies = {f"{letter.written_on}": letter.copies for letter in Letter.objects.all()}
    both = ["olu@example.org", "omar@example.org"]
    early = {on: copied for on, copied in copies.items() if on < "2025-12-15"}
    assert len(early) == 4 and not any(early.values())
    assert [copied for on, copied in copies.items() if on >= "2025-12-15"] == [both, both]


def test_someone_of_the_group_who_reports_too_gets_no_copy_of_her_own_letter(priya):
    give_role(by=None, user=priya, organisation=factories.organisation(), role="outcomes_group")
    factories.person("outcomes_group", "Olu")
    [letter] = run_on("2025-12-15")
    assert letter.copies == ["olu@example.org"]


@pytest.mark.parametrize("why", ["inactive", "no role", "organisation gone", "fictional"])
def test_who_cannot_report_is_not_reminded(priya, settings, why):
    if why == "inactive":
        User.objects.filter(pk=priya.pk).update(is_active=False)
    elif why == "no role":
        Membership.objects.filter(user=priya).update(role="viewer")
    elif why == "organisation gone":
        priya.memberships.get().organisation.__class__.objects.update(ends_on="2025-11-30")
    else:
        settings.PORTAL_DEMONSTRATION = False
        User.objects.filter(pk=priya.pk).update(is_demonstration=True)
    assert run_on("2025-12-04") == []
    with at("2025-12-04"):
        found = outstanding()
    assert found.people == []
    assert {due.deliverable.code for due in found.nobody} == {"HW-1", "X-1"}


def test_a_fictional_person_is_reminded_in_a_demonstration(priya, settings):
    settings.PORTAL_DEMONSTRATION = True
    User.objects.filter(pk=priya.pk).update(is_demonstration=True)
    assert [letter.to for letter in run_on("2025-12-04")] == [priya]


def test_a_bank_holiday_that_was_entered_moves_the_reminder(priya):
    BankHoliday.objects.create(day_on="2025-12-04", name="A royal one-off")
    run_every_day("2025-12-07")
    assert days_of(priya) == ["2025-11-24", "2025-11-27", "2025-12-03"]


def test_at_a_weekend_no_more_is_read_than_the_table_of_days(priya, django_assert_num_queries):
    with at("2025-12-06"), django_assert_num_queries(1):
        assert remind_due() == []


@pytest.mark.parametrize(("before", "after"), [("2026-03-27", "2026-03-30"), ("2025-10-24", "2025-10-27")])
def test_the_weekends_on_which_the_clocks_change_are_weekends_like_others(priya, before, after):
    """The night from Saturday to Sunday between the two; a reminder of Friday is neither lost nor doubled on Monday."""
    november = ReportingPeriod.objects.filter(starts_on="2025-11-01")
    november.update(opens_on=day(before), due_on=day(after))
    assert [letter.written_on for letter in run_on(before)] == [day(before)]
    assert run_on(f"{day(before) + DAY}", 1) == run_on(f"{day(before) + 2 * DAY}", 1) == run_on(after) == []
    november.update(opens_on=day(after), due_on=day(after))
    assert [letter.written_on for letter in run_on(after, 8)] == [day(after)]


def test_a_reminder_that_was_not_sent_on_its_day_is_not_sent_late_but_said_anew(priya):
    """The mail server was away on the 4th; on the 5th the letter says what is due then."""
    run_on("2025-12-04", send=False)
    with at("2025-12-05"):
        assert send_letters() == 0
        [letter] = remind_due()
        assert send_letters() == 1
    assert [f"{on}" for on in Letter.objects.values_list("written_on", flat=True)] == ["2025-12-05"]
    assert letter.sent_at is None and Letter.objects.get().sent_at


def test_a_run_that_was_killed_half_way_is_finished_by_the_next(priya, monkeypatch):
    factories.person("programme_manager", "Sam")
    from deliverables.actions import reminders

    real, calls = reminders.write_letter, []

    def killed(**given):
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(reminders, "write_letter", killed)
    with pytest.raises(KeyboardInterrupt):
        run_on("2025-12-04")
    monkeypatch.undo()
    assert Letter.objects.count() == 1
    assert len(run_on("2025-12-04")) == 1
    assert sorted(Letter.objects.values_list("to__name", flat=True)) == ["Priya", "Sam"]


def test_the_letter_has_a_text_and_a_page_and_leads_to_the_row(priya, settings, november):
    settings.PORTAL_ADDRESS = "https://portal.example"
    factories.deliverable("Q-1", lead=factories.organisation(), short_title="Tea & <b>sympathy</b>")
    User.objects.filter(pk=priya.pk).update(name="Priya <i>Shah</i>")
    with at("2025-12-04"):
        remind()
        assert send_letters() == 1
    [sent] = mail.outbox
    [(page, kind)] = sent.alternatives
    assert (sent.to, sent.cc, kind) == (["priya@example.org"], [], "text/html")
    assert sent.subject == "Strategy portal: 3 updates are due on 5 December 2025"
    assert "Tea & <b>sympathy</b>" in sent.body and "Hello Priya <i>Shah</i>," in sent.body
    assert "Tea &amp; &lt;b&gt;sympathy&lt;/b&gt;" in page and "Priya &lt;i&gt;Shah" in page
    assert "<b>" not in page and "<i>" not in page
    link = "https://portal.example/updates/?month=2025-11&open=HW-1#HW-1"
    assert link in sent.body and link.replace("&", "&amp;") in page
    for part in (sent.body, page):
        assert "https://portal.example/account/reminders/" in part
        assert "November 2025: due on 5 December 2025" in part and "In October: not reported" in part
        assert not re.search(r"\b(don't|can't|won't)\b", part)


def test_the_links_lead_to_the_row_they_name(client, priya):
    """What the letter says is what the page has."""
    [letter] = run_on("2025-12-04")
    links = re.findall(r"(/updates/\?month=\S+)#(\S+)", letter.text)
    assert {row for _, row in links} == {"HW-1", "X-1"}
    factories.sign_in(client, priya)
    for address, row in links:
        assert f'id="{row}"' in client.get(address).content.decode()


def test_the_month_before_is_named_with_its_rating(priya):
    october, hers = factories.october(), outstanding().people[0].dues[0].deliverable
    ReportingPeriod.objects.filter(pk=october.pk).update(closed_at=None, closed_by=None)
    factories.update(hers, by=priya, month=october, rating="off_track")
    close_period(by=priya, period=october)
    [letter] = run_on("2025-12-04")
    assert "In October: off track" in letter.text and "In October: not reported" in letter.text


def test_the_command_does_what_the_task_does(priya, capsys):
    with at("2025-12-04"):
        call_command("remind")
        call_command("remind")
    assert capsys.readouterr().out == "Priya: 2 updates are due on 5 December 2025.\n"
    assert Letter.objects.count() == 1


def test_finding_what_is_due_costs_the_same_however_many_owe_how_much(priya, django_assert_num_queries):
    with at("2025-12-04"), django_assert_num_queries(5):
        outstanding()
    for n in range(20):
        factories.person("programme_manager", f"Manager{n}", factories.organisation(f"org-{n}"))
        factories.deliverable(f"D-{n}", lead=factories.organisation(f"org-{n}"))
    ReportingPeriod.objects.update(closed_at=None, closed_by=None)
    with at("2025-12-04"), django_assert_num_queries(5):
        assert len(outstanding().people) == 21


def test_who_is_late_comes_first(priya, november):
    """Zoe owes October too."""
    october = factories.october()
    ReportingPeriod.objects.filter(pk=october.pk).update(closed_at=None, closed_by=None)
    zoe = factories.person("programme_manager", "Zoe", factories.organisation("council"))
    factories.deliverable("Z-1", lead=factories.organisation("council"))
    for due in outstanding().people[0].dues:
        if due.period == october and due.deliverable.code != "Z-1":
            factories.update(due.deliverable, by=priya, month=october)
    assert [one.user.name for one in outstanding().people] == ["Zoe", "Priya"]
    assert zoe.letters.count() == 0


# By hand, on the page


@pytest.fixture
def olu(client, priya) -> User:
    olu = factories.person("outcomes_group", "Olu")
    factories.sign_in(client, olu)
    return olu


PAGE = "/outcomes-group/remind/"


def test_the_page_shows_who_would_be_reminded_with_all_ticked_and_the_words(client, olu):
    factories.deliverable("N-1", short_title="Nobody has this")
    sam = factories.person("programme_manager", "Sam")
    page = client.get(PAGE).content.decode()
    ticked = re.findall(r'name="people" type="checkbox" value="(\d+)" checked', page)
    assert {int(pk) for pk in ticked} == {sam.pk, User.objects.get(name="Priya").pk}
    assert "HW-1, X-1 for November 2025." in page
    assert "Nobody has this" in page and "Olu of the outcomes group asked us to remind you." in page
    assert Letter.objects.count() == 0


def test_the_address_may_name_one_person(client, olu):
    sam = factories.person("programme_manager", "Sam")
    page = client.get(f"{PAGE}?to={sam.pk}").content.decode()
    assert re.findall(r'name="people" type="checkbox" value="(\d+)" checked', page) == [f"{sam.pk}"]
    assert "To Sam. Each person" in page
    for nonsense in ("x", "0", "%00", "9" * 40):
        assert client.get(f"{PAGE}?to={nonsense}").status_code == 200


def test_reminders_are_sent_once_said_and_logged(client, olu, priya):
    sam = factories.person("programme_manager", "Sam")
    response = client.post(PAGE, {"people": [priya.pk, sam.pk]}, follow=True)
    page = response.content.decode()
    assert "Reminders are on their way to 2 people" in page
    assert [letter.to.name for letter in Letter.objects.order_by("to__name")] == ["Priya", "Sam"]
    assert "by Olu" in page and "Not sent yet" in page
    again = client.post(PAGE, {"people": [priya.pk]}, follow=True).content.decode()
    assert "Already reminded today, so not written to again: Priya" in again
    assert Letter.objects.count() == 2


def test_who_was_reminded_today_is_named_and_not_ticked(client, olu, priya):
    client.post(PAGE, {"people": [priya.pk]})
    page = client.get(PAGE).content.decode()
    assert "Reminded today." in page and "checked" not in page


def test_nobody_chosen_is_a_mistake(client, olu):
    response = client.post(PAGE, {})
    assert response.status_code == 200 and "Choose who to remind" in response.content.decode()
    assert Letter.objects.count() == 0


def test_who_reported_since_the_page_was_opened_is_not_reminded(client, olu, priya, november):
    for due in outstanding().people[0].dues:
        factories.update(due.deliverable, by=priya, month=november)
    page = client.post(PAGE, {"people": [priya.pk, olu.pk, "x"]}, follow=True).content.decode()
    assert "Nothing is due any more from the people you chose" in page
    assert Letter.objects.count() == 0


def test_with_no_month_open_there_is_nobody_to_remind(client, olu, november):
    close_period(by=olu, period=november)
    assert "There is nobody to remind" in client.get(PAGE).content.decode()


def test_the_log_goes_on_over_pages(client, olu, priya):
    for n in range(45):
        with clock.fixed(clock.on(day("2025-09-01") + n * DAY)):
            Letter.objects.create(
                to=priya, kind="reminder", key=f"{n}", subject=f"Letter {n}", written_on=clock.today(), written_at=clock.now()
            )
    page = client.get(f"{PAGE}?page=2").content.decode()
    assert "Showing 21 to 40 of 45 reminders" in page
    assert "Letter 24<" in page and "Letter 25<" not in page


# Two at once


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_write_one_letter_for_each_person(november):
    for n in range(8):
        factories.person("programme_manager", f"Manager{n}")
    factories.deliverable("HW-1", lead=factories.organisation())
    barrier = Barrier(4)

    def beat() -> int:
        connection.ensure_connection()
        barrier.wait()
        try:
            return len(run_on("2025-12-04"))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda _: beat(), range(4)))
    assert sum(written) == Letter.objects.count() == 8
    assert Letter.objects.values("to").distinct().count() == 8
