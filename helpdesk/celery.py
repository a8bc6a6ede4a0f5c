"""The Celery application: `celery -A helpdesk worker|beat`."""

import os

from celery import Celery
from celery.signals import beat_init, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def refuse_wrong_settings(**kwargs: object) -> None:
    """Worker and beat ask the same checks as the web process; Celery itself only prints them."""
    import django

    django.setup()
    from helpdesk.checks import refuse_wrong_settings

    refuse_wrong_settings()
