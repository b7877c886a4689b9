"""All reading of people and organisations."""

from datetime import date
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery

from people.roles import roles_with
from strategy_portal import clock
from strategy_portal.prepared import prepared

GIVES_UP_AFTER = 10_000  # tries of one letter: a week of one a minute


def counted(rows: QuerySet, *, distinct: str = "") -> Subquery:
    """How many rows there are, as part of another statement."""
    what = Func(F(distinct or "pk"), function="COUNT", template="COUNT(DISTINCT %(expressions)s)", output_field=IntegerField())
    return Subquery(rows.order_by().values(number_of_rows=what))


class OrganisationQuerySet(QuerySet):
    def active(self, on: date | None = None):
        day = on or clock.today()
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))

    def search(self, words: str):
        """Every word in its name or its short name."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(short_name__icontains=word))
        return found

    def with_numbers(self):
        """With `number_of_people` who have a role in it and `number_led`, of deliverables."""
        from people.models import Membership

        led = self.model._meta.get_field("led_deliverables").related_model.objects.filter(lead=OuterRef("pk"))
        people = Membership.objects.filter(organisation=OuterRef("pk"), user__is_active=True)
        return self.annotate(number_of_people=counted(people, distinct="user"), number_led=counted(led))


class MembershipQuerySet(QuerySet):
    def current(self, on: date | None = None):
        """Those whose organisation is active today, or on a day."""
        from people.models import Organisation

        return self.filter(organisation__in=Organisation.objects.active(on))

    @prepared
    def serving(self, organisations: list[int], roles: list[str]):
        """Organisation and person of those in these roles, whether they still can or not."""
        return self.filter(organisation__in=organisations, role__in=roles).values_list("organisation", "user")

    def with_person(self):
        return self.select_related("user", "organisation").order_by("pk")

    def giving(self, permission: str, on: date | None = None, demonstration: bool | None = None):
        """Current ones, in a role that gives the permission, of people who can sign in."""
        from people.models import User

        return (
            self.current(on)
            .filter(role__in=roles_with(permission), user__in=User.objects.able_to_sign_in(demonstration))
            .order_by("user__name", "pk")
        )

    def changes_for(self, user: Any):
        """Every role that she was given or that ended, with who did it."""
        return self.model.history.filter(user=user).select_related("history_user", "organisation").order_by("-history_id")

    def with_last_reminder(self):
        """With `reminded_on`, the last day on which its person was written a reminder, if she was."""
        from people.models import Letter

        letters = Letter.objects.reminders().filter(to=OuterRef("user")).order_by("-written_on").values("written_on")
        return self.annotate(reminded_on=Subquery(letters[:1]))


class UserQuerySet(QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def inactive(self):
        return self.filter(is_active=False)

    def able_to_sign_in(self, demonstration: bool | None = None):
        """Fictional people only where PORTAL_DEMONSTRATION is on."""
        shown = settings.PORTAL_DEMONSTRATION if demonstration is None else demonstration
        return self.active() if shown else self.active().filter(is_demonstration=False)

    def demonstration(self):
        return self.filter(is_demonstration=True).order_by("pk")

    def able_to(self, permission: str, **of: Any):
        """Those who can sign in, in a role that gives the permission in an organisation that is active today, or in the one
        that is named."""
        from people.models import Membership

        giving = Membership.objects.giving(permission).filter(user=OuterRef("pk"), **of)
        return self.filter(Exists(giving)).order_by("name", "pk")

    def search(self, words: str):
        """Every word in the name, the e-mail address or the job title."""
        found = self
        for word in words.split()[:8]:
            found = found.filter(Q(name__icontains=word) | Q(email__icontains=word) | Q(job_title__icontains=word))
        return found

    def never_signed_in(self):
        """Of those who could."""
        return self.able_to_sign_in().filter(last_login=None)

    def without_role(self):
        """Who could sign in, and would see nothing."""
        from people.models import Membership

        return self.able_to_sign_in().filter(~Exists(Membership.objects.current().filter(user=OuterRef("pk"))))

    def with_ended_role(self):
        """Active ones with a role in an organisation that has ended."""
        return self.active().filter(memberships__organisation__ends_on__lt=clock.today()).distinct()

    def with_all_memberships(self):
        """With `all_memberships`, those of organisations that have ended too."""
        from people.models import Membership

        every = Membership.objects.select_related("organisation").order_by("organisation__name", "role", "pk")
        return self.prefetch_related(Prefetch("memberships", every, to_attr="all_memberships"))

    def told_of_reports(self):
        """Those who read the plan and want an e-mail when a report is issued."""
        return self.able_to("view_plan").filter(wants_reports=True)

    def with_service(self, roles: list[str], on: date | None = None):
        """With `serves_now`: whether she has one of these roles in an organisation that is active."""
        from people.models import Membership

        return self.annotate(serves_now=Exists(Membership.objects.current(on).filter(user=OuterRef("pk"), role__in=roles)))

    def with_memberships(self):
        """With `current_memberships`, in one query more: what every permission is answered from."""
        from people.models import Membership

        current = Membership.objects.current().select_related("organisation").order_by("pk")
        return self.prefetch_related(Prefetch("memberships", current, to_attr="current_memberships"))


class LetterQuerySet(QuerySet):
    def owed(self):
        """Written and not sent; those that failed before go last, so that one bad address holds up nobody else."""
        found = self.filter(~Q(kind="reminder") | Q(written_on__gte=clock.today()), sent_at=None)
        return found.filter(tries__lt=GIVES_UP_AFTER).order_by("tries", "pk")

    def reminders(self):
        return self.filter(kind="reminder")

    def outdated(self):
        """Reminders that could not be sent on their day. What they say may no longer be true, so they are never sent."""
        return self.reminders().filter(sent_at=None, written_on__lt=clock.today())

    def same_as(self, letter: Any):
        """Written for the same key; or the day's reminder to the same person, if it is one."""
        day = Q(to=letter.to, written_on=letter.written_on, kind="reminder") if letter.kind == "reminder" else Q(pk=None)
        return self.filter(Q(key=letter.key) | day)

    def for_log(self):
        """Newest first, without their words."""
        found = self.select_related("to", "written_by").only(
            "subject", "written_at", "sent_at", "copies", "to__name", "to__email", "written_by__name"
        )
        return found.order_by("-written_at", "-pk")


class CalendarAddressQuerySet(QuerySet):
    def at(self, token: str):
        """The one with this secret part, of someone who can sign in; with all that her permissions are answered from."""
        from people.models import User

        people = User.objects.able_to_sign_in().with_memberships()
        found = self.filter(fingerprint=fingerprint_of(token), made_by__in=User.objects.able_to_sign_in())
        return found.prefetch_related(Prefetch("made_by", people))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email: str):
        return self.get(email=email.lower())


def fingerprint_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()
