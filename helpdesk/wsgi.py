"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
application = get_wsgi_application()

from helpdesk.checks import refuse_wrong_settings  # noqa: E402  needs the apps

refuse_wrong_settings()
