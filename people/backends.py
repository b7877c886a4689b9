from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from people.models import Membership, User


class PortalBackend(BaseBackend):
    """Signing in by the e-mail address that stands with the person now, and by no earlier one.

    Who may not sign in (inactive, or fictional where there is no demonstration) is told the same as after a wrong password,
    and an unknown address takes as long to refuse as a known one.
    """

    def authenticate(self, request: HttpRequest | None, email: str = "", password: str = "", **other: Any) -> User | None:
        user = User.objects.able_to_sign_in().filter(email=email.lower()).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        """Asked at every request, so that who is made inactive is signed out at once. She and her roles are one statement."""
        people = User.objects.able_to_sign_in()
        memberships = list(Membership.objects.current().with_person().filter(user=user_id, user__in=people))
        user = memberships[0].user if memberships else people.filter(pk=user_id).first()
        if user:
            user.current_memberships = memberships
        return user
