"""A form field as its template in templates/nhsuk/kinds/ needs it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.forms.widgets import Input
from django.template.loader import get_template
from django.utils.safestring import SafeString

from strategy_portal.forms import PARTS, GroupedCheckboxes, NhsDateWidget
from strategy_portal.shapes import HOLES, shaped

# The first that fits: a kind is the name of a template in templates/nhsuk/kinds/.
KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.MultipleHiddenInput, "hiddens"),
    (forms.HiddenInput, "hidden"),
    (NhsDateWidget, "date"),
    (GroupedCheckboxes, "grouped"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (Input, "input"),
]
# What Django puts on a widget and NHS forms leave out: the server's messages are the only ones, and nothing typed is cut off.
LEFT_OUT = {"class", "id", "required", "maxlength", "minlength", "min", "max", "step", "cols", "rows", "placeholder"}
# Of these one is made for all that look alike (FieldView.look); of the typed ones, whatever is typed.
TYPED = {"hidden", "input", "textarea"}
SHAPED = TYPED | {"date", "checkbox", "radios", "select"}


class Quick:
    """What a template asks by name. It asks for an item first, and would pay for an error each time there is none."""

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


@dataclass(frozen=True)
class Options(Quick):
    """What a page may say of a field. `label_size` and `legend_size` are the same: s, m, l or xl."""

    label: str = ""
    label_size: str = ""
    legend_size: str = ""
    label_hidden: bool = False
    page_heading: bool = False
    hint: str = ""
    classes: str = ""
    # of a line of text
    width: str | int = ""
    prefix: str = ""
    suffix: str = ""
    # of a text area
    rows: int = 0
    max_characters: int = 0
    # of choices: words beneath some of them, by value; ratings shown as marks; what a choice reveals
    hints: dict[str, str] = field(default_factory=dict)
    marks: bool = False
    inline: bool = False
    small: bool = False
    reveals: dict[str, SafeString] = field(default_factory=dict)


@dataclass(frozen=True)
class Item(Quick):
    """One radio button or checkbox."""

    id: str
    value: str
    label: str
    checked: bool
    hint: str = ""
    reveal: SafeString | str = ""
    disabled: bool = False


@dataclass(frozen=True)
class FieldView(Quick):
    """A bound field as its template needs it."""

    bound: BoundField
    options: Options

    @property
    def widget(self) -> forms.Widget:
        return self.bound.field.widget

    @cached_property
    def kind(self) -> str:
        return next((kind for widget, kind in KINDS if isinstance(self.widget, widget)), "other")

    @property
    def id(self) -> str:
        return self.widget.attrs.get("id") or self.bound.auto_id or self.bound.html_name

    @property
    def name(self) -> str:
        return self.bound.html_name

    @property
    def label(self) -> str:
        return self.options.label or self.bound.label

    @property
    def size(self) -> str:
        return self.options.legend_size or self.options.label_size

    @property
    def hint(self) -> str:
        return self.options.hint or self.bound.help_text

    @cached_property
    def errors(self) -> list[str]:
        return [plainly(error) for error in self.bound.errors]

    @cached_property
    def described_by(self) -> str:
        counter = f"{self.id}-info" if self.max_characters else ""
        hint = f"{self.id}-hint" if self.hint and self.kind != "checkbox" else ""
        return " ".join(filter(None, [counter, hint, f"{self.id}-error" if self.errors else ""]))

    @cached_property
    def max_characters(self) -> int:
        if self.kind != "textarea":
            return 0
        own = getattr(self.bound.field, "max_characters", 0) or getattr(self.bound.field, "max_length", 0)
        return self.options.max_characters or own or 0

    @property
    def rows(self) -> int:
        own = self.widget.attrs.get("rows")
        return self.options.rows or (own if own != "10" else 0) or 5  # "10" is what Django gives to every text area

    @cached_property
    def value(self) -> Any:
        return self.widget.format_value(self.bound.value())

    @property
    def type(self) -> str:
        """Numbers are typed as text: a wheel over a number box changes what was typed."""
        return {"number": "text", "date": "text"}.get(self.widget.input_type, self.widget.input_type)

    @property
    def extra(self) -> SafeString:
        """The widget's other attributes, such as autocomplete."""
        attrs = {name: value for name, value in self.widget.attrs.items() if name not in LEFT_OUT}
        if isinstance(self.widget, forms.NumberInput):
            attrs.setdefault("inputmode", "decimal" if isinstance(self.bound.field, forms.DecimalField) else "numeric")
        if getattr(self.widget, "input_type", "") == "email":
            attrs.setdefault("spellcheck", "false")
        if self.bound.field.disabled:
            attrs["disabled"] = True
        return flatatt(attrs)

    @property
    def groups(self) -> list[tuple[str | None, list[dict[str, Any]]]]:
        """The options of a select, by their group."""
        inner = self.widget.get_context(self.name, self.bound.value(), {"id": self.id})["widget"]
        return [(name, options) for name, options, _ in inner["optgroups"]]

    @cached_property
    def items(self) -> list[Item]:
        if self.kind == "checkbox":
            return [Item(self.id, "on", self.label, bool(self.bound.value()), self.hint, self.options.reveals.get("on", ""))]
        choices = [option for _, options in self.groups for option in options]
        return [self.item(number, option) for number, option in enumerate(choices, start=1)]

    @cached_property
    def item_groups(self) -> list[dict[str, Any]]:
        """The items of a long list by their group, each with how many of it are chosen. One group alone has no name."""
        items, found = iter(self.items), []
        for name, options in self.folded:
            some = [next(items) for _ in options]
            found.append({"name": name, "items": some, "chosen": sum(item.checked for item in some)})
        return found

    @property
    def folded(self) -> list[tuple[str | None, list[dict[str, Any]]]]:
        """Choices without groups are one."""
        options = [option for name, some in self.groups if name is None for option in some]
        return [(None, options)] if options else [(name, some) for name, some in self.groups]

    def item(self, number: int, option: dict[str, Any]) -> Item:
        """The first has the field's own id, so that the error summary leads to it."""
        value = str(option["value"])
        return Item(
            id=self.id if number == 1 else f"{self.id}-{number}",
            value=value,
            label=option["label"],
            checked=option["selected"],
            hint=self.options.hints.get(value, ""),
            reveal=self.options.reveals.get(value, ""),
            disabled=self.bound.field.disabled,
        )

    @cached_property
    def wrong_parts(self) -> list[str]:
        """Which boxes of a date are wrong; all of them when nothing better is known."""
        errors = self.bound.errors.as_data() if self.errors else []
        named = [part for error in errors for part in (error.params or {}).get("parts", [])]
        return named or (list(PARTS) if errors else [])

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [
            {"name": part, "value": self.value[part], "width": 4 if part == "year" else 2, "wrong": part in self.wrong_parts}
            for part in PARTS
        ]

    @property
    def focus(self) -> str:
        """The id of the box to which the error summary leads; none for what cannot be seen."""
        if self.kind in ("hidden", "hiddens"):
            return ""
        return f"{self.id}-{self.wrong_parts[0]}" if self.kind == "date" and self.wrong_parts else self.id

    @property
    def state(self) -> Any:
        """What its value changes in its look: whether there is one, or which of its choices it is."""
        if self.kind == "date":
            return tuple(map(bool, self.value.values()))
        if self.kind == "checkbox":
            return bool(self.bound.value())
        if self.kind in ("radios", "select"):
            return tuple((value, str(label)) for value, label in self.widget.choices), tuple(self.value)
        return self.value is None

    @property
    def look(self) -> tuple[Any, ...]:
        """All that its HTML is made of, but for its id, its name and what is typed."""
        options = (tuple(value.items()) if isinstance(value, dict) else value for value in vars(self.options).values())
        field, attrs = self.bound.field, tuple(self.widget.attrs.items())
        what = (type(field), field.disabled, self.max_characters, type(self.widget), attrs)
        return (self.kind, self.bound.label, self.bound.help_text, *options, *what, self.state)

    def render(self) -> SafeString:
        read_each_time = not isinstance(getattr(self.widget, "choices", []), list)
        if self.kind not in SHAPED or self.errors or self.options.reveals or read_each_time:
            return self.made()
        own = self.value if self.kind == "date" else {"value": self.value} if self.kind in TYPED else {}
        return shaped(self.look, {"id": self.id, "name": self.name, **own}, Hollow(self.bound, self.options).made)

    def made(self) -> SafeString:
        return get_template(f"nhsuk/kinds/{self.kind}.html").render({"f": self})


class Hollow(FieldView):
    """One with holes where its id, its name and what is typed stand."""

    id, name = HOLES["id"], HOLES["name"]

    @cached_property
    def value(self) -> Any:
        value = super().value
        if self.kind == "date":
            return {part: value[part] and HOLES[part] for part in PARTS}
        return HOLES["value"] if value is not None and self.kind in TYPED else value


def plainly(error: str) -> str:
    """NHS error messages of one sentence end without a full stop; Django's end with one."""
    return error[:-1] if error.endswith(".") and ". " not in error else error
