"""Forms validate; they do not save. What a story's form holds becomes StoryWords for casestudies.actions."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict

from casestudies.actions import StoryWords
from casestudies.actions.words import FIELDS, OF_A_FIGURE
from casestudies.models import CaseStudy, Figure
from casestudies.pictures import Photograph, read_photograph
from casestudies.querysets import LINKS
from casestudies.years import tidy_year
from deliverables.forms import WordsField
from deliverables.uploads import LARGEST, Refused, read_link
from strategy_portal import clock
from strategy_portal.forms import NhsDateField, PortalForm

LONG, SHORT = 3000, 600  # characters
MOST_FIGURES = 12
HOST_FOR_ALL = re.compile(r"(?:[a-z0-9-]+\.)+(?!local|internal|lan)[a-z]{2,}")  # and not one machine, nor a number
Choices = Mapping[str, list[tuple[str, str]]]


class NumberField(forms.DecimalField):
    """As people write a number: 5,304 and 25%."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.replace(",", "").strip().removesuffix("%") if isinstance(value, str) else value)


def words(label: str, most: int = LONG, **more: Any) -> WordsField:
    return WordsField(label=label, max_characters=most, required=False, **more)


def line(label: str, most: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **{"required": False} | more)


class StoryForm(PortalForm, forms.Form):
    """All of a story but its pictures. A draft needs a title alone: what else is missing, the readiness list says."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST_FIGURES, required=False)
    title = line("Title", 120, required=True, error_messages={"required": "Enter a title"})
    owner = forms.ChoiceField(label="Organisation")
    place = line("Place", 200)
    year = line("When was it done?", 100)
    summary = words("In short", 300)
    problem = words("What was the problem?")
    done = words("What was done?")
    changed = words("What changed?")
    learnt = words("What was learnt?")
    caution = words("What does the story not show?", SHORT)
    sensitive = line("Is there anything that a reader may want to be told of first?", 200)
    video = line("Link to a video", 500)
    aims = forms.MultipleChoiceField(label="Aims", required=False, widget=forms.CheckboxSelectMultiple)
    principles = forms.MultipleChoiceField(label="Principles", required=False, widget=forms.CheckboxSelectMultiple)
    priorities = forms.MultipleChoiceField(label="Priorities", required=False, widget=forms.CheckboxSelectMultiple)
    deliverables = forms.MultipleChoiceField(label="Deliverables", required=False, widget=forms.CheckboxSelectMultiple)
    consent = forms.ChoiceField(
        label="Have the people in the story agreed to it?",
        required=False,
        choices=CaseStudy.Consent.choices,
        widget=forms.RadioSelect,
    )
    consent_words = words("Who agreed, and where is that kept?", SHORT)
    consent_on = NhsDateField(label="When did they agree?", subject="The day on which they agreed", required=False)
    consent_ends_on = NhsDateField(label="Until when does it hold?", subject="The day until which it holds", required=False)
    anonymity = words("Why can nobody be recognised?", SHORT)
    small_numbers = forms.ChoiceField(
        label="If fewer than five people are counted anywhere, what becomes of these counts?",
        required=False,
        choices=CaseStudy.SmallNumbers.choices,
        widget=forms.RadioSelect,
    )
    small_words = words("Why?", SHORT)

    def __init__(
        self,
        *args: Any,
        count: int,
        choices: Choices,
        owners: list[tuple[str, str]],
        is_of_documents: bool = False,
        **kwargs: Any,
    ) -> None:
        """`count` is how many rows of figures there are; `owners` the organisations that she may choose from, if she may."""
        super().__init__(*args, **kwargs)
        if not is_of_documents:
            kept = [choice for choice in CaseStudy.Consent.choices if choice[0] != CaseStudy.Consent.DOCUMENT]
            self.fields["consent"].choices = kept  # type: ignore[attr-defined]
        self.count = count
        self.initial["rows"] = count
        for kind in LINKS:
            self.fields[kind].choices = choices[kind]  # type: ignore[attr-defined]
        if len(owners) > 1:
            self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        else:
            del self.fields["owner"]
        for number in range(count):
            self.fields |= figure_fields(number)

    @property
    def figure_rows(self) -> list[dict[str, Any]]:
        rows = ({name: self[f"figure-{n}-{name}"] for name in OF_A_FIGURE} for n in range(self.count))
        return [row | {"number": n + 1, "place": n} for n, row in enumerate(rows)]

    def clean_year(self) -> str:
        """Written in one way, so that it is one choice in the list. What the documents say of their stories may stay."""
        given: str = self.cleaned_data["year"]
        if not given or given == self.initial.get("year"):
            return given
        if not (tidied := tidy_year(given)):
            raise forms.ValidationError("Enter a plan year such as 2024/25, a year such as 2024, or a month such as October 2025")
        return tidied

    def clean_video(self) -> str:
        given: str = self.cleaned_data["video"]
        try:
            link = read_link(given) if given else ""
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        if link and not HOST_FOR_ALL.fullmatch(urlsplit(link).hostname or ""):
            raise forms.ValidationError("Enter a link to a place that every reader can reach")
        if link and not link.lower().startswith("https://"):
            raise forms.ValidationError("Enter a link that begins with https://")
        return link

    def clean_consent_on(self) -> date | None:
        given: date | None = self.cleaned_data["consent_on"]
        if given and given > clock.today():
            raise forms.ValidationError("The day on which they agreed must be today or before")
        return given

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number in range(self.count):
            row = {name: cleaned.get(f"figure-{number}-{name}") for name in OF_A_FIGURE}
            if any(value not in ("", None) for value in row.values()):
                self.need(number, "metric", "Say what figure {} counts")
                self.need(number, "value", "Enter figure {} as a number")
                self.need(number, "unit", "Say what figure {} is counted in, such as people or percent")
        self.refuse_unlike()
        return cleaned

    def refuse_unlike(self) -> None:
        """Two figures of one thing become a change, so they have to be counted alike, and a third would be lost between them."""
        first: dict[str, int] = {}
        seen: Counter[str] = Counter()
        for number in range(self.count):
            metric, unit = (self.cleaned_data.get(f"figure-{number}-{name}") for name in ("metric", "unit"))
            if not metric:
                continue
            seen[metric] += 1
            if seen[metric] > 2:
                self.add_error(
                    f"figure-{number}-metric", f"Figure {number + 1} is the third of the same. Give the first and the last"
                )
            elif unit and unit != self.cleaned_data.get(f"figure-{first.setdefault(metric, number)}-unit"):
                message = f"Count figure {number + 1} in the same as figure {first[metric] + 1}, or call it something else"
                self.add_error(f"figure-{number}-unit", message)

    def need(self, number: int, name: str, message: str) -> None:
        field = f"figure-{number}-{name}"
        if self.cleaned_data.get(field) in ("", None) and field not in self.errors:
            self.add_error(field, message.format(number + 1))

    def words(self) -> StoryWords:
        given = self.cleaned_data
        rows = ({name: given[f"figure-{n}-{name}"] for name in OF_A_FIGURE} for n in range(self.count))
        return StoryWords(
            fields={name: given[name] for name in FIELDS},
            links={kind: frozenset(int(pk) for pk in given[kind]) for kind in LINKS},
            figures=tuple(row for row in rows if row["metric"]),
        )


def figure_fields(number: int) -> dict[str, forms.Field]:
    """Of one row."""
    wrong = {"invalid": f"Figure {number + 1} must be a number, such as 5,304 or 2.5"}
    fields: dict[str, forms.Field] = {
        "metric": line("What is counted", 200),
        "value": NumberField(label="Figure", max_digits=14, decimal_places=2, required=False, error_messages=wrong),
        "unit": line("Counted in", 100),
        "qualifier": line("In the source’s words", 100),
        "period": line("Of what time", 100),
        "source": line("Source", 200),
        "note": words("What it does not show", SHORT, widget=forms.Textarea(attrs={"rows": 2})),
        "better": forms.ChoiceField(
            label="Which way is better?", required=False, choices=[("", "Not said"), *Figure.Better.choices]
        ),
    }
    return {f"figure-{number}-{name}": field for name, field in fields.items()}


def initial_of(said: StoryWords) -> dict[str, Any]:
    """What a story says, as its form begins with it."""
    links = {kind: [str(pk) for pk in ids] for kind, ids in said.links.items()}
    rows = {f"figure-{n}-{name}": shown(value) for n, figure in enumerate(said.figures) for name, value in figure.items()}
    return dict(said.fields) | links | rows


def shown(value: Any) -> Any:
    """5,304 and not 5304.00"""
    if not isinstance(value, Decimal):
        return value
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rows_in(typed: QueryDict | Mapping[str, Any]) -> int:
    """How many rows of figures a form was sent with."""
    given = str(typed.get("rows", ""))
    return min(int(given), MOST_FIGURES) if given.isascii() and given.isdecimal() and len(given) < 4 else 0


def with_rows(typed: QueryDict, asked: str) -> QueryDict:
    """The same with one more row, or with a row taken out and those below it moved up: add-figure, remove-figure-3."""
    data, count = typed.copy(), rows_in(typed)
    number = asked.removeprefix("remove-figure-")
    if asked == "add-figure":
        data["rows"] = str(min(count + 1, MOST_FIGURES))
    elif number.isascii() and number.isdecimal() and len(number) < 4 and 1 <= int(number) <= count:
        for place in range(int(number) - 1, count):
            for name in OF_A_FIGURE:
                data[f"figure-{place}-{name}"] = typed.get(f"figure-{place + 1}-{name}", "")
        data["rows"] = str(count - 1)
    return data


class AlternativeForm(PortalForm, forms.Form):
    alternative = forms.CharField(
        label="What does it show?",
        max_length=250,
        error_messages={"required": "Say what the picture shows, for those who do not see it"},
    )


class PictureForm(AlternativeForm):
    file = forms.FileField(
        label="Picture", required=False, allow_empty_file=True, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"})
    )
    photograph: Photograph | None = None

    def clean(self) -> dict[str, Any]:
        cleaned, file = super().clean(), self.cleaned_data.get("file")
        try:
            if file is None:
                raise Refused("Choose a picture")
            if file.size > LARGEST:
                raise Refused("The selected file must be 10MB or smaller")
            self.photograph = read_photograph(file.read())
        except Refused as refused:
            if "file" not in self.errors:
                self.add_error("file", str(refused))
        if self.errors and self.photograph:
            self.add_error("file", "Choose the picture again. A browser does not keep it when a form comes back")
        return cleaned


class ReasonForm(PortalForm, forms.Form):
    """Why a story is published, returned or withdrawn."""

    reason = words("Why?", SHORT)

    def __init__(self, *args: Any, needs: Iterable[str] = ("reason",), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reason" in needs:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = "Say why"


class PublishForm(ReasonForm):
    review_on = NhsDateField(
        label="When is it looked at again?",
        subject="The review date",
        error_messages={"required": "Enter the day on which it is looked at again"},
    )

    def clean_review_on(self) -> date:
        given: date = self.cleaned_data["review_on"]
        if given <= clock.today():
            raise forms.ValidationError("The review date must be after today")
        if (given - clock.today()).days > 3 * 366:
            raise forms.ValidationError("The review date must be within three years")
        return given
