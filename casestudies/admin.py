from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from casestudies.models import CaseStudy, Figure


class Figures(admin.TabularInline):
    model = Figure
    extra = 0


@admin.register(CaseStudy)
class CaseStudyAdmin(SimpleHistoryAdmin):
    list_display = ("title", "organisation", "stage", "review_on")
    list_filter = ("stage",)
    search_fields = ("title", "organisation")
    inlines = [Figures]

    def has_delete_permission(self, request, obj=None):
        """A story is withdrawn, never deleted."""
        return False
