"""Where one row of the plan came from and where it went, as its page says it. Pure, from rows that are read already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deliverables.models.succession import ENDS, Fate


@dataclass(frozen=True)
class Kin:
    """One that it came from or became, with what happened in between."""

    code: str
    year: str  # as in an address: 2025-26
    fate: str

    @property
    def year_name(self) -> str:
        return self.year.replace("-", "/")

    @property
    def fate_name(self) -> str:
        return str(Fate(self.fate).label).lower()


@dataclass
class Lineage:
    was: list[Kin] = field(default_factory=list)
    became: list[Kin] = field(default_factory=list)
    ended: str = ""  # "Completed" or "Stopped" with the end of its year
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.was or self.became or self.ended)


def lineage_of(pk: int, rows: Iterable[Mapping[str, Any]]) -> Lineage:
    """From SuccessionQuerySet.around."""
    found = Lineage()
    for row in rows:
        if row["became"] == pk:
            found.was.append(Kin(row["was__code"], row["was__plan_year__code"], row["fate"]))
        elif row["fate"] in ENDS:
            found.ended, found.reason = str(Fate(row["fate"]).label), row["reason"]
        else:
            found.became.append(Kin(row["became__code"], row["became__plan_year__code"], row["fate"]))
    return found
