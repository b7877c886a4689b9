from django.urls import path

from reports.views import group, pages

urlpatterns = [
    path("", pages.overview, name="overview"),
    path("outcomes-group/", group.outcomes_group, name="outcomes_group"),
    path("outcomes-group/collect/", group.collect, name="collect"),
    path("outcomes-group/challenge/", group.next_to_challenge, name="challenge_next"),
    path("outcomes-group/challenge/<slug:code>/", group.challenge, name="challenge"),
    path("outcomes-group/agree-unchanged/", group.agree_all_unchanged, name="agree_unchanged"),
    path("outcomes-group/changes/", group.changes, name="milestone_changes"),
    path("priorities/", pages.priorities, name="priorities"),
    path("priorities/<slug:slug>/", pages.priority, name="priority"),
    path("explain/", pages.explain, name="explain"),
]
