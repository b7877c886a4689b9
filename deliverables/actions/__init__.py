"""All writing of deliverables, milestones and updates."""

from deliverables.actions.corrections import NotIssued, correct_update
from deliverables.actions.decisions import CannotDecide, agree_unchanged, agree_update, return_update
from deliverables.actions.definitions import Definition, define_deliverable, stop_deliverable
from deliverables.actions.drafts import DraftIsNewer, save_draft
from deliverables.actions.evidence import NoRoom, NotItsMilestone, add_file, add_link, remove_evidence
from deliverables.actions.milestones import (
    AlreadyAsked,
    add_milestone,
    change_milestone,
    decide_milestone_change,
    end_milestone,
)
from deliverables.actions.reach import Reach, name_reach
from deliverables.actions.reminders import Reminded, remind_due, remind_now
from deliverables.actions.together import Stopped, Submission, submit_all
from deliverables.actions.updates import (
    CannotTakeBack,
    MilestoneReport,
    Overtaken,
    Report,
    submit_update,
    take_back_update,
)

__all__ = [
    "AlreadyAsked",
    "CannotDecide",
    "CannotTakeBack",
    "Definition",
    "DraftIsNewer",
    "MilestoneReport",
    "NoRoom",
    "NotIssued",
    "NotItsMilestone",
    "Overtaken",
    "Reach",
    "Reminded",
    "Report",
    "Stopped",
    "Submission",
    "add_file",
    "add_link",
    "add_milestone",
    "agree_unchanged",
    "agree_update",
    "change_milestone",
    "correct_update",
    "decide_milestone_change",
    "define_deliverable",
    "end_milestone",
    "name_reach",
    "remind_due",
    "remind_now",
    "remove_evidence",
    "return_update",
    "save_draft",
    "stop_deliverable",
    "submit_all",
    "submit_update",
    "take_back_update",
]
