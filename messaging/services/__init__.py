"""The way in (`accept`, `process`) and the way out (`send`, `transmit`) of every channel."""

from messaging.services.inbound import (
    accept,
    ask_servers,
    fetch_due,
    process,
    process_due,
    replay,
    take,
)
from messaging.services.outbound import deliver_due, retry_delivery, send, transmit

__all__ = [
    "accept",
    "ask_servers",
    "deliver_due",
    "fetch_due",
    "process",
    "process_due",
    "replay",
    "retry_delivery",
    "send",
    "take",
    "transmit",
]
