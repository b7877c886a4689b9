"""The groups of Core20PLUS5 that are chosen here: administrators add, rename and end them, and none is ever deleted."""

from datetime import date

import pytest

from people.models import User
from priorities.actions import NameTaken, add_plus_group, change_plus_group
from priorities.models import ReachGroup
from strategy_portal.editing import Overtaken, seen_of
from tests import factories

pytestmark = pytest.mark.django_db
ADD = {"name": "Unpaid carers", "explanation": "They care.", "source": "The Board, 4 September 2025"}
END = {"ended_on-day": "31", "ended_on-month": "12", "ended_on-year": "2025"}


@pytest.fixture
def ada():
    return factories.person("administrator", "Ada")


@pytest.fixture
def group(ada):
    return add_plus_group(by=ada, strategy=factories.plan_year().strategy, **ADD)


@pytest.fixture
def signed_in(client, ada):
    factories.plan_year()
    factories.sign_in(client, ada)
    return client


def change(group, by, **more):
    given = ADD | {"ended_on": None, "seen": seen_of(group)} | more
    return change_plus_group(by=by, group=group, **given)


def sent(group, **more):
    return ADD | {"seen": seen_of(group)} | more


def test_a_group_is_added_with_where_it_was_chosen(signed_in, ada):
    response = signed_in.post("/plan/reach/", ADD, follow=True)
    assert response.redirect_chain == [("/plan/reach/", 302)]
    page = response.content.decode()
    assert "“Unpaid carers” is added" in page and "The Board, 4 September 2025" in page
    made = ReachGroup.objects.get()
    assert (made.kind, made.code, made.history.get().history_user) == ("plus", "PLUS-1", ada)


def test_a_double_click_adds_one(signed_in):
    signed_in.post("/plan/reach/", ADD)
    page = signed_in.post("/plan/reach/", ADD | {"name": "unpaid CARERS"}).content.decode()
    assert "There is a group called “unpaid CARERS” already" in page
    assert ReachGroup.objects.count() == 1


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"name": " "}, "Enter who they are"),
        ({"source": ""}, "Enter the meeting or paper that chose them"),
        ({"name": "x" * 121}, "120"),
        ({"explanation": "x" * 401}, "400"),
    ],
)
def test_what_is_missing_or_too_long_is_said_and_the_rest_is_kept(signed_in, wrong, message):
    page = signed_in.post("/plan/reach/", ADD | wrong).content.decode()
    assert "There is a problem" in page and message in page
    assert not ReachGroup.objects.exists() and ("They care." in page or "explanation" in wrong)


def test_a_group_is_renamed_and_goes_on_being_named(signed_in, group):
    one = factories.deliverable()
    one.reach.add(group)
    assert signed_in.post(f"/plan/reach/{group.code}/", sent(group, name="Carers")).status_code == 302
    assert [str(g) for g in one.reach.all()] == ["Carers"]
    page = signed_in.get(f"/plan/reach/{group.code}/").content.decode()
    assert "Changed" in page and "by Ada" in page
    assert "1 deliverable<" in signed_in.get("/plan/reach/").content.decode()


def test_a_group_is_ended_from_a_day_on(signed_in, group, set_today):
    assert signed_in.post(f"/plan/reach/{group.code}/", sent(group, **END)).status_code == 302
    assert list(ReachGroup.objects.offered()) == [group]
    set_today(date(2025, 12, 31))
    assert not ReachGroup.objects.offered().exists() and ReachGroup.objects.exists()


def test_a_day_that_is_none_is_refused(signed_in, group):
    page = signed_in.post(f"/plan/reach/{group.code}/", sent(group, **END | {"ended_on-month": "13"})).content.decode()
    assert "The day it ends must be a real date" in page
    assert ReachGroup.objects.get().ended_on is None


def test_saving_what_stands_is_no_edit(group, ada):
    change(group, ada, seen=0)
    assert group.history.count() == 1


def test_two_administrators_do_not_write_over_each_other(signed_in, group):
    old = sent(group, name="Mine")
    change(group, factories.person("administrator", "Adam"), name="Theirs")
    page = signed_in.post(f"/plan/reach/{group.code}/", old).content.decode()
    assert "Adam has saved other words" in page and "Theirs" in page and "Mine" in page
    assert ReachGroup.objects.get().name == "Theirs"
    with pytest.raises(Overtaken):
        change(group, None, seen=old["seen"], name="Mine")


def test_no_two_are_called_the_same(group, ada):
    other = add_plus_group(by=ada, strategy=group.strategy, **ADD | {"name": "Carers"})
    with pytest.raises(NameTaken):
        change(other, ada, name="Unpaid Carers")
    assert change(other, ada, name="CARERS").name == "CARERS"


def test_where_no_group_is_chosen_the_page_says_so(signed_in):
    page = signed_in.get("/plan/reach/").content.decode()
    assert "No group is chosen here yet" in page and "<table" not in page
    add_plus_group(by=User.objects.get(), strategy=factories.plan_year().strategy, **ADD)
    page = signed_in.get("/plan/reach/").content.decode()
    assert "No group is chosen here yet" not in page and "<table" in page


def test_what_nhs_england_names_is_not_edited_here(signed_in):
    national = ReachGroup.objects.create(strategy=factories.plan_year().strategy, code="CORE20", kind="core20", name="Core20")
    assert signed_in.get("/plan/reach/CORE20/").status_code == 404
    assert signed_in.post("/plan/reach/CORE20/", sent(national)).status_code == 404


def test_renaming_and_ending_owe_no_roll_up(group, ada):
    before = factories.november().data_version
    change(group, ada, name="Carers", ended_on=date(2025, 12, 31))
    assert factories.november().data_version == before
