"""All reading of case studies."""

from django.db.models import Prefetch, QuerySet

from deliverables.models import Deliverable
from strategy_portal.prepared import prepared


class CaseStudyQuerySet(QuerySet):
    def published(self):
        return self.filter(stage="published")

    def for_list(self):
        return self.published().prefetch_related("aims", "principles", "priorities").order_by("order", "title")

    @prepared
    def for_priority(self, priority: int):
        """The published ones of a priority, as far as a link names them."""
        return self.published().filter(priorities=priority).order_by("order").only("slug", "title")

    def for_page(self):
        deliverables = Prefetch("deliverables", Deliverable.objects.select_related("plan_year").in_order())
        return self.published().prefetch_related("aims", "principles", "priorities", deliverables, "figures")
