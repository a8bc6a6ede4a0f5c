"""Finished history in bulk: tickets with all that happened to them, for imports and the demo.

No handler runs and nothing is sent: what is past has had its consequences. The rows are the same
that the verbs leave behind, so that every figure can be computed from them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from customers.models import Customer
from helpdesk.lib.bulk import insert_rows, insert_values
from tickets.message_ids import new_message_id
from tickets.models import Channel, Message, Tag, Ticket, TicketEvent
from tickets.search import searchable
from tickets.services.messages import snippet_of

Kind = TicketEvent.Kind
Status = Ticket.Status
BATCH = 2000


@dataclass(frozen=True)
class PastMessage:
    """A message as it was written; `agent_id` for replies and notes, else the requester wrote."""

    kind: str
    at: datetime
    text: str
    agent_id: int | None = None
    asks_if_solved: bool = False


@dataclass(frozen=True)
class PastEvent:
    """An event with the state after it; `message` is an index into the ticket's messages."""

    kind: str
    at: datetime
    actor_kind: str
    status: str
    team_id: int | None
    assignee_id: int | None
    actor_id: int | None = None
    message: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PastTicket:
    """One ticket with its messages and events, both in the order of time."""

    subject: str
    channel: Channel
    requester: Customer
    sender_address: str
    language: str
    priority: int
    messages: Sequence[PastMessage]
    events: Sequence[PastEvent]
    tags: Sequence[str] = ()
    is_spam: bool = False


def insert_history(tickets: Iterable[PastTicket], *, site_url: str) -> Iterator[Ticket]:
    """Insert tickets in batches, one transaction a batch; yields the rows in the given order."""
    pasts = iter(tickets)
    while batch := list(islice(pasts, BATCH)):
        yield from _insert(batch, site_url)


@transaction.atomic
def _insert(batch: Sequence[PastTicket], site_url: str) -> Sequence[Ticket]:
    rows = insert_rows([_ticket(past) for past in batch])
    messages = [
        [
            _message(row, past, said, site_url, is_first=n == 0)
            for n, said in enumerate(past.messages)
        ]
        for row, past in zip(rows, batch, strict=True)
    ]
    insert_rows([m for group in messages for m in group])
    insert_values(
        TicketEvent,
        EVENT_COLUMNS,
        [
            _event(row, event, version, group)
            for row, past, group in zip(rows, batch, messages, strict=True)
            for version, event in enumerate(past.events, start=1)
        ],
    )
    _tag(rows, batch)
    return rows


def _ticket(past: PastTicket) -> Ticket:
    last = past.events[-1]
    resolved = _last(past.events, Kind.RESOLVED) if last.status in _SOLVED else None
    from_customer = [m for m in past.messages if m.kind == Message.Kind.CUSTOMER]
    said = [m for m in past.messages if m.kind in (Message.Kind.CUSTOMER, Message.Kind.REPLY)]
    return Ticket(
        subject=past.subject,
        channel_id=past.channel.pk,
        requester_id=past.requester.pk,
        language=past.language,
        priority=past.priority,
        is_spam=past.is_spam,
        status=last.status,
        team_id=last.team_id,
        assignee_id=last.assignee_id,
        version=len(past.events),
        created_at=past.events[0].at,
        updated_at=last.at,
        last_customer_message_at=from_customer[-1].at if from_customer else None,
        waiting_since=None if resolved else _waiting_since(said),
        resolved_at=resolved.at if resolved else None,
        resolved_by_id=resolved.actor_id if resolved else None,
        snippet=snippet_of(said[-1].text) if said else "",
        message_count=len(past.messages),
    )


_SOLVED = (Status.RESOLVED, Status.CLOSED)


def _last(events: Sequence[PastEvent], kind: str) -> PastEvent | None:
    return next((event for event in reversed(events) if event.kind == kind), None)


def _waiting_since(said: Sequence[PastMessage]) -> datetime | None:
    since = None
    for message in said:
        is_customer = message.kind == Message.Kind.CUSTOMER
        since = (since or message.at) if is_customer else None
    return since


def _message(
    row: Ticket, past: PastTicket, said: PastMessage, site_url: str, *, is_first: bool
) -> Message:
    is_customer = said.kind == Message.Kind.CUSTOMER
    goes_out = said.kind in (Message.Kind.REPLY, Message.Kind.AUTOMATIC)
    sender = past.sender_address if is_customer else ""
    return Message(
        ticket_id=row.pk,
        kind=said.kind,
        channel_id=past.channel.pk,
        customer_id=past.requester.pk if is_customer else None,
        agent_id=said.agent_id,
        sender_address=sender,
        subject=past.subject,
        text=said.text,
        recipients={"to": [past.sender_address], "cc": []} if goes_out else {},
        message_id="" if said.kind == Message.Kind.NOTE else new_message_id(site_url),
        asks_if_solved=said.asks_if_solved,
        state=Message.State.SENT if goes_out else "",
        created_at=said.at,
        search_text=searchable(
            past.subject if is_first else "", said.text, sender, language=past.language
        ),
    )


EVENT_COLUMNS = (
    "ticket_id",
    "version",
    "kind",
    "at",
    "actor_kind",
    "actor_id",
    "message_id",
    "status",
    "team_id",
    "assignee_id",
    "data",
)


def _event(
    row: Ticket, past: PastEvent, version: int, messages: Sequence[Message]
) -> tuple[Any, ...]:
    message_id = messages[past.message].pk if past.message is not None else None
    data = past.data
    if message_id is not None and "message" in data:
        data = {**data, "message": message_id}
    return (
        row.pk,
        version,
        past.kind,
        past.at,
        past.actor_kind,
        past.actor_id,
        message_id,
        past.status,
        past.team_id,
        past.assignee_id,
        data,
    )


def _tag(rows: Sequence[Ticket], batch: Sequence[PastTicket]) -> None:
    names = sorted({name for past in batch for name in past.tags})
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    ids = dict(Tag.objects.filter(name__in=names).values_list("name", "id"))
    link = Ticket.tags.through
    insert_rows(
        [
            link(ticket_id=row.pk, tag_id=ids[name])
            for row, past in zip(rows, batch, strict=True)
            for name in past.tags
        ]
    )
