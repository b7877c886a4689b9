"""Definitions and milestones, through the same actions as the portal's own pages. What was reported has no door here."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from deliverables.actions import (
    AlreadyAsked,
    NeedsTheGroup,
    add_deliverable,
    add_milestone,
    change_deliverable,
    change_milestone,
)
from deliverables.definition import FIELDS
from deliverables.maturity import BASELINED
from deliverables.models import Deliverable, Milestone
from deliverables.plan_forms import LINK_LABELS
from priorities.admin import PlanAdmin
from strategy_portal.editing import Overtaken, seen_of

ASKED_HERE = "Asked for in the administration."


class Milestones(admin.TabularInline):
    model = Milestone
    extra = 0
    can_delete = False
    fields = ("title", "baseline_on", "forecast_on", "done_on")
    readonly_fields = ("forecast_on", "done_on")  # which move with an update


@admin.register(Deliverable)
class DeliverableAdmin(PlanAdmin):
    list_display = ("code", "title", "priority", "lead", "maturity")
    list_filter = ("plan_year", "priority", "maturity")
    search_fields = ("code", "title")
    ordering = ("plan_year", "priority__order", "order")
    filter_horizontal = ("principles", "aims", "commitments", "partners", "managers")
    fields = ("plan_year", "code", "priority", *FIELDS, *LINK_LABELS, "maturity", "stopped_on", "stop_reason")
    inlines = [Milestones]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """Steps of maturity are taken, and stops made, on the portal's own pages; a baselined definition is the group's."""
        fixed = ("maturity", "stopped_on", "stop_reason")
        if obj is None:
            return fixed
        return (*fixed, "plan_year", "code", *(FIELDS if obj.maturity == BASELINED else ()))

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        given = form.cleaned_data
        values = {name: getattr(given[name], "pk", given[name]) for name in ("priority", *FIELDS) if name in given}
        links = {name: [row.pk for row in given[name]] for name in LINK_LABELS}
        try:
            if change:
                change_deliverable(by=request.user, deliverable=obj, seen=seen_of(obj), values=values, links=links)
                return
            made = add_deliverable(by=request.user, plan_year=given["plan_year"], code=given["code"], values=values, links=links)
            obj.pk = made.pk
        except (NeedsTheGroup, Overtaken, ValidationError) as refused:
            self.refuse(request, refused)

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """What it is tied to is saved with it; milestones go through their own actions."""
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []  # which Django's own log asks for
            for one in formset.forms:
                if one.has_changed() and form.instance.pk:
                    self.save_milestone(request, form.instance, one)

    def save_milestone(self, request: Any, deliverable: Any, form: Any) -> None:
        said = {name: form.cleaned_data[name] for name in ("title", "baseline_on")}
        row = Deliverable.objects.select_related("plan_year").get(pk=deliverable.pk)
        try:
            if form.instance.pk:
                milestone = Milestone.objects.select_related("deliverable__plan_year").get(pk=form.instance.pk)
                change_milestone(by=request.user, milestone=milestone, words=ASKED_HERE, **said)
            else:
                add_milestone(by=request.user, deliverable=row, words=ASKED_HERE, **said)
        except (AlreadyAsked, ValidationError) as refused:
            self.refuse(request, refused)

    def response_change(self, request: Any, obj: Any) -> Any:
        """Nothing says that it is saved where it was refused."""
        return redirect(request.path) if getattr(request, "is_refused", False) else super().response_change(request, obj)

    def refuse(self, request: Any, refused: Exception) -> None:
        request.is_refused = True
        words = "; ".join(refused.messages) if isinstance(refused, ValidationError) else str(refused)
        self.message_user(request, words, messages.ERROR)
