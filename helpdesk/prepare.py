"""Brings the state folder and the database up to this version of the code; quick when they are."""

import hashlib
import io
import logging
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from helpdesk.supervisor.stamp import note_prepared

log = logging.getLogger(__name__)


def prepare() -> None:
    """Migrate, make the default mail channel, load the demo (DEMO=1), collect static files.

    Each only when needed.
    """
    if _has_pending_migrations():
        call_command("migrate", interactive=False, verbosity=0)
    call_command("setup_defaults", verbosity=0)
    if settings.DEMO:
        call_command("demo", if_empty=True, verbosity=0)
    if not settings.DEBUG:
        _collect_static()
    note_prepared()


def _has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static() -> None:
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = _static_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    # What is half collected has no stamp; and a new one leaves copies of this folder alone.
    stamp.unlink(missing_ok=True)
    # The storage reports every source map that a vendored file names but does not ship.
    call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())
    stamp.write_text(fingerprint)


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
