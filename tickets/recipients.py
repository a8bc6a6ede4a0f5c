"""Who gets what we write in a ticket."""

from collections.abc import Mapping

from customers.models import Customer
from customers.selectors import address_of
from tickets.models import Ticket


def recipients_of(ticket: Ticket, *, requester_only: bool = False) -> Mapping[str, list[str]]:
    """`{"to": [requester], "cc": [participants]}` as e-mail addresses, each once.

    The requester is written to at the address they last wrote from. Customers without an e-mail
    address are left out; the channel then decides how to reach them.
    """
    to = _requester_address(ticket)
    cc: list[str] = []
    if not requester_only:
        people = Customer.objects.filter(participations__ticket=ticket).order_by("id")
        cc = [
            a.value for p in people.prefetch_related("addresses") if (a := address_of(p, "email"))
        ]
    return {"to": [to] if to else [], "cc": [a for a in dict.fromkeys(cc) if a != to]}


def _requester_address(ticket: Ticket) -> str:
    wrote_from = (
        ticket.messages.filter(customer=ticket.requester_id)
        .exclude(sender_address="")
        .order_by("-created_at", "-id")
        .values_list("sender_address", flat=True)
        .first()
    )
    # `.all()`: a page that has read the addresses already does not read them again.
    owned = (a.value for a in ticket.requester.addresses.all() if a.kind == "email")
    # Kept as the sender spelled it; an address of ours is lower-case.
    if wrote_from and wrote_from.lower() in owned:
        return wrote_from.lower()
    address = address_of(ticket.requester, "email")
    return address.value if address else ""
