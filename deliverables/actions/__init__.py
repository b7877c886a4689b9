"""All writing of deliverables, milestones and updates."""

from deliverables.actions.corrections import NotIssued, correct_update
from deliverables.actions.decisions import CannotDecide, agree_unchanged, agree_update, return_update
from deliverables.actions.definition_changes import (
    CannotAsk,
    ask_definition_change,
    decide_definition_change,
    put_all_into_force,
    withdraw_definition_change,
)
from deliverables.actions.definitions import Definition, define_deliverable
from deliverables.actions.drafts import DraftIsNewer, save_draft
from deliverables.actions.evidence import NoRoom, NotItsMilestone, add_file, add_link, remove_evidence
from deliverables.actions.maturing import NotReady, advance_definition, draft_definition, return_definition
from deliverables.actions.milestones import (
    AlreadyAsked,
    add_milestone,
    change_milestone,
    decide_milestone_change,
    end_milestone,
)
from deliverables.actions.plan import (
    CannotDelete,
    CannotStop,
    NeedsTheGroup,
    add_deliverable,
    change_deliverable,
    delete_deliverable,
    move_deliverable,
    stop_deliverable,
    take_stop_back,
    why_it_stays,
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
    "CannotAsk",
    "CannotDecide",
    "CannotDelete",
    "CannotStop",
    "CannotTakeBack",
    "Definition",
    "DraftIsNewer",
    "MilestoneReport",
    "NeedsTheGroup",
    "NoRoom",
    "NotIssued",
    "NotItsMilestone",
    "NotReady",
    "Overtaken",
    "Reach",
    "Reminded",
    "Report",
    "Stopped",
    "Submission",
    "add_deliverable",
    "add_file",
    "add_link",
    "add_milestone",
    "advance_definition",
    "agree_unchanged",
    "agree_update",
    "ask_definition_change",
    "change_deliverable",
    "change_milestone",
    "correct_update",
    "decide_definition_change",
    "decide_milestone_change",
    "define_deliverable",
    "delete_deliverable",
    "draft_definition",
    "end_milestone",
    "move_deliverable",
    "name_reach",
    "put_all_into_force",
    "remind_due",
    "remind_now",
    "remove_evidence",
    "return_definition",
    "return_update",
    "save_draft",
    "stop_deliverable",
    "submit_all",
    "submit_update",
    "take_back_update",
    "take_stop_back",
    "why_it_stays",
    "withdraw_definition_change",
]
