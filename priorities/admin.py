"""The Django admin for the long tail. A save calls the same actions as the pages under /plan/: there is no second way of writing.

People and organisations are here, and not beside their models, since their names are part of what reports are proved from.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin

from people.actions import add_person, give_role
from people.joining.actions import deactivate_person, end_role, reactivate_person
from people.models import Membership, Organisation, User
from priorities.models import (
    Aim,
    Ambition,
    BankHoliday,
    Body,
    Commitment,
    ExpectedOutcome,
    PlanYear,
    Principle,
    Priority,
    ReachGroup,
    ReportingPeriod,
    Strategy,
    Theme,
)
from priorities.plan.actions import DAYS, add_row, edit_row, lock_every_year, owe_every_roll_up, plan_periods
from priorities.plan.rules import check_row
from strategy_portal.editing import Overtaken, Refused, seen_of


class SeenForm(forms.ModelForm):
    """Refuses what the rules of the plan refuse, and what somebody else has edited since the page was opened."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = seen_of(self.instance)

    def clean(self) -> Any:
        seen = self.cleaned_data.get("seen")
        if self.instance.pk and seen is not None and seen != self.initial["seen"]:
            raise ValidationError(
                "Somebody else has saved this since you opened the page. Open it again beside this one, and compare."
            )
        return super().clean()

    def _post_clean(self) -> None:
        """In the words of our own rules, where one of them says the same as a constraint of the database."""
        known = bool(self.errors)
        super()._post_clean()  # type: ignore[misc]
        if not known and set(self.errors) <= {NON_FIELD_ERRORS}:
            try:
                check_row(self.instance)
            except Refused as refused:
                self.errors.pop(NON_FIELD_ERRORS, None)
                self.add_error(refused.field if refused.field in self.fields else None, str(refused))


def changed_values(form: Any) -> dict[str, Any]:
    """Of the row's own columns, those that were changed in the form."""
    own = {field.name for field in form.instance._meta.concrete_fields}
    return {name: form.cleaned_data[name] for name in form.changed_data if name in own}


class PlanAdmin(SimpleHistoryAdmin):
    """What is edited as part of the plan."""

    form = SeenForm

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj._history_user = request.user
        if change:
            self.edit(request.user, obj, changed_values(form), form.cleaned_data.get("seen"))
        else:
            self.add(request.user, obj)

    def edit(self, by: Any, obj: Any, values: dict[str, Any], seen: int | None) -> None:
        edit_row(by=by, row=obj, values=values, seen=seen)

    def add(self, by: Any, obj: Any) -> None:
        add_row(by=by, row=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        lock_every_year()
        super().save_related(request, form, formsets, change)
        owe_every_roll_up()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the form could not know, as when two save in the same moment."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (Refused, Overtaken) as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.get_full_path())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The plan is ended or stopped, never deleted."""
        return False


for model in (Strategy, PlanYear, Aim, Ambition, Principle, Body, Priority, Theme, Commitment, ExpectedOutcome, ReachGroup):
    admin.site.register(model, PlanAdmin)


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(PlanAdmin):
    list_display = ("__str__", "opens_on", "due_on", "meeting_on", "closed_at")
    ordering = ("-starts_on",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A month keeps its days, and once its report is issued all its dates."""
        if obj is None:
            return ("closed_at", "closed_by")
        return ("plan_year", "starts_on", "ends_on", "closed_at", "closed_by", *(DAYS if obj.closed_at else ()))

    def edit(self, by: Any, obj: Any, values: dict[str, Any], seen: int | None) -> None:
        stands = ReportingPeriod.objects.get(pk=obj.pk)
        days = {name: values.get(name, getattr(stands, name)) for name in DAYS}
        plan_periods(by=by, plan_year=stands.plan_year, days={obj.pk: days})


@admin.register(BankHoliday)
class BankHolidayAdmin(SimpleHistoryAdmin):
    """No roll-up depends on these days, and one that was entered by mistake may go."""

    list_display = ("day_on", "name", "is_working_day")
    ordering = ("-day_on",)


class Memberships(admin.TabularInline):
    model = Membership
    extra = 0


class PersonForm(SeenForm):
    def clean_email(self) -> str:
        """Kept in lower case, however it is typed."""
        return str(self.cleaned_data["email"]).lower()


@admin.register(User)
class UserAdmin(PlanAdmin):
    """People set their passwords themselves, through the link that the reset page sends.

    Who leaves is made inactive, never deleted: what she did keeps her name."""

    form = PersonForm
    list_display = ("name", "email", "job_title", "is_active")
    search_fields = ("name", "email")
    fields = ("email", "name", "job_title", "is_active", "seen")
    inlines = [Memberships]

    def edit(self, by: Any, obj: Any, values: dict[str, Any], seen: int | None) -> None:
        active = values.pop("is_active", None)
        edit_row(by=by, row=obj, values=values, seen=seen)
        if active is not None:
            (reactivate_person if active else deactivate_person)(by=by, user=obj)

    def add(self, by: Any, obj: Any) -> None:
        made = add_person(by=by, email=obj.email, name=obj.name, job_title=obj.job_title)
        obj.pk = made.pk
        if not obj.is_active:
            deactivate_person(by=by, user=made)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A role that is changed is one that ends and another that is given."""
        by: Any = request.user
        gone = [one.instance for one in formset.deleted_forms if one.instance.pk]
        sent = [one for one in formset.forms if one.has_changed() and one not in formset.deleted_forms]
        changed, new = ([one.instance for one in sent if bool(one.instance.pk) is there] for there in (True, False))
        for ended in Membership.objects.filter(pk__in=[one.pk for one in (*gone, *changed)]):
            end_role(by=by, membership=ended)
        for given in (*changed, *new):
            give_role(by=by, user=form.instance, organisation=given.organisation, role=given.role)
        formset.new_objects, formset.deleted_objects = new, gone
        formset.changed_objects = [(one, ["role"]) for one in changed]


@admin.register(Organisation)
class OrganisationAdmin(PlanAdmin):
    """An organisation is given a last day, never deleted."""

    list_display = ("name", "short_name", "code", "starts_on", "ends_on")
    search_fields = ("name", "short_name")
