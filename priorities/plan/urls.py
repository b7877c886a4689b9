"""The pages under /plan/ that are about the frame of the plan."""

from django.urls import path

from priorities.addresses import in_each_year
from priorities.plan.views import bodies, organisations, priorities, year

urlpatterns = [
    *in_each_year("plan/year/", year.plan_year, "plan_year"),
    *in_each_year("plan/year/history/", year.year_history, "plan_year_history"),
    *in_each_year("plan/periods/", year.periods, "plan_periods"),
    *in_each_year("plan/periods/<slug:month>/history/", year.period_history, "plan_period_history"),
    *in_each_year("plan/priorities/", priorities.priorities, "plan_priorities"),
    *in_each_year("plan/priorities/new/", priorities.new_priority, "plan_new_priority"),
    *in_each_year("plan/priorities/<slug:code>/", priorities.priority, "plan_priority"),
    *in_each_year("plan/priorities/<slug:code>/history/", priorities.history, "plan_priority_history"),
    *in_each_year("plan/priorities/<slug:code>/delete/", priorities.delete, "plan_priority_delete"),
    path("plan/bodies/", bodies.bodies, name="plan_bodies"),
    path("plan/bodies/new/", bodies.new_body, name="plan_new_body"),
    path("plan/bodies/<slug:code>/", bodies.body, name="plan_body"),
    path("plan/bodies/<slug:code>/history/", bodies.history, name="plan_body_history"),
    path("plan/organisations/", organisations.organisations, name="plan_organisations"),
    path("plan/organisations/new/", organisations.new_organisation, name="plan_new_organisation"),
    path("plan/organisations/<slug:code>/", organisations.organisation, name="plan_organisation"),
    path("plan/organisations/<slug:code>/history/", organisations.history, name="plan_organisation_history"),
    path("plan/organisations/<slug:code>/delete/", organisations.delete, name="plan_organisation_delete"),
]
