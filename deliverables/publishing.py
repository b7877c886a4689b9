"""How every long edit of a deliverable goes: the form, a preview of what changes word by word, and then one action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from people.keeping import OF_THE_FRAME, forget, keeping
from strategy_portal.editing import Change, Overtaken, changes_between, seen_of

NOTHING_DIFFERS = "Nothing would be different. Change something first."


@dataclass
class Editing:
    """One edit on its way. `before` are the values that stand, as people read them; `publish` calls the one action."""

    request: HttpRequest
    form: Any
    page: str  # the template of the form
    context: dict[str, Any]
    before: Mapping[str, Any]
    publish: Callable[[], HttpResponse]
    refusals: tuple[type[Exception], ...] = ()
    button: str = "Publish"
    theirs: Overtaken | None = None

    def answer(self) -> HttpResponse:
        asked = self.request.POST.get("do", "preview") if self.request.method == "POST" else ""
        if asked in ("preview", "publish") and self.form.is_valid():
            if asked == "publish" and (answer := self.published()):
                return answer
            if asked == "preview":
                return self.preview()
        return self.show()

    def published(self) -> HttpResponse | None:
        try:
            answer = self.publish()
        except Overtaken as overtaken:
            self.theirs = overtaken
            self.form.see(seen_of(self.context["deliverable"]))
            return None
        except ValidationError as refused:
            self.add(refused)
            return None
        except self.refusals as refused:
            self.form.add_error(None, str(refused))
            return None
        forget(self.request)
        return answer

    def add(self, refused: ValidationError) -> None:
        """Beside the field where there is one."""
        found = refused.message_dict if hasattr(refused, "error_dict") else {"": refused.messages}
        for name, words in found.items():
            self.form.add_error(name if name in self.form.fields else None, words)

    def differences(self) -> list[Change]:
        return changes_between(self.form.labels(), self.before, self.form.as_read(self.form.cleaned_data))

    def preview(self) -> HttpResponse:
        changes = self.differences()
        if not changes:
            messages.info(self.request, NOTHING_DIFFERS)
            return self.show()
        shown = {"changes": changes, "fields": self.fields(), "button": self.button, "cleaned": self.form.cleaned_data}
        shown["since"] = getattr(self.form, "since", "")
        return render(self.request, "deliverables/plan/preview.html", self.context | shown)

    def fields(self) -> list[tuple[str, str]]:
        """What the form sent, to be sent again."""
        sent = self.request.POST.lists()
        return [(name, value) for name, values in sent if name not in OF_THE_FRAME for value in values]

    def show(self) -> HttpResponse:
        apart = self.differences() if self.theirs else []
        shown = {"form": self.form, "kept": keeping(self.request), "theirs": self.theirs, "apart": apart}
        return render(self.request, self.page, self.context | shown)
