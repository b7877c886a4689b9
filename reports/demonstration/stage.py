"""The rows that the demonstration is played on."""

from dataclasses import dataclass, field

from deliverables.models import Deliverable
from people.models import Organisation, User
from priorities.models import ReportingPeriod


@dataclass(frozen=True)
class Stage:
    """The rows that the demonstration is played on, by the codes that its content uses."""

    deliverables: dict[str, Deliverable]
    periods: dict[str, ReportingPeriod]
    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
