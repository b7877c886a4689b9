from django.urls import path

from casestudies import views

urlpatterns = [
    path("case-studies/", views.case_studies, name="case_studies"),
    path("case-studies/<slug:slug>/", views.case_study, name="case_study"),
]
