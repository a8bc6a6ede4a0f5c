"""What messaging does when something happens to a ticket, and with bounces that come in."""

from django.utils.translation import gettext as _

from customers.addresses import InvalidAddress
from customers.services import mark_unreachable
from messaging.models import Delivery
from messaging.rendering import reply_bodies, reply_subject
from messaging.routing import is_our_address, outgoing_channel
from messaging.services.outbound import fail_after_bounce, send
from tickets.inbound import Fate, Inbound, Receipt
from tickets.message_ids import is_like_ours
from tickets.models import Channel, Message, TicketEvent


def send_reply(event: TicketEvent) -> None:
    """An agent or the product said something in a ticket: promise to deliver it."""
    message = event.message
    if message is None:
        return
    ticket = message.ticket
    answered = _mails_before(message)
    bodies = reply_bodies(message)
    send(
        key=f"message:{message.pk}",
        purpose=Delivery.Purpose.REPLY
        if message.kind == Message.Kind.REPLY
        else Delivery.Purpose.AUTOMATIC,
        channel=outgoing_channel(ticket),
        recipients=message.recipients,
        subject=reply_subject(message),
        text=bodies.text,
        html=bodies.html,
        customer=ticket.requester,
        message=message,
        sender_name=str(message.agent) if message.agent else "",
        language=ticket.language,
        in_reply_to=answered[-1] if answered else "",
        references=answered,
    )


def _mails_before(message: Message) -> list[str]:
    """Message ids of the conversation so far, oldest first: the first and the last nine."""
    ids = list(
        message.ticket.messages.filter(kind__in=Message.PUBLIC)
        .exclude(pk=message.pk)
        .exclude(message_id="")
        .order_by("created_at", "id")
        .values_list("message_id", flat=True)
    )
    return ids if len(ids) <= 10 else [ids[0], *ids[-9:]]


def ignore_own_mail(inbound: Inbound, channel: Channel) -> Receipt | None:
    """Our own mail come back, or mail in the name of a mailbox of ours: it would go round for ever.

    A door that has proved who writes (`ticket_id`) is believed.
    """
    if inbound.sender.kind != "email" or inbound.ticket_id is not None:
        return None
    if inbound.context.get("own_mail") or _is_own_message_id(inbound.message_id):
        return Receipt(Fate.IGNORED, reason=_("This is a mail of our own that came back."))
    if is_our_address(inbound.sender.value):
        return Receipt(Fate.IGNORED, reason=_("The sender is one of our own mailboxes."))
    return None


def _is_own_message_id(message_id: str) -> bool:
    return (
        is_like_ours(message_id)
        and Delivery.objects.filter(rfc_message_id=message_id).order_by().exists()
    )


def record_bounce(inbound: Inbound, channel: Channel) -> Receipt | None:
    """A mail of ours came back: tie it to its delivery; a hard bounce marks the address.

    Nobody is believed about an address that this mail did not go to. The delivery fails when one
    it was meant for is among those that came back; a lost copy only marks its address.
    """
    if not inbound.is_bounce:
        return None
    report = inbound.bounce
    delivery = None
    if report and report.original_message_id:
        delivery = Delivery.objects.filter(rfc_message_id=report.original_message_id).first()
    if report is None or not report.is_permanent:
        return _bounce_receipt(delivery, _("Not delivered yet, or not for good."))
    bounced = _bounced_addresses(report.recipients, delivery)
    for address in bounced:
        try:
            mark_unreachable(kind="email", value=address, reason=report.reason)
        except InvalidAddress:
            continue
    if delivery and (not report.recipients or set(bounced) & set(delivery.recipients["to"])):
        fail_after_bounce(delivery, report.reason or _("The mail came back."))
    return _bounce_receipt(delivery, report.reason)


def _bounced_addresses(named: tuple[str, ...], delivery: Delivery | None) -> list[str]:
    """Only addresses that we wrote to: a forged bounce must not silence anybody else."""
    if delivery is None:
        return []
    ours = {value for values in delivery.recipients.values() for value in values}
    known = [address.lower() for address in named if address.lower() in ours]
    # A forwarding server names the address behind: with one recipient there is no doubt.
    return known or (list(ours) if len(ours) == 1 else [])


def _bounce_receipt(delivery: Delivery | None, reason: str) -> Receipt:
    message = delivery.message if delivery else None
    return Receipt(Fate.BOUNCE, message.ticket if message else None, message, reason)
