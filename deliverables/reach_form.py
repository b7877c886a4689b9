"""The form that says whom a deliverable reaches."""

from collections.abc import Iterable
from typing import Any

from django import forms

from deliverables.actions import Reach
from deliverables.forms import LONG, WordsField
from priorities.models import ReachGroup
from strategy_portal.editing import seen_of
from strategy_portal.forms import Field, Layout, PortalForm

KIND = ReachGroup.Kind
# Each question with the kinds of groups that answer it. What runs through all areas for adults stands with these.
QUESTIONS = {
    "core20": ("Does it reach the most deprived fifth?", (KIND.CORE20,)),
    "plus": ("Which groups chosen here does it reach?", (KIND.PLUS,)),
    "adults": ("Which clinical areas for adults?", (KIND.ADULTS, KIND.ACROSS)),
    "children": ("Which clinical areas for children and young people?", (KIND.CHILDREN,)),
}
LABELS = {"groups": "Reaches", "benefits": "Who benefits", "missed": "Who might be missed"}


class ReachForm(PortalForm, forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    benefits = WordsField(label="Who benefits?", max_characters=LONG, required=False)
    missed = WordsField(label="Who might be missed?", max_characters=LONG, required=False)

    def __init__(self, *args: Any, groups: Iterable[ReachGroup], **kwargs: Any) -> None:
        """`groups`: those that may be chosen, in order."""
        super().__init__(*args, **kwargs)
        self.groups = list(groups)
        for name, (question, _) in QUESTIONS.items():
            choices = [(group.code, group.name) for group in self.asked(name)]
            if choices:
                self.fields[name] = forms.MultipleChoiceField(
                    label=question,
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    error_messages={"invalid_choice": "Choose from the list"},
                )

    def asked(self, name: str) -> list[ReachGroup]:
        return [group for kind in QUESTIONS[name][1] for group in self.groups if group.kind == kind]

    def layout(self) -> Layout:
        asked = [name for name in QUESTIONS if name in self.fields]
        choices = [Field(n, legend_size="s", small=True, hints={g.code: g.explanation for g in self.asked(n)}) for n in asked]
        return Layout(
            "seen",
            *choices,
            Field("benefits", label_size="s", rows=3, hint="Say it so that somebody who does not know the work understands it."),
            Field("missed", label_size="s", rows=3, hint="Who needs it and may not get it, and what is done about that."),
        )

    def reach(self) -> Reach:
        given = self.cleaned_data
        codes = {code for name in QUESTIONS for code in given.get(name, ())}
        return Reach(frozenset(g.pk for g in self.groups if g.code in codes), given["benefits"], given["missed"])

    def in_words(self, reach: Reach) -> dict[str, Any]:
        """By the keys of LABELS."""
        groups = [group for group in self.groups if group.pk in reach.groups]
        return {"groups": groups, "benefits": reach.benefits, "missed": reach.missed}

    def see(self, seen: int) -> None:
        """She has now been shown what overtook her: sending the form again is her choice."""
        self.data = self.data.copy()
        self.data["seen"] = seen


def initial_of(deliverable: Any, groups: Iterable[ReachGroup]) -> dict[str, Any]:
    reach = Reach.of(deliverable)
    named = [group for group in groups if group.pk in reach.groups]
    chosen = {name: [group.code for group in named if group.kind in kinds] for name, (_, kinds) in QUESTIONS.items()}
    return chosen | {"benefits": reach.benefits, "missed": reach.missed, "seen": seen_of(deliverable)}
