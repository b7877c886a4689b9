"""A plan year as a file: export it, choose a changed file, look at what it changes, import all of it or nothing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from deliverables.spreadsheet.opening import Problem, Refused
from deliverables.views.spreadsheet import XLSX, said
from people.permissions import can_edit_plan
from priorities.models import PlanYear
from reports.actions import PlanChanged, import_plan_year
from reports.exchange.portal import read_portal
from reports.exchange.preview import Preview, read_upload, unpacked
from reports.exchange.workbook import TooLong, as_workbook
from reports.exchange.yaml_file import as_yaml
from strategy_portal.access import access
from strategy_portal.forms import PortalForm


class PlanFileForm(PortalForm, forms.Form):
    file = forms.FileField(
        label="Your file",
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.yaml,.yml"}),
    )


@access(can_edit_plan, posts=True)
def exchange(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return exchange_page(request, PlanFileForm())
    form = PlanFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return exchange_page(request, form)
    try:
        return preview_page(request, Preview(read_upload(form.cleaned_data["file"].read())))
    except Refused as refusal:
        return exchange_page(request, PlanFileForm(), problems=refusal.problems)


@access(can_edit_plan)
def export(request: HttpRequest, year: str, kind: str) -> HttpResponse:
    found = PlanYear.objects.select_related("strategy").named(year)
    if found is None or kind not in ("xlsx", "yaml"):
        raise Http404
    document = read_portal(found.strategy, found).document
    try:
        content = as_workbook(document) if kind == "xlsx" else as_yaml(document)
    except TooLong as reason:
        return exchange_page(request, PlanFileForm(), problems=[Problem(str(reason))])
    response = HttpResponse(content, content_type=XLSX if kind == "xlsx" else "application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="plan-{year}.{kind}"'
    return response


@access(can_edit_plan, posts=True)
def apply(request: HttpRequest) -> HttpResponse:
    """All of the preview or nothing. Sent twice, it is imported once."""
    if request.method != "POST":
        return redirect("exchange")
    try:
        upload, seal = unpacked(request.POST.get("token", ""), request.user)
    except Refused as refusal:
        return exchange_page(request, PlanFileForm(), problems=refusal.problems)
    try:
        done = import_plan_year(by=request.user, upload=upload, seal=seal)
    except PlanChanged as stale:
        return preview_page(request, stale.preview, stale=str(stale))
    except Refused as refusal:
        return preview_page(request, Preview(upload), problems=refusal.problems)
    added, changed = len(done.differences.added), done.changed
    if done.differences.any:
        messages.success(request, f"Plan year {done.name} is imported: {added} added, {changed} changed.")
    else:
        messages.success(request, f"Plan year {done.name} is as the file says. There was nothing to change.")
    return redirect("exchange")


def exchange_page(request: HttpRequest, form: Any, *, problems: Any = ()) -> HttpResponse:
    years = PlanYear.objects.select_related("strategy").order_by("-starts_on")
    return render(request, "reports/exchange/exchange.html", {"form": form, "years": years, **said(problems)})


def preview_page(request: HttpRequest, preview: Preview, *, problems: Any = (), stale: str = "") -> HttpResponse:
    context = {"preview": preview, "token": preview.token(request.user), "stale": stale}
    return render(request, "reports/exchange/preview.html", context | said(problems or preview.problems))
