from django.urls import path

from priorities.views import calendar_feed

urlpatterns = [path("calendar/<slug:token>.ics", calendar_feed, name="calendar_feed")]
