"""What reports do when something happens to a ticket: remember to calculate it again."""

from reports.models import StaleTicket
from tickets.models import TicketEvent


def mark_stale(event: TicketEvent) -> None:
    """Note that the figures of the ticket are out of date: one insert, nothing is calculated."""
    if event.kind == TicketEvent.Kind.OPENED:
        return  # never comes alone: the customer's first message follows in the same transaction
    StaleTicket.objects.bulk_create([StaleTicket(ticket_id=event.ticket_id)])
