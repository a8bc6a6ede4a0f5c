"""What we do when something happens to an order, and when a customer answers a notice."""

from dataclasses import replace

from customers.addresses import InvalidAddress, normalise_address
from customers.models import Address, CustomerEvent
from messaging.models import Delivery
from messaging.selectors import delivery_answered_by
from notifications.models import Notice
from notifications.services import notice_if_moved
from tickets.inbound import Inbound, Receipt
from tickets.intake import receive
from tickets.models import Channel, Message

PURPOSES = (Delivery.Purpose.ORDER_NOTICE, Delivery.Purpose.NOTICE)


def tell_about_order(event: CustomerEvent) -> None:
    """An order moved: promise to tell the customer before they ask."""
    notice_if_moved(event)


def answer_to_notice(inbound: Inbound, channel: Channel) -> Receipt | None:
    """The customer answers what we told them: a ticket of their own, with the notice quoted.

    A second answer to the same notice joins the first one's ticket. Whoever else answers (a mail
    passed on) is nobody we told anything, and goes the ordinary way.
    """
    delivery = delivery_answered_by(inbound)
    if delivery is None or delivery.purpose not in PURPOSES or not _is_theirs(inbound, delivery):
        return None
    notice = delivery.notices.select_related("order").first()
    if notice is None:
        return None
    first = (
        Message.objects.filter(customer=notice.customer_id, details__notice=notice.pk)
        .order_by("id")
        .select_related("ticket")
        .first()
    )
    answer = replace(
        inbound,
        quoted_text=f"{delivery.subject}\n\n{delivery.text}",
        language=inbound.language or delivery.language,
        context={**inbound.context, **_facts(notice)},
        ticket_id=first.ticket_id if first else None,
    )
    return receive(answer, channel)


def _is_theirs(inbound: Inbound, delivery: Delivery) -> bool:
    sender = inbound.sender
    try:
        value = normalise_address(sender.kind, sender.value)
    except InvalidAddress:
        return False
    return Address.objects.filter(
        kind=sender.kind, value=value, customer=delivery.customer_id
    ).exists()


def _facts(notice: Notice) -> dict[str, object]:
    facts: dict[str, object] = {"notice": notice.pk}
    if notice.order:
        facts["order"] = notice.order.number
    return facts
