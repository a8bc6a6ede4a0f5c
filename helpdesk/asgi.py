"""ASGI entry point: Django's ordinary views run as WSGI in a thread pool.

Sync views under ASGI would open a database connection per request; in a2wsgi's fixed pool each
thread keeps its own.
"""

from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings

from helpdesk.wsgi import application as wsgi

# Typed by two libraries that do not know each other.
application = WSGIMiddleware(cast("Any", wsgi), workers=settings.WEB_THREADS)
