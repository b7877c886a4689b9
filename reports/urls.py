from django.urls import path

from reports import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("outcomes-group/", views.outcomes_group, name="outcomes_group"),
    path("priorities/", views.priorities, name="priorities"),
    path("priorities/<slug:slug>/", views.priority, name="priority"),
    path("explain/", views.explain, name="explain"),
]
