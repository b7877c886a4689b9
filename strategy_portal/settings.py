"""One file of settings. Everything that differs between places comes from the environment: see .env.example."""

from pathlib import Path

from csp.constants import NONE, SELF

from strategy_portal import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_file(BASE_DIR / ".env")

# What differs between places
VAR_DIR = env.folder("PORTAL_STATE", BASE_DIR / "var")
SECRET_KEY = env.secret("SECRET_KEY")
DEBUG = env.flag("DEBUG")
HTTPS = env.flag("PORTAL_HTTPS", default=True)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
PORTAL_TODAY = env.day("PORTAL_TODAY")
PORTAL_DEMONSTRATION = env.flag("PORTAL_DEMONSTRATION")
PORTAL_ORGANISATION = env.text("PORTAL_ORGANISATION", "Nottingham and Nottinghamshire")
PORTAL_ORGANISATION_KIND = env.text("PORTAL_ORGANISATION_KIND", "Integrated Care System")
PORTAL_SERVICE = env.text("PORTAL_SERVICE", "Strategy portal")
PORTAL_SUPPORT_EMAIL = env.text("PORTAL_SUPPORT_EMAIL", "portal.support@example.org")
DATABASES = {"default": env.database("DATABASE_URL", VAR_DIR / "portal.sqlite3")}
BROKER_URL = env.text("BROKER_URL", "filesystem://")
WEB_BIND = env.text("PORTAL_BIND", "127.0.0.1")
WEB_PORT = env.number("PORTAL_PORT", 8000)
PORTAL_ADDRESS = env.text("PORTAL_ADDRESS", f"https://{ALLOWED_HOSTS[0]}" if HTTPS else f"http://127.0.0.1:{WEB_PORT}").rstrip(
    "/"
)
WEB_WORKERS = env.number("PORTAL_WEB_WORKERS", 2, most=64)

EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 10  # seconds
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", PORTAL_SUPPORT_EMAIL)

# The house
INSTALLED_APPS = [
    "django.forms",  # so that the widget templates in templates/ are found
    "strategy_portal",
    "people.apps.PeopleConfig",
    "priorities",
    "deliverables",
    "casestudies",
    "reports",
    "people.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "simple_history",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.sessions.SessionAgeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "strategy_portal.access.AccessMiddleware",
]
ROOT_URLCONF = "strategy_portal.urls"
WSGI_APPLICATION = "strategy_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "people.navigation.portal",
            ],
            "builtins": ["strategy_portal.templatetags.portal", "priorities.templatetags.plan_years"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["nhsuk"]
CRISPY_TEMPLATE_PACK = "nhsuk"
CRISPY_FAIL_SILENTLY = not DEBUG
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared between processes, so that guesses of a password are counted once, not once a worker.
# Room for many, so that a flood of them does not push out those that count.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "j F Y"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# What people upload: outside the static files and without an address of its own; a view hands it to those who may see it.
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_HANDLERS = ["strategy_portal.upload_handler.BoundedUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # all the files of one request
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # all that is typed
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "people.adapter.PortalAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{PORTAL_SERVICE}: "
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # that e-mail would offer to sign up
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# Wrong passwords: for an account from one place, from one place, and for an account from anywhere (people/adapter.py).
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/m/ip", "login_account": "100/h/key"}
ACCOUNT_FORMS = {
    "login": "people.forms.SignInForm",
    "reset_password": "people.forms.ResetPasswordForm",
    "reset_password_from_key": "people.forms.NewPasswordForm",
    "change_password": "people.forms.ChangePasswordForm",
}

# Sessions: 20 hours for everyone, 30 minutes without a click for administrators (people/sessions.py).
SESSION_COOKIE_AGE = 20 * 60 * 60
SESSION_IDLE_ADMINISTRATOR = 30 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    # The web server in front says where a request comes from; without HTTPS there is none, and nobody is believed.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "strategy_portal.errors.csrf_failure"

# The two hashes are the empty <style> and the one style attribute that plotly.js sets; a browser test watches for violations.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [
            SELF,
            "'unsafe-hashes'",
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
            "'sha256-AR/cKIZjWPcPmBUPDA6oti9XBiTbJvz0Cro2J1VzzS8='",
        ],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Jobs: JSON only, tasks take ids, the database is the truth and beat's sweep asks it what is owed.
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# In kB: what built the files of a board pack has loaded their libraries, and makes room for another process.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 95_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_TRANSPORT_OPTIONS: dict = {}
BROKER_PUBLISH_OPTIONS: dict = {}
if BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_URL = "filesystem://localhost"  # a host it does not use, and asks for
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
        "processed_folder": str(VAR_DIR / "broker" / "done"),
        "polling_interval": 0.1,
    }
    BROKER_PUBLISH_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS
elif BROKER_URL.startswith("redis"):
    # A task takes seconds; one whose worker was killed comes back soon after the two minutes it may last.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 150, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
    # max_retries is what counts: without it kombu tries for six seconds, whatever the sockets' own timeouts.
    BROKER_PUBLISH_OPTIONS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry_on_timeout": False, "max_retries": 0}
else:
    raise env.refuse("BROKER_URL", f"is '{BROKER_URL}'", "Use redis://host:6379/0, or leave it out for a broker in files.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.one_of("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "INFO")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
