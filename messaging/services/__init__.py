"""The way in (`accept`, `process`) and the way out (`send`, `transmit`) of every channel."""

from messaging.services.inbound import accept, fetch_due, process, process_due, replay, take
from messaging.services.outbound import deliver_due, retry_delivery, send, transmit

__all__ = [
    "accept",
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
