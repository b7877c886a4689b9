"""One deliverable's update as it is being filled in: its forms, what the second look asks, and what is still missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4, uuid5

from deliverables import challenge
from deliverables.actions import Report
from deliverables.case import case_of
from deliverables.forms import MilestoneForm, UpdateForm
from deliverables.models import Deliverable, Milestone, StatusUpdate, UpdateDraft
from deliverables.ratings import COMPLETE, ON_TRACK
from priorities.models import ReportingPeriod
from strategy_portal.numbers import number_in

NOTHING_NEW = "Nothing new to report."
KEYS = UUID("6f8d6a1c-5a0e-4a5c-9a3f-0c6f3b1d2e47")
# What is kept of a form while it is being filled in. The rest is worked out anew each time.
TYPED = re.compile(
    r"rating|done|why|route|route_on-(day|month|year)|evidence|answer|seen"
    r"|milestone-\d{1,18}-(seen_on|forecast_on|done|done_on|reason|words)"
)
CARRIED = ("route", "route_on", "evidence")  # from month to month; never the reason of a rating, nor what was done
CORRECTED = ("rating", "done", "why", "route", "route_on", "evidence", "answer")


def typed(data: Mapping[str, str]) -> dict[str, str]:
    return {name: data[name].replace("\0", "") for name in data if TYPED.fullmatch(name)}


@dataclass
class Entry:
    """`standing` is what counts for the period, `last` what counted for the one before, `before` the newest that was reported.
    `number` is that of the newest row of the period, standing or not; `data` is what was sent, if anything was."""

    deliverable: Deliverable
    period: ReportingPeriod
    standing: StatusUpdate | None
    number: int
    last: StatusUpdate | None
    before: StatusUpdate | None
    milestones: list[Milestone]
    draft: UpdateDraft | None = None
    data: Mapping[str, Any] | None = None
    has_evidence: bool = False
    asked: bool = False

    @cached_property
    def form(self) -> UpdateForm:
        """What was sent; else the draft, as it was typed; else what it starts from."""
        ids = f"{self.deliverable.code}-%s"
        if self.data is not None:
            return UpdateForm(self.data, auto_id=ids)
        return UpdateForm(initial=self.start() | as_initial(self.kept), auto_id=ids)

    @cached_property
    def steps(self) -> list[MilestoneForm]:
        return [MilestoneForm(self.data, milestone=milestone, kept=self.kept) for milestone in self.milestones]

    @property
    def kept(self) -> dict[str, str]:
        return self.draft.fields if self.draft else {}

    def start(self) -> dict[str, Any]:
        """A first update carries forward what goes on; a correction starts from the words that it corrects."""
        first: dict[str, Any] = {"key": uuid4(), "seen": self.number}
        if self.standing:
            return first | {name: getattr(self.standing, name) for name in CORRECTED}
        return first | ({name: getattr(self.last, name) for name in CARRIED} if self.last else {})

    @cached_property
    def bound(self) -> "Entry":
        """The same with the draft taken as if it had been sent, so that it can be checked. It counts as one form, sent once."""
        if self.data is not None:
            return self
        fields = {"seen": str(self.number)} | self.kept
        if self.draft:
            fields["key"] = str(uuid5(KEYS, f"{self.draft.pk} {self.draft.version}"))
        for step in self.steps:
            if step.add_prefix("seen_on") not in fields:
                fields |= step.as_sent()
        parts = (self.standing, self.number, self.last, self.before, self.milestones)
        return Entry(self.deliverable, self.period, *parts, data=fields, has_evidence=self.has_evidence)

    @cached_property
    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(step.is_valid() for step in self.steps)])

    def full_report(self) -> Report:
        """With what the second look found, as it is stored."""
        return replace(self.report(), flags=self.flags)

    def see(self, theirs: StatusUpdate | None) -> None:
        """She is shown what overtook her: sending the form again is her choice."""
        self.form.see(theirs)
        for step in self.steps:
            self.form.data[step.add_prefix("seen_on")] = step.stands_now().isoformat()

    def report(self) -> Report:
        """What is reported, as far as it can be understood; all of it once `is_valid`."""
        return self.form.report([step for step in self.steps if step.is_valid()])

    @cached_property
    def flags(self) -> tuple[challenge.Flag, ...]:
        """What the second look asks of what is in the form now."""
        if self.data is None and not self.kept.get("rating"):
            return ()  # nothing is said yet
        self.bound.is_valid  # noqa: B018  so that what can be understood is there
        case = case_of(
            deliverable=self.deliverable,
            report=self.bound.report(),
            milestones=self.milestones,
            before=self.before,
            has_evidence=self.has_evidence,
        )
        return challenge.second_look(case)

    @property
    def looked(self) -> str:
        return challenge.fingerprint(self.flags)

    @property
    def unseen(self) -> bool:
        """Whether something fires that its author was not shown, and has not answered."""
        seen = self.form.data.get("looked", "").split() if self.data is not None else []
        return not self.bound.form.cleaned_data.get("answer") and any(flag.code not in seen for flag in self.flags)

    @property
    def missing(self) -> list[str]:
        """What a draft still needs before it can be sent, each in a sentence."""
        if self.draft is None:
            return []
        wrong = [error for form in (self.bound.form, *self.bound.steps) for errors in form.errors.values() for error in errors]
        if self.bound.is_valid and self.unseen:
            wrong.append("Answer the second look, or submit it by itself")
        return wrong

    @property
    def is_ready(self) -> bool:
        return self.draft is not None and not self.missing

    @property
    def is_open(self) -> bool:
        """Whether the form is shown: it was asked for, or sent."""
        return self.asked or self.data is not None

    @property
    def is_returned(self) -> bool:
        return self.standing is not None and getattr(self.standing, "decision", None) == "return"

    @property
    def is_to_do(self) -> bool:
        return self.standing is None or self.is_returned

    @property
    def key(self) -> str:
        return str(uuid4())

    @property
    def still(self) -> str:
        """The rating that may be said again in one action, where nothing is in and nothing is typed; else empty."""
        if self.standing or self.draft or self.last is None or self.last.rating not in (ON_TRACK, COMPLETE):
            return ""
        return self.last.rating

    def say_again(self, sentence: str, sent: Mapping[str, Any]) -> "Entry":
        """The entry of that one action: last month's rating, and the sentence if there is one."""
        fields = {"key": sent.get("key", ""), "seen": sent.get("seen", ""), "looked": sent.get("looked", "")}
        fields |= {"rating": self.still, "done": sentence.strip() or NOTHING_NEW}
        if self.last:
            fields["evidence"] = self.last.evidence
        for step in self.steps:
            fields |= step.as_sent()
        parts = (self.standing, self.number, self.last, self.before, self.milestones)
        return Entry(self.deliverable, self.period, *parts, data=fields, has_evidence=self.has_evidence)


def as_initial(kept: Mapping[str, str]) -> dict[str, Any]:
    """A draft as a form's initial values: text as it was typed, a date as its three boxes."""
    found: dict[str, Any] = {name: value for name, value in kept.items() if name in UpdateForm.base_fields and name != "seen"}
    boxes = {part: kept[f"route_on-{part}"] for part in ("day", "month", "year") if f"route_on-{part}" in kept}
    if "seen" in kept:
        found["seen"] = number_in(kept["seen"])
    return found | ({"route_on": {"day": "", "month": "", "year": ""} | boxes} if boxes else {})
