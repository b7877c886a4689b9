"""The plan year and its months."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.keeping import answer_keeping, bind, forget, keep_sent, keeping
from people.permissions import can_edit_plan
from people.publishing import NOTHING_DIFFERS, refuses, sent_again
from priorities.addresses import at_year, to
from priorities.calendar import Changed, is_working_day, proposed_meeting
from priorities.models import BankHoliday, ReportingPeriod
from priorities.plan.actions import DAYS, edit_row, plan_periods
from priorities.plan.flow import Editing, answer
from priorities.plan.forms import LABELS, PeriodsForm, PlanYearForm, as_it_stands, box, with_proposals
from priorities.plan.rules import check_period
from priorities.plan.views import rows
from priorities.plan.years import year_of, years_beside
from strategy_portal.access import access
from strategy_portal.editing import Overtaken, changes_between
from strategy_portal.templatetags.portal import weekday


def back_to_plan(year: str) -> tuple[str, str]:
    return to(year, "plan"), "Plan"


@access(can_edit_plan, posts=True, keep=keep_sent)
def plan_year(request: HttpRequest, year: str = "") -> HttpResponse:
    found = year_of(year)
    editing = Editing(
        row=found,
        form_class=PlanYearForm,
        publish=lambda form, row: edit_row(by=request.user, row=found, values=form.values, seen=form.seen_number),
        title=f"Plan year {found}",
        caption=found.strategy.title,
        back=back_to_plan(year),
        said="The plan year {} is published",
        then=lambda row: to(year, "plan_year"),
        more={"history": to(year, "plan_year_history"), "years": years_beside(found, "plan_year")},
    )
    return answer(request, editing)


@access(can_edit_plan)
def year_history(request: HttpRequest, year: str = "") -> HttpResponse:
    found = year_of(year)
    return rows.history_page(request, found, (to(year, "plan_year"), f"Plan year {found}"))


@access(can_edit_plan)
def period_history(request: HttpRequest, month: str, year: str = "") -> HttpResponse:
    found = get_object_or_404(ReportingPeriod.objects.in_month(month), plan_year=year_of(year))
    return rows.history_page(request, found, (to(year, "plan_periods"), "Months"))


class Months:
    """The months of a year as their page shows them. `named` is the year as the address has it; empty for the current one."""

    def __init__(self, request: HttpRequest, named: str) -> None:
        self.request, self.named, self.year = request, named, year_of(named)
        self.periods = list(self.year.periods.order_by("starts_on"))
        self.changed: Changed = BankHoliday.objects.changed()
        self.stands = as_it_stands(self.periods)
        self.proposals = {
            period.pk: proposed_meeting(period.starts_on, self.changed)
            for period in self.periods
            if period.closed_at is None and period.meeting_on is None
        }

    @property
    def seen(self) -> int:
        return (
            ReportingPeriod.history.filter(plan_year=self.year)
            .order_by("-history_id")
            .values_list("history_id", flat=True)
            .first()
            or 0
        )

    def form(self) -> PeriodsForm:
        form: PeriodsForm = bind(PeriodsForm, self.request, initial=self.stands | {"seen": self.seen}, periods=self.periods)
        if self.request.POST.get("do") == "propose":
            form.data = with_proposals(self.request.POST, self.all_proposals())
        return form

    def all_proposals(self) -> dict[int, date]:
        """Also for a month whose date was taken out of its box just now."""
        return {p.pk: proposed_meeting(p.starts_on, self.changed) for p in self.periods if p.closed_at is None}

    def refused(self, form: PeriodsForm) -> bool:
        """Each month that is out of order says so beside its box."""
        for period, days in zip(form.periods, form.days.values(), strict=True):
            row = ReportingPeriod(starts_on=period.starts_on, ends_on=period.ends_on, **days)
            refuses(form, partial(check_period, row), partial(box, period=period))
        return bool(form.errors)

    def shown(self, form: PeriodsForm) -> list[dict[str, Any]]:
        """A row for each month, with its boxes if it can still move."""
        going = {period.pk for period in form.periods}
        return [
            {
                "period": period,
                "boxes": [(form[box(name, period)], LABELS[name]) for name in DAYS] if period.pk in going else [],
                "proposal": self.proposals.get(period.pk),
            }
            for period in self.periods
        ]

    def days_off(self, form: PeriodsForm) -> list[str]:
        """Days on which nobody works, to look at before publishing: no mistake, since a deadline may be one."""
        found = [(str(form.fields[name].label), on) for name, on in form.values.items() if on and on != self.stands[name]]
        return [
            f"{label}: {weekday(on)} {on.year} is not a working day"
            for label, on in found
            if not is_working_day(on, self.changed)
        ]


@access(can_edit_plan, posts=True, keep=keep_sent)
def periods(request: HttpRequest, year: str = "") -> HttpResponse:
    """All months on one page. A month whose report is issued stands there to be read."""
    if kept := answer_keeping(request):
        return kept
    months = Months(request, year)
    form = months.form()
    asked = request.POST.get("do") if request.method == "POST" else ""
    if asked in ("preview", "propose", "publish") and form.is_valid() and not months.refused(form):
        return publish(months, form) if asked == "publish" else preview(months, form)
    return show(months, form)


def preview(months: Months, form: PeriodsForm) -> HttpResponse:
    changes = changes_between(form.labels, months.stands, form.values)
    if not changes:
        messages.info(months.request, NOTHING_DIFFERS)
        return show(months, form)
    context = {
        "page": {"title": "Months", "caption": f"Plan year {months.year}"},
        "changes": changes,
        "notes": months.days_off(form),
        "sent": sent_again(form),
    }
    return render(months.request, "plan/preview.html", context)


def publish(months: Months, form: PeriodsForm) -> HttpResponse:
    act = partial(plan_periods, by=months.request.user, plan_year=months.year, days=form.days, seen=form.seen_number)
    try:
        if refuses(form, act):
            return show(months, form)
    except Overtaken as overtaken:
        months = Months(months.request, months.named)
        form.see(months.seen)
        apart = changes_between(form.labels, months.stands, form.values)
        return show(months, form, theirs=overtaken, apart=apart)
    forget(months.request)
    messages.success(months.request, "The dates are published")
    return redirect(to(months.named, "plan_periods"))


def show(months: Months, form: PeriodsForm, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "rows": months.shown(form),
        "year": months.year,
        "at": at_year(months.named),
        "years": years_beside(months.year, "plan_periods"),
        "kept": keeping(months.request),
        "missing": len(months.proposals),
        "back": back_to_plan(months.named),
        **more,
    }
    return render(months.request, "plan/periods.html", context)
