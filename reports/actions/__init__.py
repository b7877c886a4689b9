"""All writing of what the reports hold."""

from reports.actions.asks import AskFrozen, change_ask, put_ask, record_decision, withdraw_ask
from reports.actions.checks import check_reports
from reports.actions.drafts import DraftOvertaken, save_report_draft
from reports.actions.exchange import PlanChanged, import_plan_year
from reports.actions.links import make_board_link, open_board_link, revoke_board_link
from reports.actions.packs import build_owed, build_pack_file, request_pack
from reports.actions.reports import (
    AlreadyIssued,
    CannotIssue,
    Correction,
    Words,
    correct_report,
    issue_report,
    try_correction,
)
from reports.actions.roll_ups import store_roll_up

__all__ = [
    "AlreadyIssued",
    "AskFrozen",
    "CannotIssue",
    "Correction",
    "DraftOvertaken",
    "PlanChanged",
    "Words",
    "build_owed",
    "build_pack_file",
    "change_ask",
    "check_reports",
    "correct_report",
    "import_plan_year",
    "issue_report",
    "make_board_link",
    "open_board_link",
    "put_ask",
    "record_decision",
    "request_pack",
    "revoke_board_link",
    "save_report_draft",
    "store_roll_up",
    "try_correction",
    "withdraw_ask",
]
