from django import forms
from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from people.models import Membership, Organisation, User


class Memberships(admin.TabularInline):
    model = Membership
    extra = 0


class PersonForm(forms.ModelForm):
    def clean_email(self) -> str:
        """Kept in lower case, however it is typed."""
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(SimpleHistoryAdmin):
    """People set their passwords themselves, through the link that the reset page sends."""

    form = PersonForm
    list_display = ("name", "email", "job_title", "is_active")
    search_fields = ("name", "email")
    fields = ("email", "name", "job_title", "is_active")
    inlines = [Memberships]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.join()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request, obj=None):
        """Who leaves is made inactive: what she did keeps her name."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(SimpleHistoryAdmin):
    list_display = ("name", "short_name", "code", "starts_on", "ends_on")
    search_fields = ("name", "short_name")

    def has_delete_permission(self, request, obj=None):
        """An organisation is given a last day, never deleted."""
        return False
