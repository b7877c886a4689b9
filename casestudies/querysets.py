"""All reading of case studies."""

from django.db.models import Prefetch, QuerySet

from deliverables.models import Deliverable


class CaseStudyQuerySet(QuerySet):
    def published(self):
        return self.filter(stage="published")

    def for_list(self):
        return self.published().prefetch_related("aims", "principles", "priorities").order_by("order", "title")

    def for_page(self):
        deliverables = Prefetch("deliverables", Deliverable.objects.select_related("plan_year").in_order())
        return self.published().prefetch_related("aims", "principles", "priorities", deliverables, "figures")
