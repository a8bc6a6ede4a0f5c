"""Two questions for load balancers and orchestrators: alive? ready? No detail for strangers.

They are answered before the Host header is looked at: a probe knows an address, not our name.
"""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from messaging.email.alarms import late_mailboxes

log = logging.getLogger(__name__)

PROBE_SECONDS = 60
_migrations_seen = False


def probes(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers `/healthz` and `/readyz`, and lets the rest through."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path_info, get_response)(request)

    return middleware


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and cache are there; otherwise 503, the reason in the log.

    A second line says when a mailbox could not be fetched for long.
    """
    missing = [name for name, is_there in NEEDED if not is_there()]
    if not missing:
        # A mail server that is away is no reason to take the pages away as well.
        late = "mail is late\n" if late_mailboxes() else ""
        return HttpResponse(f"ready\n{late}", content_type="text/plain")
    log.warning("not ready: %s", ", ".join(missing))
    return HttpResponse("not ready\n", content_type="text/plain", status=503)


def _database_is_migrated() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return _migrations_seen or _migrations_are_applied()
    except DatabaseError:
        return False


def _migrations_are_applied() -> bool:
    # The code of a running process does not change, so one yes holds for its life.
    global _migrations_seen  # noqa: PLW0603
    executor = MigrationExecutor(connection)
    _migrations_seen = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrations_seen


def _cache_answers() -> bool:
    try:
        cache.set("readyz", "1", PROBE_SECONDS)
        return bool(cache.get("readyz") == "1")
    except (RedisError, OSError):
        return False


PROBES = {"/healthz": alive, "/readyz": ready}
NEEDED = (("database and its migrations", _database_is_migrated), ("cache", _cache_answers))
