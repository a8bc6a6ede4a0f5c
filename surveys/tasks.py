"""Celery shells."""

from celery import shared_task

from surveys import services


@shared_task
def send_due_invitations() -> int:
    return services.send_due_invitations()


@shared_task
def plan_periodic_surveys() -> int:
    return services.plan_periodic_surveys()
