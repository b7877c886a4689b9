from django.urls import path

import priorities.addresses  # noqa: F401  the converter
from deliverables.views import definition, definitions, deliverables, evidence, milestones, plan, remind, spreadsheet, updates

urlpatterns = [
    path("<plan_year:year>/deliverables/<slug:code>/", deliverables.deliverable, name="deliverable_in_year"),
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
    path("deliverables/<slug:code>/definition/", definition.definition, name="definition"),
    path("deliverables/<slug:code>/definition/draft/", definition.draft, name="draft_definition"),
    path("deliverables/<slug:code>/definition/change/", definition.change, name="change_definition"),
    path("deliverables/<slug:code>/definition/history/", definition.history, name="definition_history"),
    path("outcomes-group/definitions/", definitions.definitions, name="definitions"),
    path("outcomes-group/definitions/<slug:code>/", definitions.one, name="decide_definition"),
    path("plan/deliverables/", plan.plan_deliverables, name="plan_deliverables"),
    path("plan/deliverables/new/", plan.new, name="new_deliverable"),
    path("plan/deliverables/<slug:code>/", plan.edit, name="edit_deliverable"),
    path("plan/deliverables/<slug:code>/move/", plan.move, name="move_deliverable"),
    path("plan/deliverables/<slug:code>/history/", plan.history, name="deliverable_history"),
    path("plan/deliverables/<slug:code>/stop/", plan.stop, name="stop_deliverable"),
    path("plan/deliverables/<slug:code>/delete/", plan.delete, name="delete_deliverable"),
]
