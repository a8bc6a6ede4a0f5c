"""Verbs on messages of people who take no part in a ticket.

Such a message waits on the ticket, seen by agents alone, until one of them lets its sender in or
makes it a ticket of its own. Until then it changes no state and counts in no figure.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Customer
from tickets.events import Change, record, record_opening
from tickets.inbound import InboundAttachment
from tickets.models import Channel, Message, Participant, Ticket, TicketEvent
from tickets.services.locking import TicketRefused, locked, refuse_closed
from tickets.services.messages import snippet_of, write_message
from tickets.services.opening import WRITTEN_FIELDS, add_participants, reopening

Kind = TicketEvent.Kind


def hold_message(
    *,
    ticket: Ticket,
    customer: Customer,
    channel: Channel,
    text: str,
    at: datetime | None = None,
    files: Iterable[InboundAttachment] = (),
    message: Mapping[str, Any] | None = None,
) -> Message:
    """Keep what somebody wrote who takes no part; the ticket stays as it stands."""
    at = at or timezone.now()
    with locked(ticket) as ticket:
        held = write_message(
            ticket,
            kind=Message.Kind.HELD,
            files=files,
            channel=channel,
            customer=customer,
            text=text,
            created_at=at,
            **(message or {}),
        )
        ticket.held_count += 1
        record(ticket, Change(Kind.HELD, held), by=None, at=at, changed=("held_count",))
        return held


def let_in(*, message: Message, by: User, at: datetime | None = None) -> Ticket:
    """The sender takes part from now on; everything of theirs that waits here joins now.

    A message that waits no more changes nothing. Raises `TicketRefused` for a closed ticket and
    where no more people fit in.
    """
    at = at or timezone.now()
    with locked(message.ticket) as ticket:
        waiting = list(_waiting(ticket).filter(customer=message.customer_id).order_by("id"))
        if not waiting or message.pk not in {held.pk for held in waiting}:
            return ticket
        refuse_closed(ticket)
        sender = _sender(message)
        _join(ticket, sender)
        facts = {"customer": sender.pk, "name": str(sender)}
        record(ticket, Change(Kind.LET_IN, message, facts), by=by, at=at)
        for held in waiting:
            _count(ticket, held, at)
        changes = [Change(Kind.CUSTOMER_MESSAGE, held) for held in waiting]
        changes += reopening(ticket)
        fields = (*WRITTEN_FIELDS, "held_count")
        record(ticket, *changes, by=sender, at=at, changed=fields)
        return ticket


def make_own_ticket(*, message: Message, by: User, at: datetime | None = None) -> Ticket:
    """The message becomes the first of a new ticket of its sender, open since it came.

    A message that waits no more changes nothing and gives the ticket that it is in.
    """
    at = at or timezone.now()
    with locked(message.ticket) as ticket:
        held = _waiting(ticket).filter(pk=message.pk).first()
        if held is None:
            return Message.objects.select_related("ticket").get(pk=message.pk).ticket
        opened = _open(held, team=ticket.team)
        ticket.held_count -= 1
        gone = Change(Kind.MOVED_OUT, data={"to": opened.pk})
        record(ticket, gone, by=by, at=at, changed=("held_count",))
        return opened


def move_held(*, ticket: Ticket, into: Ticket) -> None:
    """What waits on a ticket that is merged away waits on the other; both are locked."""
    moved = _waiting(ticket).update(ticket=into)
    if moved:
        ticket.held_count, into.held_count = 0, into.held_count + moved
        ticket.save(update_fields=["held_count"])
        into.save(update_fields=["held_count"])


def _waiting(ticket: Ticket) -> Any:
    return Message.objects.filter(ticket=ticket, kind=Message.Kind.HELD)


def _sender(message: Message) -> Customer:
    if message.customer is None:
        raise TicketRefused(_("Nobody knows who sent this message."))
    return message.customer


def _join(ticket: Ticket, sender: Customer) -> None:
    add_participants(ticket=ticket, customers=[sender])
    is_requester = ticket.requester_id == sender.pk
    if not is_requester and not Participant.objects.filter(ticket=ticket, customer=sender).exists():
        raise TicketRefused(_("So many people take part in this ticket that nobody else fits in."))


def _release(held: Message) -> None:
    """From now on it is like any other of a customer; somebody has seen that it is no spam."""
    held.kind = Message.Kind.CUSTOMER
    held.details.pop("spam", None)
    held.save(update_fields=["ticket", "kind", "details"])


def _count(ticket: Ticket, held: Message, at: datetime) -> None:
    _release(held)
    ticket.held_count -= 1
    ticket.message_count += 1
    ticket.snippet = snippet_of(held.text)
    ticket.last_customer_message_at = at
    ticket.waiting_since = ticket.waiting_since or at


def _open(held: Message, team: Any) -> Ticket:
    sender, at = _sender(held), held.created_at
    opened = Ticket(
        subject=" ".join(held.subject.split())[:300] or _("(no subject)"),
        channel=held.channel,
        requester=sender,
        team=team or held.channel.default_team,
        language=sender.language or held.channel.language,
        snippet=snippet_of(held.text),
        message_count=1,
        last_customer_message_at=at,
        waiting_since=at,
        created_at=at,
        updated_at=at,
        version=2,
    )
    opened.save(force_insert=True)
    held.ticket = opened
    _release(held)
    facts = {"channel": held.channel.kind, "priority": opened.priority}
    changes = (Change(Kind.OPENED, data=facts), Change(Kind.CUSTOMER_MESSAGE, held))
    record_opening(opened, *changes, by=sender, at=at)
    return opened
