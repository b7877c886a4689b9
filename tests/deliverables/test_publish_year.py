"""Publishing the next plan year, and undoing it: all or nothing, once, and back to where it was."""

from datetime import date

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliverables.actions import publish_year as publishing
from deliverables.actions.publish_year import NotReady, PreviewOvertaken, publish_year
from deliverables.actions.refresh_draft import YearIsThere, save_refresh_draft
from deliverables.actions.undo_year import CannotUndo, WouldLose, undo_year, undoing
from deliverables.models import (
    CommitmentSuccession,
    Deliverable,
    DeliverableSuccession,
    Milestone,
    PrioritySuccession,
    RefreshDraft,
    UpdateDraft,
)
from deliverables.refresh.sheet import Old, draft_of, mark_of, seen_of
from people.models import User
from priorities.models import Commitment, PlanYear, Priority, ReportingPeriod
from reports.actions import put_ask, store_roll_up
from strategy_portal import clock
from tests import factories
from tests.deliverables.refreshing import became, choose, key, make_plan, problems, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    make_plan()
    return factories.person("administrator", "Ada")


def everything() -> dict[str, list]:
    """Every row but those of histories, and the draft, which says who touched it last."""
    models = [m for m in apps.get_models(include_auto_created=True) if not m.__name__.startswith(("Historical", "RefreshDraft"))]
    return {m._meta.label: list(m._base_manager.order_by("pk").values_list()) for m in models}


def of_new_year(year: PlanYear, code: str) -> Deliverable:
    return Deliverable.objects.of(year).get(code=code)


def april(year: PlanYear) -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("plan_year__strategy").get(plan_year=year, starts_on="2026-04-01")


def test_with_no_choice_at_all_everything_is_carried_on(ada):
    year = publish(ada)
    assert (year.code, year.starts_on, year.ends_on) == ("2026-27", date(2026, 4, 1), date(2027, 3, 31))
    assert [d.code for d in Deliverable.objects.of(year).in_order()] == ["A-1", "A-2", "A-3", "B-1", "B-2"]
    made = of_new_year(year, "A-1")
    assert (made.maturity, made.due_on, made.measure, made.lead.code) == ("drafted", None, "Homes.", "icb")
    assert made.priority.plan_year == year and made.priority.slug == "p1"
    assert {p.code for p in made.principles.all()} == {"PREVENTION", "EQUITY"}
    assert [c.theme.plan_year for c in made.commitments.all()] == [year] * 3
    assert [str(m) for m in made.managers.all()] == ["Priya"]
    step = made.milestones.get()
    assert (step.title, step.baseline_on, step.forecast_on) == ("Second step", date(2026, 2, 15), date(2026, 5, 15))
    assert became("A-1") == [("carried", "A-1")]
    assert year.expected_outcomes.get().audience == "Everyone"
    periods = ReportingPeriod.objects.filter(plan_year=year).order_by("starts_on")
    assert [p.month for p in periods][::11] == ["2026-04", "2027-03"] and periods.count() == 12
    record = made.history.get()
    assert record.history_user == ada and record.principles.count() == 2 and record.managers.count() == 1


def test_the_history_of_a_new_year_is_dated_by_the_portals_clock(ada, set_today):
    set_today(date(2026, 2, 10))
    assert of_new_year(publish(ada), "A-1").history.get().history_date.date() == date(2026, 2, 10)


def test_every_column_and_every_link_is_copied_but_those_that_start_again(ada):
    """Also those that the model gets later: whatever is not named here has to be carried on."""
    starts_again = {"id", "plan_year_id", "priority_id", "maturity", "due_on"}
    year = publish(ada)
    for old in Deliverable.objects.of(factories.plan_year()):
        new = of_new_year(year, old.code)
        for column in Deliverable._meta.concrete_fields:
            if column.attname not in starts_again:
                assert getattr(new, column.attname) == getattr(old, column.attname), column
        for link in Deliverable._meta.many_to_many:
            there, here = (sorted(str(one) for one in getattr(row, link.name).all()) for row in (new, old))
            assert there == here != [], link


def test_each_fate_does_what_it_says(ada):
    choose(
        ada,
        P2={"fate": "reworded", "name": "Anew", "words": "Said otherwise."},
        A_1={"fate": "merged", "into": "A-2"},
        A_3={"fate": "split", "parts": "One\nTwo"},
        B_1={"fate": "completed", "reason": "All homes have it."},
        B_2={"fate": "stopped", "reason": "No money."},
        C_1={"fate": "merged", "into": "C-2"},
        C_3={"fate": "stopped", "reason": "Said twice."},
    )
    year = publish(ada)
    assert Priority.objects.get(plan_year=year, code="P2").statement == "Said otherwise."
    assert became("A-1") == [("merged", "A-2")] and became("A-3") == [("split", "A-3A"), ("split", "A-3B")]
    assert became("B-1") == [("completed", None)]
    assert [d.code for d in Deliverable.objects.of(year).in_order()] == ["A-2", "A-3A", "A-3B"]
    steps = [(m.deliverable.code, m.title) for m in Milestone.objects.filter(deliverable__plan_year=year).order_by("pk")]
    assert sorted(steps) == [("A-2", "Second step"), ("A-2", "Second step (from A-1)"), ("A-3A", "Second step")]
    assert {c.code for c in of_new_year(year, "A-2").commitments.all()} == {"C-2"}
    ended = DeliverableSuccession.objects.get(was__code="B-2")
    assert (ended.became, ended.reason, ended.decided_by) == (None, "No money.", ada)


def test_nothing_is_published_while_something_is_missing(ada):
    factories.priority("P3", 3)
    before = everything()
    choose(ada, A_1={"fate": "stopped"}, P2={"fate": "completed"})
    with pytest.raises(NotReady) as missing:
        publish(ada)
    assert len(missing.value.problems) == len(problems()) == 4  # both reasons, and where B-1 and B-2 go on
    assert everything() == before


@pytest.mark.parametrize("fails", ["periods", "commitments", "milestones", "successions"])
def test_a_fault_in_the_middle_leaves_nothing(ada, monkeypatch, fails):
    before = everything()

    def fault(self) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(publishing.Publishing, fails, fault)
    with pytest.raises(RuntimeError):
        publish(ada)
    assert everything() == before


def test_a_double_click_publishes_once(ada):
    old = factories.plan_year()
    seen = seen_of(Old.read(old), draft_of(old))
    assert publish_year(by=ada, plan_year=old, seen=seen) == publish_year(by=ada, plan_year=old, seen=seen)
    assert PlanYear.objects.count() == 2 and DeliverableSuccession.objects.count() == 5


def test_what_is_published_is_what_was_previewed(ada):
    old = factories.plan_year()
    seen = seen_of(Old.read(old), draft_of(old))
    choose(factories.person("administrator", "Adam"), A_1={"fate": "stopped", "reason": "No money."})
    with pytest.raises(PreviewOvertaken, match="Adam"):
        publish_year(by=ada, plan_year=old, seen=seen)
    seen = seen_of(Old.read(old), draft_of(old))
    Deliverable.objects.filter(code="A-2").update(title="Edited meanwhile")
    with pytest.raises(PreviewOvertaken):
        publish_year(by=ada, plan_year=old, seen=seen)


# The draft


def keep(by: User, page: str, row: dict[str, str], mark: str = "") -> dict:
    return save_refresh_draft(
        by=by, plan_year=factories.plan_year(), page=page, rows={key("A-1"): row}, marks={key("A-1"): mark}
    )[1]


def test_of_two_administrators_each_row_is_whose_who_chose_it_first_until_the_other_has_seen_it(ada):
    adam = factories.person("administrator", "Adam")
    assert keep(ada, "hers", {"fate": "stopped", "reason": "No money."}) == {}
    assert keep(adam, "his", {}) == {}  # he has not touched it, and nothing of hers goes
    theirs = keep(adam, "his", {"fate": "completed", "reason": "Done."})
    assert theirs[key("A-1")]["by"] == "Ada" and draft_of(factories.plan_year()).rows[key("A-1")]["fate"] == "stopped"
    assert keep(ada, "hers", {"fate": "stopped", "reason": "No money at all."}) == {}  # she types on
    assert (
        keep(adam, "his", {"fate": "completed", "reason": "Done."}, mark_of(draft_of(factories.plan_year()).rows[key("A-1")]))
        == {}
    )
    assert draft_of(factories.plan_year()).rows[key("A-1")]["by"] == "Adam"


def test_a_second_window_of_hers_does_not_write_over_the_first(ada):
    keep(ada, "first", {"fate": "stopped", "reason": "Typed for long."})
    assert keep(ada, "second", {"fate": "split"}) != {}


def test_the_draft_takes_no_more_once_the_year_is_there(ada):
    publish(ada)
    with pytest.raises(YearIsThere):
        keep(ada, "late", {"fate": "stopped"})


# Undoing


def test_the_year_after_next_is_started_from_what_its_own_year_before_holds(ada):
    new = publish(ada)
    old = Old.read(new)
    years = {one.plan_year for one in (*old.priorities, *old.deliverables)} | {one.theme.plan_year for one in old.commitments}
    assert years == {new}
    assert len(old.priorities) == Priority.objects.filter(plan_year=new).count() > 0


def test_undoing_leaves_every_row_as_it_was_and_brings_the_draft_back(ada):
    choose(ada, A_1={"fate": "stopped", "reason": "No money."}, A_2={"fate": "split", "parts": "One\nTwo"})
    before, typed = everything(), draft_of(factories.plan_year()).rows
    year = publish(ada)
    store_roll_up(period_id=april(year).pk)
    assert everything() != before
    assert undo_year(by=ada, year=year) == factories.plan_year()
    assert everything() == before and draft_of(factories.plan_year()).rows == typed
    gone = Deliverable.history.filter(plan_year=year.pk, history_type="-")
    assert gone.count() == 5 and gone.first().history_user == ada
    assert publish(ada).code == "2026-27"


def test_what_undoing_would_take_away_is_counted(ada):
    year = publish(ada)
    found = undoing(year)
    assert found.counts == [
        *(
            "5 milestones",
            "5 deliverables",
            "3 commitments",
            "1 theme",
            "1 expected outcome",
            "2 priorities",
            "12 reporting periods",
        )
    ]
    assert (found.edited, found.refused) == (0, "")
    one = of_new_year(year, "A-1")
    one.title = "Edited"
    one.save()
    assert undoing(year).edited == 1


def test_definitions_that_were_worded_or_agreed_in_the_year_are_lost_only_by_who_has_seen_which(ada):
    year = publish(ada)
    worded, agreed = of_new_year(year, "A-1"), of_new_year(year, "B-1")
    worded.measure, agreed.maturity = "Other homes.", "agreed"
    worded.save()
    agreed.save()
    factories.deliverable("B-9", in_priority="P2")
    Deliverable.objects.filter(code="B-9").update(plan_year=year, priority=Priority.objects.get(plan_year=year, code="P2"))
    found = undoing(year)
    assert [(one.code, one.what) for one in found.lost] == [("A-1", "worded"), ("B-1", "agreed"), ("B-9", "added by hand")]
    of_new_year(year, "A-2").milestones.update(title="Renamed")  # no definition
    worded.measure, worded.maturity = "Yet others.", "baselined"
    worded.save()
    before = everything()
    for knowing in ("", found.seal):
        with pytest.raises(WouldLose):
            undo_year(by=ada, year=year, knowing=knowing)
    assert everything() == before
    assert undo_year(by=ada, year=year, knowing=undoing(year).seal) == factories.plan_year()


def report(year: PlanYear, ada: User) -> None:
    factories.update(of_new_year(year, "A-1"), by=User.objects.get(name="Priya"), month=april(year))


def draft(year: PlanYear, ada: User) -> None:
    of = {"deliverable": of_new_year(year, "A-1"), "period": april(year), "saved_by": ada, "saved_at": clock.now()}
    UpdateDraft.objects.create(fields={"done": "W"}, **of)


def evidence(year: PlanYear, ada: User) -> None:
    factories.link(of_new_year(year, "A-1"), by=ada, month=april(year))


def ask(year: PlanYear, ada: User) -> None:
    put_ask(by=ada, period=april(year), deliverable=None, wording="Pay.", wanted_on=date(2026, 6, 1), owner="The director")


def issue(year: PlanYear, ada: User) -> None:
    factories.issue(april(year))


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (report, "1 status update"),
        (draft, "1 update draft"),
        (evidence, "1 piece of evidence"),
        (ask, "1 ask of the board"),
        (issue, "1 progress report"),
    ],
)
def test_nothing_is_undone_once_somebody_has_worked_in_the_year(ada, set_today, work, said):
    year = publish(ada)
    set_today(date(2026, 4, 28))
    work(year, ada)
    before = everything()
    assert said in undoing(year).refused
    with pytest.raises(CannotUndo, match=said):
        undo_year(by=ada, year=year)
    assert everything() == before


def test_nothing_is_undone_once_the_year_after_it_is_begun(ada, set_today):
    year = publish(ada)
    set_today(date(2026, 6, 1))
    save_refresh_draft(by=ada, plan_year=year, page="p", rows={"d1": {"fate": "split"}}, marks={})
    with pytest.raises(CannotUndo, match="1 refresh draft"):
        undo_year(by=ada, year=year)


def test_a_year_that_did_not_come_from_a_refresh_is_not_undone(ada):
    assert undoing(factories.plan_year()) is None
    with pytest.raises(CannotUndo, match="did not come from a refresh"):
        undo_year(by=ada, year=factories.plan_year())


# Whatever is chosen

CHOICES = st.fixed_dictionaries(
    {
        "fate": st.sampled_from(["carried", "reworded", "merged", "split", "completed", "stopped"]),
        "name": st.just("Anew"),
        "words": st.just("Other words."),
        "into": st.sampled_from(["P1", "P2", "A-1", "A-2", "B-1", "C-1", "C-2"]),
        "parts": st.just("One\nTwo"),
        "reason": st.just("Because."),
        "under": st.just(""),
    }
)
CODES = ("P1", "P2", "A-1", "A-2", "A-3", "B-1", "B-2", "C-1", "C-2", "C-3")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.dictionaries(st.sampled_from(CODES), CHOICES))
def test_whatever_is_chosen_every_promise_has_one_fate_and_undoing_leaves_every_row_as_it_was(ada, chosen):
    with transaction.atomic():
        before = everything()
        rows = {key(code): row for code, row in chosen.items()}
        save_refresh_draft(by=ada, plan_year=factories.plan_year(), page="p", rows=rows, marks={})
        try:
            year = publish(ada)
        except NotReady:
            assert everything() == before
        else:
            every_promise_has_one_fate(year)
            undo_year(by=ada, year=year)
            assert everything() == before
        transaction.set_rollback(True)


def every_promise_has_one_fate(year: PlanYear) -> None:
    for model, of, kind in (
        (Priority, "plan_year", PrioritySuccession),
        (Deliverable, "plan_year", DeliverableSuccession),
        (Commitment, "theme__plan_year", CommitmentSuccession),
    ):
        for one in model.objects.filter(**{of: factories.plan_year()}):
            went = list(one.went.order_by("part"))
            assert len({row.fate for row in went}) == 1
            assert [row.part for row in went] == list(range(1, len(went) + 1))
        there = set(model.objects.filter(**{of: year}).values_list("pk", flat=True))
        assert there == set(kind.objects.exclude(became=None).values_list("became", flat=True))


# The walls of the database


def test_the_database_holds_each_promise_to_one_honest_fate(ada):
    year = publish(ada)
    old, new = Deliverable.objects.get(code="A-1", plan_year__code="2025-26"), of_new_year(year, "A-1")
    by = {"decided_at": clock.now(), "decided_by": ada}
    for wrong in (
        {"fate": "carried", "became": new},  # a second fate
        {"fate": "carried", "became": new, "part": 2},  # only what is split has parts
        {"fate": "split", "became": new, "part": 2},  # which another became already
        {"fate": "stopped", "part": 1, "reason": ""},
        {"fate": "forgotten", "became": new, "part": 2},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeliverableSuccession.objects.create(was=old, **by, **wrong)
    DeliverableSuccession.objects.filter(was=old).delete()
    for wrong in ({"fate": "stopped"}, {"fate": "completed", "reason": "Yes.", "became": new}, {"fate": "carried"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeliverableSuccession.objects.create(was=old, **by, **wrong)
    assert RefreshDraft.objects.count() == 0
