"""Which orders a customer hears about: promises only, nothing is sent here."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from customers.models import CustomerEvent, Order
from notifications.models import Notice

Kind = Notice.Kind

# A shift of less is not worth a mail.
WORTH_TELLING = timedelta(days=1)
# An order that is late for longer was imported, or is somebody's job already.
LATE_AT_MOST = timedelta(days=14)


def notice_if_moved(event: CustomerEvent) -> Notice | None:
    """Promise to tell the customer when their order moved by more than a day since we last told.

    Small shifts add up: what counts is the date that the customer knows. Joins the transaction of
    the event; the same event promises once.
    """
    order = event.order
    if order is None or order.promised_at is None or order.state == Order.State.DELIVERED:
        return None
    known = _date_they_know(order)
    if known is None or abs(order.promised_at - known) <= WORTH_TELLING:
        return None
    notice, _is_new = Notice.objects.get_or_create(
        dedupe_key=f"{Kind.ORDER_MOVED}:{order.pk}:{event.pk}",
        defaults={
            "kind": Kind.ORDER_MOVED,
            "customer": order.customer,
            "order": order,
            "promised_at": order.promised_at,
        },
    )
    return notice


def _date_they_know(order: Order) -> datetime | None:
    told = (
        order.notices.filter(kind=Kind.ORDER_MOVED)
        .exclude(state=Notice.State.SKIPPED)
        .order_by("-id")
        .values_list("promised_at", flat=True)
        .first()
    )
    return told or order.first_promised_at


def find_late_orders(*, now: datetime | None = None, limit: int = 1000) -> int:
    """Promise a notice for each order past its date, once a date; returns how many are new."""
    now = now or timezone.now()
    noticed = Notice.objects.filter(
        order=OuterRef("pk"), kind=Kind.ORDER_LATE, promised_at=OuterRef("promised_at")
    )
    late = (
        Order.objects.exclude(state=Order.State.DELIVERED)
        .filter(promised_at__lt=now, promised_at__gte=now - LATE_AT_MOST)
        .filter(~Exists(noticed))
        .order_by("promised_at")[:limit]
    )
    notices = [_late_notice(order, now) for order in late]
    # Two sweeps at once find the same orders: the key lets only one row in.
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    return len(notices)


def _late_notice(order: Order, now: datetime) -> Notice:
    when = order.promised_at.isoformat() if order.promised_at else ""
    return Notice(
        kind=Kind.ORDER_LATE,
        customer_id=order.customer_id,
        order=order,
        promised_at=order.promised_at,
        dedupe_key=f"{Kind.ORDER_LATE}:{order.pk}:{when}",
        due_at=now,
    )
