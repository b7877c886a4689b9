"""/design/: every component in every state, for those who build the portal. It is an accessibility test page too."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from strategy_portal.forms import Field, Fieldset, Layout, NhsDateField, PortalForm, Reveal, Submit
from strategy_portal.paging import Page
from strategy_portal.templatetags.portal import RATING_NAMES

MONTHS = ("April", "May", "June", "July", "August", "September", "October", "November")
WAYS = [("email", "Email"), ("phone", "Phone"), ("none", "Do not contact me")]
MEANINGS = {
    "on_track": "Milestones and benefits will be met. Nothing needs help.",
    "at_risk": "Something may be missed. You know what you are doing about it.",
    "off_track": "Something will be missed unless others act.",
    "complete": "Everything is delivered, and there is evidence of it.",
}


def design_rule(user: Any) -> bool:
    """Administrators; while the portal is being built, everyone who is signed in."""
    return settings.DEBUG or user.may("edit_plan")


class ExampleForm(PortalForm, forms.Form):
    """Every widget that the portal uses."""

    rating = forms.ChoiceField(
        label="Where is it now?", choices=[(code, RATING_NAMES[code]) for code in MEANINGS], widget=forms.RadioSelect
    )
    done = forms.CharField(
        label="What has been done?", help_text="Two or three sentences.", max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )
    due = NhsDateField(label="When is it due?", subject="The due date", help_text="For example, 5 12 2025")
    contact = forms.ChoiceField(label="How may we reach you?", choices=WAYS, widget=forms.RadioSelect)
    email = forms.EmailField(label="Email address", required=False)
    phone = forms.CharField(label="Phone number", required=False)
    themes = forms.MultipleChoiceField(
        label="Which principles does it serve?",
        choices=[("prevention", "Prevention"), ("equity", "Equity"), ("integration", "Integration")],
        widget=forms.CheckboxSelectMultiple,
    )
    priority = forms.ChoiceField(label="Priority", choices=[("", "Choose a priority"), ("hw", "Health and work")])
    name = forms.CharField(label="Name")
    cost = forms.IntegerField(label="Cost")
    evidence = forms.FileField(label="Evidence", help_text="A document of up to 5MB.")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "off"}))
    agreed = forms.BooleanField(label="The lead has seen this update")
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def layout(self) -> Layout:
        return Layout(
            Field("rating", legend_size="m", marks=True, hints=MEANINGS),
            Field("done", label_size="m"),
            Field("due", legend_size="m"),
            Field("contact", Reveal("email", "email"), Reveal("phone", Field("phone", width=20)), legend_size="m"),
            Field("themes", legend_size="m", inline=True, small=True),
            Fieldset("What is it?", "priority", Field("name", width=20), Field("cost", prefix="£", suffix="a month", width=5)),
            "evidence",
            Field("secret", width=20),
            "agreed",
            "key",
            Submit("Save"),
        )


@dataclass(frozen=True)
class Month:
    month_name: str
    rating: str


def strip(*ratings: str) -> list[Month]:
    return [Month(f"{name} 2025", rating) for name, rating in zip(MONTHS, ratings, strict=False)]


def by_month_figure() -> dict[str, Any]:
    """Two ratings by month, as plotly takes it."""
    on_track = {"type": "bar", "name": "On track", "x": MONTHS, "y": [6, 7, 6, 5, 5, 5, 5, 5], "marker": {"color": "#007f3b"}}
    at_risk = {"type": "bar", "name": "At risk", "x": MONTHS, "y": [0, 1, 2, 4, 4, 3, 2, 2], "marker": {"color": "#ffb81c"}}
    return {
        "data": [on_track, at_risk],
        "layout": {
            "barmode": "stack",
            "margin": {"l": 32, "r": 16, "t": 8, "b": 40},
            "legend": {"orientation": "h", "y": -0.15},
            "yaxis": {"dtick": 3, "gridcolor": "#e8edee"},
        },
    }


FIGURE = by_month_figure()
EXAMPLES: dict[str, Any] = {
    "ratings": list(RATING_NAMES),
    "counts": {"on_track": 5, "complete": 1, "at_risk": 2, "off_track": 1},
    "good": strip("not_reported", "at_risk", "on_track", "on_track", "on_track", "on_track", "complete", "complete"),
    "bad": strip("on_track", "on_track", "at_risk", "at_risk", "at_risk", "off_track", "off_track", "off_track"),
    "page": Page(rows=[], number=4, total=1234, per_page=25),
    "rows": [
        ("Lead", "Nottinghamshire Healthcare"),
        ("Measure", ""),
        ("Source", "Delivery expectations", "#", "Change", "the source"),
    ],
    "days": [(date(2025, 12, 5), "Updates are due"), (date(2025, 12, 9), "The group meets", "#"), (None, "The board meets")],
    "crumbs": [("Priorities", "#"), ("Health and work", "#")],
    "banners": [
        Message(constants.SUCCESS, "Your update is in."),
        Message(constants.INFO, "November is open until 5 December."),
        Message(constants.ERROR, "Your update was not taken: the period has closed."),
    ],
    "colours": ["", "white", "grey", "green", "aqua-green", "blue", "purple", "pink", "red", "orange", "yellow"],
    "figure": FIGURE,
    "table": list(zip(MONTHS, *(trace["y"] for trace in FIGURE["data"]), strict=True)),
}
REFUSED = {"refused-due-day": "31", "refused-due-year": "2025", "refused-cost": "much"}


def design(request: HttpRequest) -> HttpResponse:
    """Nothing is saved. The address states its rule: access(design_rule)(design)."""
    forms_shown = {
        "filter": ExampleForm(prefix="filter"),
        "fresh": ExampleForm(prefix="fresh"),
        "refused": ExampleForm(REFUSED, prefix="refused"),
    }
    return render(request, "design.html", EXAMPLES | forms_shown)
