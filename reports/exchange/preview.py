"""What a file would change if it were imported now, and what it may not. The page and the importing see the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core import signing
from django.db.models import TextField

from deliverables.actions.plan import told_otherwise
from deliverables.models import Deliverable, Milestone
from deliverables.spreadsheet.opening import Problem, Refused
from people.models import User
from priorities.calendar import month_ends_on, plan_year_label
from priorities.models import PlanYear, ReportingPeriod, Strategy
from priorities.plan.actions import DAYS
from priorities.plan.rules import check_period
from reports.exchange.difference import Altered, Differences, Reordered, compare, label_of
from reports.exchange.portal import EXCHANGED, Portal, read_portal
from reports.exchange.read_workbook import LINE, Places, in_cells, read_workbook
from reports.loading.document import Document, Row, document_of
from reports.loading.document import Refused as Unreadable
from reports.loading.kinds import CASE_STUDY, DELIVERABLE, MILESTONE, PERIOD, PLAN_YEAR, STRATEGY, Kind
from reports.loading.loader import outside, refuse_new_year
from reports.loading.yaml_text import Broken, parse_with_lines
from strategy_portal.editing import Refused as Disordered

SALT = "reports.exchange"
LASTS = 24 * 60 * 60  # seconds from the preview to its importing
MOST_SENT = 2 * 1024 * 1024
MOST_IN_TEXT = 5_000  # characters
WORDING = ("title", "short_title", "summary", "measure", "lead", "starts_on", "due_on")
NAMES = {"starts_on": "start date", "due_on": "due date"}
EXPECTED, DRAFTED, AGREED, BASELINED = Deliverable.Maturity.values


@dataclass(frozen=True)
class Upload:
    """A file that can be read: its plain data, and where its rows stand."""

    data: Any
    places: Places

    @cached_property
    def document(self) -> Document:
        """Raises Refused."""
        try:
            return document_of(self.data, blanks=True)
        except Unreadable as refusal:
            raise Refused(*(in_cells(problem, self.places) for problem in refusal.problems)) from refusal


def read_upload(sent: bytes) -> Upload:
    """By what the file holds, not by its name. Raises Refused."""
    if len(sent) > MOST_SENT:
        raise Refused(Problem("The file is larger than 2MB. A plan year is smaller."))
    if sent.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return Upload(*read_workbook(sent))
    try:
        data, lines = parse_with_lines(sent.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(Problem("The file is neither an Excel workbook (.xlsx) nor text in UTF-8.")) from error
    except Broken as error:
        raise Refused(Problem(str(error))) from error
    return Upload(data, {path: (LINE, line) for path, line in lines.items()})


@dataclass
class Section:
    """What the page shows of one kind."""

    kind: Kind
    added: list[Row] = field(default_factory=list)
    changed: list[Altered | Reordered] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)

    @property
    def title(self) -> str:
        return "Months" if self.kind is PERIOD else self.kind.place.replace("_", " ").capitalize()


class Preview:
    """`differences` is what would change, `problems` what keeps all of it from being done."""

    def __init__(self, upload: Upload, *, lock: bool = False) -> None:
        self.upload, self.document = upload, upload.document
        self.strategy, self.year = heads_of(self.document)
        self.portal: Portal = read_portal(self.strategy, self.year, lock=lock)
        self.differences: Differences = compare(self.portal.document, self.document)
        self.outside, unknown = outside(row for row in self.document.rows if row.kind in EXCHANGED)
        found = [
            *refuse_new_year(self.document),
            *unknown,
            *self.not_of_this_strategy(),
            *self.not_allowed(),
            *self.not_possible(),
        ]
        self.problems: list[Problem] = [in_cells(problem, upload.places) for problem in found]

    @property
    def name(self) -> str:
        return self.document.of(PLAN_YEAR)[0].key[1].replace("-", "/")

    @property
    def has_stories(self) -> bool:
        return bool(self.document.of(CASE_STUDY))

    @cached_property
    def sections(self) -> list[Section]:
        found = {kind.place: Section(kind) for kind in EXCHANGED}
        for row in self.differences.added:
            found[row.kind.place].added.append(row)
        for altered in self.differences.changed:
            found[altered.row.kind.place].changed.append(altered)
        for one in self.differences.reordered:
            found[one.kind.place].changed.append(one)
        for row in self.differences.missing:
            found[row.kind.place].missing.append(row)
        return [section for section in found.values() if section.added or section.changed or section.missing]

    @property
    def changed(self) -> int:
        return len(self.differences.changed) + len(self.differences.reordered)

    def not_of_this_strategy(self) -> Iterator[str]:
        if self.strategy is None and Strategy.objects.exists():
            yield f"{STRATEGY.place}.code: the portal has another strategy. A plan year of it keeps its code."

    def not_allowed(self) -> Iterator[str]:
        """What a file may not do, whoever imports it."""
        for altered in self.differences.changed:
            row = altered.row
            if row.kind is DELIVERABLE:
                yield from self.against_definition(altered)
                yield from self.against_reports(altered)
            elif row.kind is PERIOD and self.portal.models[row.key].closed_at is not None:
                yield f"{row.path}: the report for {row.key[1]} is issued, so its days stay as they are."
        if self.year is not None:
            yield from (not_agreed_by_file(row) for row in self.differences.added if says_agreed(row))
        touched = [*self.differences.added, *(altered.row for altered in self.differences.changed)]
        for row in touched:
            owner = self.portal.models.get(row.one.get("deliverable")) if row.kind is MILESTONE else None
            if owner is not None and owner.maturity == BASELINED:
                yield f"{row.path}: the definition of {owner.code} is baselined, so its milestones change by asking the group."

    def against_definition(self, altered: Altered) -> Iterator[str]:
        """The group agrees and baselines. Words that it has agreed change only where the file puts them back to drafted."""
        row, was, code = altered.row, altered.before.values["maturity"], altered.row.key[1]
        if "maturity" in altered.fields and (was == BASELINED or says_agreed(row)):
            yield not_agreed_by_file(row)
        is_put_back = "maturity" in altered.fields and row.values["maturity"] in (EXPECTED, DRAFTED)
        for name in altered.fields:
            if name in WORDING and was == BASELINED:
                what = NAMES.get(name) or label_of(DELIVERABLE, name).lower()
                yield f"{row.path}.{name}: the definition of {code} is baselined, so ask the group to change its {what}."
            elif name in WORDING and was == AGREED and not is_put_back:
                yield f"{row.path}.{name}: the group has agreed the definition of {code}. Put it back to drafted to change this."

    def against_reports(self, altered: Altered) -> Iterator[str]:
        if "stopped_on" in altered.fields:
            months = [self.portal.models[row.key] for row in self.portal.document.of(PERIOD)]
            if refusal := told_otherwise(months, altered.before.values["stopped_on"], altered.row.values["stopped_on"]):
                yield f"{altered.row.path}.stopped_on: {refusal}"

    def not_possible(self) -> Iterator[str]:
        """What no row may say; the database would refuse it in fewer words."""
        titles = self.titles()
        for row, fields in self.touched():
            for name in fields:
                text = row.values.get(name)
                if isinstance(row.kind.column(name), TextField) and len(text or "") > MOST_IN_TEXT:
                    yield f"{row.path}.{name}: it has {len(text or ''):,} characters. At most {MOST_IN_TEXT:,} are taken."
            if row.kind is PERIOD:
                yield from wrong_days(row, self.document.of(PLAN_YEAR)[0].key[1])
            elif row.kind is DELIVERABLE:
                yield from wrong_dates(self.whole(row))
            elif row.kind is MILESTONE and row in self.differences.added and row.key[1].casefold() in titles:
                yield f"{row.path}.title: {row.key[1]} is there already, written otherwise or no longer in the plan."

    def touched(self) -> Iterator[tuple[Row, Iterable[str]]]:
        for row in self.differences.added:
            yield row, [name for name in row.values if name != "order"]
        for altered in self.differences.changed:
            yield altered.row, altered.fields

    def whole(self, row: Row) -> Row:
        """The row as it would stand: with what the file leaves out as the portal has it."""
        before = next((altered.before for altered in self.differences.changed if altered.row is row), None)
        if before is None:
            return row
        kept = {name: value for name, value in before.values.items() if name not in row.given}
        return Row(row.kind, row.path, row.key, row.values | kept, row.one, row.many, row.given)

    def titles(self) -> set[str]:
        """Of the milestones that the year has or has had, as DELIVERABLE: TITLE without regard to capitals."""
        rows = Milestone.objects.filter(deliverable__plan_year=self.year) if self.year else Milestone.objects.none()
        return {f"{code}: {title}".casefold() for code, title in rows.values_list("deliverable__code", "title")}

    def token(self, user: User) -> str:
        packed = [user.pk, self.portal.seal, self.upload.data, self.upload.places]
        return signing.dumps(packed, salt=SALT, compress=True)


def unpacked(token: str, user: User) -> tuple[Upload, str]:
    """What the preview was made from, and the seal of the plan that it was shown beside. Raises Refused."""
    try:
        person, seal, data, places = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise Refused(Problem("This preview is not complete or is older than a day. Choose your file again.")) from error
    if person != user.pk:
        raise Refused(Problem("This preview was made for somebody else. Choose your own file."))
    return Upload(data, {path: (place, number) for path, (place, number) in places.items()}), seal


def heads_of(document: Document) -> tuple[Any, Any]:
    """The strategy and the plan year that the file is about, as far as the portal has them."""
    strategy = Strategy.objects.filter(code=document.of(STRATEGY)[0].key[1]).first()
    year = PlanYear.objects.filter(strategy=strategy, code=document.of(PLAN_YEAR)[0].key[1]).first() if strategy else None
    return strategy, year


def wrong_days(row: Row, year: str) -> Iterator[str]:
    days = row.values
    starts_on = days["starts_on"]
    if starts_on.day != 1 or plan_year_label(starts_on).replace("/", "-") != year:
        yield f"{row.path}.starts_on: a month begins on its first day, and within {year.replace('-', '/')}."
    elif days["ends_on"] != month_ends_on(starts_on):
        yield f"{row.path}.ends_on: the month ends on its last day."
    try:
        check_period(ReportingPeriod(**{name: days.get(name) for name in (*DAYS, "starts_on", "ends_on")}))
    except Disordered as refused:
        yield f"{row.path}.{refused.field}: {refused}."


def says_agreed(row: Row) -> bool:
    """Whether it says that its definition is agreed, or more."""
    return row.kind is DELIVERABLE and row.values["maturity"] in (AGREED, BASELINED)


def not_agreed_by_file(row: Row) -> str:
    return f"{row.path}.maturity: a definition is agreed, baselined or put back from there by the group and not by a file."


def wrong_dates(row: Row) -> Iterator[str]:
    said = row.values
    if said["starts_on"] and said["due_on"] and said["due_on"] < said["starts_on"]:
        yield f"{row.path}.due_on: it is due before it starts."
    if bool(said["stopped_on"]) != bool(said["stop_reason"]):
        yield f"{row.path}.stop_reason: what is stopped has a day and a reason, and what is not has neither."
