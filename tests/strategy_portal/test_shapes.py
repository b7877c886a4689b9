"""A field that is put together from its shape is the field that its template makes."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from deliverables.forms import DayField, WordsField
from strategy_portal import shapes
from strategy_portal.field_views import FieldView, Options
from strategy_portal.forms import NhsDateField, PortalForm

COLOURS = [("red", "Red"), ("blue", "Blue & green"), ("more", [("sea", "Sea green")])]
TYPED = st.text(max_size=20) | st.sampled_from([*shapes.HOLES.values(), "<b>", "\0", "{{ f.id }}", '"'])


class EveryKind(PortalForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    word = forms.CharField(required=False)
    number = forms.DecimalField(required=False)
    words = WordsField(max_characters=40, required=False)
    day = DayField(required=False)
    on = NhsDateField(required=False)
    colour = forms.ChoiceField(choices=COLOURS, required=False)
    mark = forms.ChoiceField(choices=COLOURS[:2], widget=forms.RadioSelect, required=False)
    done = forms.BooleanField(required=False)
    off = forms.CharField(disabled=True, required=False)


OPTIONS: dict[str, dict[str, Any]] = {
    "word": {"width": 10, "hint": "A hint", "label_size": "s"},
    "words": {"rows": 2, "label": "Other words"},
    "mark": {"hints": {"red": "Like blood"}, "small": True},
    "done": {"label_hidden": True},
}


def views(form: forms.Form) -> list[FieldView]:
    return [FieldView(form[name], Options(**OPTIONS.get(name, {}))) for name in form.fields]


@given(
    typed=st.dictionaries(st.sampled_from([*EveryKind.base_fields, "on-day", "on-month", "on-year"]), TYPED),
    prefix=st.sampled_from(["", "a", "milestone-7"]),
    known=st.booleans(),
)
def test_it_is_the_same_whatever_is_typed_and_whoever_is_first(typed, prefix, known):
    shapes.shapes.clear() if not known else None
    initial = {name: value for name, value in typed.items() if name != "on"}
    for form in (EveryKind(initial=initial | {"on": date(2025, 12, 1)}, prefix=prefix), EveryKind(initial={}, auto_id="X-%s")):
        for view in views(form):
            assert view.render() == view.made()


@pytest.mark.parametrize("name", EveryKind.base_fields)
def test_what_was_sent_comes_back_in_a_field_that_is_right_and_in_one_that_is_wrong(name):
    for value in ("1", "red", "on", "\ue003", "<script>"):
        form = EveryKind({f"{name}{part}": value for part in ("", "-day", "-month", "-year")})
        form.is_valid()
        (view,) = [view for view in views(form) if view.name == name]
        assert view.render() == view.made()


def test_fields_that_look_alike_are_made_once_and_others_not(monkeypatch):
    shapes.shapes.clear()
    made: list[str] = []
    original = FieldView.made
    monkeypatch.setattr(FieldView, "made", lambda view: made.append(view.kind) or original(view))
    for number in range(3):
        form = EveryKind(initial={"word": f"word {number}", "words": "x" * number}, prefix=f"p{number}")
        html = views(form)[1].render()
        assert re.search(rf'id="id_p{number}-word".* value="word {number}"', html)
    assert made == ["input"]
    FieldView(form["word"], Options()).render()
    FieldView(form["words"], Options()).render()
    EveryKind(initial={"colour": "red"})
    assert made == ["input", "input", "textarea"]


def test_no_more_than_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(shapes, "MOST", 3)
    shapes.shapes.clear()
    for width in range(1, 10):
        FieldView(EveryKind()["word"], Options(width=width)).render()
        assert len(shapes.shapes) <= 3
