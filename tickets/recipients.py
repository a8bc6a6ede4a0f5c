"""Who gets what we write in a ticket."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from customers.models import Address
from customers.selectors import best_address
from helpdesk.lib.prepared import Id, Prepared
from tickets.models import Message, Participant, Ticket

Recipients = Mapping[str, list[str]]


class People:
    """The requester and the others who take part, with their addresses."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.addresses: dict[int, list[Address]] = defaultdict(list)
        for address in _ADDRESSES.all(ticket=ticket.pk):
            self.addresses[address.customer_id].append(address)

    @property
    def of_requester(self) -> Sequence[Address]:
        return self.addresses[self.ticket.requester_id]

    def recipients(self, wrote_from: str) -> Recipients:
        """`{"to": [requester], "cc": [participants]}` as e-mail addresses, each once.

        The requester is written to at the address they last `wrote_from`, if it is still theirs.
        Customers without an e-mail address are left out; the channel then decides how to reach
        them.
        """
        to = self._requester(wrote_from)
        others = (rows for pk, rows in self.addresses.items() if pk != self.ticket.requester_id)
        cc = (found.value for rows in others if (found := best_address(rows, "email")))
        return {"to": [to] if to else [], "cc": [a for a in dict.fromkeys(cc) if a != to]}

    def _requester(self, wrote_from: str) -> str:
        # Kept as the sender spelled it; an address of ours is lower-case.
        spelled = wrote_from.lower()
        if any(a.kind == "email" and a.value == spelled for a in self.of_requester):
            return spelled
        address = best_address(self.of_requester, "email")
        return address.value if address else ""


_ADDRESSES = Prepared(
    lambda: Address.objects.filter(
        customer__in=Ticket.objects.filter(pk=Id("ticket"))
        .order_by()
        .values("requester")
        .union(Participant.objects.filter(ticket=Id("ticket")).order_by().values("customer"))
    ).order_by("customer", "id")
)


def recipients_of(ticket: Ticket, *, requester_only: bool = False) -> Recipients:
    """Who gets a reply in this ticket, or a message that is only for the requester."""
    found = People(ticket).recipients(last_wrote_from(ticket))
    return {"to": found["to"], "cc": []} if requester_only else found


def last_wrote_from(ticket: Ticket) -> str:
    """The address of the requester's last message; "" when it came without one."""
    wrote = Message.objects.filter(ticket=ticket, customer=ticket.requester_id)
    newest = wrote.exclude(sender_address="").order_by("-created_at", "-id")
    return newest.values_list("sender_address", flat=True).first() or ""
