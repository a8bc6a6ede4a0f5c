"""Celery shells."""

from celery import shared_task

from reports import services

PER_RUN = 50
"""Batches in one run of the sweep; the next run goes on where this one stopped."""


@shared_task
def refresh_metrics() -> None:
    """Calculate what changed, then read the running clocks again."""
    for refresh in (services.refresh_stale, services.refresh_running):
        for _batch in range(PER_RUN):
            if refresh() < services.BATCH:
                break
