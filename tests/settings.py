"""The portal's own settings, in a place that tests may fill and forget."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only for tests")
os.environ.setdefault("PORTAL_HTTPS", "off")
os.environ.setdefault("PORTAL_TODAY", "2025-12-02")
os.environ.setdefault("PORTAL_STATE", tempfile.mkdtemp(prefix="portal-tests-"))

from strategy_portal.settings import *  # noqa: F403

CRISPY_FAIL_SILENTLY = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # else every test client reads the whole static folder first
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
