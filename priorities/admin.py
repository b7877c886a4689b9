"""Every edit here owes the year's roll-ups again: names and dates are part of what they say."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from priorities.actions import mark_changed
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


class PlanAdmin(SimpleHistoryAdmin):
    """What is edited as part of the plan."""

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for year in PlanYear.objects.order_by("pk"):
            mark_changed(plan_year=year)

    def has_delete_permission(self, request, obj=None):
        """The plan is ended or stopped, never deleted."""
        return False


for model in (Strategy, PlanYear, Aim, Ambition, Principle, Body, Priority, Theme, Commitment, ExpectedOutcome, ReachGroup):
    admin.site.register(model, PlanAdmin)


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(PlanAdmin):
    list_display = ("__str__", "opens_on", "due_on", "meeting_on", "closed_at")
    ordering = ("-starts_on",)
    readonly_fields = ("closed_at", "closed_by")


@admin.register(BankHoliday)
class BankHolidayAdmin(SimpleHistoryAdmin):
    """No roll-up depends on these days, and one that was entered by mistake may go."""

    list_display = ("day_on", "name", "is_working_day")
    ordering = ("-day_on",)
