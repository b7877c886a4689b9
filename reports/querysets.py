"""All reading of what the reports hold."""

from typing import Any

from django.db.models import F, Q, QuerySet

from priorities.models import ReportingPeriod
from reports.rollup import RULES_VERSION


class RollUpQuerySet(QuerySet):
    def current_for(self, period: Any):
        """The period's roll-up, if it was made from the data and by the rules of now."""
        return self.filter(period=period, data_version=period.data_version, rules_version=RULES_VERSION)


def periods_behind():
    """Begun periods whose roll-up is owed, newest first."""
    current = Q(roll_up__data_version=F("data_version"), roll_up__rules_version=RULES_VERSION)
    return ReportingPeriod.objects.begun().exclude(pk__in=ReportingPeriod.objects.filter(current))
