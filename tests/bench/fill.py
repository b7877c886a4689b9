"""A plan of any size, as a busy year leaves it. It is drawn from seeds, so that a deliverable is the same at every size."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice, permutations
from random import Random
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from deliverables.models import Decision, Deliverable, Milestone, MilestoneMove, StatusUpdate
from deliverables.ratings import AT_RISK, COMPLETE, OFF_TRACK, ON_TRACK, RATINGS
from people.actions import add_organisation, add_person, give_role
from people.models import Organisation, User
from priorities.models import PlanYear, Principle, Priority, ReportingPeriod
from strategy_portal import clock

UPDATES_EACH, MILESTONES_EACH = 52, 4
ORGANISATIONS, OWN = 30, 9  # the strategy's own nine are led by the first organisation, for which the manager reports
DUE = 50  # deliverables that one busy manager reports on
BATCH = 400  # rows of one INSERT
SENTENCES = (
    "The partners met twice and agreed who does what by when.",
    "Two neighbourhood teams have started, and a third waits for its rooms.",
    "Recruitment is done but for one post, which is advertised again.",
    "The steering group took the plan and asked for one more option.",
    "Schools answered the survey and the results are being read.",
    "Data sharing is signed by six of eight partners.",
    "The supplier delivered late, and the next order is brought forward.",
    "Training reached forty people in three districts.",
    "Families told us what helps them, and the pathway was changed.",
    "The budget for the second half of the year is confirmed.",
)
TEXTS = [" ".join(chosen) for chosen in permutations(SENTENCES, 4)][::7]  # of some 230 characters
STEPS = ("Agree the scope", "Sign up the partners", "Open the first site", "Report the first results")
FLAGGED = '{"version": 1, "flags": [{"code": "words", "label": "Same words as March", "words": "Say what has changed."}]}'
SUBJECTS = ("falls", "asthma", "housing", "carers", "employment", "dementia", "school", "hospital discharge")


@dataclass(frozen=True)
class Frame:
    """What deliverables hang on, and who reads and writes them."""

    year: PlanYear
    begun: list[ReportingPeriod]
    priorities: list[Priority]
    principles: list[Principle]
    organisations: list[Organisation]
    authors: list[User]
    viewer: User
    group: User
    busy: User  # reports on 50 by name

    @property
    def manager(self) -> User:
        return self.authors[0]


def fill(size: int) -> Frame:
    """The strategy with its nine deliverables, as many more as are wanted, and a year of work on each."""
    call_command("load_strategy", stdout=io.StringIO())
    with transaction.atomic():
        frame = make_frame()
        own = list(Deliverable.objects.order_by("pk").values_list("pk", flat=True))
        Deliverable.objects.filter(pk__in=own).update(lead=frame.organisations[0])
        insert(Deliverable, (deliverable_row(frame, number, own[-1]) for number in range(len(own), size)))
        numbered = dict(enumerate(Deliverable.objects.order_by("pk").values_list("pk", flat=True)))
        insert(Deliverable.principles.through, (tag for n in range(len(own), size) for tag in tags(frame, n, numbered[n])))
        for model, rows in (
            (StatusUpdate, update_rows),
            (Decision, decision_rows),
            (Milestone, milestone_rows),
            (MilestoneMove, move_rows),
        ):
            insert(model, (row for number, pk in numbered.items() for row in rows(frame, number, pk)))
        insert(Deliverable.history.model, (row for n in range(len(own), size) for row in edit_rows(frame, n, own[-1])))
        named = [{"deliverable_id": pk, "user_id": frame.busy.pk} for pk in list(numbered.values())[:DUE]]
        insert(Deliverable.managers.through, named)
        set_sequences()
    analyse()
    return frame


def make_frame() -> Frame:
    year = PlanYear.objects.current()
    organisations = [add_organisation(by=None, code=f"o{n}", name=f"Partner organisation {n}") for n in range(ORGANISATIONS)]
    people = {}
    for name, role in (("Bea", "viewer"), ("Olu", "outcomes_group")):
        people[name] = person(name, role, organisations[0])
    return Frame(
        year=year,
        begun=list(ReportingPeriod.objects.begun().order_by("starts_on")),
        priorities=list(Priority.objects.of(year)),
        principles=list(Principle.objects.order_by("order")),
        organisations=organisations,
        authors=[person(f"Manager{n}", "programme_manager", organisation) for n, organisation in enumerate(organisations)],
        viewer=people["Bea"],
        group=people["Olu"],
        busy=person(
            "Busy", "programme_manager", add_organisation(by=None, code="busy", name="An organisation that leads nothing")
        ),
    )


def person(name: str, role: str, organisation: Organisation) -> User:
    user = add_person(by=None, email=f"{name.lower()}@example.org", name=name)
    give_role(by=None, user=user, organisation=organisation, role=role)
    return user


def deliverable_row(frame: Frame, number: int, last_own: int) -> dict[str, Any]:
    random = Random(f"deliverable {number}")
    subject = random.choice(SUBJECTS)
    return {
        "id": last_own + number - OWN + 1,
        "code": f"X-{number:05}",
        "order": number // 3,
        "source": "Bench",
        "note": "",
        "plan_year_id": frame.year.pk,
        "priority_id": random.choice(frame.priorities).pk,
        "title": f"Improve {subject} in district {number} with partners and the people who live there",
        "short_title": f"{subject.capitalize()} in district {number}",
        "summary": random.choice(TEXTS),
        "label": "",
        "named": "",
        "lead_id": random.choice(frame.organisations[1:]).pk if random.random() < 0.9 else None,
        "starts_on": "2025-04-01",
        "due_on": "2026-03-31",
        "measure": random.choice(SENTENCES),
        "benefits": "",
        "missed": "",
        "stop_reason": "",
        "maturity": "agreed",
    }


def edit_rows(frame: Frame, number: int, last_own: int) -> Iterator[dict[str, Any]]:
    """Six edits of a definition over the first quarter, of which three say another maturity."""
    random, row = Random(f"edits {number}"), deliverable_row(frame, number, last_own)
    for edit, maturity in enumerate(("expected", "expected", "drafted", "drafted", "agreed", "agreed")):
        on = frame.year.starts_on + timedelta(days=14 * edit + random.randrange(14))
        past = {"history_date": f"{on} 09:00:00", "history_type": "~" if edit else "+", "history_change_reason": None}
        yield row | past | {"maturity": maturity}


def tags(frame: Frame, number: int, pk: int) -> Iterator[dict[str, Any]]:
    """One principle, often two, sometimes all or none."""
    random = Random(f"tags {number}")
    for principle in random.sample(frame.principles, k=random.choices((0, 1, 2, 3), (2, 58, 30, 10))[0]):
        yield {"deliverable_id": pk, "principle_id": principle.pk}


def months_of_updates(frame: Frame, number: int) -> list[ReportingPeriod]:
    """The period of each of a deliverable's updates in order. Some months have none, others many: corrections supersede."""
    random = Random(f"months {number}")
    late = 0.35 if number else 1  # the first deliverable's update for the open month is still due
    missing = {p.pk for p in frame.begun[:-1] if random.random() < 0.07}
    reported = [p for p in frame.begun if p.pk not in missing and (p is not frame.begun[-1] or random.random() > late)]
    weights = [random.random() ** 2 + 0.05 for _ in reported]
    more = random.choices(reported, weights, k=UPDATES_EACH - len(reported))
    return sorted([*reported, *more], key=lambda period: period.starts_on)


def rating_of(random: Random, before: str) -> str:
    """Ratings last: four of five months say the same as the month before."""
    if before and random.random() < 0.8:
        return before
    return random.choices((ON_TRACK, AT_RISK, OFF_TRACK, COMPLETE), (60, 24, 9, 7))[0]


def update_rows(frame: Frame, number: int, pk: int) -> Iterator[dict[str, Any]]:
    random, author = Random(f"updates {number}"), frame.authors[number % ORGANISATIONS if number >= OWN else 0]
    rating, count, period = OFF_TRACK if number == 1 else "", 0, None
    for position, month in enumerate(months_of_updates(frame, number)):
        count = count + 1 if month is period else 1
        rating, period = rating_of(random, rating) if number != 1 else rating, month
        off, at = RATINGS[rating].needs_route, submitted_at(month, count)
        yield {
            "id": number * UPDATES_EACH + position + 1,
            "deliverable_id": pk,
            "period_id": month.pk,
            "number": count,
            "key": uuid_text(UUID(int=random.getrandbits(128))),
            "rating": rating,
            "done": random.choice(TEXTS),
            "why": random.choice(TEXTS) if off else "",
            "route": random.choice(TEXTS) if off else "",
            "route_on": str(month.ends_on + timedelta(days=60)) if off else None,
            "evidence": random.choice(SENTENCES) if rating == COMPLETE else "",
            "second_look": FLAGGED if random.random() < 0.3 else "{}",
            "answer": "",
            "submitted_at": at,
            "submitted_by_id": author.pk,
            "is_demonstration": False,
        }


def decision_rows(frame: Frame, number: int, pk: int) -> Iterator[dict[str, Any]]:
    """The group has agreed what stood at the end of each month but the open one, and half of that."""
    months = months_of_updates(frame, number)
    for position, month in enumerate(months):
        last = position + 1 == len(months) or months[position + 1] is not month
        if last and (month is not frame.begun[-1] or number % 2):
            yield {
                "update_id": number * UPDATES_EACH + position + 1,
                "kind": "agree",
                "reason": "",
                "decided_at": f"{month.due_on} 09:00:00",
                "decided_by_id": frame.group.pk,
            }


def submitted_at(month: ReportingPeriod, count: int) -> str:
    return f"{datetime.combine(month.opens_on, time(9)) + timedelta(minutes=97 * count):%Y-%m-%d %H:%M:%S}"


def uuid_text(key: UUID) -> str:
    return str(key) if connection.features.has_native_uuid_field else key.hex


def steps_of(frame: Frame, number: int) -> list[tuple[date, list[date], bool]]:
    """The baseline of each milestone, the dates that it was moved to, and whether it is done."""
    random, steps = Random(f"milestones {number}"), []
    for quarter in range(MILESTONES_EACH):
        baseline = frame.year.starts_on + timedelta(days=91 * quarter + random.randrange(90))
        moves = [baseline + timedelta(days=30 * n) for n in range(1, random.choices((1, 2, 3), (65, 25, 10))[0])]
        last = [baseline, *moves][-1]
        steps.append((baseline, moves, last < clock.today() and random.random() < 0.7))
    return steps


def milestone_rows(frame: Frame, number: int, pk: int) -> Iterator[dict[str, Any]]:
    for position, (baseline, moves, done) in enumerate(steps_of(frame, number)):
        forecast = [baseline, *moves][-1]
        yield {
            "id": number * MILESTONES_EACH + position + 1,
            "deliverable_id": pk,
            "title": STEPS[position],
            "baseline_on": str(baseline),
            "forecast_on": str(forecast),
            "done_on": str(forecast) if done else None,
        }


def move_rows(frame: Frame, number: int, pk: int) -> Iterator[dict[str, Any]]:
    for position, (baseline, moves, _) in enumerate(steps_of(frame, number)):
        for count, (before, after) in enumerate(zip([baseline, *moves], moves, strict=False)):
            yield {
                "milestone_id": number * MILESTONES_EACH + position + 1,
                "update_id": number * UPDATES_EACH + 10 * position + count + 1,
                "kind": "moved",
                "counts": 1,
                "from_on": str(before),
                "to_on": str(after),
                "reason": "supplier",
                "words": SENTENCES[6],
                "moved_at": f"{before} 09:00:00",
                "moved_by_id": frame.manager.pk,
            }


def insert(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Many rows a statement, past the model's own checks; the database's stay."""
    rows = iter(rows)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            names = ", ".join(quote(name) for name in batch[0])
            values = ", ".join([f"({', '.join(['%s'] * len(batch[0]))})"] * len(batch))
            statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {values}"
            cursor.execute(statement, [value for row in batch for value in row.values()])


def set_sequences() -> None:
    """What is inserted after this takes the next number."""
    models = [Deliverable, Decision, Milestone, StatusUpdate]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def analyse() -> None:
    """What autovacuum does within a minute on PostgreSQL; SQLite has no such thing. There, what was filled in at once is moved
    out of the log into the database, as it is when it comes in bit by bit."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")
