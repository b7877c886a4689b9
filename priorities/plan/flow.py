"""How every form of the plan is answered: it is filled in, shown as a preview word by word, and published by one action.

The form and its preview have one address. A stale save shows both texts and keeps what was typed; what is typed is kept for
its writer as she types.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from people.keeping import answer_keeping, bind, forget, keeping
from priorities.plan.rules import check_row
from strategy_portal.editing import Change, Overtaken, Refused, changes_between, seen_of
from strategy_portal.forms import PortalForm

FRAME = ("csrfmiddlewaretoken", "do")


class PlanForm(PortalForm, forms.Form):
    """Goes before the fields of one thing. `seen` is the newest edit of it that its editor has read."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def labels(self) -> dict[str, str]:
        return {name: str(one.label) for name, one in self.fields.items() if name != "seen"}

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def boxes(self) -> list[Any]:
        """What the page shows, in order."""
        return [self[name] for name in self.labels]

    def see(self, newest: int) -> None:
        """She has now been shown what overtook her: sending the form again is her choice."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = str(newest)


def unchanged(row: Any) -> Any:
    return row


@dataclass(frozen=True)
class Editing:
    """One thing that is edited. `row` is it as it stands, not saved yet if it is new.

    `publish` calls the action with the form and the row as filled in, and gives the row that stands. `title`, `caption` and so on
    are what the page says.
    """

    row: Any
    form_class: type[Any]
    publish: Callable[[Any, Any], Any]
    title: str
    back: tuple[str, str]  # address and words
    then: Callable[[Any], str]  # where to once it is published
    said: str = "{} is published"
    caption: str = ""
    lede: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)  # of the form
    initial: Mapping[str, Any] = field(default_factory=dict)  # of a new one, where it is not empty
    complete: Callable[[Any], Any] = unchanged  # gives a new row what follows from what was typed
    more: Mapping[str, Any] = field(default_factory=dict)  # of the page
    template: str = "plan/edit.html"

    @property
    def is_new(self) -> bool:
        return self.row.pk is None

    def before(self, form: PlanForm) -> dict[str, Any]:
        return {} if self.is_new else {name: getattr(self.row, name) for name in form.labels}

    def filled(self, form: PlanForm) -> Any:
        """The row as the form has it, with what follows from that; in memory alone."""
        row = type(self.row)(**{f.attname: getattr(self.row, f.attname) for f in self.row._meta.concrete_fields})
        for name, value in form.values.items():
            setattr(row, name, value)
        return self.complete(row)

    def refused(self, form: PlanForm) -> bool:
        """Whether the rules of the plan refuse it: then the form says why, beside the box."""
        return refuses(form, lambda: check_row(self.filled(form)))


def refuses(form: PlanForm, act: Callable[[], Any], box: Callable[[str], str] = str) -> bool:
    """Whether what is done is refused; then the form says why, in the `box` of the field that is named."""
    try:
        act()
    except Refused as refused:
        name = box(refused.field)
        form.add_error(name if name in form.fields else None, str(refused))
    except ValidationError as wrong:  # of Django's own rules for the model, which the form should have said before
        form.add_error(None, wrong.messages)
    return bool(form.errors)


def answer(request: HttpRequest, editing: Editing) -> HttpResponse:
    if kept := answer_keeping(request):
        return kept
    initial = {name: getattr(editing.row, name, None) for name in editing.form_class.base_fields} | {"seen": 0}
    if not editing.is_new and request.method == "GET":
        initial["seen"] = seen_of(editing.row)
    form = bind(editing.form_class, request, initial=initial | editing.initial, **editing.options)
    asked = request.POST.get("do") if request.method == "POST" else ""
    if asked == "preview" and form.is_valid() and not editing.refused(form):
        return preview(request, editing, form)
    if asked == "publish" and form.is_valid():
        return publish(request, editing, form)
    return show(request, editing, form)


def preview(request: HttpRequest, editing: Editing, form: PlanForm) -> HttpResponse:
    changes = changes_between(form.labels, editing.before(form), form.values)
    hidden = [(name, value) for name, values in request.POST.lists() if name not in FRAME for value in values]
    return render(request, "plan/preview.html", {"page": editing, "changes": changes, "hidden": hidden, **editing.more})


def publish(request: HttpRequest, editing: Editing, form: PlanForm) -> HttpResponse:
    published: list[Any] = []
    try:
        if refuses(form, lambda: published.append(editing.publish(form, editing.filled(form)))):
            return show(request, editing, form)
    except Overtaken as overtaken:
        editing.row.refresh_from_db()
        form.see(seen_of(editing.row))
        apart = changes_between(form.labels, editing.before(form), form.values)
        form.add_error(None, str(overtaken))
        return show(request, editing, form, apart)
    forget(request)
    messages.success(request, editing.said.format(published[0]))
    return HttpResponseRedirect(editing.then(published[0]))


def show(request: HttpRequest, editing: Editing, form: PlanForm, apart: list[Change] | None = None) -> HttpResponse:
    """`apart` is how the form differs from what somebody else has saved meanwhile; None where nobody has."""
    context = {"page": editing, "form": form, "kept": keeping(request), "apart": apart, **editing.more}
    return render(request, editing.template, context)
