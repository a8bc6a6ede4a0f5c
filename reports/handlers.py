from tickets.models import TicketEvent


def mark_stale(event: TicketEvent) -> None: ...
