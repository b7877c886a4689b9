"""All reading of people and organisations."""

from datetime import date

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Prefetch, Q, QuerySet

from strategy_portal import clock


class OrganisationQuerySet(QuerySet):
    def active(self, on: date | None = None):
        day = on or clock.today()
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


class MembershipQuerySet(QuerySet):
    def current(self):
        """Those whose organisation is active today."""
        from people.models import Organisation

        return self.filter(organisation__in=Organisation.objects.active())


class UserQuerySet(QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def able_to_sign_in(self):
        """Fictional people only where PORTAL_DEMONSTRATION is on."""
        return self.active() if settings.PORTAL_DEMONSTRATION else self.active().filter(is_demonstration=False)

    def demonstration(self):
        return self.filter(is_demonstration=True).order_by("pk")

    def with_memberships(self):
        """With `current_memberships`, in one query more: what every permission is answered from."""
        from people.models import Membership

        current = Membership.objects.current().select_related("organisation").order_by("pk")
        return self.prefetch_related(Prefetch("memberships", current, to_attr="current_memberships"))


class LetterQuerySet(QuerySet):
    def owed(self):
        """Written and not sent; those that failed before go last, so that one bad address holds up nobody else."""
        return self.filter(sent_at=None).order_by("tries", "pk")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email: str):
        return self.get(email=email.lower())
