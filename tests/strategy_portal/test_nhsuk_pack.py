"""Our template pack beside NHS England's own macros: the same field must come out as the same structure.

Not compared: the order of attributes and of classes, and white space. Ids are given Django's names without its "id_".
"""

from datetime import date
from typing import Any

import jinja2
import pytest
from bs4 import BeautifulSoup, Tag
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines

from deliverables.ratings import NAMES
from strategy_portal.forms import Field, Fieldset, Layout, NhsDateField, PortalForm, Reveal, Submit
from strategy_portal.templatetags.nhsuk import error_prefix, error_summary
from strategy_portal.templatetags.portal import RATING_NAMES

MACROS = jinja2.Environment(
    loader=jinja2.PackageLoader("nhsuk_frontend_jinja"), undefined=jinja2.ChainableUndefined, autoescape=True
)
WRONG = "Enter something else"
COLOURS = [("red", "Red"), ("blue", "Blue"), ("sea", "Sea green")]


def macro(component: str, **params: Any) -> str:
    """What NHS England's macro makes: macro("date-input", id="due")."""
    name = component.title().replace("-", "")
    name = name[0].lower() + name[1:]
    source = f'{{% from "nhsuk/components/{component}/macro.jinja" import {name} %}}{{{{ {name}(params) }}}}'
    return MACROS.from_string(source).render(params=params)


def structure(html: str) -> list[Any]:
    """The elements, attributes and words of a page, without its white space."""
    return [part for node in BeautifulSoup(html, "html.parser").children if (part := outline(node))]


def outline(node: Any) -> Any:
    if not isinstance(node, Tag):
        return " ".join(str(node).split())
    attributes = {name: sorted(value) if isinstance(value, list) else value for name, value in node.attrs.items()}
    return (node.name, attributes, [part for child in node.children if (part := outline(child))])


class Refusing:
    """Refuses every field when asked to, so that each is seen with an error."""

    def clean(self) -> dict[str, Any]:
        for name in self.fields:  # type: ignore[attr-defined]
            if name not in self.errors:  # type: ignore[attr-defined]
                self.add_error(name, WRONG)  # type: ignore[attr-defined]
        return self.cleaned_data  # type: ignore[attr-defined]


def form_with(field: forms.Field, data: dict[str, Any] | None, layout: Layout) -> PortalForm:
    """A form with one field, which is called "it"; refused if it has data."""
    made = type("Made", (Refusing, PortalForm, forms.Form), {"it": field, "layout": lambda self: layout})
    return made(data, auto_id="%s")


def ours(field: forms.Field, data: dict[str, Any] | None = None, **options: Any) -> list[Any]:
    return structure(render_crispy_form(form_with(field, data, Layout(Field("it", **options)))))


def error(data: dict[str, Any] | None) -> dict[str, Any]:
    return {"errorMessage": {"text": WRONG}} if data else {}


@pytest.fixture(params=["without an error", "with an error"])
def wrong(request: pytest.FixtureRequest) -> bool:
    return request.param == "with an error"


def test_a_line_of_text(wrong: bool) -> None:
    data = {"it": 'Ann "O\'Neill" <b>'} if wrong else None
    theirs = macro(
        "input",
        id="it",
        name="it",
        label={"text": "Your name", "size": "m"},
        hint={"text": "As on your badge"},
        width=20,
        autocomplete="name",
        **({"value": data["it"]} if data else {}),
        **error(data),
    )
    field = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    assert ours(field, data, label_size="m", hint="As on your badge", width=20) == structure(theirs)


def test_a_line_of_text_with_what_stands_before_and_after(wrong: bool) -> None:
    data = {"it": "12"} if wrong else None
    theirs = macro(
        "input", id="it", name="it", label={"text": "Cost"}, prefix="£", suffix="a month", inputmode="numeric", **with_value(data)
    )
    assert ours(forms.IntegerField(label="Cost"), data, prefix="£", suffix="a month") == structure(theirs)


def with_value(data: dict[str, Any] | None) -> dict[str, Any]:
    return ({"value": data["it"]} if data else {}) | error(data)


def test_an_email(wrong: bool) -> None:
    data = {"it": "a@example.org"} if wrong else None
    theirs = macro("input", id="it", name="it", type="email", spellcheck=False, label={"text": "E-mail"}, **with_value(data))
    assert ours(forms.EmailField(label="E-mail"), data) == structure(theirs)


def test_the_label_as_the_pages_heading() -> None:
    theirs = macro("input", id="it", name="it", label={"text": "Your name", "size": "l", "isPageHeading": True})
    assert ours(forms.CharField(label="Your name"), label_size="l", page_heading=True) == structure(theirs)


def test_a_password(wrong: bool) -> None:
    """Never sent back to the page, even when refused."""
    data = {"it": "secret"} if wrong else None
    theirs = macro("password-input", id="it", name="it", label={"text": "Password"}, **error(data))
    field = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    assert ours(field, data) == structure(theirs)


def test_a_text_area(wrong: bool) -> None:
    data = {"it": "one\ntwo"} if wrong else None
    theirs = macro("textarea", id="it", name="it", rows=3, label={"text": "Why"}, hint={"text": "In short"}, **with_value(data))
    field = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 3}), help_text="In short")
    assert ours(field, data) == structure(theirs)


def test_a_text_area_that_counts(wrong: bool) -> None:
    data = {"it": "one"} if wrong else None
    params = {"label": {"text": "Why", "size": "m"}, "hint": {"text": "In short"}, "maxlength": 400} | with_value(data)
    theirs = macro("character-count", id="it", name="it", **params)
    field = forms.CharField(label="Why", widget=forms.Textarea, max_length=400)
    assert ours(field, data, label_size="m", hint="In short") == structure(theirs)


def test_a_select(wrong: bool) -> None:
    data = {"it": "blue"} if wrong else None
    items = [{"value": value, "text": text, "selected": bool(data) and value == "blue"} for value, text in COLOURS]
    theirs = macro("select", id="it", name="it", label={"text": "Colour"}, items=items, **error(data))
    assert ours(forms.ChoiceField(label="Colour", choices=COLOURS), data) == structure(theirs)


def colours(data: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [{"value": value, "text": text, "checked": bool(data) and value == "blue"} for value, text in COLOURS]


def test_radios_with_words_beneath(wrong: bool) -> None:
    data = {"it": "blue"} if wrong else None
    items = [item | {"hint": {"text": f"As {item['value']}"}} for item in colours(data)]
    legend = {"text": "Which colour?", "size": "m"}
    theirs = macro("radios", name="it", fieldset={"legend": legend}, hint={"text": "One"}, items=items, **error(data))
    hints = {value: f"As {value}" for value, _ in COLOURS}
    field = forms.ChoiceField(label="Which colour?", choices=COLOURS, widget=forms.RadioSelect)
    assert ours(field, data, legend_size="m", hint="One", hints=hints) == structure(theirs)


def test_small_radios_in_a_row() -> None:
    items = [{"value": value, "text": text} for value, text in COLOURS]
    theirs = macro("radios", name="it", fieldset={"legend": {"text": "Colour"}}, items=items, small=True, inline=True)
    field = forms.ChoiceField(label="Colour", choices=COLOURS, widget=forms.RadioSelect)
    assert ours(field, inline=True, small=True) == structure(theirs)


@pytest.mark.parametrize(
    ("component", "field"),
    [
        ("radios", forms.ChoiceField(label="Colour", choices=COLOURS, widget=forms.RadioSelect)),
        ("checkboxes", forms.MultipleChoiceField(label="Colour", choices=COLOURS, widget=forms.CheckboxSelectMultiple)),
    ],
)
def test_a_choice_that_reveals_a_field(component: str, field: forms.Field) -> None:
    shade = macro("input", id="shade", name="shade", label={"text": "Shade"})
    items = [{"value": value, "text": text} for value, text in COLOURS]
    items[1]["conditional"] = {"html": shade}
    theirs = macro(component, name="it", fieldset={"legend": {"text": "Colour"}}, items=items)
    members = {"it": field, "shade": forms.CharField(label="Shade")}
    made = type("Made", (PortalForm, forms.Form), members | {"layout": lambda self: Layout(Field("it", Reveal("blue", "shade")))})
    assert structure(render_crispy_form(made(auto_id="%s"))) == structure(theirs)


def test_checkboxes(wrong: bool) -> None:
    data = {"it": ["blue"]} if wrong else None
    items = colours(data)
    theirs = macro("checkboxes", name="it", fieldset={"legend": {"text": "Colours", "size": "s"}}, items=items, **error(data))
    field = forms.MultipleChoiceField(label="Colours", choices=COLOURS, widget=forms.CheckboxSelectMultiple)
    assert ours(field, data, legend_size="s") == structure(theirs)


def test_one_checkbox(wrong: bool) -> None:
    """The macro describes a lone box by the group's error and by its own words, as we do."""
    data = {"it": "on"} if wrong else None
    items = [{"value": "on", "text": "I agree", "hint": {"text": "To all of it"}, "checked": bool(data)}]
    theirs = macro("checkboxes", name="it", items=items, **error(data))
    assert ours(forms.BooleanField(label="I agree", help_text="To all of it"), data) == structure(theirs)


@pytest.mark.parametrize("parts", [("day", "month", "year"), ("month",)])
def test_a_date_with_an_error(parts: tuple[str, ...]) -> None:
    data = {"it-day": "31", "it-month": "" if parts == ("month",) else "2", "it-year": "2025"}
    message = "The due date must include a month" if parts == ("month",) else "The due date must be a real date"
    field = NhsDateField(label="When is it due?", subject="The due date", help_text="For example, 5 12 2025")
    assert ours(field, data, legend_size="m") == structure(their_date(data, message, parts))


def test_a_date_without_an_error() -> None:
    field = NhsDateField(label="When is it due?", help_text="For example, 5 12 2025")
    assert ours(field, legend_size="m") == structure(their_date({}, "", ()))


def their_date(data: dict[str, str], message: str, wrong_parts: tuple[str, ...]) -> str:
    items = [
        {
            "name": f"it-{part}",
            "id": f"it-{part}",
            "label": {"text": part.capitalize()},
            "width": 4 if part == "year" else 2,
            "error": part in wrong_parts,
            **({"value": data[f"it-{part}"]} if data.get(f"it-{part}") else {}),
        }
        for part in ("day", "month", "year")
    ]
    words = {"legend": {"text": "When is it due?", "size": "m"}}
    more = {"errorMessage": {"text": message}} if message else {}
    return macro("date-input", id="it", fieldset=words, hint={"text": "For example, 5 12 2025"}, items=items, **more)


def test_a_file(wrong: bool) -> None:
    data = {"other": "x"} if wrong else None
    theirs = macro("file-upload", id="it", name="it", label={"text": "A table"}, **error(data))
    assert ours(forms.FileField(label="A table", required=False), data) == structure(theirs)


def test_a_button() -> None:
    theirs = macro("button", text="Save", variant="secondary", small=True, preventDoubleClick=True, name="go", value="later")
    made = type("Made", (PortalForm, forms.Form), {"layout": lambda self: Layout(button)})
    button = Submit("Save", name="go", value="later", kind="secondary", small=True)
    assert structure(render_crispy_form(made())) == structure(theirs)


def test_a_fieldset() -> None:
    inner = macro("input", id="it", name="it", label={"text": "Street"})
    theirs = macro("fieldset", legend={"text": "Where?", "size": "m"}, html=inner)
    form = form_with(forms.CharField(label="Street"), None, Layout(Fieldset("Where?", "it")))
    assert structure(render_crispy_form(form)) == structure(theirs)


# The error summary


class Wide(PortalForm, forms.Form):
    """A field of each kind that has an id of its own making."""

    name = forms.CharField(label="Name")
    colour = forms.ChoiceField(label="Which colour?", choices=COLOURS, widget=forms.RadioSelect)
    colours = forms.MultipleChoiceField(label="Colours", choices=COLOURS, widget=forms.CheckboxSelectMultiple)
    size = forms.ChoiceField(label="Size", choices=[("", "Choose"), ("s", "Small")])
    due = NhsDateField(label="Due date")
    agreed = forms.BooleanField(label="I agree")
    why = forms.CharField(label="Why", widget=forms.Textarea)
    table = forms.FileField(label="A table")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)


def summary_of(*things: Any) -> str:
    return engines["django"].from_string("{% load nhsuk %}{% error_summary things %}").render({"things": list(things)})


def test_the_error_summary() -> None:
    form = form_with(forms.CharField(label="Name"), {"it": "x"}, Layout("it"))
    theirs = macro("error-summary", titleText="There is a problem", errorList=[{"text": WRONG, "href": "#it"}])
    assert structure(summary_of(form)) == structure(theirs)


def test_every_link_of_the_error_summary_leads_to_something_that_takes_the_focus() -> None:
    form = Wide({"due-day": "3", "due-year": "2025"})
    page = BeautifulSoup(summary_of(form) + render_crispy_form(form), "html.parser")
    links = [link["href"] for link in page.select(".nhsuk-error-summary a")]
    assert links == [
        f"#id_{name}" for name in ("name", "colour", "colours", "size", "due-month", "agreed", "why", "table", "secret")
    ]
    assert {page.select_one(link).name for link in links} == {"input", "select", "textarea"}


def test_every_description_of_a_field_exists_once() -> None:
    page = BeautifulSoup(render_crispy_form(Wide({"due-day": "3"})), "html.parser")
    described = [name for node in page.select("[aria-describedby]") for name in node["aria-describedby"].split()]
    assert described
    assert all(len(page.select(f'[id="{name}"]')) == 1 for name in described)


def test_an_empty_field_is_asked_for_by_its_name() -> None:
    errors = Wide({}).errors
    assert errors["name"] == ["Enter name"]
    assert errors["colour"] == ["Answer: Which colour?"]
    assert errors["size"] == ["Choose size"]


def test_several_forms_share_one_summary_in_the_order_of_the_page() -> None:
    first, second = Wide({}, prefix="a"), Wide({}, prefix="b")
    mistakes = error_summary(first, [second])["mistakes"]
    assert [mistake["focus"] for mistake in mistakes][::9] == ["id_a-name", "id_b-name"]
    assert error_summary(Wide())["mistakes"] == []


def test_the_mistakes_of_a_formset_are_in_the_summary() -> None:
    several = forms.formset_factory(Wide, max_num=1, validate_max=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "x", "form-1-name": "x"}
    found = error_summary(several(data))["mistakes"]
    assert found[0] == {"text": "Please submit at most 1 form.", "focus": ""}
    assert "id_form-1-colour" in [mistake["focus"] for mistake in found]


def test_the_title_says_so_when_a_form_was_refused() -> None:
    assert error_prefix(Wide({}), "") == "Error: "
    assert error_prefix(Wide(), [Wide()], "") == ""


def test_words_typed_into_a_form_come_back_as_words() -> None:
    form = Wide({"name": "<script>x</script>", "why": "</textarea><script>y</script>", "due-day": '"><script>z</script>'})
    assert "<script" not in render_crispy_form(form) + summary_of(form)


# The date


@pytest.mark.parametrize(
    ("day", "month", "year", "found"),
    [
        ("5", "12", "2025", date(2025, 12, 5)),
        ("05", "December", "2025", date(2025, 12, 5)),
        ("29", "feb", "2028", date(2028, 2, 29)),
        ("1", "Sept", "2025", date(2025, 9, 1)),
    ],
)
def test_a_date_is_read(day: str, month: str, year: str, found: date) -> None:
    assert NhsDateField(label="Due date").clean({"day": day, "month": month, "year": year}) == found


@pytest.mark.parametrize(
    ("day", "month", "year", "message", "parts"),
    [
        ("", "12", "2025", "Due date must include a day", ["day"]),
        ("5", "", "", "Due date must include a month and year", ["month", "year"]),
        ("31", "2", "2025", "Due date must be a real date", ["day", "month", "year"]),
        ("5", "13", "2025", "Due date must be a real date", ["month"]),
        ("x", "12", "2025", "Due date must be a real date", ["day"]),
        ("²", "12", "2025", "Due date must be a real date", ["day"]),
        ("5", "12", "25", "Year must include 4 numbers", ["year"]),
        ("5", "12", "0000", "Due date must be a real date", ["day", "month", "year"]),
        ("5" * 5000, "12", "2025", "Due date must be a real date", ["day"]),
    ],
)
def test_a_date_is_refused_with_what_is_wrong(day: str, month: str, year: str, message: str, parts: list[str]) -> None:
    with pytest.raises(ValidationError) as refused:
        NhsDateField(label="Due date").clean({"day": day, "month": month, "year": year})
    assert refused.value.messages == [message]
    assert refused.value.params == {"parts": parts}


def test_an_empty_date_is_none_or_asked_for() -> None:
    empty = {"day": "", "month": "", "year": ""}
    assert NhsDateField(required=False).clean(empty) is None
    assert "due" in Wide({}).errors
    assert Wide({}).errors["due"] == ["Enter due date"]


def test_a_date_begins_with_its_subject_and_may_hold_any_sign() -> None:
    with pytest.raises(ValidationError) as refused:
        NhsDateField(label="When?", subject="The 100% date").clean({"day": "1", "month": "", "year": "2025"})
    assert refused.value.messages == ["The 100% date must include a month"]


def test_a_date_that_stays_the_same_has_not_changed() -> None:
    field = NhsDateField(required=False)
    typed = {"day": "5", "month": "12", "year": "2025"}
    assert not field.has_changed(date(2025, 12, 5), typed)
    assert field.has_changed(date(2025, 12, 6), typed)
    assert not field.has_changed(None, {"day": "", "month": "", "year": ""})


def test_the_words_beside_the_marks_are_those_of_the_ratings() -> None:
    assert {code: NAMES[code] for code in NAMES} | {"nothing_planned": "Nothing planned"} == RATING_NAMES
