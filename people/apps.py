from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "People"


class PortalAdminConfig(AdminConfig):
    default_site = "people.admin_site.PortalAdminSite"
