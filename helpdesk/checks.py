"""System checks on the settings: a clear sentence for every wrong or unsafe one.

What cannot be read at all (PORT=abc) has already ended the process in `lib.environment`. Here a
value is well formed and still wrong, or wrong in production. Every process asks before it starts.
"""

import difflib
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

TAG = "settings"
SHORTEST_KEY = 50
FEWEST_CHARACTERS = 10
KNOWN_KEYS = re.compile(r"django-insecure|change.?me|your.?secret|example|replace.?me", re.I)
REDIS_SCHEMES = ("redis", "rediss", "unix")
SMTP_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+starttls")
_THROTTLE = re.compile(r"^\d+/(s|sec|second|m|min|minute|h|hour|d|day)$")
_VARIABLE = re.compile(r"^#?\s*([A-Z][A-Z_]+)=", re.M)


def refuse_wrong_settings() -> None:
    """End this process with a sentence for each wrong setting (for processes without manage.py)."""
    wrong = [message for message in run_checks(tags=[TAG]) if message.is_serious()]
    if wrong:
        lines = "\n".join(f"  - {message.msg} ({message.id})" for message in wrong)
        # Celery has replaced sys.stderr by its log, which may be set to say less.
        print(f"The help desk does not start with these settings:\n{lines}", file=sys.__stderr__)
        raise SystemExit(1)


@register(TAG)
def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Wrong in any shape."""
    return list(_messages(ALWAYS, "E0"))


@register(TAG)
def check_production(**kwargs: Any) -> list[CheckMessage]:
    """Unsafe or missing where real customers are served (PRODUCTION=1)."""
    if not settings.PRODUCTION:
        return []
    return [*_messages(IN_PRODUCTION, "E1"), *_doubts()]


@register(TAG)
def check_names(**kwargs: Any) -> list[CheckMessage]:
    """A misspelt name in `.env` would be ignored in silence."""
    file = settings.BASE_DIR / ".env"
    example = settings.BASE_DIR / ".env.example"
    if not (file.exists() and example.exists()):
        return []
    known = set(_VARIABLE.findall(example.read_text()))
    given = re.findall(r"^\s*(?:export\s+)?([A-Za-z_]+)\s*=", file.read_text(), re.M)
    return [_unknown(name, known) for name in given if name not in known]


def _unknown(name: str, known: Iterable[str]) -> CheckMessage:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]}?" if close else "All names are in .env.example."
    return Warning(
        f"{name} in .env is not a setting of the help desk.", hint=hint, id="helpdesk.W001"
    )


Rule = tuple[Callable[[], bool], str]


def _messages(rules: Iterable[Rule], prefix: str) -> Iterable[CheckMessage]:
    for number, (is_right, sentence) in enumerate(rules, start=1):
        if not is_right():
            yield Error(sentence, id=f"helpdesk.{prefix}{number:02}")


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and bare and port != 0


def _has_scheme(url: str, schemes: Iterable[str]) -> bool:
    parts = urlsplit(url)
    return parts.scheme in schemes and bool(parts.hostname or parts.path.strip("/"))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _are_fernet_keys(keys: Iterable[str]) -> bool:
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        return False
    return True


def _ports() -> list[int]:
    ports = (settings.PORT, settings.SMTP_LISTEN_PORT, settings.LMTP_LISTEN_PORT)
    return [port for port in ports if port]


def _is_strong(key: str) -> bool:
    return (
        len(key) >= SHORTEST_KEY
        and len(set(key)) >= FEWEST_CHARACTERS
        and not KNOWN_KEYS.search(key)
    )


def _database_is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _is_readable_by_others(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & 0o077)


ALWAYS: tuple[Rule, ...] = (
    (lambda: 1 <= settings.PORT <= 65535, "PORT must be between 1 and 65535."),
    (
        lambda: all(0 < port <= 65535 for port in _ports()),
        "SMTP_LISTEN_PORT and LMTP_LISTEN_PORT must be between 1 and 65535, or 0 for none.",
    ),
    (
        lambda: len(set(_ports())) == len(_ports()),
        "PORT, SMTP_LISTEN_PORT and LMTP_LISTEN_PORT must differ from each other.",
    ),
    (
        lambda: _is_web_address(settings.SITE_URL),
        "SITE_URL must be the address people type, like https://help.example.com, without a path.",
    ),
    (
        lambda: not settings.REDIS_URL or _has_scheme(settings.REDIS_URL, REDIS_SCHEMES),
        "REDIS_URL must look like redis://127.0.0.1:6379/0 (or rediss:// or unix://).",
    ),
    (
        lambda: not settings.SMTP_URL or _has_scheme(settings.SMTP_URL, SMTP_SCHEMES),
        "SMTP_URL must look like smtp://user:password@mail.example.com:587 (or smtps:// on 465).",
    ),
    (
        lambda: _is_address(settings.DEFAULT_FROM_EMAIL),
        "DEFAULT_FROM_EMAIL must be a mail address alone, like support@example.com.",
    ),
    (
        lambda: not any("/" in host or " " in host for host in settings.ALLOWED_HOSTS),
        "ALLOWED_HOSTS must be names with commas between them, like help.example.com.",
    ),
    (
        lambda: _are_fernet_keys(settings.ENCRYPTION_KEYS),
        "ENCRYPTION_KEYS must be keys made by: python -c 'from cryptography.fernet import Fernet;"
        " print(Fernet.generate_key().decode())'",
    ),
    (
        lambda: bool(_THROTTLE.match(settings.API_THROTTLE)),
        "API_THROTTLE must look like 600/min or 10/s.",
    ),
    (
        lambda: 1 <= settings.SWEEP_SECONDS <= 3600 and 1 <= settings.WEB_THREADS <= 256,
        "SWEEP_SECONDS must be between 1 and 3600, WEB_THREADS between 1 and 256.",
    ),
    (
        lambda: 1 <= settings.CLAIM_SECONDS <= 86400,
        "CLAIM_SECONDS must be between 1 and 86400, and longer than any mail takes to send.",
    ),
    (
        lambda: 0 <= settings.QUIET_FROM_HOUR <= 23 and 0 <= settings.QUIET_UNTIL_HOUR <= 23,
        "QUIET_FROM_HOUR and QUIET_UNTIL_HOUR are hours of the day, 0 to 23.",
    ),
    (
        lambda: settings.CLOSE_AFTER_DAYS >= 1 and settings.SURVEY_DELAY_MINUTES >= 0,
        "CLOSE_AFTER_DAYS must be 1 or more, SURVEY_DELAY_MINUTES 0 or more.",
    ),
    (
        lambda: 0 < settings.MAX_ATTACHMENT_BYTES <= settings.MAX_MAIL_BYTES,
        "MAX_ATTACHMENT_BYTES must be above 0 and not above MAX_MAIL_BYTES.",
    ),
)

IN_PRODUCTION: tuple[Rule, ...] = (
    (
        lambda: _is_strong(settings.SECRET_KEY),
        f"SECRET_KEY must be {SHORTEST_KEY} or more random characters that stand in no manual: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'",
    ),
    (
        lambda: not settings.DEBUG,
        "DEBUG must be off in production: it shows the code to strangers.",
    ),
    (lambda: not settings.DEMO, "DEMO must be off in production: its passwords are public."),
    (
        lambda: bool(settings.ALLOWED_HOSTS) and "*" not in settings.ALLOWED_HOSTS,
        "ALLOWED_HOSTS must name the hosts you serve, like help.example.com; * lets anybody lie.",
    ),
    (
        lambda: settings.SITE_URL.startswith("https://"),
        "SITE_URL must begin with https:// in production: passwords travel over it.",
    ),
    (
        lambda: bool(settings.REDIS_URL),
        "REDIS_URL is needed in production: the embedded Valkey serves one machine for trying out.",
    ),
    (
        lambda: not _is_readable_by_others(settings.VAR_DIR / "secret_key"),
        "VAR_DIR/secret_key must be readable by its owner alone: chmod 600 it.",
    ),
)


def _doubts() -> Iterable[CheckMessage]:
    if _database_is_sqlite():
        yield Warning(
            "The database is SQLite: one machine, one writer at a time.",
            hint="Set DATABASE_URL=postgresql://user:password@host:5432/name.",
            id="helpdesk.W101",
        )
    if not settings.SMTP_URL:
        yield Warning(
            "SMTP_URL is empty: mail to customers ends in the delivery log.",
            hint="Set SMTP_URL=smtp://user:password@mail.example.com:587.",
            id="helpdesk.W102",
        )
