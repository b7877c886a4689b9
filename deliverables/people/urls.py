"""The pages under /plan/people/."""

from django.urls import path

from deliverables.people import leaving, views

urlpatterns = [
    path("", views.people, name="plan_people"),
    path("invite/", views.invite, name="plan_invite"),
    path("<int:pk>/", views.person, name="plan_person"),
    path("<int:pk>/details/", views.details, name="plan_person_details"),
    path("<int:pk>/history/", views.history, name="plan_person_history"),
    path("<int:pk>/hand-over/", leaving.hand_over, name="plan_person_hand_over"),
    path("<int:pk>/deactivate/", leaving.deactivate, name="plan_person_deactivate"),
]
