"""What is computed, issued and handed over."""

from reports.models.asks import Ask, AskDecision
from reports.models.handing_over import BoardLink, BoardLinkVisit, PackFile
from reports.models.report import ProgressReport, ReportCheck, ReportDraft, ReportLine
from reports.models.roll_up import RollUp

__all__ = [
    "Ask",
    "AskDecision",
    "BoardLink",
    "BoardLinkVisit",
    "PackFile",
    "ProgressReport",
    "ReportCheck",
    "ReportDraft",
    "ReportLine",
    "RollUp",
]
