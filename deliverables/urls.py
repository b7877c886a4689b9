from django.urls import path

from deliverables.views import deliverables, updates

urlpatterns = [
    path("updates/", updates.updates, name="updates"),
    path("updates/<slug:code>/", updates.update, name="update"),
    path("deliverables/", deliverables.deliverables, name="deliverables"),
    path("deliverables/<slug:code>/", deliverables.deliverable, name="deliverable"),
]
