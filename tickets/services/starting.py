"""The verb by which we speak first."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from customers.models import Customer
from tickets.events import Change, record
from tickets.inbound import InboundAttachment
from tickets.models import Channel, Message, Ticket, TicketEvent
from tickets.services.replying import reply_to_ticket


@transaction.atomic
def start_ticket(
    *,
    channel: Channel,
    requester: Customer,
    subject: str,
    text: str,
    by: User,
    to: str = "",
    team: Team | None = None,
    files: Iterable[InboundAttachment] = (),
    at: datetime | None = None,
) -> tuple[Ticket, Message]:
    """An agent opens a ticket by writing to a customer; it then waits for the answer.

    `to` is the address written to, by default the customer's own choice. The event says
    `outbound`: nobody asked us anything yet. Raises `TicketRefused` for an empty text.
    """
    at = at or timezone.now()
    ticket = Ticket(
        channel=channel,
        requester=requester,
        subject=" ".join(subject.split())[:300],
        team=team or channel.default_team,
        assignee=by,
        language=requester.language or channel.language,
        status=Ticket.Status.OPEN,
        created_at=at,
        updated_at=at,
    )
    ticket.save(force_insert=True)
    data = {"channel": channel.kind, "priority": ticket.priority, "outbound": True}
    record(ticket, Change(TicketEvent.Kind.OPENED, data=data), by=by, at=at)
    recipients = {"to": [to], "cc": []} if to else None
    message = reply_to_ticket(
        ticket=ticket, by=by, text=text, files=files, recipients=recipients, at=at
    )
    return message.ticket, message
