"""What deliverables were called, and who led them, in the wording of their definition that is in force in a period."""

from functools import cached_property

from deliverables.definition import Wording
from deliverables.models import DefinitionChange
from people.models import Organisation
from priorities.models import ReportingPeriod


class InForce:
    """Beside what the rows say now: see deliverables.definition.otherwise. Reads once, and only when it is asked."""

    def __init__(self, period: ReportingPeriod) -> None:
        self.period = period

    @cached_property
    def otherwise(self) -> dict[int, Wording]:
        changes = DefinitionChange.objects.filter(deliverable__plan_year=self.period.plan_year_id)
        found: dict[int, Wording] = changes.otherwise_on(self.period.starts_on)
        return found

    @cached_property
    def leads(self) -> dict[int, str]:
        numbers = {wording["lead"] for wording in self.otherwise.values() if wording.get("lead")}
        return {row.pk: row.label for row in Organisation.objects.filter(pk__in=numbers)} if numbers else {}

    def title(self, pk: int, title: str) -> str:
        return str(self.otherwise.get(pk, {}).get("title", title))

    def name(self, pk: int, short_title: str, title: str) -> str:
        return str(self.otherwise.get(pk, {}).get("short_title", short_title)) or self.title(pk, title)

    def lead(self, pk: int, short_name: str | None, name: str | None) -> str:
        wording = self.otherwise.get(pk, {})
        return self.leads.get(wording["lead"], "") if "lead" in wording else short_name or name or ""
