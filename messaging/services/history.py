"""Mails of the past in the delivery log, for the demo: nothing is sent."""

from collections.abc import Iterable

from django.db import transaction

from helpdesk.lib.bulk import insert_rows
from messaging.models import Delivery
from messaging.rendering import reply_bodies, reply_subject
from messaging.routing import outgoing_channel
from tickets.models import Message


@transaction.atomic
def insert_past_deliveries(messages: Iterable[Message]) -> None:
    """Put replies that were sent long ago into the log, as their customers saw them."""
    insert_rows([_delivery(message) for message in messages])


def _delivery(message: Message) -> Delivery:
    ticket, bodies = message.ticket, reply_bodies(message)
    return Delivery(
        channel=outgoing_channel(ticket),
        customer=ticket.requester,
        message=message,
        purpose=Delivery.Purpose.REPLY,
        key=f"message:{message.pk}",
        recipients=message.recipients,
        sender_name=str(message.agent or ""),
        subject=reply_subject(message),
        text=bodies.text,
        html=bodies.html,
        language=ticket.language,
        rfc_message_id=message.message_id,
        state=Delivery.State.SENT,
        attempts=1,
        due_at=message.created_at,
        created_at=message.created_at,
        sent_at=message.created_at,
    )
