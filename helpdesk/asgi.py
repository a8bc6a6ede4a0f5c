"""ASGI entry point: Django's ordinary views run as WSGI in a thread pool.

Sync views under ASGI would open a database connection per request; in a2wsgi's fixed pool each
thread keeps its own.
"""

from a2wsgi import WSGIMiddleware
from django.conf import settings

from helpdesk.wsgi import application as wsgi

application = WSGIMiddleware(wsgi, workers=settings.WEB_THREADS)
