from django.urls import path

import priorities.addresses  # noqa: F401  the converter
from reports.views import agree, asks, correct, group, health, issued, links, pages, plan

urlpatterns = [
    path("", pages.overview, name="overview"),
    path("outcomes-group/", group.outcomes_group, name="outcomes_group"),
    path("outcomes-group/collect/", group.collect, name="collect"),
    path("outcomes-group/challenge/", group.next_to_challenge, name="challenge_next"),
    path("outcomes-group/challenge/<slug:code>/", group.challenge, name="challenge"),
    path("outcomes-group/agree-unchanged/", group.agree_all_unchanged, name="agree_unchanged"),
    path("outcomes-group/changes/", group.changes, name="milestone_changes"),
    path("outcomes-group/agree/", agree.agree, name="agree"),
    path("outcomes-group/agree/issue/", agree.issue, name="issue"),
    path("outcomes-group/asks/", asks.asks, name="asks"),
    path("outcomes-group/asks/new/", asks.new_ask, name="new_ask"),
    path("outcomes-group/asks/<int:number>/", asks.ask, name="ask"),
    path("outcomes-group/asks/<int:number>/decision/", asks.ask_decision, name="ask_decision"),
    path("outcomes-group/correct/<str:month>/", correct.correct, name="correct"),
    path("outcomes-group/correct/<str:month>/issue/", correct.correction, name="correction"),
    path("outcomes-group/correct/<str:month>/<slug:code>/", correct.correct_update, name="correct_update"),
    path("priorities/", pages.priorities, name="priorities"),
    path("priorities/<slug:slug>/", pages.priority, name="priority"),
    path("<plan_year:year>/priorities/", pages.priorities, name="priorities_in_year"),
    path("<plan_year:year>/priorities/<slug:slug>/", pages.priority, name="priority_in_year"),
    path("explain/", pages.explain, name="explain"),
    path("reports/", issued.reports, name="reports"),
    path("reports/compare/", issued.compare, name="compare"),
    path("reports/<str:address>/", issued.report, name="report"),
    path("reports/<str:address>/links/", links.links, name="board_links"),
    path("board/<str:token>/", links.board, name="board"),
    path("health/", health.health, name="health"),
    path("plan/", plan.plan, name="plan"),
    path("reports/<str:address>/figures/", issued.figures, name="report_figures"),
    path("reports/<str:address>/history/", issued.history, name="status_history"),
    path("reports/<str:address>/board-pack/", issued.board_pack, name="board_pack"),
    path("reports/<str:address>/board-pack.<str:kind>", issued.pack_file, name="pack_file"),
]
