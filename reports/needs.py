"""What of the plan needs an administrator: counted in one statement, however big the plan is."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet

from deliverables.models import Deliverable
from people.models import Organisation, User
from people.querysets import counted
from priorities.addresses import to
from priorities.models import Body, PlanYear, Priority, ReportingPeriod


@dataclass(frozen=True)
class Lack:
    """Something that may be missing: how one and how several of it are called, why it matters, and where it is put right: on a
    page of the plan year if it is the year's."""

    one: str
    several: str
    why: str
    do: str
    page: str
    query: tuple[tuple[str, str], ...] = ()
    is_of_year: bool = False

    def address(self, year: str) -> str:
        return to(year if self.is_of_year else "", self.page) + (f"?{urlencode(self.query)}" if self.query else "")


LACKS = {
    "no_meeting": Lack(
        "month without a meeting date",
        "months without a meeting date",
        "The portal can propose the dates.",
        "Set the meeting dates",
        "plan_periods",
        is_of_year=True,
    ),
    "no_deliverables": Lack(
        "priority without deliverables",
        "priorities without deliverables",
        "It shows as “Nothing planned”.",
        "Look at the priorities",
        "plan_priorities",
        is_of_year=True,
    ),
    "ended": Lack(
        "person with a role in an organisation that has ended",
        "people with a role in an organisation that has ended",
        "That role gives nothing any more.",
        "Give them another role",
        "plan_people",
        (("role", "ended"),),
    ),
    "no_role": Lack(
        "person without a role",
        "people without a role",
        "Who signs in without a role sees nothing.",
        "Give people a role",
        "plan_people",
        (("role", "none"),),
    ),
    "never": Lack(
        "person who never signed in",
        "people who never signed in",
        "You can send an invitation again.",
        "See who never signed in",
        "plan_people",
        (("state", "never"),),
    ),
}


@dataclass(frozen=True)
class Need:
    number: int
    lack: Lack
    address: str

    @property
    def what(self) -> str:
        return self.lack.one if self.number == 1 else self.lack.several


def counts_of(year: PlanYear) -> dict[str, int]:
    """How many there are of each kind, and how many lack something."""
    periods = ReportingPeriod.objects.filter(plan_year=year)
    kinds: dict[str, QuerySet] = {
        "priorities": Priority.objects.of(year),
        "deliverables": Deliverable.objects.of(year),
        "lacking": Deliverable.objects.of(year).not_over().lacking(),
        "periods": periods,
        "open": periods.filter(closed_at=None),
        "bodies": Body.objects.filter(strategy=year.strategy_id),
        "organisations": Organisation.objects.active(),
        "people": User.objects.active(),
        "no_meeting": periods.filter(meeting_on=None, closed_at=None),
        "no_deliverables": Priority.objects.of(year).filter(deliverables=None),
        "ended": User.objects.with_ended_role(),
        "no_role": User.objects.without_role(),
        "never": User.objects.never_signed_in(),
    }
    row = PlanYear.objects.filter(pk=year.pk).annotate(**{f"n_{name}": counted(rows) for name, rows in kinds.items()})
    found = row.values_list(*[f"n_{name}" for name in kinds])[0]
    return dict(zip(kinds, found, strict=True))


def needs_in(counts: dict[str, int], year: str = "") -> list[Need]:
    """`year` is the plan year as an address has it; empty for the current one."""
    return [Need(counts[name], lack, lack.address(year)) for name, lack in LACKS.items() if counts[name]]
