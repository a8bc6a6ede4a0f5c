"""Celery shells."""

from celery import shared_task
from django.conf import settings

from tickets.services import close_resolved


@shared_task
def close_resolved_tickets() -> int:
    return close_resolved(days=settings.CLOSE_AFTER_DAYS)
