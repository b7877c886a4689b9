"""The plan on a page: what is promised, what answers it, who oversees what, and how its definitions matured."""

from datetime import date

import pytest

from deliverables.models import Deliverable
from priorities.models import Body, Commitment, ReachGroup, Theme
from reports import charts
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def bea(client):
    factories.plan_year()
    factories.sign_in(client, factories.person("viewer", "Bea"))
    return client


def promise(code, theme="T1", kind="transformation", **more):
    year = factories.plan_year()
    found, _ = Theme.objects.get_or_create(plan_year=year, code=theme, defaults={"name": f"Theme {theme}"})
    return Commitment.objects.create(theme=found, code=code, kind=kind, summary=f"Promise {code}.", **more)


def page_of(client, address="/priorities/"):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def deliver(code, maturity="expected", *days, **more):
    """A deliverable that was of this maturity from 1 April, and of each of these from a day on."""
    with clock.fixed(clock.on(date(2025, 4, 1))):
        made = factories.deliverable(code, maturity=maturity, **more)
    for day, later in days:
        with clock.fixed(clock.on(day)):
            made.maturity = later
            made.save()
    return made


def test_a_year_in_which_nothing_is_planned_yet_says_so_and_counts_nothing(bea):
    for address in ("/priorities/", "/priorities/definitions/"):
        page = page_of(bea, address)
        assert "0 of 0" not in page and "No deliverables are planned yet." in page
    page = page_of(bea)
    assert all(words in page for words in ("No priorities yet", "No commitments yet", "No boards or groups yet"))


# Commitments


def test_each_promise_says_what_answers_it_and_the_top_counts_those_that_are_answered(bea):
    one = factories.deliverable("A-1")
    one.commitments.set([promise("C1"), promise("C2")])
    factories.deliverable("A-2").commitments.set([Commitment.objects.get(code="C1")])
    promise("C3", theme="T2", kind="prevention", title="Alcohol")
    page = page_of(bea)
    assert "2 of 3 commitments</strong> are answered by a deliverable" in page and "Show the one that none answers" in page
    assert page.count("Answered by") == 3 and page.count("No deliverable answers it") == 1


def test_what_is_stopped_answers_nothing_any_more(bea):
    stopped = factories.deliverable("A-1", stopped_on=date(2025, 10, 1), stop_reason="Merged.")
    stopped.commitments.set([promise("C1")])
    page = page_of(bea)
    assert "0 of 1 commitments</strong> is answered" in page and page.count("No deliverable answers it") == 1


def test_only_those_that_none_answers_are_shown_on_request(bea):
    factories.deliverable("A-1").commitments.set([promise("C1"), promise("C2", theme="T2")])
    promise("C3", theme="T2")
    page = page_of(bea, "/priorities/?show=unanswered")
    assert "Promise C3." in page and "Promise C1." not in page and "Promise C2." not in page
    assert "Theme T2" in page and "Theme T1" not in page
    assert "2 of 3 commitments" in page and "Show all commitments" in page
    assert "Promise C1." in page_of(bea, "/priorities/?show=anything")


def test_where_all_are_answered_it_is_said(bea):
    factories.deliverable("A-1").commitments.set([promise("C1")])
    assert "Every commitment is answered by a deliverable" in page_of(bea, "/priorities/?show=unanswered")
    assert "none answers" not in page_of(bea)


def test_another_year_s_promises_are_not_here(bea):
    promise("C1")
    other = factories.plan_year()
    other.pk, other.code, other.starts_on, other.ends_on = None, "2024-25", date(2024, 4, 1), date(2025, 3, 31)
    other.save()
    theme = Theme.objects.create(plan_year=other, code="T1", name="Last year's theme")
    Commitment.objects.create(theme=theme, code="C1", kind="transformation", summary="Old.")
    page = page_of(bea)
    assert "0 of 1 commitment" in page and "Old." not in page


# Deliverables, bodies


def test_a_priority_shows_its_deliverables_in_order_with_their_principles(bea):
    for order, code in enumerate(("PREVENTION", "EQUITY"), start=1):
        factories.principle(code, order)
    factories.deliverable("A-2", order=2, principles=("PREVENTION", "EQUITY"))
    factories.deliverable("A-1", order=1)
    for n in range(3, 12):
        factories.deliverable(f"A-{n}", order=n)
    page = page_of(bea)
    assert page.index(">Deliverable A-1<") < page.index(">Deliverable A-2<") < page.index(">Deliverable A-3<")
    assert "prevention · equity" in page
    assert "Deliverable A-9" not in page and "3 more<" in page


def test_who_oversees_what_is_said(bea):
    above = Body.objects.create(strategy=factories.plan_year().strategy, code="B1", name="The Partnership", oversees="All of it.")
    Body.objects.create(strategy=above.strategy, code="B2", name="The Group", role="Watches.", assures=above)
    page = page_of(bea)
    assert "All of it." in page and "Watches. Assures The Partnership." in page


@pytest.mark.parametrize(("days", "is_shown"), [({"ends_on": "2025-12-01"}, False), ({"ends_on": "2025-12-02"}, True)])
def test_a_body_oversees_until_its_last_day(bea, days, is_shown):
    Body.objects.create(strategy=factories.plan_year().strategy, code="B1", name="The Partnership", **days)
    assert ("The Partnership" in page_of(bea)) is is_shown


def test_of_another_year_the_bodies_of_that_year_are_shown(bea, set_today):
    strategy = factories.plan_year().strategy
    Body.objects.create(strategy=strategy, code="B1", name="The Old Board", ends_on="2026-03-31")
    Body.objects.create(strategy=strategy, code="B2", name="The New Board", starts_on="2026-04-01")
    set_today(date(2026, 6, 1))
    page = page_of(bea)  # of 2025/26, the last year that there is
    assert "The Old Board" in page and "The New Board" not in page


def test_what_is_stopped_says_so_wherever_it_is_listed(bea):
    factories.deliverable("A-1", order=1)
    pages = ("/priorities/", "/priorities/p1/", "/deliverables/")
    assert not any("Stopped" in bea.get(address).content.decode() for address in pages)
    Deliverable.objects.update(stopped_on="2025-12-01", stop_reason="Done with.")
    assert all("Stopped" in bea.get(address).content.decode() for address in pages)


# Gaps of reach


def test_a_gap_is_counted_marked_and_linked(bea):
    factories.deliverable("A-1", principles=("EQUITY",))
    reached = factories.deliverable("A-2", principles=("EQUITY",))
    group = ReachGroup.objects.create(strategy=reached.plan_year.strategy, code="CORE20", kind="core20", name="Core20")
    reached.reach.add(group)
    page = page_of(bea)
    assert "1 deliverable</strong> tagged Equity names nobody" in page and "/deliverables/?reach=gap" in page
    assert page.count("Equity, but names nobody") == 1
    assert page_of(bea, "/priorities/p1/").count("names nobody whom it reaches") == 1


def test_without_a_gap_nothing_is_said_of_it(bea):
    factories.deliverable("A-1", principles=("PREVENTION",))
    assert "names nobody" not in page_of(bea)


# Definitions


def test_the_plan_says_how_many_definitions_are_baselined(bea):
    deliver("A-1", "baselined")
    deliver("A-2")
    deliver("A-3", "baselined", stopped_on=date(2025, 10, 1), stop_reason="Merged.")
    assert "1 of 2 definitions</strong> are baselined" in page_of(bea)


def test_the_quarter_is_shown_week_by_week_from_the_histories(bea):
    deliver("A-1", "drafted", (date(2025, 5, 7), "agreed"), (date(2025, 6, 30), "baselined"), (date(2025, 7, 1), "agreed"))
    deliver("A-2", "expected", (date(2025, 5, 12), "drafted"))
    response = bea.get("/priorities/definitions/")
    page, weeks = response.content.decode(), response.context["weeks"]
    assert (weeks[0]["day"], weeks[-1]["day"], len(weeks)) == ("6 April", "30 June", 14)
    drafted = [week["drafted"] for week in weeks]
    assert drafted == [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1]
    assert [week["baselined"] for week in weeks] == [0] * 13 + [1]
    assert "By the end of the first quarter, 1 of 2 definitions was baselined" not in page
    assert "By the end of the first quarter, 1 of 2 definitions were baselined and 1 drafted." in page
    assert "0 of 2 definitions are baselined now" in page  # it went back in July
    assert "Deliverable A-1" in page and "Deliverable A-2" in page


def test_only_changes_of_maturity_are_read(bea):
    made = deliver("A-1", "drafted")
    for n in range(5):
        with clock.fixed(clock.on(date(2025, 5, 1 + n))):
            made.measure = f"Measure {n}"
            made.save()
    changes = list(type(made).objects.changes_of_maturity(made.plan_year, date(2025, 6, 30)))
    assert [maturity for _, _, maturity in changes] == ["drafted"]


def test_the_weeks_that_have_not_passed_are_not_drawn(bea, set_today):
    deliver("A-1", "drafted")
    set_today(date(2025, 4, 16))
    response = bea.get("/priorities/definitions/")
    assert [week["day"] for week in response.context["weeks"]] == ["6 April", "13 April", "16 April"]
    assert "By 16 April 2025, 0 of 1 definition was baselined and 1 drafted." in response.content.decode()


def test_a_plan_that_was_brought_in_later_has_no_chart(bea):
    factories.deliverable("A-1")
    page = page_of(bea, "/priorities/definitions/")
    assert "Nothing was recorded in the first quarter" in page and "data-chart" not in page


def test_without_a_plan_year_there_is_nothing_to_mature(client):
    factories.sign_in(client, factories.person("viewer", "Bea"))
    assert client.get("/priorities/definitions/").status_code == 404
    assert "No plan year has been loaded" in page_of(client)


def test_plotly_accepts_the_figure(bea):
    from plotly import graph_objects as go

    deliver("A-1", "drafted", (date(2025, 5, 7), "agreed"))
    figure = bea.get("/priorities/definitions/").context["figure"]
    go.Figure(figure)
    assert [trace["name"] for trace in figure["data"]] == [name for _, name, _, _ in charts.MATURING]
    assert sum(trace["y"][0] for trace in figure["data"]) == 1
