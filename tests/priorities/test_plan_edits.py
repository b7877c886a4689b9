"""Editing the frame of the plan: what an administrator may change, what is refused, and what can never move."""

from datetime import date

import pytest

from deliverables.models import PrioritySuccession
from people.joining.actions import deactivate_person
from people.models import Organisation, User
from priorities.models import Body, PlanYear, Priority, ReportingPeriod
from priorities.plan.actions import add_row, delete_row, edit_row, move_row, plan_periods
from strategy_portal import clock
from strategy_portal.editing import Overtaken, Refused, seen_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.person("administrator", "Ada")


def versions() -> dict[int, int]:
    return dict(ReportingPeriod.objects.values_list("pk", "data_version"))


def body(code: str, order: int = 0, **more) -> Body:
    return Body.objects.create(strategy=factories.plan_year().strategy, code=code, name=f"Board {code}", order=order, **more)


# One row


def test_an_edit_is_kept_with_who_and_when_and_owes_every_roll_up(ada):
    row = factories.priority()
    before = versions()
    edited = edit_row(by=ada, row=row, values={"name": "Work", "why": "It helps."}, seen=seen_of(row))
    assert (edited.name, edited.why) == ("Work", "It helps.")
    assert edited.history.first().history_user == ada
    assert versions() == {pk: number + 1 for pk, number in before.items()}


def test_the_same_again_changes_nothing_even_if_it_is_stale(ada):
    row = factories.priority()
    seen = seen_of(row)
    edit_row(by=ada, row=row, values={"name": "Work"}, seen=seen)
    before = versions()
    edit_row(by=ada, row=row, values={"name": "Work"}, seen=seen)
    assert row.history.count() == 2 and versions() == before


def test_an_edit_of_what_somebody_else_has_edited_is_refused(ada):
    row = factories.priority()
    seen = seen_of(row)
    edit_row(by=factories.person("administrator", "Adam"), row=row, values={"name": "Theirs"}, seen=seen)
    with pytest.raises(Overtaken, match="Adam"):
        edit_row(by=ada, row=row, values={"name": "Mine"}, seen=seen)
    row.refresh_from_db()
    assert row.name == "Theirs"


@pytest.mark.parametrize(
    ("make", "values", "field", "why"),
    [
        (lambda: factories.plan_year(), {"ends_on": date(2025, 3, 1)}, "ends_on", "after the first day"),
        (lambda: factories.plan_year(), {"starts_on": date(2025, 4, 2)}, "starts_on", "1 April 2025 or before"),
        (lambda: factories.plan_year(), {"ends_on": date(2026, 3, 30)}, "ends_on", "31 March 2026 or after"),
        (lambda: factories.plan_year(), {"ends_on": date(2026, 4, 2)}, "ends_on", "must not lie in 2026/27"),
        (
            lambda: body("B2"),
            {"starts_on": date(2026, 1, 2), "ends_on": date(2026, 1, 1)},
            "ends_on",
            "on or after the first day",
        ),
        (lambda: factories.organisation("trust"), {"name": "ORGANISATION ICB"}, "name", "called Organisation icb already"),
        (lambda: factories.person("viewer", "Bea"), {"email": "ada@example.org"}, "email", "Ada has this email address already"),
    ],
)
def test_what_breaks_a_rule_is_refused_beside_its_box(ada, make, values, field, why):
    factories.organisation("icb")
    strategy = factories.plan_year().strategy
    PlanYear.objects.create(strategy=strategy, code="2026-27", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    row = make()
    with pytest.raises(Refused, match=why) as refused:
        edit_row(by=ada, row=row, values=values, seen=seen_of(row))
    assert refused.value.field == field
    assert type(row).history.filter(id=row.pk).count() == 1


def test_a_year_without_months_can_move(ada):
    strategy = factories.plan_year().strategy
    year = PlanYear.objects.create(strategy=strategy, code="2026-27", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    days = {"starts_on": date(2026, 5, 1), "ends_on": date(2027, 4, 30)}
    edited = edit_row(by=ada, row=year, values=days, seen=seen_of(year))
    assert (edited.starts_on, edited.ends_on) == (days["starts_on"], days["ends_on"])


def test_a_body_never_assures_itself_by_way_of_others(ada):
    first, second, third = body("B1"), body("B2"), body("B3")
    edit_row(by=ada, row=second, values={"assures": first})
    edit_row(by=ada, row=third, values={"assures": second})
    for above in (first, second, third):
        with pytest.raises(Refused, match="cannot assure itself") as refused:
            edit_row(by=ada, row=first, values={"assures": above})
        assert refused.value.field == "assures"


def test_an_organisation_is_not_ended_under_the_last_administrator(ada):
    icb = factories.organisation("icb")
    for values, field in (
        ({"ends_on": date(2025, 12, 1)}, "ends_on"),
        ({"ends_on": date(2026, 6, 30)}, "ends_on"),
        ({"starts_on": date(2026, 1, 1)}, "starts_on"),
    ):
        with pytest.raises(Refused, match="nobody would be left") as refused:
            edit_row(by=ada, row=icb, values=values)
        assert refused.value.field == field
    factories.person("administrator", "Adam", factories.organisation("trust"))
    assert edit_row(by=ada, row=icb, values={"ends_on": date(2026, 6, 30)}).ends_on == date(2026, 6, 30)


# New, and gone


def new_priority(code: str = "P9", slug: str = "new", **more) -> Priority:
    return Priority(plan_year=factories.plan_year(), code=code, slug=slug, name="New", order=9, **more)


def test_a_new_row_sent_twice_is_one(ada):
    made = [add_row(by=ada, row=new_priority(), same=("plan_year", "code", "name")) for _ in range(2)]
    assert made[0] == made[1] and Priority.objects.filter(code="P9").count() == 1
    assert made[0].history.get().history_user == ada


@pytest.mark.parametrize(("row", "field"), [({"code": "p1"}, "code"), ({"slug": "p1"}, "name"), ({"slug": ""}, "name")])
def test_a_code_or_an_address_is_used_once_a_year(ada, row, field):
    factories.priority("P1")
    with pytest.raises(Refused, match="already") as refused:
        add_row(by=ada, row=new_priority(**row))
    assert refused.value.field == field


def test_a_priority_goes_only_while_it_has_no_deliverables(ada):
    used, unused = factories.priority("P1"), factories.priority("P2", 2)
    work = factories.deliverable("HW-1", in_priority="P1")
    with pytest.raises(Refused, match="1 deliverable"):
        delete_row(by=ada, row=used)
    delete_row(by=ada, row=unused)
    delete_row(by=ada, row=unused)
    assert list(Priority.objects.all()) == [used] == [work.priority]
    assert Priority.history.filter(code="P2", history_type="-").get().history_user == ada


def test_an_organisation_goes_only_while_nothing_leans_on_it(ada):
    leads, partner, serves, unused = (factories.organisation(code) for code in ("a", "b", "c", "d"))
    factories.deliverable(lead=leads).partners.add(partner)
    factories.person("viewer", "Bea", serves)
    for used in (leads, partner, serves):
        with pytest.raises(Refused, match="cannot be deleted"):
            delete_row(by=ada, row=used)
    delete_row(by=ada, row=unused)
    assert set(Organisation.objects.values_list("code", flat=True)) == {"a", "b", "c", "icb"}


def test_what_was_used_once_is_not_deleted_either(ada):
    once, first, second = factories.organisation("once"), factories.priority("P1"), factories.priority("P2", 2)
    work = factories.deliverable("HW-1", in_priority="P1", lead=once)
    work.lead, work.priority = None, second
    work.save()
    for row in (once, first):
        with pytest.raises(Refused, match="a place in the history of others"):
            delete_row(by=ada, row=row)


def test_a_priority_that_a_document_names_or_that_another_year_has_too_is_not_deleted(ada):
    named, was, became = (factories.priority(f"P{number}", number) for number in (1, 2, 3))
    for row, source in ((named, "The strategy"), (named, "")):
        row.source = source
        row.save()
    PrioritySuccession.objects.create(was=was, became=became, fate="carried", decided_at=clock.now(), decided_by=ada)
    for row, why in ((named, "the strategy"), (was, "another plan year"), (became, "another plan year")):
        with pytest.raises(Refused, match=f"a place in {why}.*Let it end instead"):
            delete_row(by=ada, row=row)


def test_a_plan_year_that_follows_another_is_started_on_the_page_of_the_next_year(ada):
    year = factories.plan_year()
    later = PlanYear(strategy=year.strategy, code="2026-27", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    with pytest.raises(Refused, match="next year's page first") as refused:
        add_row(by=ada, row=later)
    assert refused.value.field == "code" and PlanYear.objects.get() == year


# Order


def order_of() -> list[str]:
    return list(Priority.objects.order_by("order").values_list("code", flat=True))


def test_a_row_moves_by_one_place_and_the_others_make_room(ada):
    for number in (1, 2, 3):
        factories.priority(f"P{number}", number)
    third = Priority.objects.get(code="P3")
    assert move_row(by=ada, row=third, siblings=Priority.objects.all(), was=3, to=2) == 2
    assert order_of() == ["P1", "P3", "P2"]
    assert third.history.first().history_user == ada
    assert Priority.objects.get(code="P1").history.count() == 1, "what does not move has no edit"


@pytest.mark.parametrize(("was", "to"), [(2, 1), (3, 4), (3, 0), (3, 3)])
def test_a_move_from_where_the_row_is_not_or_to_where_there_is_no_place_moves_nothing(ada, was, to):
    for number in (1, 2, 3):
        factories.priority(f"P{number}", number)
    before = versions()
    assert move_row(by=ada, row=Priority.objects.get(code="P3"), siblings=Priority.objects.all(), was=was, to=to) == 3
    assert order_of() == ["P1", "P2", "P3"] and versions() == before


def test_rows_that_share_a_place_are_given_one_each(ada):
    for code in ("A", "B", "C"):
        body(code)
    row = Body.objects.get(code="A")
    assert move_row(by=ada, row=row, siblings=Body.objects.all(), was=1, to=3) == 3
    assert list(Body.objects.order_by("order").values_list("code", "order")) == [("B", 1), ("C", 2), ("A", 3)]


# Months


def seen_months() -> int:
    return ReportingPeriod.history.order_by("-history_id").first().history_id


def days(period: ReportingPeriod, **more: date | None) -> dict:
    return {period.pk: {name: getattr(period, name) for name in ("opens_on", "due_on", "meeting_on")} | more}


def test_the_dates_of_months_change_together(ada):
    november, december = factories.november(), factories.period_of("2025-12-01")
    wanted = days(november, meeting_on=date(2025, 12, 12)) | days(december, due_on=date(2026, 1, 9))
    moved = plan_periods(by=ada, plan_year=november.plan_year, days=wanted, seen=seen_months())
    assert {str(period) for period in moved} == {"November 2025", "December 2025"}
    assert factories.november().meeting_on == date(2025, 12, 12)
    assert november.history.first().history_user == ada
    assert factories.november().data_version == november.data_version + 1


def test_dates_that_stay_the_same_leave_no_edit(ada):
    november = factories.november()
    before = seen_months()
    assert plan_periods(by=ada, plan_year=november.plan_year, days=days(november), seen=0) == []
    assert seen_months() == before and factories.november().data_version == november.data_version


def test_a_month_whose_report_is_issued_does_not_move(ada):
    october = factories.october()
    factories.issue(october)
    with pytest.raises(Refused, match="October 2025 has been issued"):
        plan_periods(by=ada, plan_year=october.plan_year, days=days(october, meeting_on=date(2025, 12, 12)), seen=seen_months())
    assert factories.october().meeting_on is None


def test_months_that_somebody_else_has_edited_are_looked_at_first(ada):
    november = factories.november()
    seen = seen_months()
    for on in (date(2025, 12, 11), date(2025, 12, 12)):
        try:
            plan_periods(by=ada, plan_year=november.plan_year, days=days(november, meeting_on=on), seen=seen)
        except Overtaken:
            break
    assert factories.november().meeting_on == date(2025, 12, 11)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"opens_on": date(2025, 10, 31)}, "opens_on"),
        ({"due_on": date(2025, 11, 24)}, "due_on"),
        ({"meeting_on": date(2025, 12, 4)}, "meeting_on"),
    ],
)
def test_the_dates_of_a_month_are_in_order(ada, changes, field):
    november = factories.november()
    with pytest.raises(Refused) as refused:
        plan_periods(by=ada, plan_year=november.plan_year, days=days(november, **changes), seen=seen_months())
    assert refused.value.field == field
    factories.november()


# The past


def test_an_inactive_person_keeps_her_name_in_the_history(ada):
    bea = factories.person("viewer", "Bea")
    row = factories.priority()
    edit_row(by=bea, row=row, values={"name": "By Bea"})
    deactivate_person(by=ada, user=bea)
    assert row.history.first().history_user.name == "Bea"
