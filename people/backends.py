from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from people.models import User


class PortalBackend(AuthenticationBackend):
    """Signing in by e-mail. Demonstration people exist only where PORTAL_DEMONSTRATION is on."""

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and (settings.PORTAL_DEMONSTRATION or not user.is_demonstration)

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.with_memberships().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
