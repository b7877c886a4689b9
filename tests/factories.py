"""Rows for tests: a small plan, its months, and people with a role."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from PIL import Image

from casestudies.models import CaseStudy, Picture
from deliverables.actions import Report, add_file, add_link, submit_update
from deliverables.actions.evidence import write_file
from deliverables.models import Deliverable, Evidence, Milestone, StatusUpdate
from deliverables.uploads import read_upload
from people.actions import add_organisation, add_person, give_role
from people.models import Organisation, User
from priorities.models import PlanYear, Principle, Priority, ReportingPeriod, Strategy
from reports.actions import Words, issue_report
from reports.models import ProgressReport
from strategy_portal import clock

MONTHS = [date(2025 + (m > 11), m % 12 + 1, 1) for m in range(3, 15)]  # April 2025 to March 2026


def organisation(code: str = "icb") -> Organisation:
    return add_organisation(by=None, code=code, name=f"Organisation {code}")


def person(role: str | None = None, name: str = "Priya", org: Organisation | None = None) -> User:
    """Someone with one role, or with none."""
    user = add_person(by=None, email=f"{name.lower()}@example.org", name=name)
    if role:
        give_role(by=None, user=user, organisation=org or organisation(), role=role)
    return User.objects.get(pk=user.pk)


def sign_in(client: Client, user: User) -> None:
    """As the sign-in page does, without a password."""
    client.force_login(user, backend="people.backends.PortalBackend")
    session = client.session
    session["signed_in"] = session["seen"] = int(clock.elapsed())
    session.save()


def plan_year() -> PlanYear:
    strategy, _ = Strategy.objects.get_or_create(
        code="test", defaults={"title": "Test strategy", "version": "1", "system": "Test system", "published_in": 2023}
    )
    year, made = PlanYear.objects.get_or_create(
        strategy=strategy, code="2025-26", defaults={"starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31)}
    )
    if made:
        for start in MONTHS:
            period(year, start)
    return year


def period(year: PlanYear, start: date) -> ReportingPeriod:
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return ReportingPeriod.objects.create(
        plan_year=year, starts_on=start, ends_on=end, opens_on=end - timedelta(days=5), due_on=end + timedelta(days=5)
    )


def period_of(first: str) -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("plan_year__strategy").get(plan_year=plan_year(), starts_on=first)


def november(year: PlanYear | None = None) -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("plan_year__strategy").get(
        plan_year=year or plan_year(), starts_on="2025-11-01"
    )


def october(year: PlanYear | None = None) -> ReportingPeriod:
    return ReportingPeriod.objects.select_related("plan_year__strategy").get(
        plan_year=year or plan_year(), starts_on="2025-10-01"
    )


def principle(code: str, order: int = 0) -> Principle:
    found, _ = Principle.objects.get_or_create(
        strategy=plan_year().strategy, code=code, defaults={"name": code.title(), "order": order}
    )
    return found


def priority(code: str = "P1", order: int = 1) -> Priority:
    found, _ = Priority.objects.get_or_create(
        plan_year=plan_year(), code=code, defaults={"slug": code.lower(), "name": f"Priority {code}", "order": order}
    )
    return found


def deliverable(
    code: str = "HW-1",
    *,
    lead: Organisation | None = None,
    in_priority: str = "P1",
    principles: tuple[str, ...] = (),
    **more: Any,
):
    found = Deliverable.objects.create(
        plan_year=plan_year(), priority=priority(in_priority), code=code, title=f"Deliverable {code}", lead=lead, **more
    )
    found.principles.set([principle(name) for name in principles])
    return found


def milestone(of: Deliverable, title: str = "First step", baseline: date = date(2025, 11, 15), **more: Any) -> Milestone:
    return Milestone.objects.create(deliverable=of, title=title, baseline_on=baseline, **{"forecast_on": baseline} | more)


def report(rating: str = "on_track", **more: Any) -> Report:
    words: dict[str, Any] = {"done": "Work went on."}
    if rating in ("at_risk", "off_track"):
        words |= {"why": "A supplier is late.", "route": "A second supplier.", "route_on": date(2026, 1, 31)}
    if rating == "complete":
        words |= {"evidence": "The signed plan."}
    return Report(rating=rating, **words | more)


def update(
    of: Deliverable,
    *,
    by: User,
    month: ReportingPeriod,
    rating: str = "on_track",
    seen: int = 0,
    key: UUID | None = None,
    **more: Any,
) -> StatusUpdate:
    """A submission through the real action, on the last day of its month."""
    with clock.fixed(clock.on(month.ends_on)):
        return submit_update(by=by, deliverable=of, period=month, key=key or uuid4(), seen=seen, report=report(rating, **more))


def link(of: Deliverable, *, by: User, month: ReportingPeriod, to: str = "https://example.org/plan", **more: Any) -> Evidence:
    with clock.fixed(clock.on(month.ends_on)):
        return add_link(by=by, deliverable=of, period=month, **{"title": "Signed plan", "link": to} | more)


def file(
    of: Deliverable, *, by: User, month: ReportingPeriod, content: bytes = b"Minutes of the board.", **more: Any
) -> Evidence:
    """Through the real action, which has a transaction of its own: not inside another."""
    with clock.fixed(clock.on(month.ends_on)):
        upload = read_upload(content, "minutes.txt")
        return add_file(by=by, deliverable=of, period=month, **{"title": "Minutes", "upload": upload} | more)


def picture(of: CaseStudy, *, by: User, alternative: str = "A house") -> Picture:
    """A row with a file behind it, whatever the stage of its story."""
    name = f"stories/{uuid4().hex}.png"
    stream = BytesIO()
    Image.new("RGB", (4, 3)).save(stream, "PNG")
    write_file(name, stream.getvalue())
    size = {"order": of.pictures.count() + 1, "width": 4, "height": 3}
    return Picture.objects.create(case_study=of, file=name, alternative=alternative, added_at=clock.now(), added_by=by, **size)


def issue(month: ReportingPeriod, *, by: User | None = None, note: str = "As it is.", **board_lines: str) -> ProgressReport:
    """The month's report through the real action; FCN_3="…" is the line for the board beside FCN-3."""
    olu = by or person("outcomes_group", "Olu")
    now = ReportingPeriod.objects.select_related("plan_year__strategy").get(pk=month.pk)
    words = Words(note, {code.replace("_", "-"): line for code, line in board_lines.items()})
    return issue_report(by=olu, period=now, seen=now.data_version, words=words)


def next_year() -> PlanYear:
    """The plan year 2026/27 with its months, and in it a priority and a deliverable with the codes of 2025/26."""
    year = PlanYear.objects.create(
        strategy=plan_year().strategy, code="2026-27", starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31)
    )
    for start in MONTHS:
        period(year, start.replace(year=start.year + 1))
    again = Priority.objects.create(plan_year=year, code="P1", slug="p1", name="Priority one again", order=1)
    Deliverable.objects.create(plan_year=year, priority=again, code="HW-1", title="Other work under the same code")
    return year
