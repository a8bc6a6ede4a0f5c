"""Celery shells."""

from celery import shared_task

from notifications import services


@shared_task
def send_due_notices() -> int:
    return services.send_due_notices()


@shared_task
def find_late_orders() -> int:
    return services.find_late_orders()
