"""What surveys do when a ticket is resolved, and with answers that come by mail."""

from tickets.inbound import Inbound, Receipt
from tickets.models import Channel, TicketEvent


def plan_invitations(event: TicketEvent) -> None: ...


def record_answer(inbound: Inbound, channel: Channel) -> Receipt | None:
    return None
