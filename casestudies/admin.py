"""To be looked at. Words, figures and stages are changed at /case-studies/ alone, where every change is somebody's decision."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from casestudies.models import CaseStudy, Figure, Picture, Review


class Looking:
    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        """A story is withdrawn, never deleted."""
        return False


class Figures(Looking, admin.TabularInline):
    model = Figure
    extra = 0


class Pictures(Looking, admin.TabularInline):
    model = Picture
    extra = 0


class Reviews(Looking, admin.TabularInline):
    model = Review
    extra = 0


@admin.register(CaseStudy)
class CaseStudyAdmin(Looking, SimpleHistoryAdmin):
    list_display = ("title", "organisation", "stage", "review_on")
    list_filter = ("stage",)
    search_fields = ("title", "organisation")
    ordering = ("order", "title")
    inlines = [Figures, Pictures, Reviews]
