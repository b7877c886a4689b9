"""Changes of definitions as people read them: word by word against what each takes the place of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deliverables.definition import LABELS, Agreed, Wording, as_day, as_set, otherwise, wording_of
from deliverables.models import DefinitionChange, Deliverable
from people.models import Organisation
from strategy_portal import clock
from strategy_portal.editing import Change, changes_between


@dataclass(frozen=True)
class Shown:
    change: DefinitionChange
    differences: list[Change]

    @property
    def has_begun(self) -> bool:
        return bool(self.change.takes_effect.starts_on <= clock.today())


def shown_of(row: Deliverable, changes: Iterable[DefinitionChange]) -> list[Shown]:
    """All changes of one deliverable, newest first. What is in force or declined says for itself what stood before it."""
    oldest_first = sorted(changes, key=lambda change: change.pk)
    names, stands, found = lead_names([row], oldest_first), wording_of(row), []
    for change in oldest_first:
        decided = change.is_in_force or change.agreed is False
        found.append(Shown(change, apart(change.was if decided else stands, change.asked, names)))
        stands |= change.asked if not decided else {}
    return found[::-1]


def shown_waiting(changes: list[DefinitionChange], coming: Iterable[DefinitionChange]) -> list[Shown]:
    """Those that wait, of several deliverables, each against what its deliverable will say by then."""
    stands = {change.deliverable_id: wording_of(change.deliverable) for change in changes}
    for change in coming:
        stands[change.deliverable_id] |= change.asked
    names = lead_names([change.deliverable for change in changes], changes)
    return [Shown(change, apart(stands[change.deliverable_id], change.asked, names)) for change in changes]


def lead_names(rows: Iterable[Deliverable], changes: Iterable[DefinitionChange]) -> dict[int, str]:
    """Of the organisations that are named, in one statement; none where no lead changes."""
    asked = [change for change in changes if "lead" in change.asked]
    numbers = {said.get("lead") for change in asked for said in (change.asked, change.was)}
    if not asked:
        return {}
    numbers |= {row.lead_id for row in rows}
    return dict(Organisation.objects.filter(pk__in=numbers - {None}).values_list("pk", "name"))


def apart(before: Mapping[str, Any], after: Wording, names: Mapping[int, str]) -> list[Change]:
    labels = {name: label for name, label in LABELS.items() if name in after}
    return changes_between(labels, readable(before, names), readable(after, names))


def readable(wording: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    return {name: names.get(value) if name == "lead" else as_day(name, value) for name, value in wording.items()}


def put_into_words(row: Deliverable, changes: Iterable[DefinitionChange]) -> None:
    """The row as it reads today, also where the sweep has not come by yet. Nothing is saved."""
    today = clock.today()
    oldest_first = sorted((one for one in changes if one.agreed), key=lambda change: change.pk)
    agreed = [Agreed(one.asked, one.was, one.takes_effect.starts_on <= today, one.is_in_force) for one in oldest_first]
    for name, value in as_set(otherwise(agreed)).items():
        setattr(row, name, value)
