"""Every wrong or unsafe setting has a sentence, and production refuses to start with it."""

import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as product

from helpdesk import checks

# Fixed, because it names tests, and all workers must know them by the same names.
STRONG = "vK3pQx9LmZ2rT7wYb5NcH8sJd4FgA6uEoRi1XtVqBnMzWhLkPy"


@pytest.fixture
def production(settings, tmp_path, monkeypatch):
    settings.PRODUCTION = True
    settings.SECRET_KEY = STRONG
    settings.ALLOWED_HOSTS = ["help.example.com"]
    settings.SITE_URL = "https://help.example.com"
    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    settings.SMTP_URL = "smtp://mail.example.com:587"
    settings.DEFAULT_FROM_EMAIL = "support@example.com"
    monkeypatch.setattr(checks, "_database_is_sqlite", lambda: False)
    settings.VAR_DIR = tmp_path
    return settings


def sentences():
    return [message.msg for message in checks.check_settings() + checks.check_production()]


def test_the_defaults_are_right():
    assert sentences() == []


def test_a_safe_production_is_right(production):
    assert sentences() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", 70000),
        ("PORT", 0),
        ("SMTP_LISTEN_PORT", 99999),
        ("SMTP_LISTEN_PORT", 8000),
        ("SITE_URL", "help.example.com"),
        ("SITE_URL", "https://help.example.com/desk"),
        ("SITE_URL", "https://help.example.com:99999"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("SMTP_URL", "mail.example.com:25"),
        ("DEFAULT_FROM_EMAIL", "Support <support@example.com>"),
        ("ALLOWED_HOSTS", ["https://help.example.com"]),
        ("ENCRYPTION_KEYS", ["short"]),
        ("SWEEP_SECONDS", 0),
        ("CLOSE_AFTER_DAYS", 0),
        ("MAX_MAIL_BYTES", 10),
    ],
)
def test_a_wrong_value_is_told_by_its_name(settings, name, value):
    settings.PORT = 8000
    setattr(settings, name, value)
    assert sentences()
    assert name in sentences()[0]


def test_several_encryption_keys_are_right(settings):
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), Fernet.generate_key().decode()]
    assert sentences() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-" + STRONG),
        ("SECRET_KEY", "change-me-" + STRONG),
        ("DEBUG", True),
        ("DEMO", True),
        ("ALLOWED_HOSTS", ["*"]),
        ("ALLOWED_HOSTS", []),
        ("SITE_URL", "http://help.example.com"),
        ("REDIS_URL", ""),
    ],
)
def test_an_unsafe_production_does_not_start(production, capfd, name, value):
    setattr(production, name, value)
    with pytest.raises(SystemExit):
        checks.refuse_wrong_settings()
    assert name in capfd.readouterr().err


def test_a_key_that_others_can_read_is_told(production):
    key = Path(production.VAR_DIR) / "secret_key"
    key.write_text("x")
    key.chmod(0o644)
    assert any("secret_key" in sentence for sentence in sentences())


def test_sqlite_and_no_mail_server_are_doubts_and_no_refusal(production, monkeypatch):
    monkeypatch.setattr(checks, "_database_is_sqlite", lambda: True)
    production.SMTP_URL = ""
    checks.refuse_wrong_settings()
    assert len(sentences()) == 2


def test_a_misspelt_name_in_the_env_file_is_told(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / ".env.example").write_text("#PORT=8000\n")
    (tmp_path / ".env").write_text("PROT=8001\nPORT=8000\n")
    assert [message.msg for message in checks.check_names()] == [
        "PROT in .env is not a setting of the help desk."
    ]
    assert checks.check_names()[0].hint == "Did you mean PORT?"


def test_every_setting_is_documented():
    source = (product.BASE_DIR / "helpdesk/settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    example = (product.BASE_DIR / ".env.example").read_text()
    assert read - set(re.findall(r"^#([A-Z_]+)=", example, re.M)) == set()
