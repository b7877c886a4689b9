from django.urls import path

from priorities.views import calendar_feed, reach_group, reach_groups

urlpatterns = [
    path("calendar/<slug:token>.ics", calendar_feed, name="calendar_feed"),
    path("plan/reach/", reach_groups, name="reach_groups"),
    path("plan/reach/<slug:code>/", reach_group, name="reach_group"),
]
