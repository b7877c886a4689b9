from django.urls import path

import priorities.addresses  # noqa: F401  the converter
from deliverables.views import deliverables, evidence, milestones, promises, refresh, remind, spreadsheet, updates

urlpatterns = [
    path("<plan_year:year>/deliverables/<slug:code>/", deliverables.deliverable, name="deliverable_in_year"),
    path("promises/", promises.promises, name="promises"),
    path("plan/next-year/", refresh.next_year, name="next_year"),
    path("plan/next-year/preview/", refresh.preview, name="next_year_preview"),
    path("plan/next-year/undo/", refresh.undo, name="undo_next_year"),
    path("updates/", updates.updates, name="updates"),
    path("updates/submit/", updates.submit_ready, name="submit_ready"),
    path("updates/excel/", spreadsheet.download, name="download_updates"),
    path("updates/upload/", spreadsheet.upload, name="upload_updates"),
    path("updates/upload/apply/", spreadsheet.apply, name="apply_updates"),
    path("updates/<slug:code>/", updates.update, name="update"),
    path("updates/<slug:code>/still/", updates.still, name="still"),
    path("updates/<slug:code>/draft/", updates.draft, name="draft"),
    path("updates/<slug:code>/take-back/", updates.take_back, name="take_back"),
    path("outcomes-group/remind/", remind.remind, name="remind"),
    path("deliverables/", deliverables.deliverables, name="deliverables"),
    path("deliverables/<slug:code>/", deliverables.deliverable, name="deliverable"),
    path("deliverables/<slug:code>/milestones/", milestones.milestones, name="milestones"),
    path("deliverables/<slug:code>/milestones/<int:pk>/", milestones.milestone, name="milestone"),
    path("deliverables/<slug:code>/evidence/", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="remove_evidence"),
]
