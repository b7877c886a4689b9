"""How every long form of the plan is answered: it is filled in, previewed word by word, and published by one action.

The form and its preview have one address. A stale save shows both texts and keeps what was typed; what is typed is kept for
its writer as she types.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from people.keeping import OF_THE_FRAME, forget, keeping
from strategy_portal.editing import Change, Overtaken, Refused, changes_between, seen_of

NOTHING_DIFFERS = "Nothing would be different. Change something first."


@dataclass
class Publishing:
    """One edit on its way. `form` is a SeenForm, filled in or not; `row` is what is edited, None for a new one; `before` gives
    the values that stand, as people read them.

    `publish` calls the one action and answers; `check` raises, before the preview, what that would raise. `page` and
    `preview_page` are templates: both get the `context`, which has what they say.
    """

    request: HttpRequest
    form: Any
    row: Any
    before: Callable[[], Mapping[str, Any]]
    publish: Callable[[], HttpResponse]
    page: str
    preview_page: str
    context: Mapping[str, Any]
    check: Callable[[], Any] = lambda: None
    theirs: Overtaken | None = field(default=None, init=False)

    def answer(self) -> HttpResponse:
        asked = self.request.POST.get("do", "preview") if self.request.method == "POST" else ""
        if asked == "publish" and self.form.is_valid() and (answer := self.published()):
            return answer
        if asked == "preview" and self.form.is_valid() and not refuses(self.form, self.check):
            return self.preview()
        return self.show()

    def published(self) -> HttpResponse | None:
        answers: list[HttpResponse] = []
        try:
            if refuses(self.form, lambda: answers.append(self.publish())):
                return None
        except Overtaken as overtaken:
            self.theirs = overtaken
            self.row.refresh_from_db()
            self.form.see(seen_of(self.row))
            return None
        forget(self.request)
        return answers[0]

    def differences(self) -> list[Change]:
        return changes_between(self.form.labels, self.before(), self.form.as_read())

    def preview(self) -> HttpResponse:
        changes = self.differences()
        if not changes:
            messages.info(self.request, NOTHING_DIFFERS)
            return self.show()
        shown = {"form": self.form, "changes": changes, "sent": sent_again(self.form)}
        return render(self.request, self.preview_page, {**self.context, **shown})

    def show(self) -> HttpResponse:
        apart = self.differences() if self.theirs else []
        shown = {"form": self.form, "kept": keeping(self.request), "theirs": self.theirs, "apart": apart}
        return render(self.request, self.page, {**self.context, **shown})


def sent_again(form: Any) -> list[tuple[str, str]]:
    """What the form was sent with: the preview sends it again."""
    return [(name, value) for name, values in form.data.lists() if name not in OF_THE_FRAME for value in values]


def refuses(form: Any, act: Callable[[], Any], box: Callable[[str], str] = str) -> bool:
    """Whether what is done is refused; then the form says why, in the `box` of the field that is named."""
    try:
        act()
    except Refused as refused:
        name = box(refused.field)
        form.add_error(name if name in form.fields else None, str(refused))
    except ValidationError as wrong:
        found = wrong.message_dict if hasattr(wrong, "error_dict") else {"": wrong.messages}
        for name, words in found.items():
            form.add_error(name if name in form.fields else None, words)
    return bool(form.errors)
