"""Celery shells: each loads, calls one verb, returns a count for the log."""

from datetime import date, timedelta

from celery import shared_task
from django.utils import timezone

from messaging import services


@shared_task
def process_received(raw_id: int) -> str:
    return services.process(raw_id).fate


@shared_task
def sweep_received() -> int:
    return services.process_due()


@shared_task
def transmit_delivery(delivery_id: int) -> str:
    return services.transmit(delivery_id).state


@shared_task
def sweep_deliveries() -> int:
    return services.deliver_due()


@shared_task
def sweep_bulk_deliveries() -> int:
    return services.deliver_due(bulk=True)


@shared_task
def fetch_mailboxes() -> int:
    return services.fetch_due()


@shared_task
def ask_mail_servers(day: str = "") -> int:
    """Ask about one day ("2026-01-31"), or about today and yesterday."""
    if day:
        return services.ask_servers(date.fromisoformat(day))
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return services.ask_servers(today) + services.ask_servers(today - timedelta(days=1))
