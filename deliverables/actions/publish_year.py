"""Publishing the plan year that follows from another: all of it, or nothing."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from deliverables.actions.copying import copy_of, reason_of, store
from deliverables.actions.refresh_draft import YearIsThere, lock_year
from deliverables.models import (
    CommitmentSuccession,
    Deliverable,
    DeliverableSuccession,
    Milestone,
    PrioritySuccession,
    RefreshDraft,
)
from deliverables.refresh.rules import COMMITMENT, DELIVERABLE, ENDS, MERGED, PRIORITY, Decided, Going, Problem
from deliverables.refresh.sheet import Old, decided, draft_of, seen_of
from people.models import User
from priorities.actions import lock_periods
from priorities.calendar import months, plan_year_ends_on, plan_year_label, plan_year_starts_on, reporting_cycle
from priorities.models import BankHoliday, Commitment, ExpectedOutcome, PlanYear, Priority, ReportingPeriod, Theme
from strategy_portal import clock


class NotReady(Exception):
    """Something is missing. Nothing was published; `problems` say what, each beside its row."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("Something is missing, so nothing was published.")
        self.problems = problems


class PreviewOvertaken(Exception):
    """What was previewed is not what stands. Nothing was published."""

    def __init__(self, draft: RefreshDraft | None) -> None:
        who = f"{draft.saved_by} has changed the choices" if draft else "The choices have changed"
        super().__init__(
            f"{who}, or the plan itself has been edited, since you opened this page. Nothing was published. Look at it again."
        )


@transaction.atomic
def publish_year(*, by: User, plan_year: PlanYear, seen: str) -> PlanYear:
    """The next plan year, with its periods and all that goes on from this one. Twice is once.

    `seen` is what the preview has shown. Raises NotReady or PreviewOvertaken, with nothing published.
    """
    lock_periods(plan_year=plan_year)  # what is reported meanwhile waits, so that milestones are copied as they stand
    try:
        locked = lock_year(plan_year)
    except YearIsThere as there:
        return there.year
    old, draft = Old.read(locked), draft_of(locked)
    choices = decided(old, draft)
    if seen != seen_of(old, draft):
        raise PreviewOvertaken(draft)
    if choices.problems:
        raise NotReady(choices.problems)
    return Publishing(by=by, old=old, choices=choices).publish()


def following(year: PlanYear) -> tuple[str, date, date]:
    """The address, first and last day of the plan year after this one."""
    label = plan_year_label(year.ends_on + timedelta(days=1))
    return label.replace("/", "-"), plan_year_starts_on(label), plan_year_ends_on(label)


@dataclass
class Publishing:
    by: User
    old: Old
    choices: Decided

    def publish(self) -> PlanYear:
        self.places: dict[Any, dict[int, list[int]]] = {}
        self.made: dict[str, int] = {}  # the number of each thing that goes on, by its key
        self.reason = reason_of(self.old.year)
        self.year = self.new_year()
        self.store(self.periods())
        self.priorities()
        self.commitments()
        self.deliverables()
        self.milestones()
        self.store([copy_of(row, self.places) for row in ExpectedOutcome.objects.filter(plan_year=self.old.year).order_by("pk")])
        self.successions()
        return self.year

    def store(self, rows: list[Any], links: dict[int, Any] | None = None) -> list[Any]:
        return store(rows, by=self.by, reason=self.reason, links=links, places=self.places)

    def new_year(self) -> PlanYear:
        code, starts_on, ends_on = following(self.old.year)
        days = {"code": code, "starts_on": starts_on, "ends_on": ends_on}
        year: PlanYear = copy_of(self.old.year, {}, **days, source=f"Carried on from {self.old.year}")
        year._history_user, year._change_reason = self.by, self.reason
        year.full_clean()
        year.save()
        self.places[PlanYear] = {self.old.year.pk: [year.pk]}
        return year

    def periods(self) -> list[ReportingPeriod]:
        """Twelve, each open from its own date. When the group meets is set month by month."""
        changed = BankHoliday.objects.changed()
        cycles = [reporting_cycle(month, changed) for month in months(str(self.year))]
        return [ReportingPeriod(plan_year=self.year, **vars(cycle)) for cycle in cycles]

    def goings(self, kind: str) -> list[Going]:
        return [going for going in self.choices.goings.values() if going.kind == kind]

    def settle(self, kind: str, goings: list[Going], stored: list[Any]) -> None:
        """Remembers where everything of a kind went."""
        self.made |= {going.key: row.pk for going, row in zip(goings, stored, strict=True)}
        model = {PRIORITY: Priority, COMMITMENT: Commitment, DELIVERABLE: Deliverable}[kind]
        self.places[model] = {
            int(key[1:]): [self.made[one] for one in became] for key, became in self.choices.becomes.items() if key[0] == kind
        }

    def priorities(self) -> None:
        goings, slugs = self.goings(PRIORITY), set[str]()
        rows = []
        for going in goings:
            row = self.old.rows[going.of.key]
            slug = row.slug if going.key == going.of.key else slugify(going.name)[:50]
            slug = f"{slug[:40]}-{slugify(going.code)}" if slug in slugs or not slug else slug
            slugs.add(slug)
            rows.append(copy_of(row, self.places, code=going.code, slug=slug, name=going.name, statement=going.words))
        self.settle(PRIORITY, goings, self.store(rows, takes_links(goings)))

    def commitments(self) -> None:
        themes = self.store([copy_of(theme, self.places) for theme in self.old.themes])
        self.places[Theme] = {was.pk: [theme.pk] for was, theme in zip(self.old.themes, themes, strict=True)}
        goings = self.goings(COMMITMENT)
        rows = [copy_of(self.old.rows[g.of.key], self.places, code=g.code, title=g.name, summary=g.words) for g in goings]
        self.settle(COMMITMENT, goings, self.store(rows, takes_links(goings)))

    def deliverables(self) -> None:
        goings = self.goings(DELIVERABLE)
        rows = [self.deliverable(going) for going in goings]
        self.settle(DELIVERABLE, goings, self.store(rows, takes_links(goings)))

    def deliverable(self, going: Going) -> Deliverable:
        """Its definition starts again as drafted, for its dates and its measure are those of another year. A due date that has
        passed by then is to be set anew."""
        row = self.old.rows[going.of.key]
        words = {"code": going.code, "title": going.name, "short_title": going.short, "summary": going.words}
        starts_again = row.maturity != Deliverable.Maturity.EXPECTED
        return copy_of(
            row,
            self.places,
            **words,
            priority_id=self.made[going.under],
            maturity=Deliverable.Maturity.DRAFTED if starts_again else row.maturity,
            due_on=row.due_on if row.due_on and row.due_on >= self.year.starts_on else None,
        )

    def milestones(self) -> None:
        """Those that are part of the plan and not done, with the baseline that was promised. Of what was split, the first part
        has them; of what was merged, that into which it went."""
        titles: dict[int, set[str]] = defaultdict(set)
        rows = []
        open_steps = Milestone.objects.filter(deliverable__plan_year=self.old.year, done_on=None).in_plan()
        merged = {int(key[1:]) for key, one in self.choices.fates.items() if one.fate == MERGED and key[0] == DELIVERABLE}
        in_order = open_steps.select_related("deliverable").in_order()
        for step in sorted(in_order, key=lambda step: step.deliverable_id in merged):  # those keep their titles that stay
            for place in self.places[Deliverable].get(step.deliverable_id, [])[:1]:
                title = step.title
                if title.casefold() in titles[place]:
                    title = f"{title[:170]} (from {step.deliverable.code})"
                titles[place].add(title.casefold())
                changes = {"title": title, "deliverable_id": place, "proposed_on": None, "carried_from_id": step.pk}
                rows.append(copy_of(step, self.places, **changes))
        self.store(rows)

    def successions(self) -> None:
        for kind, model in (
            (PRIORITY, PrioritySuccession),
            (COMMITMENT, CommitmentSuccession),
            (DELIVERABLE, DeliverableSuccession),
        ):
            self.store([row for key in self.choices.fates if key[0] == kind for row in self.succession(model, key)])

    def succession(self, model: Any, key: str) -> list[Any]:
        choice = self.choices.fates[key]
        ended = choice.fate in ENDS
        return [
            model(
                was_id=int(key[1:]),
                became_id=self.made[place] if place else None,
                part=number,
                fate=choice.fate,
                reason=choice.reason.strip() if ended else "",
                decided_at=clock.now(),
                decided_by=self.by,
            )
            for number, place in enumerate([""] if ended else self.choices.becomes[key], start=1)
        ]


def takes_links(goings: list[Going]) -> dict[int, list[int]]:
    """Whose links each takes over: those of what it was, and of what is merged into it."""
    return {place: [int(one.key[1:]) for one in (going.of, *going.merged)] for place, going in enumerate(goings)}
