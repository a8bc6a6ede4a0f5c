"""One settings file for both shapes: embedded (nothing but Python) and production.

Every value comes from the environment or from `.env` (see `.env.example`); the checks in
`helpdesk.checks` say in a sentence what is wrong with them and refuse an unsafe production.
"""

import os
from pathlib import Path
from urllib.parse import quote

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.environment import Environment
from helpdesk.lib.secret_key import kept_secret_key
from helpdesk.lib.socket_path import short_socket_path

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment.with_file(Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env"))

PRODUCTION = env.flag("PRODUCTION", default=False)
DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("DEMO", default=False)
VAR_DIR = env.folder("VAR_DIR", default=BASE_DIR / "var")

HOST = env.text("HOST", default="127.0.0.1")
PORT = env.number("PORT", default=8000)
WEB_THREADS = env.number("WEB_THREADS", default=8)
SITE_URL = env.text("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = env.text("SITE_NAME", default="Help desk")
SECRET_KEY = env.text("SECRET_KEY") or (
    "" if PRODUCTION or env.problems else kept_secret_key(VAR_DIR / "secret_key")
)
if PRODUCTION:
    env.required("SECRET_KEY", why="it signs sessions and links; 50 or more random characters.")
# Newest first; the others only decrypt. Empty: one key derived from SECRET_KEY.
ENCRYPTION_KEYS = env.names("ENCRYPTION_KEYS", default=[])
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost"])
# Only then is X-Forwarded-For believed: whoever reaches us directly can write anything into it.
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "helpdesk.apps.HelpdeskConfig",
    "helpdesk.apps.HelpdeskAdminConfig",
    "allauth",
    "allauth.account",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "accounts",
    "customers",
    "tickets",
    "messaging",
    "automation",
    "notifications",
    "surveys",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "helpdesk.middleware.security_headers",
    "csp.middleware.CSPMiddleware",
    "helpdesk.middleware.refuse_large_bodies",
    "helpdesk.health.probes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.speak_the_users_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
ASGI_APPLICATION = "helpdesk.asgi.application"
WSGI_APPLICATION = "helpdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "helpdesk.template_loader.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "helpdesk.context.site",
            ],
        },
    }
]

DATABASES = {
    "default": env.database(
        "DATABASE_URL", default=f"sqlite:///{quote(str(VAR_DIR / 'helpdesk.sqlite3'))}"
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write takes its lock at once, so two verbs on one ticket
    # wait for each other instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.number("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

VALKEY_SOCKET = short_socket_path(VAR_DIR)
REDIS_URL = env.text("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "helpdesk.cache.SharedCache",
        "LOCATION": REDIS_URL or f"unix://{quote(str(VALKEY_SOCKET))}?db=0",
        "KEY_PREFIX": "helpdesk",
    }
}

# Hints to open pages. Its default socket_timeout would drop whoever hears nothing for a while.
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                {
                    "address": REDIS_URL or f"unix://{quote(str(VALKEY_SOCKET))}",
                    "socket_timeout": None,
                }
            ],
            "prefix": "helpdesk",
        },
    }
}

CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{quote(str(VALKEY_SOCKET))}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
    # kombu would try for two seconds to reach a lost broker, inside a web request.
    "max_retries": 0,
}
# A hint that cannot be given is dropped at once: beat's sweep finds the promise in the database.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "messaging.tasks.transmit_delivery": {"queue": "replies"},
    "messaging.tasks.sweep_bulk_deliveries": {"queue": "bulk"},
}
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.number("SWEEP_SECONDS", default=30)
# How long a worker holds what it works on; after that a sweep takes it for dead.
CLAIM_SECONDS = env.number("CLAIM_SECONDS", default=300)
CELERY_BEAT_SCHEDULE = {
    "process-received": {"task": "messaging.tasks.sweep_received", "schedule": SWEEP_SECONDS},
    "deliver-due": {"task": "messaging.tasks.sweep_deliveries", "schedule": SWEEP_SECONDS},
    "deliver-due-bulk": {
        "task": "messaging.tasks.sweep_bulk_deliveries",
        "schedule": SWEEP_SECONDS,
    },
    "fetch-mail": {"task": "messaging.tasks.fetch_mailboxes", "schedule": SWEEP_SECONDS},
    "ask-mail-servers": {"task": "messaging.tasks.ask_mail_servers", "schedule": 3600},
    "close-resolved": {"task": "tickets.tasks.close_resolved_tickets", "schedule": 3600},
    "send-surveys": {"task": "surveys.tasks.send_due_invitations", "schedule": SWEEP_SECONDS},
    "plan-periodic-surveys": {
        "task": "surveys.tasks.plan_periodic_surveys",
        "schedule": crontab(minute=5),
    },
    "send-notices": {"task": "notifications.tasks.send_due_notices", "schedule": SWEEP_SECONDS},
    "find-late-orders": {
        "task": "notifications.tasks.find_late_orders",
        "schedule": 10 * SWEEP_SECONDS,
    },
    "refresh-metrics": {"task": "reports.tasks.refresh_metrics", "schedule": SWEEP_SECONDS},
}

# The story of a ticket, top to bottom: what each event sets off. Handlers run in the transaction
# of the verb and may only write promises (rows with a due time) and give hints on commit.
TICKET_EVENT_HANDLERS = (
    (("reply",), "messaging.handlers.send_reply"),
    (("customer_message",), "messaging.email.spam.quarantine"),
    (("customer_message",), "messaging.auto_answers.acknowledge"),
    (("customer_message",), "notifications.agents.tell_assignee"),
    (("resolved",), "messaging.auto_answers.ask_if_solved"),
    (("resolved",), "surveys.handlers.plan_invitations"),
    (("*",), "reports.handlers.mark_stale"),
    (("*",), "notifications.live.hints.tell_agents"),
)
CUSTOMER_EVENT_HANDLERS = ("notifications.handlers.tell_about_order",)

# Who may claim an inbound message, in this order; the first that answers decides its fate.
INBOUND_HANDLERS = (
    "messaging.handlers.record_bounce",
    "messaging.handlers.ignore_own_mail",
    "messaging.email.spam.ignore_blocked",
    "messaging.email.agents.post_answer",
    "surveys.handlers.record_answer",
    "notifications.handlers.answer_to_notice",
    "messaging.email.passed_on.open_for_original_sender",
    "tickets.intake.receive",
)

CHANNEL_ADAPTERS = {
    "email": "messaging.email.adapter.EmailAdapter",
    "webform": "messaging.webform.adapter.WebFormAdapter",
    "phone": "messaging.phone.adapter.PhoneAdapter",
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tickets:list"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm"}
# How long after giving the password (seconds) an administrator may change users.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
PASSWORD_RESET_TIMEOUT = 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("pt-br", _("Portuguese (Brazil)"))]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", [code for code, _name in LANGUAGES], default="en")
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.zone("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "attachments", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "helpdesk.storage.StaticFiles"},
}
MEDIA_URL = ""

# The product's own outgoing mail server; empty: the delivery log is where mail ends (embedded).
SMTP_URL = env.text("SMTP_URL", default="")
EMAIL_BACKEND = "messaging.email.backend.DeliveryLogBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="support@example.com")
SMTP_LISTEN_HOST = env.text("SMTP_LISTEN_HOST", default="127.0.0.1")
SMTP_LISTEN_PORT = env.number("SMTP_LISTEN_PORT", default=2525)
LMTP_LISTEN_PORT = env.number("LMTP_LISTEN_PORT", default=0)
# A mailbox that could not be fetched for so long is told to the administrators.
MAILBOX_ALARM_MINUTES = env.number("MAILBOX_ALARM_MINUTES", default=30)
# To one customer; whom no agent ever answered gets one.
AUTOMATIC_ANSWERS_PER_HOUR = env.number("AUTOMATIC_ANSWERS_PER_HOUR", default=5)
MAX_MAIL_BYTES = env.number("MAX_MAIL_BYTES", default=35 * 1024 * 1024)
MAX_ATTACHMENT_BYTES = env.number("MAX_ATTACHMENT_BYTES", default=25_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Larger requests are refused unread. Well above what a form takes, so that whoever chose a file
# too many gets the form back with what they typed.
MAX_REQUEST_BYTES = 3 * MAX_ATTACHMENT_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
CLOSE_AFTER_DAYS = env.number("CLOSE_AFTER_DAYS", default=7)
# Notices wait while it is night for the customer: hours of the day in their zone, from and until.
QUIET_FROM_HOUR = env.number("QUIET_FROM_HOUR", default=21)
QUIET_UNTIL_HOUR = env.number("QUIET_UNTIL_HOUR", default=8)
SURVEY_DELAY_MINUTES = env.number("SURVEY_DELAY_MINUTES", default=1 if DEMO else 24 * 60)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if BEHIND_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

API_THROTTLE = env.text("API_THROTTLE", default="600/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["helpdesk.lib.api.bodies.StrictParser"],
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "helpdesk.api_errors.answer_error",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["helpdesk.throttling.ApiThrottle"],
    "DEFAULT_THROTTLE_RATES": {"api": API_THROTTLE},
    "NUM_PROXIES": 1 if BEHIND_PROXY else 0,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Help desk API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AddressKind": "customers.models.Address.Kind",
        "CustomerEventKind": "customers.models.CustomerEvent.Kind",
        "OrderState": "customers.models.Order.State",
        "MessageKind": "tickets.models.Message.Kind",
        "MessageState": "tickets.models.Message.State",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "helpdesk.logs.OneLineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", LOG_LEVELS, default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "celery": {"level": env.choice("CELERY_LOG_LEVEL", LOG_LEVELS, default="WARNING")},
        "uvicorn.access": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},
    },
}

env.stop_if_wrong()
