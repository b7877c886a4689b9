"""The edit history of a model, dated by the portal's clock: in a demonstration, edits lie in its own year."""

from typing import Any

from django.db.models import QuerySet, Value
from simple_history import models

from strategy_portal import clock


class HistoricalRecords(models.HistoricalRecords):
    def create_historical_record(self, instance: Any, history_type: str, using: str | None = None) -> None:
        instance._history_date = clock.now()
        super().create_historical_record(instance, history_type, using)
        del instance._history_date

    def create_historical_record_m2ms(self, history_instance: Any, instance: Any) -> None:
        """What the row is linked to, as simple-history keeps it, but read in one statement for all kinds of links."""
        links = list(history_instance._history_m2m_fields)
        parts = [rows_of(place, link, instance) for place, link in enumerate(links)]
        found: dict[int, list[dict[str, Any]]] = {place: [] for place in range(len(links))}
        for place, pk, target in sorted(parts[0].union(*parts[1:], all=True)) if parts else []:
            found[place].append({"id": pk, f"{links[place].m2m_reverse_field_name()}_id": target})
        for place, link in enumerate(links):
            kept, own = self.m2m_models[link], {f"{link.m2m_field_name()}_id": instance.pk, "history": history_instance}
            kept.objects.bulk_create([kept(**own, **row) for row in found[place]])


def rows_of(place: int, link: Any, instance: Any) -> QuerySet:
    rows = link.remote_field.through.objects.filter(**{link.m2m_field_name(): instance.pk}).order_by()
    return rows.values_list(Value(place), "pk", f"{link.m2m_reverse_field_name()}_id")
