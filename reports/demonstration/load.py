"""Plays the demonstration through the real actions, each at its own moment, so that every rule and wall applies to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from uuid import NAMESPACE_DNS, uuid5

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from deliverables.actions import (
    MilestoneReport,
    Reach,
    Report,
    add_milestone,
    agree_update,
    name_reach,
    return_update,
    submit_update,
)
from deliverables.case import case_of
from deliverables.challenge import Flag, second_look
from deliverables.models import Deliverable, Milestone, StatusUpdate
from deliverables.permissions import can_report_on
from deliverables.querysets import StatusUpdateQuerySet
from people.actions import add_organisation, add_person, give_role
from people.models import User
from priorities.actions import PeriodClosed, plan_meeting
from priorities.calendar import proposed_meeting
from priorities.models import PlanYear, ReachGroup, ReportingPeriod
from reports import sentences
from reports.actions import Words, issue_report, put_ask, record_decision, store_roll_up
from reports.demonstration import stories
from reports.demonstration.content import DOMAIN, Content, Issued, Person, Reached, Request, Step, Submission, Word, Work
from reports.demonstration.definitions import CLOSED_BY, PLANNED_BY, agree_change, ask_for_change, define
from reports.demonstration.stage import Stage
from reports.gather import current_content
from reports.models import Ask
from strategy_portal import clock
from strategy_portal.editing import seen_of

KEYS = uuid5(NAMESPACE_DNS, f"demonstration.{DOMAIN}")
CLOSES_AT = time(16, 30)

Event = tuple[datetime, Callable[[], object]]


class Refused(Exception):
    """The demonstration cannot be loaded. Says why and what to do; nothing has changed."""


def is_there() -> bool:
    return User.objects.demonstration().exists() or StatusUpdate.objects.filter(is_demonstration=True).exists()


@transaction.atomic
def load_demonstration(*, content: Content, password: str) -> list[User]:
    """The whole demonstration or nothing. Returns its people, in the content's order. Raises Refused."""
    refuse_unless_wanted()
    stage = set_stage(content)
    refuse_beside_others(content)
    events = sorted(all_events(stage, content), key=lambda event: event[0])
    refuse_before(events[-1][0])
    with clock.fixed(content.begins):
        add_partners(stage, content)
        add_people(stage, content, password)
        plan_meetings(stage)
        add_goals(stage, content)
    for moment, act in events:
        with clock.fixed(moment):
            act()
    for period in ReportingPeriod.objects.begun():
        store_roll_up(period_id=period.pk)
    return list(stage.people.values())


def refuse_unless_wanted() -> None:
    if not settings.PORTAL_DEMONSTRATION:
        raise Refused("This portal is not a demonstration. Set PORTAL_DEMONSTRATION=on first, and never where real work is kept.")


def set_stage(content: Content) -> Stage:
    """The deliverables and periods of the plan year that the demonstration is about."""
    year = PlanYear.objects.filter(starts_on=content.begins.date()).select_related("strategy").first()
    if year is None:
        raise Refused("The strategy is not loaded. Run `manage.py load_strategy` first.")
    deliverables = {found.code: found for found in Deliverable.objects.of(year).select_related("plan_year")}
    if missing := [work.code for work in content.works if work.code not in deliverables]:
        raise Refused(f"The plan year {year} has no deliverable {', '.join(missing)}. Run `manage.py load_strategy` first.")
    return Stage(deliverables, {period.month: period for period in year.periods.order_by("starts_on")})


def refuse_beside_others(content: Content) -> None:
    if StatusUpdate.objects.filter(is_demonstration=False).exists():
        raise Refused("This portal holds real updates. Load the demonstration into an empty database.")
    if is_there():
        raise Refused("The demonstration is there already.")
    emails = [person.email for person in content.people]
    if taken := User.objects.filter(email__in=emails).order_by("email").values_list("email", flat=True):
        raise Refused(f"{', '.join(taken)} belongs to someone already. Load the demonstration into an empty database.")


def refuse_before(end: datetime) -> None:
    """Nobody may have reported in the future."""
    if clock.now() < end:
        raise Refused(
            f"The demonstration runs to {end:%-d %B %Y}, and the portal's date is {clock.today():%-d %B %Y}. "
            "Set PORTAL_TODAY=2025-12-02."
        )


def add_partners(stage: Stage, content: Content) -> None:
    for partner in content.partners:
        stage.organisations[partner.code] = add_organisation(
            by=None, code=partner.code, name=partner.name, short_name=partner.short_name
        )


def add_people(stage: Stage, content: Content, password: str) -> None:
    hashed = make_password(password)  # once for all: hashing it for each person would take three quarters of the load
    for person in content.people:
        stage.people[person.code] = user = add_person(
            by=None, email=person.email, name=person.name, job_title=person.job_title, is_demonstration=True
        )
        refuse_weak(password, user)
        user.password = hashed
        user.save(update_fields=["password"])
        give_roles(stage, user, person)


def give_roles(stage: Stage, user: User, person: Person) -> None:
    for organisation, role in person.roles:
        give_role(by=None, user=user, organisation=stage.organisations[organisation], role=role)


def refuse_weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(f"The password does not do. {' '.join(error.messages)}") from error


def plan_meetings(stage: Stage) -> None:
    for period in stage.periods.values():
        meeting_on = proposed_meeting(period.starts_on)
        plan_meeting(by=stage.people[PLANNED_BY], period=period, meeting_on=meeting_on)


def add_goals(stage: Stage, content: Content) -> None:
    for work in content.works:
        for goal in work.goals:
            add_milestone(
                by=stage.people[PLANNED_BY],
                deliverable=stage.deliverables[work.code],
                title=goal.title,
                baseline_on=goal.baseline_on,
            )


def all_events(stage: Stage, content: Content) -> Iterator[Event]:
    """What happens in the year, each with its moment; definitions before the updates of the same moment."""
    for work in content.works:
        for plan in work.plans:
            yield plan.at, partial(define, stage, work, plan)
        if work.reach:
            yield work.plans[-1].at, partial(say_reach, stage, work, work.reach)
    for work in content.works:
        for said in work.submissions:
            yield said.at, partial(submit, stage, work, said)
    yield from stories.events(content.tales, stage.people, stage.organisations)
    for said in content.words:
        yield said.at, partial(decide, stage, said)
    for said in content.changes:
        yield said.at, partial(ask_for_change, stage, said)
        if said.agreed_at:
            yield said.agreed_at, partial(agree_change, stage, said)
    for month in content.closed:
        meeting_on = proposed_meeting(stage.periods[month].starts_on)
        closes_at = datetime.combine(meeting_on, CLOSES_AT, clock.LONDON)
        yield closes_at - timedelta(minutes=30), partial(agree_all, stage, month)
        yield closes_at, partial(issue, stage, content, month)
    for said in content.reports:
        for ask in said.asks:
            if ask.decided:
                recorded_on = ask.decided["decided_on"] + timedelta(days=1)
                yield datetime.combine(recorded_on, CLOSES_AT, clock.LONDON), partial(record, stage, said, ask)


def say_reach(stage: Stage, work: Work, said: Reached) -> None:
    deliverable = stage.deliverables[work.code]
    groups = ReachGroup.objects.filter(strategy=deliverable.plan_year.strategy_id, code__in=said.groups)
    reach = Reach(frozenset(groups.values_list("pk", flat=True)), said.benefits, said.missed)
    name_reach(by=stage.people[PLANNED_BY], deliverable=deliverable, reach=reach, seen=seen_of(deliverable))


def submit(stage: Stage, work: Work, said: Submission) -> None:
    deliverable, author = stage.deliverables[work.code], stage.people[said.by]
    if not can_report_on(author, deliverable):
        raise Refused(f"{author} may not report on {deliverable} at {said.at}.")
    period, report = stage.periods[said.month], report_of(deliverable, work, said)
    try:
        submit_update(
            by=author,
            deliverable=deliverable,
            period=period,
            key=uuid5(KEYS, f"{said.code} {said.month} {said.number}"),
            seen=said.number - 1,
            report=replace(report, flags=flags_of(deliverable, period, report), answer=said.answer),
        )
    except PeriodClosed as closed:
        raise Refused(f"{deliverable} cannot be reported on at {said.at}: {closed}") from closed


def flags_of(deliverable: Deliverable, period: ReportingPeriod, report: Report) -> tuple[Flag, ...]:
    """What the page would have asked the author."""
    before = deliverable.updates.filter(period__starts_on__lt=period.starts_on).standing().for_history().first()
    milestones = list(deliverable.milestones.to_report(period))
    return second_look(case_of(deliverable=deliverable, report=report, milestones=milestones, before=before, has_evidence=False))


def agree_all(stage: Stage, month: str) -> None:
    for update in standing(stage, month).exclude(submitted_by=stage.people[CLOSED_BY]):
        agree_update(by=stage.people[CLOSED_BY], update=update)


def decide(stage: Stage, said: Word) -> None:
    """The group's word in a month that is open still."""
    update, by = standing(stage, said.month).get(deliverable__code=said.code), stage.people[said.by]
    if said.returned:
        return_update(by=by, update=update, reason=said.returned)
    else:
        agree_update(by=by, update=update)


def standing(stage: Stage, month: str) -> StatusUpdateQuerySet:
    updates = StatusUpdate.objects.filter(period=stage.periods[month]).standing()
    return updates.select_related("deliverable__plan_year", "period", "submitted_by").order_by("pk")


def report_of(deliverable: Deliverable, work: Work, said: Submission) -> Report:
    titles = {goal.code: goal.title for goal in work.goals}
    milestones = {milestone.title: milestone for milestone in deliverable.milestones.all()} if said.steps else {}
    return Report(
        rating=said.rating,
        done=said.done,
        why=said.why,
        route=said.route,
        route_on=said.route_on,
        evidence=said.evidence,
        milestones=tuple(milestone_report(milestones[titles[step.milestone]], step) for step in said.steps),
    )


def milestone_report(milestone: Milestone, step: Step) -> MilestoneReport:
    return MilestoneReport(
        milestone_id=milestone.pk,
        seen_on=milestone.expected_on,
        forecast_on=step.forecast_on or milestone.expected_on,
        reason=step.reason,
        words=step.words,
        done_on=step.done_on,
    )


def issue(stage: Stage, content: Content, month: str) -> None:
    """With what is asked of the board, and a note drafted from the figures as the page drafts it."""
    by, said = stage.people[CLOSED_BY], next((one for one in content.reports if one.month == month), Issued(month, {}, ()))
    for ask in said.asks:
        words = {"wording": ask.wording, "wanted_on": ask.wanted_on, "owner": ask.owner}
        put_ask(by=by, period=stage.periods[month], deliverable=stage.deliverables[ask.code], **words)
    period = ReportingPeriod.objects.select_related("plan_year__strategy").get(pk=stage.periods[month].pk)
    note = sentences.covering_note(current_content(period), asks=len(said.asks))
    issue_report(by=by, period=period, seen=period.data_version, words=Words(note, said.board_lines))


def record(stage: Stage, said: Issued, request: Request) -> None:
    ask = Ask.objects.select_related("period__plan_year").get(period=stage.periods[said.month], wording=request.wording)
    record_decision(by=stage.people[CLOSED_BY], ask=ask, **(request.decided or {}))
