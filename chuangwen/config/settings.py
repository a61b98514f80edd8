"""Django settings. What differs between sites comes from the environment (environment.py)."""

from __future__ import annotations

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from chuangwen.config import environment
from chuangwen.config.environment import VAR_DIR, audit_hash, flag, secret_key, storages, text, words

DEBUG = flag("DEBUG")
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")  # keys of before, while what they sealed and signed still lives
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
SITE_URL = text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

# The ladder, lowest rung first (docs/architecture.md).
AREAS = [
    "core",
    "audit",
    "workflow",
    "accounts",
    "notifications",
    "organizations",
    "standards",
    "places",
    "campaigns",
    "evidence",
    "responsibilities",
    "rectification",
    "inspections",
    "directives",
    "supervision",
    "scoring",
    "honors",
    "reports",
    "public",
    "desk",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    *(f"chuangwen.{area}" for area in AREAS),  # before allauth, whose templates they replace
    "chuangwen.config",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "treebeard",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "chuangwen.core.middleware.BrowserRightsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # below the headers, which static files carry too
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chuangwen.accounts.middleware.SessionLimitMiddleware",
    "chuangwen.accounts.middleware.SafeAccountMiddleware",
    "chuangwen.core.middleware.KeptCountsMiddleware",
    "chuangwen.core.middleware.CleanErrorsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "chuangwen.config.urls"
WSGI_APPLICATION = "chuangwen.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chuangwen.notifications.context.inbox",
                "chuangwen.campaigns.context.campaign",
                "chuangwen.core.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "chuangwen.core.templatetags.chuangwen",
                "chuangwen.core.templatetags.wording",
            ],
        },
    }
]
FORM_RENDERER = "chuangwen.core.rendering.QuickForms"

# Data
DATABASES = {
    "default": dj_database_url.parse(
        text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'chuangwen.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that may write takes the write lock at once instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "cached_statements": 1000,  # there are some hundreds, of which SQLite would forget most before they come again
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = storages()
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
EXPORT_DAYS = max(1, int(text("EXPORT_DAYS", "7")))  # so long a finished export can be downloaded
# An endpoint of OpenAI's kind on the site's own network that proposes corrections to directives; empty: none
SECOND_READER_URL = text("SECOND_READER_URL", "").rstrip("/")
SECOND_READER_MODEL = text("SECOND_READER_MODEL", "")
SECOND_READER_KEY = text("SECOND_READER_KEY", "")
SECOND_READER_SECONDS = max(5, int(text("SECOND_READER_SECONDS", "60")))  # so long for one answer
SECOND_READER_DATA_MAY_LEAVE = flag("SECOND_READER_DATA_MAY_LEAVE")  # a public address: texts leave the network
SOFFICE = text("SOFFICE", "")  # LibreOffice's program; empty: looked for on PATH, 0: not used
PDF_SECONDS = max(5, int(text("PDF_SECONDS", "60")))  # so long it may take for a paper
UPLOAD_LIMIT_BYTES = int(text("UPLOAD_LIMIT_MB", "100")) * 1024 * 1024
REQUEST_LIMIT_BYTES = UPLOAD_LIMIT_BYTES + 32 * 1024 * 1024  # several files at once, and what is around them
# What anybody may send without an account is smaller: the beginning of the address, bytes
REQUEST_LIMITS = {"/public/": 20 * 1024 * 1024}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "chuangwen.accounts.passwords.FrugalArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "chuangwen.accounts.passwords.ThreeKindsValidator"},
    {"NAME": "chuangwen.accounts.passwords.NotUsedBeforeValidator"},
]
PASSWORD_HISTORY = int(text("PASSWORD_HISTORY", "5"))  # a new password is none of the last few
PASSWORD_MAX_DAYS = int(text("PASSWORD_MAX_DAYS", "0"))  # 0: a password grows no older by itself
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "chuangwen.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # all other sessions end by themselves: their key hangs on the password
# django-axes counts failures, over all processes; a whole office may stand behind one address.
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": "300/m/ip"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "chuangwen.accounts.forms.SignInForm",
    "change_password": "chuangwen.accounts.forms.NewPasswordForm",
    "reauthenticate": "chuangwen.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "chuangwen.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Chuangwen"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the office, not from the person
MFA_FORMS = {
    "authenticate": "chuangwen.accounts.forms.CodeForm",
    "reauthenticate": "chuangwen.accounts.forms.CodeAgainForm",
    "activate_totp": "chuangwen.accounts.forms.FirstCodeForm",
}
AXES_FAILURE_LIMIT = int(text("LOGIN_FAILURE_LIMIT", "5"))
AXES_COOLOFF_TIME = float(text("LOGIN_LOCK_HOURS", "0.25"))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "chuangwen.accounts.views.entrance.locked_out"
AXES_USERNAME_CALLABLE = "chuangwen.accounts.lockout.account_tried"
AXES_CLIENT_IP_CALLABLE = "chuangwen.accounts.lockout.client_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who keeps trying does not lock the owner out for longer
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# 等级保护 2.0, level three: an idle session ends, every session ends; one person holds few at once.
SESSION_COOKIE_AGE = int(text("SESSION_HOURS", "12")) * 3600
SESSION_IDLE_SECONDS = int(text("SESSION_IDLE_MINUTES", "60")) * 60
SESSION_LIMIT_PER_USER = int(text("SESSION_LIMIT", "3"))
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS: list[str] = []

# Headers
SECURE_COOKIES = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_HTTPONLY = False  # pages kept for work without a network outlive the token printed in them
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
BEHIND_PROXY = flag("BEHIND_PROXY")  # one proxy of our own, which sets these headers and drops what came with them
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MAP_TILES_URL = text("MAP_TILES_URL")  # {z}/{x}/{y} template; empty: a plain background
TILE_ORIGIN = ["/".join(MAP_TILES_URL.split("/")[:3])] if MAP_TILES_URL.startswith("http") else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *TILE_ORIGIN],
        "font-src": [SELF],
        "connect-src": [SELF, *TILE_ORIGIN],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Words and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
USE_I18N = True
TIME_ZONE = text("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = environment.STATIC_ROOT
WHITENOISE_USE_FINDERS = DEBUG
# Named by Django ("name.0123456789ab.css") or by the front end's build ("chunks/name-01234567.js")
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+(\.[0-9a-f]{12}|/chunks/[^/]+-[0-9A-Za-z_-]{8})\..+$"
WHITENOISE_AUTOREFRESH = DEBUG

# Our own
AUDIT_HASH = audit_hash()
# Apprise addresses of the office's own gateways, with {account}, {phone} or {email} for the person.
NOTIFY_CHANNELS = words("NOTIFY_CHANNELS")
# Kinds of address that people may add themselves (wecombot, json://gateway.local); none unless named.
NOTIFY_SCHEMES = words("NOTIFY_SCHEMES")
DIGEST_AT = text("DIGEST_AT", "08:30")
CALENDAR_FEEDS = flag("CALENDAR_FEEDS", default=True)  # whether people get their deadlines as a calendar to subscribe
DEMO = flag("CHUANGWEN_DEMO")
# Roles whose holders sign in with a second factor; a demo and a developer's machine do without.
REQUIRE_MFA_ROLES = words("REQUIRE_MFA_ROLES", "" if DEMO or DEBUG else "administrator,auditor")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": text("LOG_LEVEL", "WARNING")},
}
