"""Settings, from the environment alone. What is secret has no default outside demo mode."""

import os
from datetime import date
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


DEMO = _flag("FANGXIN_DEMO")
DEBUG = False
TESTING = _flag("FANGXIN_TESTING")

PROJECT_DIR = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("FANGXIN_DATA_DIR", PROJECT_DIR / "var")).resolve()
STANDARDS_DIR = Path(os.environ.get("FANGXIN_STANDARDS_DIR", PROJECT_DIR / "standards")).resolve()
ASSETS_DIR = Path(os.environ.get("FANGXIN_ASSETS_DIR", PROJECT_DIR / "node_modules")).resolve()
EVIDENCE_DIR = DATA_DIR / "evidence"
CHECKPOINT_DIR = Path(os.environ.get("FANGXIN_CHECKPOINT_DIR", DATA_DIR / "checkpoints")).resolve()


def _secret_key() -> str:
    key = os.environ.get("FANGXIN_SECRET_KEY", "")
    if key:
        return key
    if DEMO or TESTING:
        return "for-demonstration-and-tests-only-" + "0" * 32
    raise ImproperlyConfigured(
        "FANGXIN_SECRET_KEY is not set. Make one with: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(50))' and keep it outside the tree."
    )


SECRET_KEY = _secret_key()
# PEM file of the Ed25519 key that signs ledger checkpoints and proof files; without it they stay unsigned.
SIGNING_KEY_FILE = os.environ.get("FANGXIN_SIGNING_KEY", "")
# PEM file of the Ed25519 key that signs the codes of certificates; another file here is a rotation. Without any key the codes
# stay unsigned and can only be checked online.
CERTIFICATE_KEY_FILE = os.environ.get("FANGXIN_CERTIFICATE_KEY", "") or SIGNING_KEY_FILE

ALLOWED_HOSTS = [host for host in os.environ.get("FANGXIN_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("FANGXIN_ORIGINS", "").split(",") if origin]


def _today() -> date | None:
    """The date at which the clock is held, so that a plan of past years can be lived through again."""
    text = os.environ.get("FANGXIN_TODAY", "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"FANGXIN_TODAY is {text!r}; write it as YYYY-MM-DD") from error


CLOCK_HELD_AT = _today()

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_q",
    "fangxin.kernel.ledger",
    "fangxin.kernel.screens",
    "fangxin.kernel.jobs",
    "fangxin.kernel.people",
    "fangxin.kernel.catalog",
    "fangxin.kernel.registry",
    "fangxin.kernel.supply",
    "fangxin.kernel.laboratory",
    "fangxin.kernel.fieldwork",
    "fangxin.kernel.casework",
    "fangxin.actions.monitoring",
    "fangxin.actions.origin",
    "fangxin.actions.farm_inputs",
    "fangxin.actions.health_food",
    "fangxin.actions.rural_food",
    "fangxin.actions.catering",
    "fangxin.actions.produce_markets",
    "fangxin.actions.small_operators",
    "fangxin.actions.online_food",
    "fangxin.actions.school_meals",
    "fangxin.actions.grain",
    "fangxin.actions.imported_food",
    "fangxin.oversight.board",
    "fangxin.oversight.plans",
    "fangxin.oversight.assessment",
    "fangxin.sim",
    "fangxin.surfaces.console",
    "fangxin.surfaces.portal",
    "fangxin.surfaces.field",
    # Last: its ready() collects what all the others offer.
    "fangxin.kernel.contributing",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "fangxin.kernel.people.middleware.SignInCompleted",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "fangxin.config.urls"
WSGI_APPLICATION = "fangxin.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fangxin.kernel.screens.context.page",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    url = os.environ.get("FANGXIN_DATABASE_URL", "")
    if url:
        return dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "fangxin.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            # A write transaction asks for the write lock at once, so that two writers queue instead of failing.
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "fangxin.kernel.people.passwords.ThreeKindsValidator"},
]
LOGIN_URL = "people:sign_in"
LOGIN_REDIRECT_URL = "console:today"
LOGOUT_REDIRECT_URL = "people:sign_in"

# Five wrong passwords lock the account for a quarter of an hour (GB/T 22239 practice).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]
# Locked by account, whatever the address: a whole county office often shares one.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "fangxin.kernel.people.views.sign_in.locked_out"
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _flag("FANGXIN_HTTPS")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("FANGXIN_BEHIND_PROXY") else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PROJECT_DIR / "src" / "fangxin" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATICFILES_DIRS = [
    (name, ASSETS_DIR / folder)
    for name, folder in {
        "tabler/css": "@tabler/core/dist/css",
        "tabler/js": "@tabler/core/dist/js",
        "icons": "@tabler/icons-webfont/dist",
        "htmx": "htmx.org/dist",
        "echarts": "echarts/dist",
    }.items()
    if (ASSETS_DIR / folder).is_dir()
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAX_UPLOAD_BYTES = 50 * 1024 * 1024

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "screens/table.html"
FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("全部")

Q_CLUSTER = {
    "name": "fangxin",
    "orm": "default",
    "workers": int(os.environ.get("FANGXIN_JOB_WORKERS", "1")),
    "poll": 1,
    "timeout": 3600,
    # Work whose process was killed is handed out again after this time; tasks are written to be repeatable.
    "retry": 3900,
    "max_attempts": 3,
    "ack_failures": True,
    "catch_up": False,
    "save_limit": 1000,
    "label": "jobs",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("FANGXIN_LOG_LEVEL", "WARNING")},
}

TEST_RUNNER = "django.test.runner.DiscoverRunner"
