"""How long somebody who works on a row holds it."""

from datetime import timedelta

from django.conf import settings


def claim() -> timedelta:
    """After this time a worker is taken for dead and the next sweep does its work again."""
    return timedelta(seconds=settings.CLAIM_SECONDS)
