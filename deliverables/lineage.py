"""Where one row of the plan came from and where it went, as its page says it. Pure, from rows that are read already."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from deliverables.models.succession import ENDS, Fate
from deliverables.querysets.succession import APART


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
    def how(self) -> str:
        """Of what something was before, in brackets."""
        return {"reworded": "reworded since", "merged": "merged into this", "split": "split since"}.get(self.fate, "")


@dataclass
class Lineage:
    was: list[Kin] = field(default_factory=list)
    became: list[Kin] = field(default_factory=list)
    ended: str = ""  # "Completed" or "Stopped" with the end of its year
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.was or self.became or self.ended)


def lineage_of(pk: int, texts: Iterable[str]) -> Lineage:
    """From SuccessionQuerySet.around."""
    found = Lineage()
    for text in texts:
        was, was_code, was_year, code, year, fate, reason = text.split(APART)
        if int(was) != pk:
            found.was.append(Kin(was_code, was_year, fate))
        elif fate in ENDS:
            found.ended, found.reason = str(Fate(fate).label), reason
        else:
            found.became.append(Kin(code, year, fate))
    return found
