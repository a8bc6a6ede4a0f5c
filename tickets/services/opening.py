"""Verbs that bring a customer's words into a ticket."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Team, User
from customers.models import Customer
from tickets.events import Change, record, record_opening
from tickets.inbound import InboundAttachment
from tickets.models import Channel, Message, Participant, Ticket, TicketEvent
from tickets.services.locking import locked
from tickets.services.messages import MESSAGE_FIELDS, keep_message, new_message

Kind = TicketEvent.Kind
Status = Ticket.Status
MAX_PARTICIPANTS = 50
# What a customer's message may change of its ticket.
WRITTEN_FIELDS = (
    *MESSAGE_FIELDS,
    "last_customer_message_at",
    "waiting_since",
    "status",
    "resolved_at",
    "resolved_by",
)


@transaction.atomic(savepoint=False)
def open_ticket(
    *,
    channel: Channel,
    requester: Customer,
    subject: str,
    text: str,
    by: User | None = None,
    team: Team | None = None,
    priority: int = Ticket.Priority.NORMAL,
    language: str = "",
    follow_up_of: Ticket | None = None,
    at: datetime | None = None,
    files: Iterable[InboundAttachment] = (),
    message: Mapping[str, Any] | None = None,
) -> tuple[Ticket, Message]:
    """Open a ticket with its first message, written by the requester or noted for them by an agent.

    `message` holds further fields of the message row (ids, quoted text, details). `at` is when it
    was received (UTC), by default now. With `by` the words are the customer's as the agent took
    them down (a call); the ticket then counts as opened by that agent and waits for nothing.
    """
    at = at or timezone.now()
    ticket = Ticket(
        channel=channel,
        requester=requester,
        subject=" ".join(subject.split())[:300],
        priority=priority,
        team=team or channel.default_team,
        assignee=by,
        language=language or requester.language or channel.language,
        follow_up_of=follow_up_of,
        status=Status.OPEN if by else Status.NEW,
        created_at=at,
        updated_at=at,
    )
    files = list(files)
    first = _customer_message(
        ticket, requester, channel, text, at, files, message or {}, waits=by is None
    )
    opened = Change(Kind.OPENED, data={"channel": channel.kind, "priority": ticket.priority})
    changes = (opened, Change(Kind.CUSTOMER_MESSAGE, first))
    # Inserted once, with its first message counted.
    ticket.version = len(changes)
    ticket.save(force_insert=True)
    keep_message(first, files)
    record_opening(ticket, *changes, by=by or requester, at=at)
    return ticket, first


def add_customer_message(
    *,
    ticket: Ticket,
    customer: Customer,
    channel: Channel,
    text: str,
    by: User | None = None,
    at: datetime | None = None,
    files: Iterable[InboundAttachment] = (),
    message: Mapping[str, Any] | None = None,
) -> Message:
    """Add what a customer wrote; `pending` and `resolved` become `open` again.

    An automatic reply (`message["is_auto_reply"]`) and words that an agent took down (`by`: a
    call, answered as it was made) are kept but wait for nothing and reopen nothing.
    """
    at = at or timezone.now()
    with locked(ticket) as ticket:
        is_auto_reply = bool((message or {}).get("is_auto_reply"))
        is_silent = is_auto_reply or by is not None
        files = list(files)
        said = _customer_message(
            ticket, customer, channel, text, at, files, message or {}, waits=not is_silent
        )
        added = keep_message(said, files)
        changes = [Change(Kind.CUSTOMER_MESSAGE, added, {"auto_reply": is_auto_reply})]
        if not is_silent:
            changes += reopening(ticket)
        record(
            ticket,
            *changes,
            by=by or customer,
            at=at,
            changed=WRITTEN_FIELDS,
        )
        return added


def _customer_message(
    ticket: Ticket,
    customer: Customer,
    channel: Channel,
    text: str,
    at: datetime,
    files: Iterable[InboundAttachment],
    fields: Mapping[str, Any],
    waits: bool = True,
) -> Message:
    message = new_message(
        ticket,
        kind=Message.Kind.CUSTOMER,
        files=files,
        channel=channel,
        customer=customer,
        text=text,
        created_at=at,
        **fields,
    )
    ticket.last_customer_message_at = at
    if waits and ticket.waiting_since is None:
        ticket.waiting_since = at
    return message


def reopening(ticket: Ticket) -> list[Change]:
    """What a customer's words do to the state of a locked ticket (not saved here)."""
    before = ticket.status
    if before not in (Status.PENDING, Status.RESOLVED):
        return []
    ticket.status, ticket.resolved_at, ticket.resolved_by = Status.OPEN, None, None
    kind = Kind.REOPENED if before == Status.RESOLVED else Kind.STATUS_CHANGED
    return [Change(kind, data={"from": before, "to": ticket.status})]


def add_participants(*, ticket: Ticket, customers: Iterable[Customer]) -> None:
    """Let people take part (Cc); the requester is not repeated, at most 50 a ticket."""
    room = MAX_PARTICIPANTS - ticket.participants.count()
    rows = [
        Participant(ticket=ticket, customer=customer)
        for customer in customers
        if customer.pk != ticket.requester_id
    ]
    Participant.objects.bulk_create(rows[: max(room, 0)], ignore_conflicts=True)
