from django.urls import path

from deliverables import views

urlpatterns = [
    path("updates/", views.updates, name="updates"),
    path("updates/<slug:code>/", views.update, name="update"),
    path("deliverables/", views.deliverables, name="deliverables"),
    path("deliverables/<slug:code>/", views.deliverable, name="deliverable"),
]
