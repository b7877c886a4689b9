"""New forecasts: in force at once, or proposed to the group; and taken back with their update."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from deliverables.actions import CannotTakeBack, MilestoneReport, Overtaken, agree_update, take_back_update
from deliverables.actions.milestones import waits_for_the_group
from deliverables.models import Milestone, MilestoneMove, UpdateDraft
from priorities.actions import PeriodClosed, close_period
from priorities.models import ReportingPeriod
from reports.gather import work_out
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db
NOON = clock.on(date(2025, 12, 2))


@pytest.fixture
def deliverable():
    return factories.deliverable(lead=factories.organisation())


@pytest.fixture
def milestone(deliverable):
    return factories.milestone(deliverable, baseline=date(2025, 12, 15))


def moved(milestone: Milestone, to: date, **more) -> tuple[MilestoneReport, ...]:
    milestone.refresh_from_db()
    given = {"seen_on": milestone.expected_on, "forecast_on": to, "reason": "supplier", "words": "The supplier is late."}
    return (MilestoneReport(milestone.pk, **given | more),)


def dates(milestone: Milestone) -> tuple[date, date | None]:
    milestone.refresh_from_db()
    return milestone.forecast_on, milestone.proposed_on


def times_moved(milestone: Milestone) -> int:
    return Milestone.objects.with_moves().get(pk=milestone.pk).moved


@pytest.mark.parametrize(
    ("to", "waits"),
    [
        (date(2026, 1, 14), False),  # 30 days
        (date(2026, 1, 15), True),  # 31
        (date(2025, 11, 1), False),  # earlier
        (date(2026, 4, 1), True),  # past the plan year's end
    ],
)
def test_a_date_waits_for_the_group_when_it_slips_more_than_30_days_or_past_the_year(to, waits):
    assert waits_for_the_group(to=to, began_on=date(2025, 12, 15), year_ends_on=date(2026, 3, 31)) == waits
    assert waits_for_the_group(to=date(2026, 4, 1), began_on=date(2026, 3, 30), year_ends_on=date(2026, 3, 31))


def test_a_long_slip_is_proposed_and_both_dates_stand_until_the_group_agrees(priya, olu, deliverable, milestone):
    month = factories.november()
    update = factories.update(deliverable, by=priya, month=month, milestones=moved(milestone, date(2026, 2, 27)))
    assert dates(milestone) == (date(2025, 12, 15), date(2026, 2, 27))
    assert times_moved(milestone) == 0
    agree_update(by=olu, update=update)
    assert dates(milestone) == (date(2026, 2, 27), None)
    assert times_moved(milestone) == 1
    kinds = list(milestone.moves.order_by("pk").values_list("kind", "moved_by__name", "words"))
    assert kinds == [("proposed", "Priya", "The supplier is late."), ("agreed", "Olu", "The supplier is late.")]


def test_several_small_moves_in_one_month_count_as_one_long_one(priya, deliverable, milestone):
    month = factories.november()
    factories.update(deliverable, by=priya, month=month, milestones=moved(milestone, date(2026, 1, 10)))
    assert dates(milestone) == (date(2026, 1, 10), None)
    factories.update(deliverable, by=priya, month=month, seen=1, milestones=moved(milestone, date(2026, 2, 5)))
    assert dates(milestone) == (date(2026, 1, 10), date(2026, 2, 5))


def test_a_correction_may_drop_what_was_proposed(priya, deliverable, milestone):
    month = factories.november()
    factories.update(deliverable, by=priya, month=month, milestones=moved(milestone, date(2026, 2, 27)))
    factories.update(deliverable, by=priya, month=month, seen=1, milestones=moved(milestone, date(2025, 12, 15)))
    assert dates(milestone) == (date(2025, 12, 15), None)
    assert times_moved(milestone) == 0


def test_what_the_group_has_not_agreed_is_still_proposed_in_the_next_month(priya, olu, deliverable, milestone):
    factories.update(deliverable, by=priya, month=factories.october(), milestones=moved(milestone, date(2026, 2, 27)))
    close_period(by=olu, period=factories.october())
    update = factories.update(deliverable, by=priya, month=factories.november())
    assert dates(milestone) == (date(2025, 12, 15), date(2026, 2, 27))
    agree_update(by=olu, update=update)
    assert dates(milestone) == (date(2026, 2, 27), None)


def test_the_database_knows_what_a_move_counts(priya, deliverable, milestone):
    update = factories.update(deliverable, by=priya, month=factories.november())
    given = {"milestone": milestone, "update": update, "reason": "data", "words": "Late.", "moved_at": NOON, "moved_by": priya}
    days = {"from_on": date(2025, 12, 15), "to_on": date(2026, 2, 27)}
    for wrong in ({"kind": "proposed", "counts": 1}, {"kind": "moved", "counts": 0}, {"kind": "taken_back", "counts": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MilestoneMove.objects.create(**given, **days, **wrong)


# Taking back


def take_back(update, by):
    with clock.fixed(NOON):
        return take_back_update(by=by, update=update, key=uuid4())


def test_an_update_that_is_taken_back_counts_as_not_reported_and_its_words_are_in_the_draft(priya, deliverable):
    month = factories.november()
    update = factories.update(deliverable, by=priya, month=month, rating="off_track", done="410 homes.")
    assert work_out(month).content["plan"]["headline"] == "off_track"
    take_back(update, priya)
    plan = work_out(factories.november()).content["plan"]
    assert (plan["reported"], plan["distribution"]["not_reported"], plan["headline"]) == (0, 1, "at_risk")
    draft = UpdateDraft.objects.get(saved_by=priya)
    assert (draft.fields["done"], draft.fields["rating"], draft.fields["route_on-year"]) == ("410 homes.", "off_track", "2026")
    assert deliverable.updates.count() == 2


def test_it_can_be_submitted_again_and_counts(priya, deliverable):
    update = factories.update(deliverable, by=priya, month=factories.november())
    take_back(update, priya)
    again = factories.update(deliverable, by=priya, month=factories.november(), seen=2, rating="at_risk")
    assert again.number == 3
    assert [one.pk for one in deliverable.updates.standing()] == [again.pk]


def test_dates_and_ticks_go_back_with_it(priya, deliverable, milestone):
    other = factories.milestone(deliverable, "Second step", baseline=date(2025, 11, 20))
    said = (
        *moved(milestone, date(2026, 1, 10)),
        MilestoneReport(other.pk, date(2025, 11, 20), date(2025, 11, 20), done_on=date(2025, 11, 19)),
    )
    update = factories.update(deliverable, by=priya, month=factories.november(), milestones=said)
    assert (dates(milestone)[0], times_moved(milestone)) == (date(2026, 1, 10), 1)
    take_back(update, priya)
    other.refresh_from_db()
    assert (dates(milestone), times_moved(milestone), other.done_on) == ((date(2025, 12, 15), None), 0, None)


def test_all_corrections_of_the_month_go_back_together(priya, deliverable, milestone):
    month = factories.november()
    factories.update(deliverable, by=priya, month=month, milestones=moved(milestone, date(2025, 12, 20)))
    factories.update(deliverable, by=priya, month=month, seen=1, milestones=moved(milestone, date(2026, 2, 27)))
    last = factories.update(deliverable, by=priya, month=month, seen=2, rating="at_risk")
    take_back(last, priya)
    assert (dates(milestone), times_moved(milestone)) == ((date(2025, 12, 15), None), 0)


def test_what_was_proposed_before_stays_proposed(priya, deliverable, milestone):
    factories.update(deliverable, by=priya, month=factories.october(), milestones=moved(milestone, date(2026, 2, 27)))
    update = factories.update(deliverable, by=priya, month=factories.november(), milestones=moved(milestone, date(2026, 3, 10)))
    assert dates(milestone)[1] == date(2026, 3, 10)
    take_back(update, priya)
    assert dates(milestone) == (date(2025, 12, 15), date(2026, 2, 27))


def test_taking_back_twice_is_taking_back_once(priya, deliverable):
    update = factories.update(deliverable, by=priya, month=factories.november())
    assert take_back(update, priya) == take_back(update, priya)
    assert deliverable.updates.count() == 2


def test_what_has_been_corrected_since_is_not_taken_back(priya, deliverable):
    first = factories.update(deliverable, by=priya, month=factories.november())
    factories.update(deliverable, by=factories.person("programme_manager", "Sam"), month=factories.november(), seen=1)
    with pytest.raises(Overtaken):
        take_back(first, priya)


def test_what_the_group_has_agreed_is_corrected_but_not_taken_back(priya, olu, deliverable):
    update = factories.update(deliverable, by=priya, month=factories.november())
    agree_update(by=olu, update=update)
    with pytest.raises(CannotTakeBack):
        take_back(update, priya)
    assert factories.update(deliverable, by=priya, month=factories.november(), seen=1, rating="at_risk").number == 2


def test_nothing_is_taken_back_once_the_report_is_issued(priya, olu, deliverable):
    update = factories.update(deliverable, by=priya, month=factories.november())
    close_period(by=olu, period=factories.november())
    with pytest.raises(PeriodClosed):
        take_back(update, priya)


def test_taking_back_owes_the_roll_ups_again(priya, deliverable):
    update = factories.update(deliverable, by=priya, month=factories.november())
    before = ReportingPeriod.objects.get(pk=update.period_id).data_version
    take_back(update, priya)
    assert ReportingPeriod.objects.get(pk=update.period_id).data_version == before + 1
