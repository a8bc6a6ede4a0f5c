"""How a verb takes hold of a ticket, and how the slower of two people is told."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from tickets.models import Ticket, TicketEvent

Kind = TicketEvent.Kind

_STATE = {Kind.STATUS_CHANGED, Kind.RESOLVED, Kind.REOPENED, Kind.CLOSED, Kind.MERGED}

# Which events since the page was shown must be seen before the verb may run.
CONFLICTS = {
    "reply": {Kind.CUSTOMER_MESSAGE, Kind.REPLY, Kind.RESOLVED, Kind.REOPENED, Kind.MERGED},
    "assign": {Kind.ASSIGNED, Kind.TEAM_CHANGED},
    "status": {Kind.CUSTOMER_MESSAGE, *_STATE},
    "priority": {Kind.PRIORITY_CHANGED},
}


class TicketRefused(Exception):
    """The verb cannot be done in this state; the text is a sentence for the user."""


class TicketChanged(TicketRefused):
    """Something that matters happened since `seen`; `events` tells what, oldest first."""

    def __init__(self, ticket: Ticket, events: list[TicketEvent]) -> None:
        super().__init__(_("This ticket has changed since you opened it."))
        self.ticket = ticket
        self.events = events


@contextmanager
def locked(ticket: Ticket, *, seen: int | None = None, verb: str = "") -> Iterator[Ticket]:
    """Yield the ticket as it is now, held until the transaction ends.

    `seen` is the version that the user looked at; raises `TicketChanged` when something that
    conflicts with `verb` was recorded after it.
    """
    with transaction.atomic():
        now = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        if seen is not None and now.version > seen:
            _refuse_conflicts(now, seen, CONFLICTS.get(verb, set()))
        yield now


def _refuse_conflicts(ticket: Ticket, seen: int, kinds: Iterable[str]) -> None:
    missed = list(
        ticket.events.filter(version__gt=seen, kind__in=kinds)
        .select_related("actor", "message")
        .order_by("version")
    )
    if missed:
        raise TicketChanged(ticket, missed)


def refuse_closed(ticket: Ticket) -> None:
    """Raise when the ticket is read-only."""
    if ticket.merged_into_id:
        raise TicketRefused(
            _("This ticket was merged into #%(number)s.") % {"number": ticket.merged_into_id}
        )
    if ticket.status == Ticket.Status.CLOSED:
        raise TicketRefused(_("This ticket is closed. Open a follow-up instead."))
