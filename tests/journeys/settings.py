"""The portal as it is installed, but for what would cost the journeys seconds: slow hashing, and letters that leave."""

from strategy_portal.settings import *  # noqa: F403
from strategy_portal.settings import VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
CRISPY_FAIL_SILENTLY = False
