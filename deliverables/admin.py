"""Definitions and milestones. What was reported is append-only and has no door here."""

from django.contrib import admin

from deliverables.models import Deliverable, Milestone
from priorities.admin import PlanAdmin


class Milestones(admin.TabularInline):
    model = Milestone
    extra = 0
    can_delete = False


@admin.register(Deliverable)
class DeliverableAdmin(PlanAdmin):
    list_display = ("code", "title", "priority", "lead", "maturity")
    list_filter = ("plan_year", "priority", "maturity")
    search_fields = ("code", "title")
    ordering = ("plan_year", "priority__order", "order")
    filter_horizontal = ("principles", "aims", "commitments", "reach", "partners", "managers")
    inlines = [Milestones]
