"""What the list of people is narrowed by. It lives in the address, so that it can be shared and survives paging."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from people.models import Organisation
from people.roles import ROLES

WITHOUT = {"none": "No role", "ended": "Role in an organisation that has ended"}
STATES = {"active": "Can sign in", "never": "Never signed in", "inactive": "Deactivated"}


@dataclass(frozen=True)
class PeopleFilter:
    words: str
    role: str
    organisation: str
    state: str
    choices: dict[str, list[tuple[str, str]]]

    @classmethod
    def read(cls, query: QueryDict) -> "PeopleFilter":
        """An unknown value in the address narrows nothing."""
        choices = {
            "role": [(role.code, role.name) for role in ROLES.values()] + list(WITHOUT.items()),
            "organisation": [(code, short or name) for code, short, name in organisations()],
            "state": list(STATES.items()),
        }
        known = {kind: query.get(kind, "") if query.get(kind, "") in dict(options) else "" for kind, options in choices.items()}
        return cls(words=query.get("q", "").replace("\0", "")[:100].strip(), choices=choices, **known)

    @property
    def narrows(self) -> bool:
        return bool(self.words or self.role or self.organisation or self.state)

    def apply(self, people: Any) -> Any:
        """Role and organisation are asked of the same membership."""
        wanted = {"role": self.role if self.role not in WITHOUT else "", "organisation__code": self.organisation}
        of = {f"memberships__{name}": value for name, value in wanted.items() if value}
        found = people.search(self.words)
        if of:
            found = found.filter(**of).distinct()
        if self.role in WITHOUT:
            found = found.without_role() if self.role == "none" else found.with_ended_role()
        if self.state:
            found = {"active": found.active, "never": found.never_signed_in, "inactive": found.inactive}[self.state]()
        return found


def organisations() -> Any:
    return Organisation.objects.order_by("name").values_list("code", "short_name", "name")
