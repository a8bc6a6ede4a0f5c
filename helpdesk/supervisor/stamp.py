"""Whether the database and the pages are ready for this code, without loading any of it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

PACKAGES = "requirements.txt"


def is_prepared() -> bool:
    """Say whether `manage.py prepare` has run for just this code and these settings.

    A no is always safe; a wrong yes (a database that was replaced) shows in `/readyz`.
    """
    return _stamp().exists() and _stamp().read_text() == _fingerprint()


def note_prepared() -> None:
    _stamp().write_text(_fingerprint())


def _stamp() -> Path:
    return Path(settings.VAR_DIR) / "prepared"


def _fingerprint() -> str:
    database: dict[str, Any] = settings.DATABASES["default"]
    digest = hashlib.sha256(repr((settings.DEMO, settings.DEBUG)).encode())
    digest.update(repr([database.get(key) for key in ("NAME", "HOST", "PORT", "USER")]).encode())
    digest.update(str(_is_there(database)).encode())
    for path in _files():
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _is_there(database: dict[str, Any]) -> bool:
    return not database["ENGINE"].endswith("sqlite3") or Path(database["NAME"]).exists()


def _files() -> Iterator[Path]:
    yield settings.BASE_DIR / PACKAGES
    yield from sorted(settings.BASE_DIR.glob("*/migrations/*.py"))
    for folder in settings.STATICFILES_DIRS:
        yield from sorted(path for path in Path(folder).rglob("*") if path.is_file())
