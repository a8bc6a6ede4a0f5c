"""ASGI entry point: Django's ordinary views run as WSGI in a thread pool, sockets beside them.

Sync views under ASGI would open a database connection per request; in a2wsgi's fixed pool each
thread keeps its own.
"""

from typing import Any, cast

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter
from django.conf import settings

from helpdesk.wsgi import application as wsgi  # isort: skip  sets Django up
from notifications.live.routing import application as live

application = ProtocolTypeRouter(
    {
        # Typed by two libraries that do not know each other.
        "http": WSGIMiddleware(cast("Any", wsgi), workers=settings.WEB_THREADS),
        "websocket": live,
    }
)
