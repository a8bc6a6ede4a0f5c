"""The log of a ticket: every verb records here, in its own transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import User
from customers.models import Customer
from tickets.models import Message, Ticket, TicketEvent

Actor = User | Customer | None
Handler = Callable[[TicketEvent], None]
Kind = TicketEvent.Kind


@dataclass(frozen=True)
class Change:
    """One event to be: what happened, and the facts that belong to it."""

    kind: TicketEvent.Kind
    message: Message | None = None
    data: Mapping[str, object] = field(default_factory=dict)


def record(
    ticket: Ticket,
    *changes: Change,
    by: Actor,
    changed: Iterable[str] = (),
    at: datetime | None = None,
) -> list[TicketEvent]:
    """Save the `changed` fields of a locked ticket and log the events, each with the state after.

    Then runs `settings.TICKET_EVENT_HANDLERS` in the same transaction: what follows from an event
    is promised if and only if the event is.
    """
    at = at or timezone.now()
    ticket.version += len(changes)
    ticket.updated_at = max(ticket.updated_at, at)
    ticket.save(update_fields=[*changed, "version", "updated_at"])
    return _log(ticket, changes, by, at)


def record_opening(ticket: Ticket, *changes: Change, by: Actor, at: datetime) -> list[TicketEvent]:
    """Log the first events of a ticket that was inserted with `version` counting them already."""
    return _log(ticket, changes, by, at)


def _log(ticket: Ticket, changes: Sequence[Change], by: Actor, at: datetime) -> list[TicketEvent]:
    first = ticket.version - len(changes) + 1
    events = TicketEvent.objects.bulk_create(
        [_row(ticket, change, by, at, first + n) for n, change in enumerate(changes)]
    )
    for event in events:
        for handler in handlers_of(event.kind):
            handler(event)
    return events


def _row(ticket: Ticket, change: Change, by: Actor, at: datetime, version: int) -> TicketEvent:
    return TicketEvent(
        ticket=ticket,
        version=version,
        kind=change.kind,
        at=at,
        actor_kind=actor_kind_of(by),
        actor=by if isinstance(by, User) else None,
        message=change.message,
        status=ticket.status,
        team_id=ticket.team_id,
        assignee_id=ticket.assignee_id,
        data=change.data,
    )


def actor_kind_of(by: Actor) -> str:
    if isinstance(by, User):
        return TicketEvent.ActorKind.AGENT
    if isinstance(by, Customer):
        return TicketEvent.ActorKind.CUSTOMER
    return TicketEvent.ActorKind.SYSTEM


@cache
def handlers_of(kind: str) -> tuple[Handler, ...]:
    """The reactions to an event kind, in the order of the settings table."""
    return tuple(
        import_string(path)
        for kinds, path in settings.TICKET_EVENT_HANDLERS
        if kind in kinds or "*" in kinds
    )
