"""All writing of people and organisations."""

from django.db import transaction

from people.models import Membership, Organisation, User
from people.roles import ROLES


class UnknownRole(ValueError):
    pass


@transaction.atomic
def add_person(*, by: User | None, email: str, name: str, job_title: str = "", is_demonstration: bool = False) -> User:
    """The person with this e-mail, made if there is none. She has no password until she resets it."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User(email=email, name=name, job_title=job_title, is_demonstration=is_demonstration)
        user.join()
        user.full_clean(exclude=["password"])
        user._history_user = by
        user.save()
    return user


@transaction.atomic
def give_role(*, by: User | None, user: User, organisation: Organisation, role: str) -> Membership:
    if role not in ROLES:
        raise UnknownRole(f"There is no role '{role}'. The roles are {', '.join(ROLES)}.")
    membership, _ = Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    return membership


@transaction.atomic
def add_organisation(*, by: User | None, code: str, name: str, short_name: str = "") -> Organisation:
    """The organisation with this code, made if there is none."""
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None:
        organisation = Organisation(code=code, name=name, short_name=short_name)
        organisation.full_clean()
        organisation._history_user = by
        organisation.save()
    return organisation
