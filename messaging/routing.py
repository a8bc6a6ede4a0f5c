"""By which channel an answer goes out."""

from messaging.registry import adapter_for
from tickets.models import Channel, Ticket
from tickets.reply_tokens import reply_address
from tickets.selectors import our_addresses_among, without_tag


def outgoing_channel(ticket: Ticket) -> Channel:
    """The ticket's own channel; where that cannot carry an answer, a mailbox.

    The team's mailbox first, then any. Without a mailbox the ticket's channel is returned and the
    delivery will say that it cannot be sent.
    """
    if adapter_for(ticket.channel.kind).sends:
        return ticket.channel
    return mailbox_for(team_id=ticket.team_id) or ticket.channel


def mailbox_for(*, team_id: int | None = None) -> Channel | None:
    """An active mailbox to write from, the team's first."""
    mailboxes = list(Channel.objects.filter(kind=Channel.MAILBOX, is_active=True).order_by("id"))
    return min(mailboxes, key=lambda c: c.default_team_id != team_id, default=None)


def signed_address(channel: Channel, token: str) -> str:
    """The mailbox's address with a token in it; "" where its host does not deliver such mail."""
    if not channel.is_mailbox or not channel.settings.get("plus_addresses"):
        return ""
    return reply_address(channel.address, token)


def is_our_address(value: str) -> bool:
    """Whether a mailbox of ours has this address: writing there would be writing to ourselves."""
    return bool(our_addresses_among([value.strip().lower()]))


def mailbox_at(address: str) -> Channel | None:
    """The active mailbox of an address; `support+anything@` is `support@` unless it exists."""
    address = address.strip().strip("<>").lower()
    wanted = {address, without_tag(address)}
    found = Channel.objects.filter(kind="email", is_active=True, address__in=wanted)
    return min(found, key=lambda c: c.address != address, default=None)
