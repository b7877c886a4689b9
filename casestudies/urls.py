from django.urls import path

from casestudies.views import deciding, reading, writing

urlpatterns = [
    path("case-studies/", reading.case_studies, name="case_studies"),
    path("case-studies/new/", writing.new, name="story_new"),
    path("case-studies/in-hand/", deciding.in_hand, name="stories_in_hand"),
    path("case-studies/pictures/<int:pk>/", reading.picture, name="story_picture"),
    path("case-studies/<slug:slug>/", reading.case_study, name="case_study"),
    path("case-studies/<slug:slug>/edit/", writing.edit, name="story_edit"),
    path("case-studies/<slug:slug>/pictures/", writing.pictures, name="story_pictures"),
    path("case-studies/<slug:slug>/check/", deciding.check, name="story_check"),
    path("case-studies/<slug:slug>/history/", deciding.history, name="story_history"),
]
