"""The edit history of a model, dated by the portal's clock: in a demonstration, edits lie in its own year."""

from typing import Any

from simple_history import models

from strategy_portal import clock


class HistoricalRecords(models.HistoricalRecords):
    def create_historical_record(self, instance: Any, history_type: str, using: str | None = None) -> None:
        instance._history_date = clock.now()
        super().create_historical_record(instance, history_type, using)
        del instance._history_date
