"""Publishing the next plan year, and undoing it: all or nothing, once, and back to where it was."""

from datetime import date

import pytest
from django.apps import apps

from deliverables.actions.publish_year import NotReady, PreviewOvertaken, publish_year
from deliverables.actions.undo_year import CannotUndo, undo_year, undoing
from deliverables.models import Deliverable, DeliverableSuccession, Milestone
from people.models import User
from priorities.models import Commitment, PlanYear, Priority, ReportingPeriod
from tests import factories
from tests.deliverables.refreshing import became, choose, key, make_plan, problems, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    make_plan()
    return factories.person("administrator", "Ada")


def everything() -> dict[str, list]:
    """Every row but those of histories and of drafts."""
    models = [m for m in apps.get_models(include_auto_created=True) if "istorical" not in m.__name__ and m.__name__ != "RefreshDraft"]
    return {m._meta.label: list(m._base_manager.order_by("pk").values_list()) for m in models}


def test_with_no_choice_at_all_everything_is_carried_on(ada):
    year = publish(ada)
    assert (year.code, year.starts_on, year.ends_on) == ("2026-27", date(2026, 4, 1), date(2027, 3, 31))
    assert [d.code for d in Deliverable.objects.of(year).in_order()] == ["A-1", "A-2", "A-3", "B-1", "B-2"]
    made = Deliverable.objects.of(year).get(code="A-1")
    assert (made.maturity, made.due_on, made.measure, made.lead.code) == ("drafted", None, "Homes.", "icb")
    assert made.priority.plan_year == year and made.priority.slug == "p1"
    assert {p.code for p in made.principles.all()} == {"PREVENTION", "EQUITY"}
    assert [c.theme.plan_year for c in made.commitments.all()] == [year] * 3
    assert [str(m) for m in made.managers.all()] == ["Priya"]
    step = made.milestones.get()
    assert (step.title, step.baseline_on, step.forecast_on) == ("Second step", date(2026, 2, 15), date(2026, 5, 15))
    assert became("A-1") == [("carried", "A-1")]
    periods = ReportingPeriod.objects.filter(plan_year=year).order_by("starts_on")
    assert [p.month for p in periods][::11] == ["2026-04", "2027-03"] and periods.count() == 12
    record = made.history.get()
    assert record.history_user == ada and record.principles.count() == 2 and record.managers.count() == 1


def test_undoing_leaves_every_row_as_it_was(ada):
    before = everything()
    choose(ada, A_1={"fate": "stopped", "reason": "No money."}, A_2={"fate": "split", "parts": "One\nTwo"})
    year = publish(ada)
    assert everything() != before
    undo_year(by=ada, year=year)
    assert everything() == before


def test_what_undoing_would_take_away_is_counted(ada):
    found = undoing(publish(ada))
    assert (found.counts["deliverables"], found.counts["milestones"], found.edited, found.refused) == (5, 5, 0, "")


def test_nothing_is_undone_once_somebody_has_reported(ada, set_today):
    year = publish(ada)
    set_today(date(2026, 4, 28))
    april = ReportingPeriod.objects.select_related("plan_year").get(plan_year=year, starts_on="2026-04-01")
    factories.update(Deliverable.objects.of(year).get(code="A-1"), by=User.objects.get(name="Priya"), month=april)
    before = everything()
    with pytest.raises(CannotUndo, match="1 status update"):
        undo_year(by=ada, year=year)
    assert everything() == before
