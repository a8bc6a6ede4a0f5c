"""Which ticket a message belongs to: one small function a way to tell, in order."""

from collections.abc import Callable

from customers.models import Customer
from tickets.inbound import Inbound
from tickets.models import Message, Ticket
from tickets.selectors import takes_part

MAX_MERGES = 20


def by_proof(inbound: Inbound) -> Ticket | None:
    """The door has already proved it: a signed page, an agent's own screen."""
    if inbound.ticket_id is None:
        return None
    return Ticket.objects.filter(pk=inbound.ticket_id).first()


def by_reference(inbound: Inbound) -> Ticket | None:
    """It answers a message we know, by In-Reply-To or References (RFC 5322, 3.6.4)."""
    ids = inbound.thread_ids
    if not ids:
        return None
    known = {
        message.message_id: message.ticket
        for message in Message.objects.filter(message_id__in=ids)
        .exclude(kind=Message.Kind.NOTE)
        .select_related("ticket")
    }
    return next((known[i] for i in ids if i in known), None)


WAYS: tuple[Callable[[Inbound], Ticket | None], ...] = (by_proof, by_reference)


def find_ticket(inbound: Inbound, sender: Customer) -> Ticket | None:
    """The ticket this message continues, after merges, if its sender takes part in it.

    Somebody else's Message-ID proves nothing: whoever is not the requester or a participant opens
    a ticket of their own.
    """
    found = next((ticket for way in WAYS if (ticket := way(inbound))), None)
    if found is None:
        return None
    target = _after_merges(found)
    may_join = inbound.ticket_id is not None or any(
        takes_part(sender, ticket) for ticket in {found, target}
    )
    return target if may_join else None


def _after_merges(ticket: Ticket) -> Ticket:
    for _step in range(MAX_MERGES):
        if ticket.merged_into is None:
            return ticket
        ticket = ticket.merged_into
    return ticket
