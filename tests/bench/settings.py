"""The portal's own settings, as an installation has them, in a state folder of the bench's own."""

import os

os.environ |= {
    "SECRET_KEY": "only for the bench",
    "PORTAL_HTTPS": "off",
    "PORTAL_TODAY": "2026-01-29",  # ten of the year's twelve months have begun
    "PORTAL_DEMONSTRATION": "off",
    "BROKER_URL": "filesystem://",
    "DEBUG": "off",
    "LOG_LEVEL": "ERROR",
}

from strategy_portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "bench" / "templates"]  # noqa: F405
