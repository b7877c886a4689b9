"""Forms in the NHS design system: the date in three boxes, layout objects for crispy-forms, and what every form here shares.

    class StoryForm(PortalForm, forms.Form):
        name = forms.CharField(label="What is it called?")
        seen_on = NhsDateField(label="When was it seen?", subject="The date it was seen")

        def layout(self) -> Layout:
            return Layout(Field("name", label_size="m"), Field("seen_on", legend_size="m"))

In the page: <form method="post" novalidate>{% csrf_token %}{% crispy form %}<button …></form>. Or field by field, in any order:
{% load nhsuk %}{% field form.name label_size="m" %}. base.html shows the error summary of the variable `form` by itself.
"""

from calendar import month_abbr, month_name
from datetime import date
from typing import Any

from crispy_forms import layout as crispy
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_field
from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

Layout = crispy.Layout
PARTS = ("day", "month", "year")
DAY_FORMATS = ["%d %B %Y", "%d %b %Y", "%d %m %Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"]
MONTHS = {name.lower(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name} | {"sept": 9}


class NhsDateWidget(forms.Widget):
    """Day, month and year in boxes of their own. What was typed comes back as typed."""

    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        return {part: str(data.get(f"{name}-{part}") or "").strip() for part in PARTS}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(f"{name}-{part}" in data for part in PARTS)

    def format_value(self, value: Any) -> dict[str, str]:
        if isinstance(value, date):
            return {part: str(getattr(value, part)) for part in PARTS}
        return value if isinstance(value, dict) else dict.fromkeys(PARTS, "")

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-day" if id_ else ""


class GroupedCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes for a long list: each group of choices folds, and says how many of it are chosen. Works without JavaScript."""


class NhsDateField(forms.Field):
    """A date, refused in the words of the NHS service manual. A month may be written as a word.

    `subject` begins the messages: "The date it was seen must include a year". The label does if it is not a question.
    Each error names the boxes that are wrong in params["parts"], so that the page can mark them.
    """

    widget = NhsDateWidget

    def __init__(self, *, subject: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        label = str(self.label or "")
        self.subject = subject or (label if label and not label.endswith("?") else "The date")

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        if not any(value.values()):
            return None
        self.refuse_missing(value)
        numbers = self.numbers(value)
        try:
            return date(numbers["year"], numbers["month"], numbers["day"])
        except ValueError:
            raise self.wrong("must be a real date", PARTS) from None

    def refuse_missing(self, value: dict[str, str]) -> None:
        missing = [part for part in PARTS if not value[part]]
        if missing:
            raise self.wrong(f"must include a {' and '.join(missing)}", missing)

    def numbers(self, value: dict[str, str]) -> dict[str, int]:
        read = value | {"month": str(MONTHS.get(value["month"].lower(), value["month"]))}
        unreal = [part for part in PARTS if not (read[part].isascii() and read[part].isdecimal() and len(read[part]) <= 4)]
        if not unreal and len(read["year"]) != 4:
            raise ValidationError("Year must include 4 numbers", code="invalid", params={"parts": ["year"]})
        if not unreal and not 1 <= int(read["month"]) <= 12:
            unreal = ["month"]
        if unreal:
            raise self.wrong("must be a real date", unreal)
        return {part: int(read[part]) for part in PARTS}

    def wrong(self, what: str, parts: Any) -> ValidationError:
        return ValidationError(f"{self.subject} {what}".replace("%", "%%"), code="invalid", params={"parts": list(parts)})


class WordsField(forms.CharField):
    """Text of several lines. A line end counts as one character, however the browser sends it."""

    def __init__(self, *, max_characters: int, **kwargs: Any) -> None:
        self.max_characters = max_characters
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=max_characters, **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: the counter says how much is too much, and nothing typed is cut off."""
        return {}


class DayField(forms.DateField):
    """A day typed in one box, as in a row of milestones: 15 December 2025, 15/12/2025, 15 12 2025."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, widget=forms.DateInput(format="%-d %B %Y"), **kwargs)


class Field(crispy.Field):
    """A field with the options of {% field %}: label_size, legend_size, hint, width, inline, max_characters and so on.

    Beside the field's name it may hold what some of its choices reveal:

        Field("contact", Reveal("phone", "phone_number"), legend_size="m", hints={"phone": "We call between 9am and 5pm"})
    """

    def __init__(self, name: str, *reveals: "Reveal", **options: Any) -> None:
        super().__init__(name, *reveals)
        self.options = options

    def render(self, form: Any, context: Any, template_pack: Any = None, extra_context: Any = None, **kwargs: Any) -> SafeString:
        name, *reveals = self.fields
        shown = {reveal.value: reveal.render(form, context) for reveal in reveals}
        options = {"field_options": self.options | ({"reveals": shown} if shown else {})}
        return render_field(name, form, context, template="nhsuk/field.html", extra_context=options)


class Reveal(crispy.LayoutObject):
    """What appears beneath one choice when it is chosen. Without JavaScript it is always there."""

    def __init__(self, value: str, *fields: Any) -> None:
        self.value, self.fields = value, list(fields)

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        return self.get_rendered_fields(form, context, "nhsuk")


class Fieldset(crispy.Fieldset):
    """Fields under one legend: Fieldset("Where is it?", "street", "town", legend_size="m")."""

    def __init__(self, legend: str, *fields: Any, legend_size: str = "m", **kwargs: Any) -> None:
        super().__init__(legend, *fields, **kwargs)
        self.legend_size = legend_size


class Submit(crispy.BaseInput):
    """A button that sends the form, once. `kind` is secondary, warning or reverse; none is the main button."""

    input_type = "submit"

    def __init__(self, text: str, *, name: str = "", value: str = "", kind: str = "", small: bool = False) -> None:
        super().__init__(name, value or text)
        self.text = text
        self.css_class = " ".join(
            ["nhsuk-button", *([f"nhsuk-button--{kind}"] if kind else []), *(["nhsuk-button--small"] if small else [])]
        )


def missing(field: forms.Field) -> str:
    """What is said of an empty field that has no words of its own for it."""
    label = str(field.label or "this")
    if label.endswith("?"):
        return f"Answer: {label}"
    if isinstance(field, forms.BooleanField):
        return f"Tick the box: {label}"
    if isinstance(field, forms.FileField):
        return "Choose a file"
    verb = "Choose" if hasattr(field, "choices") else "Enter"
    return f"{verb} {label if label[:2].isupper() else label[0].lower() + label[1:]}"


class PortalForm:
    """Goes before forms.Form. The server's messages are the only ones, and labels stand without a colon."""

    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = missing(field)

    def layout(self) -> Layout:
        return Layout(*self.fields)

    @property
    def helper(self) -> FormHelper:
        """The <form> tag, the token and the buttons stand in the page, where they can be seen."""
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf, helper.layout = False, True, self.layout()
        return helper


class SeenForm(PortalForm, forms.Form):
    """Of a row that somebody else may edit meanwhile: `seen` is the number of its newest edit that the writer has read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    @property
    def seen_number(self) -> int:
        return self.cleaned_data.get("seen") or 0

    def see(self, newest: int) -> None:
        """She has now been shown what overtook her: sending the form again is her choice."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = str(newest)
