"""Reads on what came in and what went out."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from customers.models import Customer
from messaging.models import Delivery, RawInbound
from tickets.inbound import Inbound
from tickets.message_ids import is_like_ours
from tickets.selectors import tickets_visible_to


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """The log for managers; agents see what went out in their tickets.

    Mail about accounts and to agents holds what speaks for them: administrators only.
    """
    if user.is_admin:
        return Delivery.objects.all()
    if user.is_manager:
        return Delivery.objects.exclude(purpose__in=Delivery.PRIVATE)
    return Delivery.objects.filter(message__ticket__in=tickets_visible_to(user))


def raw_inbound_visible_to(user: User) -> QuerySet[RawInbound]:
    """Raw mail holds everything anybody wrote to us: administrators only."""
    return RawInbound.objects.all() if user.is_admin else RawInbound.objects.none()


def delivery_answered_by(inbound: Inbound) -> Delivery | None:
    """The delivery whose Message-ID an inbound message names, nearest first."""
    ids = [message_id for message_id in inbound.thread_ids if is_like_ours(message_id)]
    if not ids:
        return None
    found = {
        d.rfc_message_id: d
        for d in Delivery.objects.filter(rfc_message_id__in=ids).select_related(
            "customer", "message__ticket"
        )
    }
    return next((found[i] for i in ids if i in found), None)


def mail_of_customers() -> QuerySet[Delivery]:
    """What customers received by mail: for the demo, where it stands in for their own programs."""
    return Delivery.objects.filter(
        state=Delivery.State.SENT, customer__isnull=False, channel__kind="email"
    )


def customers_with_mail(limit: int = 50) -> list[tuple[Customer, datetime]]:
    """Who received mail last, each with the time of it."""
    newest = mail_of_customers().filter(customer=OuterRef("pk")).order_by("-sent_at")
    found = (
        Customer.objects.annotate(last_mail_at=Subquery(newest.values("sent_at")[:1]))
        .filter(last_mail_at__isnull=False)
        .order_by("-last_mail_at", "-id")[:limit]
    )
    return [(customer, customer.last_mail_at) for customer in found]
