"""The project package: settings, URLs and processes. It composes the apps; nobody imports it."""

from helpdesk.celery import app as celery_app

__all__ = ["celery_app"]
