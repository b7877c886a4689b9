"""What a file would change if it were applied now, beside the plan as it stands. The page and the applying see the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from django.core import signing

from deliverables.actions import Submission
from deliverables.actions.milestones import waits_for_the_group
from deliverables.actions.updates import WORDS
from deliverables.entry import Entry
from deliverables.forms import MilestoneForm
from deliverables.mine import Months, due_from, entry, group, look_further_back, open_months
from deliverables.models import Milestone, StatusUpdate, UpdateDraft
from deliverables.spreadsheet.forms import AnswerForm
from deliverables.spreadsheet.layout import CHOICES, MILESTONES, UPDATES, Written, cell
from deliverables.spreadsheet.opening import AGAIN, Problem, Refused
from deliverables.spreadsheet.read import Content, Filled
from people.models import User

KEYS = UUID("a2c9f5de-4a0b-4a35-8f0e-6f2a6f9d8b11")
SALT = "deliverables.spreadsheet.preview"
LASTS = 24 * 60 * 60  # seconds from the preview to its applying


def all_due(user: User, months: Months, *, reported_too: bool) -> list[Entry]:
    """An entry for each deliverable that is due from her, with its milestones and her draft: not reported, or returned to her."""
    rows = StatusUpdate.objects.give_to(list(due_from(user, months)), *months.recent, decided=True)
    ids = [row.pk for row in rows]
    drafts = {draft.deliverable_id: draft for draft in UpdateDraft.objects.of_hers(months.period.pk, user.pk, ids)}
    steps = group(Milestone.objects.to_report_of(ids, months.period))
    made = [entry(row, months, drafts.get(row.pk), steps.get(row.pk, [])) for row in rows]
    look_further_back(made, months.period)
    return [one for one in made if reported_too or one.is_to_do]


@dataclass
class Change:
    """What a row of the sheet of milestones says."""

    form: MilestoneForm
    row: int
    year_ends_on: date

    @property
    def moves_to(self) -> date | None:
        return self.form.cleaned_data.get("forecast_on") if self.form.moves else None

    @property
    def done_on(self) -> date | None:
        return self.form.cleaned_data.get("done_on")

    @property
    def reason(self) -> str:
        labels = {code: label for label, code in CHOICES["reason"].items()}
        return labels.get(self.form.cleaned_data.get("reason", ""), "")

    @property
    def waits(self) -> bool:
        """Whether the new date is the group's to agree."""
        began_on = self.form.milestone.forecast_on
        to = self.moves_to
        return to is not None and waits_for_the_group(to=to, began_on=began_on, year_ends_on=self.year_ends_on)


@dataclass
class Line:
    """One deliverable that the file reports on."""

    entry: Entry
    row: int
    key: UUID
    answer: AnswerForm
    rows_of_steps: dict[int, int]  # by the milestone's id
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def changes(self) -> list[Change]:
        rows, ends_on = self.rows_of_steps, self.entry.deliverable.plan_year.ends_on
        return [Change(step, rows[step.milestone.pk], ends_on) for step in self.entry.steps if step.milestone.pk in rows]

    @cached_property
    def words(self) -> list[tuple[str, str]]:
        """What will stand, in the order of the page; words that the rating does not ask for are left out there too."""
        report = self.entry.report()
        named = (("", report.done), ("Why", report.why), ("Route back", report.route), ("Evidence", report.evidence))
        return [(name, text) for name, text in named if text]

    @property
    def submission(self) -> Submission:
        entry, seen = self.entry, self.entry.form.cleaned_data["seen"]
        return Submission(entry.deliverable, entry.period, self.key, seen, entry.full_report())


class Preview:
    """`lines` is what would be submitted, `problems` what keeps it from being, `already` what stands as the file says.

    Raises Refused where the file is another person's or of a month that is not open.
    """

    def __init__(self, content: Content, user: User, sent: Mapping[str, Any] | None = None) -> None:
        self.content, self.user, self.sent = content, user, sent
        note = content.note
        if note.user != user.pk:
            raise Refused(Problem(f"This file was made for somebody else, so you cannot submit it. {AGAIN}"))
        months = open_months(note.month)
        if months is None or months.period.pk != note.period:
            raise Refused(Problem(f"This file is for a month that takes no more updates. {AGAIN}"))
        self.months, self.period = months, months.period
        self.entries = {one.deliverable.pk: one for one in all_due(user, months, reported_too=True)}
        self.written = {one.pk: one for one in note.updates}
        self.written_steps = {one.pk: one for one in note.steps}
        self.problems: list[Problem] = []
        self.already: list[Entry] = []
        self.lines = [line for filled in content.updates if (line := self.line(filled)) is not None]
        self.problems += [problem for line in self.lines for problem in line.problems]
        if not self.lines and not self.problems and not self.already:
            self.problems.append(Problem("Nothing is filled in: every row is as it was when you downloaded the file."))

    def line(self, filled: Filled) -> Line | None:
        one, written = self.entries.get(filled.pk), self.written[filled.pk]
        if one is None:
            words = f"You do not report on {written.name}, or no longer. Empty the row, or download a new file."
            self.problems.append(Problem(words, cell(UPDATES, "", filled.row)))
            return None
        steps = [step for step in self.content.steps if step.of == filled.pk]
        key = uuid5(KEYS, f"{self.content.note.file} {filled.pk}")
        answer = AnswerForm(self.sent, prefix=one.deliverable.code, auto_id="%s")
        line = Line(one, filled.row, key, answer, {step.pk: step.row for step in steps})
        one.draft = None  # the file stands in its place: it was written with the draft in it
        one.data = self.data(one, filled, steps, written, answer) | {"key": str(key)}
        unread = [problem for row in (filled, *steps) for problem in row.problems]
        line.problems = unique([*unread, *self.lost_steps(one, steps), *mistakes(line), *self.overtaken(line, written)])
        if one.number != int(written.seen) and not unread and self.is_in(one):
            self.already.append(one)
            return None
        return line

    def data(self, one: Entry, filled: Filled, steps: Iterable[Filled], written: Written, answer: AnswerForm) -> dict[str, str]:
        """As the page's own form would send it."""
        values = filled.values
        data = {name: values[name] for name in ("done", "why", "route", "evidence")}
        data |= {"seen": written.seen, "rating": CHOICES["rating"].get(values["rating"], "")}
        data |= dict(zip(("route_on-year", "route_on-month", "route_on-day"), values["route_on"].split("-"), strict=False))
        data |= {"answer": answer.given, "looked": answer.looked_at}
        changed = {step.pk: step.values for step in steps}
        for milestone in one.milestones:
            form = MilestoneForm(None, milestone=milestone)
            data |= form.as_sent()
            if milestone.pk in changed:
                data |= self.data_of_step(form, changed[milestone.pk])
        return data

    def data_of_step(self, form: MilestoneForm, values: Mapping[str, str]) -> dict[str, str]:
        seen_on, done_on = self.written_steps[form.milestone.pk].seen, values["done_on"]
        said = {"seen_on": seen_on, "forecast_on": values["forecast_on"] or seen_on, "words": values["words"]}
        said |= {"reason": CHOICES["reason"].get(values["reason"], ""), "done_on": done_on, "done": "on" if done_on else ""}
        return {form.add_prefix(name): value for name, value in said.items()}

    def lost_steps(self, one: Entry, steps: Iterable[Filled]) -> list[Problem]:
        known = {milestone.pk for milestone in one.milestones}
        words = "This milestone is not asked for any more. Empty its white cells, or download a new file."
        return [Problem(words, cell(MILESTONES, "", step.row)) for step in steps if step.pk not in known]

    def overtaken(self, line: Line, written: Written) -> list[Problem]:
        """What has changed since the file was made. Nothing is written over that she has not seen."""
        one, found = line.entry, []
        if one.number != int(written.seen):
            by = one.standing
            who = "You have" if by and by.submitted_by_id == self.user.pk else f"{by.author} has" if by else "Someone has"
            words = f"{who} changed the update on {written.name} since this file was made. Empty the row, or download a new file."
            found.append(Problem(words, cell(UPDATES, "", line.row)))
        for change in line.changes:
            milestone = change.form.milestone
            if milestone.expected_on.isoformat() != self.written_steps[milestone.pk].seen:
                words = f"The date of “{milestone}” has changed since this file was made. Download a new file."
                found.append(Problem(words, cell(MILESTONES, "", change.row)))
        return found

    def is_in(self, one: Entry) -> bool:
        """Whether the file says of this one what stands already, as when a file is filled in and sent in two goes."""
        if one.standing is None or not one.is_valid or one.standing.submitted_by_id != self.user.pk:
            return False
        report = one.report()
        stand = {milestone.pk: (milestone.expected_on, milestone.done_on) for milestone in one.milestones}
        same = all(getattr(one.standing, name) == getattr(report, name) for name in WORDS)
        return same and all(stand[said.milestone_id] == (said.forecast_on, said.done_on) for said in report.milestones)

    @property
    def flagged(self) -> list[Line]:
        return [line for line in self.lines if line.entry.is_valid and line.entry.flags]

    @property
    def unanswered(self) -> bool:
        """Whether the second look asks something that she has not been shown, or an answer is too long."""
        return any(line.entry.unseen or not line.answer.is_valid() for line in self.flagged)

    @property
    def answers(self) -> list[AnswerForm]:
        return [line.answer for line in self.flagged]

    def token(self) -> str:
        return signing.dumps([self.user.pk, self.content.packed()], salt=SALT, compress=True)


def content_of(token: str, user: User) -> Content:
    """What the preview was made from. Raises Refused."""
    try:
        person, packed = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise Refused(Problem("This preview is not complete or is older than a day. Choose your file again.")) from error
    if person != user.pk:
        raise Refused(Problem("This preview was made for somebody else. Choose your own file."))
    return Content.unpacked(packed)


def mistakes(line: Line) -> list[Problem]:
    """What the page's own forms say of the row, each with its cell."""
    wrong = [Problem(words, cell(UPDATES, name, line.row)) for name, errors in line.entry.form.errors.items() for words in errors]
    for change in line.changes:
        wrong += [
            Problem(words, cell(MILESTONES, name, change.row)) for name, errors in change.form.errors.items() for words in errors
        ]
    return wrong


def unique(problems: Iterable[Problem]) -> list[Problem]:
    """One for each cell, the first."""
    return list({problem.place: problem for problem in reversed(list(problems))}.values())[::-1]
