"""How a thing of the plan is edited on a form of its own: what its page says, and what becomes of the row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from people.keeping import answer_keeping, bind
from people.publishing import Publishing
from priorities.plan.rules import check_row
from strategy_portal.editing import seen_of
from strategy_portal.forms import SeenForm


class PlanForm(SeenForm):
    """Its fields are those of the row."""

    @property
    def labels(self) -> dict[str, str]:
        return {name: str(one.label) for name, one in self.fields.items() if name != "seen"}

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def as_read(self) -> dict[str, Any]:
        return self.values

    @property
    def boxes(self) -> list[Any]:
        """What the page shows, in order."""
        return [self[name] for name in self.labels]


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


def answer(request: HttpRequest, editing: Editing) -> HttpResponse:
    if kept := answer_keeping(request):
        return kept
    initial = {name: getattr(editing.row, name, None) for name in editing.form_class.base_fields} | {"seen": 0}
    if not editing.is_new and request.method == "GET":
        initial["seen"] = seen_of(editing.row)
    form = bind(editing.form_class, request, initial=initial | editing.initial, **editing.options)

    def publish() -> HttpResponse:
        stands = editing.publish(form, editing.filled(form))
        messages.success(request, editing.said.format(stands))
        return HttpResponseRedirect(editing.then(stands))

    return Publishing(
        request,
        form,
        row=editing.row,
        before=lambda: editing.before(form),
        publish=publish,
        check=lambda: check_row(editing.filled(form)),
        page=editing.template,
        preview_page="plan/preview.html",
        context={"page": editing, **editing.more},
    ).answer()
