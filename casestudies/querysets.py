"""All reading of case studies."""

from django.db.models import QuerySet


class CaseStudyQuerySet(QuerySet):
    def published(self):
        return self.filter(stage="published")

    def for_list(self):
        return self.published().prefetch_related("aims", "principles", "priorities").order_by("order", "title")

    def for_page(self):
        return self.published().prefetch_related("aims", "principles", "priorities", "deliverables", "figures")
