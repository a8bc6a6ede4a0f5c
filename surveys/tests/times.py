"""Moments that tests of surveys speak of."""

from datetime import datetime, timedelta

from django.utils import timezone


def when_due(**later: float) -> datetime:
    """An hour after the survey about a ticket resolved now is due, and so much later."""
    return timezone.now() + timedelta(hours=25) + timedelta(**later)
