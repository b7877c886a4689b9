"""What is typed into a long form is kept for its writer: as she types, and after her session has ended."""

import json

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from people.actions import drop_old_forms
from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.models import KeptForm
from strategy_portal import clock
from strategy_portal.forms import NhsDateField, PortalForm
from tests import factories

pytestmark = pytest.mark.django_db
HERE = "/plan/thing/"


class ThingForm(PortalForm, forms.Form):
    title = forms.CharField()
    due_on = NhsDateField()
    ticked = forms.BooleanField(required=False, initial=True)
    colours = forms.MultipleChoiceField(choices=[("r", "Red"), ("g", "Green")])
    file = forms.FileField(required=False)


TYPED = {
    "title": "A <b>&",
    "due_on-day": "31",
    "due_on-month": "13",
    "due_on-year": "",
    "colours": ["r", "g"],
    "csrfmiddlewaretoken": "t",
}


def asked(user, method="get", path=HERE, **data):
    request = getattr(RequestFactory(), method)(path, data)
    request.user = user
    return request


@pytest.fixture
def ada():
    return factories.person("administrator", "Ada")


def test_what_is_typed_comes_back_just_as_it_was_typed(ada):
    answer = answer_keeping(asked(ada, "post", do="quiet", **TYPED))
    assert json.loads(answer.content)["version"] == 1
    form = bind(ThingForm, asked(ada), initial={"title": "As saved"})
    assert not form.is_bound
    assert form["title"].value() == "A <b>&"
    assert form["due_on"].value() == {"day": "31", "month": "13", "year": ""}
    assert form["ticked"].value() is False
    assert form["colours"].value() == ["r", "g"]
    assert "csrf" not in KeptForm.objects.get().fields


def test_nobody_else_and_no_other_page_sees_it(ada):
    answer_keeping(asked(ada, "post", do="quiet", title="Hers"))
    for request in (asked(factories.person("administrator", "Adam")), asked(ada, path="/plan/other/")):
        assert bind(ThingForm, request, initial={"title": "As saved"})["title"].value() == "As saved"
        assert not keeping(request).is_brought_back


def test_a_form_that_is_sent_after_the_session_has_ended_is_kept_for_whom_it_was_made(ada):
    writer = keeping(asked(ada)).writer
    late = asked(AnonymousUser(), "post", writer=writer, title="Typed too long")
    keep_sent(late)
    assert bind(ThingForm, asked(ada))["title"].value() == "Typed too long"
    assert keeping(asked(ada)).is_brought_back


@pytest.mark.parametrize("path, writer", [(HERE, "forged"), (HERE, ""), ("/plan/other/", None)])
def test_a_note_that_is_forged_or_of_another_page_keeps_nothing(ada, path, writer):
    note = keeping(asked(ada)).writer if writer is None else writer
    keep_sent(asked(AnonymousUser(), "post", path, writer=note, title="x"))
    assert not KeptForm.objects.exists()


def test_sending_or_starting_again_forgets_it(ada):
    for forgets in (forget, lambda request: answer_keeping(asked(ada, "post", do="forget"))):
        answer_keeping(asked(ada, "post", do="quiet", title="x"))
        forgets(asked(ada, "post"))
        assert not KeptForm.objects.exists()


def test_saving_again_replaces_it_and_counts(ada):
    for title in ("one", "two\x00"):
        answer = answer_keeping(asked(ada, "post", do="quiet", title=title))
    assert json.loads(answer.content)["version"] == 2
    assert bind(ThingForm, asked(ada))["title"].value() == "two"


def test_a_form_that_nobody_sends_for_two_months_goes(ada, set_today):
    answer_keeping(asked(ada, "post", do="quiet", title="x"))
    set_today(clock.today().replace(year=2026, month=1))
    drop_old_forms()
    assert KeptForm.objects.exists()
    set_today(clock.today().replace(month=2, day=10))
    drop_old_forms()
    assert not KeptForm.objects.exists()
