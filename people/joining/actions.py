"""Who comes to the portal, in which roles, and who leaves it."""

from datetime import date

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from people.actions import OWN_LINK, give_role, make_person, write_letter
from people.models import Letter, Membership, Organisation, User
from people.roles import permissions_of, roles_with
from strategy_portal import clock
from strategy_portal.editing import Refused


@transaction.atomic
def end_role(*, by: User, membership: Membership) -> None:
    """She has it no longer from the next request on; history keeps that she had. Ending it twice changes nothing."""
    if membership.user_id == by.pk and "edit_plan" in permissions_of({membership.role}):
        raise Refused("You cannot end your own role as administrator. Another administrator can do it for you.")
    lock_administrators()
    ending = Membership.objects.select_for_update().filter(pk=membership.pk).first()
    if ending is not None:
        ending._history_user = by
        ending.delete()
        refuse_without_administrator(on=clock.today())


def lock_administrators() -> None:
    """Until the transaction ends, so that of two who take away the last two administrators one is refused."""
    holders = Membership.objects.filter(role__in=roles_with("edit_plan")).values("user")
    list(User.objects.select_for_update().filter(pk__in=holders).order_by("pk").values_list("pk"))


def refuse_without_administrator(*, on: date) -> None:
    if not Membership.objects.giving("edit_plan", on).exists():
        raise Refused("Nobody would be left who can administer the portal. Make someone else an administrator first.")


@transaction.atomic
def deactivate_person(*, by: User, user: User) -> User:
    """She can no longer sign in, and her sessions end at once, for good. What she did keeps her name."""
    if user.pk == by.pk:
        raise Refused("You cannot deactivate yourself. Another administrator can do it for you.")
    lock_administrators()
    leaver = User.objects.select_for_update().get(pk=user.pk)
    if leaver.is_active:
        set_active(leaver, active=False, by=by)
        refuse_without_administrator(on=clock.today())
        end_sessions(leaver)
    return leaver


@transaction.atomic
def reactivate_person(*, by: User, user: User) -> User:
    """She can sign in again, with the roles that she had."""
    returning = User.objects.select_for_update().get(pk=user.pk)
    if not returning.is_active:
        set_active(returning, active=True, by=by)
    return returning


def set_active(user: User, *, active: bool, by: User) -> None:
    user.is_active, user._history_user = active, by
    user.save(update_fields=["is_active"])


def end_sessions(user: User) -> None:
    """A session does not say whose it is but in its own sealed words, so each is opened."""
    hers = [one.pk for one in Session.objects.iterator() if one.get_decoded().get(SESSION_KEY) == str(user.pk)]
    Session.objects.filter(pk__in=hers).delete()


@transaction.atomic
def invite_person(*, by: User, email: str, name: str, job_title: str, organisation: Organisation, role: str) -> User:
    """Makes someone known to the portal, gives her a role and owes her the e-mail with which she sets her password.

    Refused where the address is taken; but sent twice, the same invitation is one.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two clicks come one after the other
    there = User.objects.filter(email=email.strip().lower()).first()
    if there is not None:
        if (there.name, there.has_signed_in) == (name, False) and there.letters.filter(kind="invitation", written_by=by).exists():
            return there
        raise Refused(f"{there.name} has this email address already", field="email")
    invited = make_person(by, User(email=email, name=name, job_title=job_title))
    give_role(by=by, user=invited, organisation=organisation, role=role)
    send_invitation(by=by, user=invited, number=1)
    return invited


@transaction.atomic
def send_invitation(*, by: User, user: User, number: int) -> Letter | None:
    """`number` counts those to her: None if the one of this number was written before, as by the first of two clicks."""
    if user.is_demonstration or not user.is_active:
        why = "is made up, so no email leaves the portal" if user.is_demonstration else "is deactivated and cannot sign in"
        raise Refused(f"{user.name} {why}.")
    key, context = f"invitation {user.pk} {number}", {"by": by, "link": OWN_LINK}
    return write_letter(to=user, kind="invitation", key=key, template="people/letters/invitation", context=context, by=by)


def tell_old_address(*, by: User | None, user: User, address: str) -> None:
    """Whoever reads there learns that the account has another now, so that nobody loses hers unseen."""
    key = f"address {user.pk} {user.history.latest().pk}"  # type: ignore[attr-defined]
    context = {"by": by, "was": address}
    write_letter(to=user, address=address, kind="address", key=key, template="people/letters/address", context=context, by=by)
