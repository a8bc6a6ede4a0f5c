"""The verbs on notices: promise, tell, announce."""

from notifications.services.announcing import AnnouncementRefused, announce
from notifications.services.orders import find_late_orders, notice_if_moved
from notifications.services.sending import send_due_notices, tell

__all__ = [
    "AnnouncementRefused",
    "announce",
    "find_late_orders",
    "notice_if_moved",
    "send_due_notices",
    "tell",
]
