"""Who gets what we write in a ticket, and who would not expect to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from django.db.models import OuterRef
from django.utils.translation import gettext as _

from customers.addresses import is_no_reply
from customers.models import Address, Customer
from customers.selectors import best_address
from helpdesk.lib.prepared import Id, Prepared
from tickets.models import Message, Participant, Ticket

Recipients = Mapping[str, list[str]]
FIELDS = ("to", "cc", "bcc")
LOOKED_BACK = 30
LOOKED_AT = 500


class Said(Protocol):
    """What a message tells about who talks to whom."""

    @property
    def kind(self) -> str: ...
    @property
    def customer_id(self) -> int | None: ...
    @property
    def sender_address(self) -> str: ...
    @property
    def recipients(self) -> Recipients: ...
    @property
    def is_auto_reply(self) -> bool: ...
    @property
    def created_at(self) -> datetime: ...


class Line(NamedTuple):
    """The columns of a message that `Said` asks for."""

    kind: str
    customer_id: int | None
    sender_address: str
    recipients: Recipients
    is_auto_reply: bool
    created_at: datetime


class People:
    """The requester and the others who take part, with their addresses."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.addresses: dict[int, list[Address]] = defaultdict(list)
        self.added_at: dict[int, datetime | None] = {}
        for address in _ADDRESSES.all(ticket=ticket.pk):
            self.addresses[address.customer_id].append(address)
            self.added_at[address.customer_id] = address.added_at

    @property
    def of_requester(self) -> Sequence[Address]:
        return self.addresses[self.ticket.requester_id]

    def recipients(self, said: Sequence[Said]) -> Recipients:
        """`{"to": [requester], "cc": [others]}` as e-mail addresses, each once.

        The requester is written to at the address they last wrote from, if it is still theirs. In
        copy are those who took part in the last message (`said`, newest first): all of the
        customer's To and Cc, or whom our own reply went to; and whoever was let in since. Nobody's
        own no-reply address is written to, nor an address of ours: it takes no part.
        """
        to = self._requester(said)
        cc = self._last_in_copy(said)
        return {"to": [to] if to else [], "cc": [a for a in cc if a != to and not is_no_reply(a)]}

    def _requester(self, said: Sequence[Said]) -> str:
        requester = self.ticket.requester_id
        wrote = (m.sender_address for m in said if m.customer_id == requester and m.sender_address)
        # Kept as the sender spelled it; an address of ours is lower-case.
        spelled = next(wrote, "").lower()
        if any(a.kind == "email" and a.value == spelled for a in self.of_requester):
            return spelled
        address = best_address(self.of_requester, "email")
        return address.value if address else ""

    def _last_in_copy(self, said: Sequence[Said]) -> list[str]:
        others = {pk: rows for pk, rows in self.addresses.items() if pk != self.ticket.requester_id}
        owners = {a.value: pk for pk, rows in others.items() for a in rows if a.kind == "email"}
        last = _last(said)
        # Where nothing says who was written to (a form, a call), everybody counts as let in since.
        named = _people_of(last) if last and any(last.recipients.values()) else []
        copied = {address: owners[address] for address in named if address in owners}
        for pk, rows in others.items():
            if pk not in copied.values() and (not named or self._is_newer(pk, last)):
                best = best_address(rows, "email")
                copied.update({best.value: pk} if best else {})
        return list(copied)

    def _is_newer(self, customer_id: int, last: Said | None) -> bool:
        added_at = self.added_at[customer_id]
        return bool(last and added_at and added_at > last.created_at)


def _last(said: Iterable[Said]) -> Said | None:
    """The newest message between the customers and us that a person wrote."""
    return next((m for m in said if m.kind in _SPOKEN and not m.is_auto_reply), None)


def _people_of(said: Said) -> list[str]:
    """Everybody in a message, lower case: its sender and whom it went to openly."""
    values = (said.sender_address, *said.recipients.get("to", ()), *said.recipients.get("cc", ()))
    return [value.strip().lower() for value in values if value]


_SPOKEN = (Message.Kind.CUSTOMER, Message.Kind.REPLY)
_ADDRESSES = Prepared(
    lambda: (
        Address.objects.filter(
            customer__in=Ticket.objects.filter(pk=Id("ticket"))
            .order_by()
            .values("requester")
            .union(Participant.objects.filter(ticket=Id("ticket")).order_by().values("customer"))
        )
        .annotate(
            added_at=Participant.objects.filter(
                ticket=Id("ticket"), customer=OuterRef("customer")
            ).values("added_at")[:1]
        )
        .order_by("customer", "id")
    )
)
_LINES = Prepared(
    lambda: (
        Message.objects.filter(ticket=Id("ticket"), kind__in=_SPOKEN)
        .order_by("-created_at", "-id")
        .values_list(*Line._fields)[:LOOKED_BACK]
    )
)


def recipients_of(ticket: Ticket, *, requester_only: bool = False) -> Recipients:
    """Who gets a reply in this ticket, or a message that is only for the requester."""
    found = People(ticket).recipients(lines_of(ticket))
    return {"to": found["to"], "cc": []} if requester_only else found


def lines_of(ticket: Ticket) -> list[Line]:
    """The newest messages between the customers and us, newest first."""
    return [Line(*row) for row in _LINES.all(ticket=ticket.pk)]


@dataclass(frozen=True)
class Surprise:
    """Somebody who would get this message and whom nobody expects there, in a sentence."""

    address: str
    sentence: str


def surprises(ticket: Ticket, chosen: Recipients) -> list[Surprise]:
    """Whom an agent should look at again before this goes out.

    Those who had no part in the last message; and among them those of another organisation who
    would see the conversation for the first time.
    """
    people, said = People(ticket), lines_of(ticket)
    expected = {*_flat(people.recipients(said)), *(a.value for a in people.of_requester)}
    last = _last(said)
    expected.update(_people_of(last) if last else ())
    unexpected = [a for a in dict.fromkeys(_flat(chosen)) if a not in expected]
    if not unexpected:
        return []
    seen, foreign = _everybody(ticket), _foreign(ticket, people, unexpected)
    return [
        Surprise(address, _first_time(address) if address in foreign - seen else _not_last(address))
        for address in unexpected
    ]


def _flat(recipients: Recipients) -> list[str]:
    return [value.lower() for field in FIELDS for value in recipients.get(field, ())]


def _everybody(ticket: Ticket) -> set[str]:
    """Every address that has had a public message of this ticket."""
    rows = Message.objects.filter(ticket=ticket, kind__in=_SPOKEN).order_by("-created_at", "-id")
    lines = (Line(*row) for row in rows.values_list(*Line._fields)[:LOOKED_AT])
    return {a for line in lines for a in (*_people_of(line), *_flat(line.recipients))}


def _foreign(ticket: Ticket, people: People, addresses: Sequence[str]) -> set[str]:
    """Those among the addresses that are not of the requester's organisation.

    Known organisations are compared; where one is unknown, the domains of the addresses are.
    """
    requester = ticket.requester
    domains = {a.value.rpartition("@")[2] for a in people.of_requester if a.kind == "email"}
    rows = Customer.objects.filter(addresses__kind="email", addresses__value__in=addresses)
    organizations = dict(rows.values_list("addresses__value", "organization_id"))
    foreign = set()
    for address in addresses:
        theirs = organizations.get(address)
        if theirs and requester.organization_id:
            is_foreign = theirs != requester.organization_id
        else:
            is_foreign = address.rpartition("@")[2] not in domains
        if is_foreign:
            foreign.add(address)
    return foreign


def _first_time(address: str) -> str:
    return _("%(address)s is of another organisation and would read this for the first time.") % {
        "address": address
    }


def _not_last(address: str) -> str:
    return _("%(address)s was not in the last message.") % {"address": address}
