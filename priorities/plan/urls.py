"""The pages under /plan/ that are about the frame of the plan."""

from django.urls import path

from priorities.plan.views import bodies, organisations, priorities, year

urlpatterns = [
    path("year/", year.plan_year, name="plan_year"),
    path("year/history/", year.year_history, name="plan_year_history"),
    path("periods/", year.periods, name="plan_periods"),
    path("periods/<slug:month>/history/", year.period_history, name="plan_period_history"),
    path("priorities/", priorities.priorities, name="plan_priorities"),
    path("priorities/new/", priorities.new_priority, name="plan_new_priority"),
    path("priorities/<slug:code>/", priorities.priority, name="plan_priority"),
    path("priorities/<slug:code>/history/", priorities.history, name="plan_priority_history"),
    path("priorities/<slug:code>/delete/", priorities.delete, name="plan_priority_delete"),
    path("bodies/", bodies.bodies, name="plan_bodies"),
    path("bodies/new/", bodies.new_body, name="plan_new_body"),
    path("bodies/<slug:code>/", bodies.body, name="plan_body"),
    path("bodies/<slug:code>/history/", bodies.history, name="plan_body_history"),
    path("organisations/", organisations.organisations, name="plan_organisations"),
    path("organisations/new/", organisations.new_organisation, name="plan_new_organisation"),
    path("organisations/<slug:code>/", organisations.organisation, name="plan_organisation"),
    path("organisations/<slug:code>/history/", organisations.history, name="plan_organisation_history"),
    path("organisations/<slug:code>/delete/", organisations.delete, name="plan_organisation_delete"),
]
