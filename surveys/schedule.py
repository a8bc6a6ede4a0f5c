"""On which moment a periodic survey meets a customer: values in, values out.

Customers are spread over the days of a period by a hash of survey and customer, so that the same
person is met on the same day of every period and each day asks about as many people.
"""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PERIODS = {"yearly": timedelta(days=365), "quarterly": timedelta(days=91)}
FIRST_HOUR, LAST_HOUR = 9, 17


@dataclass(frozen=True)
class Slot:
    """The day of a period that is a customer's, and when to write on it (UTC)."""

    day: datetime
    due_at: datetime

    @property
    def period(self) -> str:
        return self.day.date().isoformat()


def share_of_period(survey_id: int, customer_id: int) -> float:
    """Where in a period a customer stands: 0 ≤ share < 1, always the same, evenly spread."""
    return zlib.crc32(f"{survey_id}:{customer_id}".encode()) / 2**32


def latest_slot(
    *, survey_id: int, customer_id: int, start: datetime, period: timedelta, now: datetime
) -> datetime | None:
    """The last moment at or before `now` on which the customer's turn came; None before the first.

    Periods follow each other from `start` without a gap, so a turn missed at the end of a period
    is still found in the next.
    """
    share = share_of_period(survey_id, customer_id)
    first = start + period * share
    if now < first:
        return None
    return first + ((now - first) // period) * period


def slot_for(turn: datetime, zone: ZoneInfo, customer_id: int) -> Slot:
    """The slot of a turn: between 9 and 17 o'clock of that day where the customer lives."""
    minutes = zlib.crc32(f"minute:{customer_id}".encode()) % ((LAST_HOUR - FIRST_HOUR) * 60)
    local = turn.astimezone(zone)
    at = local.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return Slot(day=local, due_at=(at + timedelta(minutes=minutes)).astimezone(UTC))
