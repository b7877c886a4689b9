"""Nothing typed is lost: a long form is kept for its writer as she types, and when it is sent after her session has ended.

    @access(can_edit_plan, posts=True, keep=keep_sent)
    def priority(request, code):
        if answer := answer_keeping(request):
            return answer
        form = bind(PriorityForm, request, initial=...)
        if request.method == "POST" and form.is_valid():
            ...
            forget(request)

In the page: <form method="post" novalidate data-autosave>{% csrf_token %}{% include "components/kept.html" %} with `kept` from
keeping(request) in the context, and autosave.js in its head.
"""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict

from people.actions import forget_form, keep_form
from people.models import KeptForm, User
from strategy_portal.clock import LONDON
from strategy_portal.templatetags.portal import time_of

SALT = "people.keeping"
LASTS = 7 * 24 * 60 * 60  # seconds: a form that was left open over a weekend
OF_THE_FRAME = ("csrfmiddlewaretoken", "writer", "version", "do")


@dataclass(frozen=True)
class Keeping:
    """What the page needs for its form: who writes, and what was kept for her before."""

    writer: str
    version: int
    said: str
    is_brought_back: bool


def keeping(request: HttpRequest) -> Keeping:
    kept = kept_at(request) if request.method == "GET" else None
    return Keeping(writer_note(request), kept.version if kept else 0, said_of(kept) if kept else "", kept is not None)


def writer_note(request: HttpRequest) -> str:
    """Who writes at this address, signed: it goes with the form, and comes back to writer_of."""
    return signing.dumps([request.user.pk, request.path], salt=SALT)


def kept_at(request: HttpRequest) -> KeptForm | None:
    return KeptForm.objects.filter(kept_by=request.user, address=request.path).first()


def bind(form_class: type[Any], request: HttpRequest, **kwargs: Any) -> Any:
    """The form with what is sent now; else filled with what was kept for her at this address; else as `initial` has it."""
    if request.method == "POST":
        return form_class(request.POST, request.FILES, **kwargs)
    kept = kept_at(request)
    form = form_class(**kwargs)
    if kept is None:
        return form
    return fill(form, QueryDict(kept.fields))


def fill(form: Any, typed: QueryDict) -> Any:
    """What was typed, as the form begins with it: nothing of it is judged."""
    for name, field in form.fields.items():
        if not field.widget.needs_multipart_form:  # a file is never kept
            form.initial[name] = field.widget.value_from_datadict(typed, {}, form.add_prefix(name))
    return form


def answer_keeping(request: HttpRequest) -> HttpResponse | None:
    """The answer to what is not meant for the form itself; None for any other request.

    autosave.js sends the form as do=quiet while it is typed; do=forget starts again from what is saved.
    """
    asked = request.POST.get("do") if request.method == "POST" else ""
    if asked == "quiet":
        kept = keep_form(by=request.user, address=request.path, fields=fields_of(request))
        return JsonResponse({"said": said_of(kept), "version": kept.version})
    if asked == "forget":
        forget(request)
        return HttpResponseRedirect(request.path)
    return None


def keep_sent(request: HttpRequest, **address: Any) -> None:
    """For @access(keep=...): of a form that was sent without a session, if its signed note says who wrote it here."""
    user = writer_of(request)
    if user is not None:
        keep_form(by=user, address=request.path, fields=fields_of(request))


def writer_of(request: HttpRequest) -> User | None:
    """For whom the form at this address was made, as its signed note says."""
    try:
        person, path = signing.loads(request.POST.get("writer", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return User.objects.able_to_sign_in().filter(pk=person).first() if path == request.path else None


def forget(request: HttpRequest) -> None:
    """She has sent it, so it need not be kept any longer."""
    forget_form(by=request.user, address=request.path)


def fields_of(request: HttpRequest) -> str:
    fields = request.POST.copy()
    for name in OF_THE_FRAME:
        fields.pop(name, None)
    return fields.urlencode().replace("%00", "")


def said_of(kept: KeptForm) -> str:
    return f"Kept at {time_of(kept.kept_at.astimezone(LONDON))}, not sent yet"
