"""Keeping the promise: look again, then hand over to messaging, put off, or let it be."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from customers.links import unsubscribe_headers
from customers.models import Address, OptOut, Order
from customers.selectors import address_of, has_opted_out
from messaging.models import Delivery
from messaging.routing import mailbox_for
from messaging.services import send
from notifications.models import Notice
from notifications.quiet_hours import next_allowed, zone_of
from notifications.wording import words_of
from tickets.models import Channel

State = Notice.State
NO_MAILBOX_REST = timedelta(minutes=15)


def send_due_notices(*, now: datetime | None = None, limit: int = 500) -> int:
    """Tell, put off or skip what is due; returns how many were looked at."""
    now = now or timezone.now()
    due = Notice.objects.filter(state__in=Notice.OPEN, due_at__lte=now).order_by("due_at", "id")
    ids = list(due.values_list("pk", flat=True)[:limit])
    for notice_id in ids:
        tell(notice_id, now=now)
    return len(ids)


@transaction.atomic
def tell(notice_id: int, *, now: datetime | None = None) -> Notice:
    """Decide about one notice as things stand now; whoever comes second finds it decided.

    Nothing leaves here: messaging gets a promise with the key "notice:<id>", which it keeps once.
    """
    now = now or timezone.now()
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice_id)
    if notice.state not in Notice.OPEN or notice.due_at > now:
        return notice
    if reason := _why_not(notice):
        return _save(notice, State.SKIPPED, reason=reason)
    allowed = _awake_at(notice, now)
    if allowed > now:
        return _save(notice, State.WAITING, reason=_("It is night for the customer."), due=allowed)
    channel = mailbox_for()
    if channel is None:
        reason = _("There is no mailbox to write from.")
        return _save(notice, State.WAITING, reason=reason, due=now + NO_MAILBOX_REST)
    notice.delivery, notice.told_at = _hand_over(notice, channel), now
    return _save(notice, State.SENT)


def _why_not(notice: Notice) -> str:
    """The sentence that ends the promise, or ""."""
    address = address_of(notice.customer, Address.Kind.EMAIL)
    if address is None:
        return _("The customer has no e-mail address.")
    if address.unreachable_since:
        return _("Mail to this address came back for good.")
    order = notice.order
    if order and order.state == Order.State.DELIVERED:
        return _("The order was delivered meanwhile.")
    if order and order.promised_at != notice.promised_at:
        return _("The order has another date meanwhile.")
    if not notice.is_about_their_order and has_opted_out(notice.customer_id, OptOut.Topic.NOTICES):
        return _("The customer asked us not to write about this.")
    return ""


def _awake_at(notice: Notice, now: datetime) -> datetime:
    return next_allowed(
        now,
        zone_of(notice.customer.time_zone, settings.TIME_ZONE),
        quiet_from=settings.QUIET_FROM_HOUR,
        quiet_until=settings.QUIET_UNTIL_HOUR,
    )


def _hand_over(notice: Notice, channel: Channel) -> Delivery:
    customer = notice.customer
    address = address_of(customer, Address.Kind.EMAIL)
    words = words_of(notice)
    purpose, headers = Delivery.Purpose.ORDER_NOTICE, {}
    if not notice.is_about_their_order:
        purpose = Delivery.Purpose.NOTICE
        headers = unsubscribe_headers(customer, OptOut.Topic.NOTICES)
    return send(
        key=f"notice:{notice.pk}",
        purpose=purpose,
        channel=channel,
        recipients={"to": [address.value] if address else []},
        subject=words.subject,
        text=words.bodies.text,
        html=words.bodies.html,
        customer=customer,
        language=words.language,
        headers=headers,
    )


def _save(notice: Notice, state: str, *, reason: str = "", due: datetime | None = None) -> Notice:
    notice.state, notice.reason = state, reason
    notice.due_at = due or notice.due_at
    notice.save(update_fields=["state", "reason", "due_at", "delivery", "told_at"])
    return notice
