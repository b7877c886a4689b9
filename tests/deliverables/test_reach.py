"""Whom a deliverable reaches: what is kept, who may say it, what is shown where nobody is named."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from deliverables.actions import Reach, name_reach
from deliverables.models import Deliverable
from people.models import KeptForm
from priorities.models import ReachGroup
from strategy_portal.editing import Overtaken, seen_of
from tests import factories
from tests.test_queries import statements

pytestmark = pytest.mark.django_db
ADDRESS = "/deliverables/HW-1/reach/"


def group(code="CORE20", kind="core20", name="", **more):
    strategy = factories.plan_year().strategy
    return ReachGroup.objects.create(strategy=strategy, code=code, kind=kind, name=name or code.title(), **more)


@pytest.fixture
def groups():
    """One of each kind, in an order of codes that is not that of the page."""
    kinds = {"Z": "core20", "Y": "plus", "X": "adults", "W": "across", "V": "children"}
    return [group(code, kind, f"Group {code}") for code, kind in kinds.items()]


@pytest.fixture
def deliverable(groups):
    return factories.deliverable(lead=factories.organisation("icb"), principles=("EQUITY",))


@pytest.fixture
def priya():
    return factories.person("programme_manager", org=factories.organisation("icb"))


@pytest.fixture
def signed_in(client, deliverable, priya):
    factories.sign_in(client, priya)
    return client


def sent(deliverable, **more):
    return {"seen": seen_of(deliverable), "core20": ["Z"], "adults": ["X", "W"], "benefits": "Many.", "missed": "Some."} | more


def named(deliverable, *codes, by=None, benefits="", missed=""):
    ids = frozenset(ReachGroup.objects.filter(code__in=codes).values_list("pk", flat=True))
    return name_reach(by=by, deliverable=deliverable, reach=Reach(ids, benefits, missed), seen=seen_of(deliverable))


# What the database keeps


@pytest.mark.parametrize(
    "wrong",
    [{"code": "Z"}, {"kind": "else"}, {"kind": "core20", "name": "group Z"}],
    ids=["a code twice", "no such kind", "a name twice, whatever its letters"],
)
def test_the_database_refuses_a_group_with(groups, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        group(**{"code": "NEW", "kind": "plus", "name": "New"} | wrong)


def test_adults_and_children_may_share_a_name(groups):
    assert group("C", "children", "Group X")


# What the action does


def test_saying_it_is_one_edit_that_keeps_the_groups_too(deliverable, priya):
    before = deliverable.history.count()
    named(deliverable, "Z", "X", by=priya, benefits="Many.")
    newest = deliverable.history.order_by("-history_id").first()
    assert deliverable.history.count() == before + 1
    assert (newest.history_user, newest.benefits) == (priya, "Many.")
    assert {link.reachgroup.code for link in newest.reach.all()} == {"Z", "X"}
    assert set(deliverable.reach.values_list("code", flat=True)) == {"Z", "X"}


def test_sending_it_twice_is_one_edit(deliverable, priya):
    seen, reach = seen_of(deliverable), Reach(frozenset(ReachGroup.objects.values_list("pk", flat=True)), "Many.", "")
    for _ in range(2):
        name_reach(by=priya, deliverable=deliverable, reach=reach, seen=seen)
    assert deliverable.history.filter(benefits="Many.").count() == 1


def test_somebody_elses_answer_is_not_written_over(deliverable, priya):
    seen = seen_of(deliverable)
    named(deliverable, "Z", by=factories.person("administrator", "Ada"))
    with pytest.raises(Overtaken, match="Ada"):
        name_reach(by=priya, deliverable=deliverable, reach=Reach(frozenset(), "Mine.", ""), seen=seen)
    assert Deliverable.objects.get().benefits == ""


def test_another_edit_of_the_deliverable_is_in_nobodys_way(deliverable, priya):
    seen = seen_of(deliverable)
    deliverable.measure = "Homes connected"
    deliverable.save()
    name_reach(by=priya, deliverable=deliverable, reach=Reach(frozenset(), "Mine.", ""), seen=seen)
    assert (Deliverable.objects.get().benefits, Deliverable.objects.get().measure) == ("Mine.", "Homes connected")


def test_it_owes_no_roll_up(deliverable):
    before = factories.november().data_version
    named(deliverable, "Z")
    assert factories.november().data_version == before


# What is a gap


@pytest.mark.parametrize(
    "principles, reaches, more, is_gap",
    [
        (("EQUITY",), (), {}, True),
        (("EQUITY", "PREVENTION"), (), {}, True),
        (("EQUITY",), ("Y",), {}, False),
        (("PREVENTION",), (), {}, False),
        ((), (), {}, False),
        (("EQUITY",), (), {"stopped_on": date(2025, 10, 1), "stop_reason": "Merged."}, False),
        (("EQUITY",), (), {"benefits": "Everyone."}, True),
    ],
)
def test_a_deliverable_that_is_tagged_equity_and_names_nobody_is_a_gap(groups, principles, reaches, more, is_gap):
    one = factories.deliverable("A-1", principles=principles, **more)
    one.reach.set(ReachGroup.objects.filter(code__in=reaches))
    factories.deliverable("A-2", principles=("EQUITY",)).reach.set(groups)
    assert [d.code for d in Deliverable.objects.in_reach_gap()] == (["A-1"] if is_gap else [])
    assert Deliverable.objects.with_reach_gap().get(code="A-1").reach_gap == is_gap


# The page


def test_a_manager_says_whom_it_reaches_and_reads_it_on_the_page(signed_in, deliverable, priya):
    assert "names nobody yet" in signed_in.get(ADDRESS).content.decode()
    response = signed_in.post(ADDRESS, sent(deliverable), follow=True)
    assert response.redirect_chain == [("/deliverables/HW-1/", 302)]
    page = response.content.decode()
    assert "Group Z; adults: Group X; Group W" in page
    assert "Many." in page and "Some." in page and "names nobody" not in page
    again = signed_in.get(ADDRESS).content.decode()
    assert again.count(" checked") == 3 and "Many." in again


def test_what_stands_is_shown_to_whoever_sends_something_older_and_nothing_is_lost(signed_in, deliverable):
    old = sent(deliverable, benefits="Mine, typed for an hour.")
    named(deliverable, "V", by=factories.person("administrator", "Ada"), benefits="Theirs.")
    page = signed_in.post(ADDRESS, old).content.decode()
    assert "Ada has saved other words" in page and "Theirs." in page and "Mine, typed for an hour." in page
    assert Deliverable.objects.get().benefits == "Theirs."
    signed_in.post(ADDRESS, old | {"seen": seen_of(deliverable)})
    assert Deliverable.objects.get().benefits == "Mine, typed for an hour."


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"benefits": "x" * 601}, "601"),
        ({"adults": ["Z"]}, "Choose from the list"),
        ({"children": ["\x00"]}, "Choose from the list"),
        ({"seen": "soon"}, "whole number"),
        ({"missed": "\x00"}, "Null characters"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_keeps_the_rest(signed_in, deliverable, wrong, message):
    page = signed_in.post(ADDRESS, sent(deliverable, missed="Kept.") | wrong).content.decode()
    assert "There is a problem" in page and message in page
    assert "Kept." in page or "missed" in wrong
    assert Deliverable.objects.get().benefits == ""


def test_a_group_that_ended_is_offered_no_more_except_where_it_is_named(signed_in, deliverable):
    ReachGroup.objects.filter(code="Y").update(ended_on=date(2025, 12, 2))
    ReachGroup.objects.filter(code="X").update(ended_on=date(2025, 12, 3))
    page = signed_in.get(ADDRESS).content.decode()
    assert "Group Y" not in page and "Group X" in page
    deliverable.reach.add(ReachGroup.objects.get(code="Y"))
    assert "Group Y" in signed_in.get(ADDRESS).content.decode()


def test_who_does_not_report_on_it_gets_no_form(client, deliverable):
    others = factories.person("programme_manager", "Ravi", factories.organisation("city"))
    for user, status in (
        (others, 404),
        (factories.person("viewer", "Bea"), 403),
        (factories.person("outcomes_group", "Olu"), 403),
    ):
        factories.sign_in(client, user)
        assert client.get(ADDRESS).status_code == client.post(ADDRESS, sent(deliverable)).status_code == status
    assert not Deliverable.objects.get().reach.exists()


def test_an_administrator_says_it_of_every_deliverable(client, deliverable):
    factories.sign_in(client, factories.person("administrator", "Ada"))
    assert client.post(ADDRESS, sent(deliverable)).status_code == 302
    assert Deliverable.objects.get().reach.count() == 3


def test_what_is_sent_after_the_session_ended_comes_back(signed_in, client, deliverable, priya):
    page = signed_in.get(ADDRESS)
    writer = page.context["kept"].writer
    signed_in.logout()
    assert signed_in.post(ADDRESS, sent(deliverable, benefits="Long words.", writer=writer)).status_code == 302
    assert KeptForm.objects.get().kept_by == priya
    factories.sign_in(client, priya)
    page = client.get(ADDRESS).content.decode()
    assert "Long words." in page and page.count(" checked") == 3
    client.post(ADDRESS, sent(deliverable, benefits="Long words."))
    assert not KeptForm.objects.exists()


def test_earlier_answers_can_be_read_by_all_who_read_the_plan(client, deliverable, priya):
    named(deliverable, "Z", by=priya, benefits="First.")
    between = Deliverable.objects.get()
    between.measure = "Not of the reach"
    between.save()
    named(Deliverable.objects.get(), "Z", "Y", by=priya, benefits="Second.")
    factories.sign_in(client, factories.person("viewer", "Bea"))
    edits = client.get(f"{ADDRESS}history/").context["edits"]
    assert [{change.label: change.after for change in edit.changes} for edit in edits] == [
        {"Who it reaches": "Group Y, Group Z", "Who benefits": "Second."},
        {"Who it reaches": "Group Z", "Who benefits": "First."},
    ]


def test_saving_costs_few_statements(signed_in, deliverable):
    data = sent(deliverable)
    assert len(statements(lambda: signed_in.post(ADDRESS, data), status=302)) <= 16


# Where a gap is shown


def test_the_list_shows_the_gaps_and_narrows_to_them(client, groups):
    factories.deliverable("A-1", principles=("EQUITY",))
    factories.deliverable("A-2", principles=("EQUITY",)).reach.set(groups)
    factories.sign_in(client, factories.person("viewer", "Bea"))
    everything = client.get("/deliverables/").content.decode()
    assert everything.count("names nobody") == 2  # the choice of the filter, and A-1
    narrowed = client.get("/deliverables/?reach=gap").content.decode()
    assert "Deliverable A-1" in narrowed and "Deliverable A-2" not in narrowed
    assert "Deliverable A-2" in client.get("/deliverables/?reach=else").content.decode()
