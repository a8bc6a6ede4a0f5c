"""The verbs of the phone log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from customers.addresses import normalise_address
from customers.models import Address, Customer
from customers.services import add_address, customer_at
from messaging.phone.models import CallBack
from tickets.inbound import Fate, Inbound, Person
from tickets.intake import receive
from tickets.models import Channel, Message, Ticket
from tickets.services import TicketRefused, set_status


class Direction(models.TextChoices):
    IN = "in", gettext_lazy("They called us")
    OUT = "out", gettext_lazy("We called them")


class OtherCustomer(ValueError):
    """The number and the e-mail address belong to two different customers."""

    def __init__(self, owner: Customer) -> None:
        super().__init__(str(owner))
        self.owner = owner


@dataclass(frozen=True)
class Call:
    """A call as an agent wrote it down.

    `number` is E.164, or "" when it was withheld: then there is an e-mail address or a ticket.
    `status` is where the ticket stands afterwards. The same `token` again is the same call.
    """

    direction: str
    notes: str
    token: str
    number: str = ""
    email: str = ""
    name: str = ""
    subject: str = ""
    seconds: int = 0
    status: str = Ticket.Status.OPEN
    ticket: Ticket | None = None
    call_back_by: datetime | None = None

    @property
    def facts(self) -> Mapping[str, Any]:
        return {"direction": self.direction, "seconds": self.seconds, "number": self.number}


@transaction.atomic
def log_call(channel: Channel, call: Call, *, by: User) -> Ticket:
    """Keep a call in a new ticket, or in `call.ticket`; a promised call back becomes a row.

    Raises `OtherCustomer`, `InvalidAddress`, and `TicketRefused` for a status that cannot be set.
    """
    receipt = receive(_inbound(call, _sender(call), by), channel)
    ticket, message = receipt.ticket, receipt.message
    if ticket is None or message is None:
        raise TicketRefused(receipt.reason)
    if receipt.fate == Fate.DUPLICATE:
        return ticket
    _promise(call, message, by)
    return set_status(ticket=ticket, by=by, status=call.status)


def _sender(call: Call) -> Person:
    """Who spoke; a customer we know gets the addresses that are new to us."""
    given = [
        Person(value, call.name, kind=kind)
        for kind, value in ((Address.Kind.PHONE, call.number), (Address.Kind.EMAIL, call.email))
        if value
    ]
    owners = list(dict.fromkeys(owner for person in given if (owner := _owner(person))))
    if len(owners) > 1:
        raise OtherCustomer(owners[1])
    if call.ticket and not given:
        return _any_address(call.ticket.requester)
    customer = owners[0] if owners else _requester(call)
    if customer is None:
        customer = customer_at(kind=given[0].kind, value=given[0].value, name=call.name)
    for person in given:
        add_address(customer=customer, kind=person.kind, value=person.value)
    return given[0]


def _owner(person: Person) -> Customer | None:
    value = normalise_address(person.kind, person.value)
    found = Address.objects.filter(kind=person.kind, value=value).select_related("customer").first()
    return found.customer if found else None


def _requester(call: Call) -> Customer | None:
    """An unknown number in a ticket is its requester's, unless somebody else gave their name."""
    if call.ticket is None:
        return None
    requester = call.ticket.requester
    return requester if call.name in ("", requester.name) else None


def _any_address(customer: Customer) -> Person:
    address = customer.addresses.first()
    if address is None:
        raise TicketRefused(_("Write the number, so that we know who called."))
    return Person(address.value, kind=address.kind)


def _inbound(call: Call, sender: Person, by: User) -> Inbound:
    return Inbound(
        sender=sender,
        external_id=f"phone:{by.pk}:{call.token}",
        subject=call.subject,
        text=call.notes,
        ticket_id=call.ticket.pk if call.ticket else None,
        agent_id=by.pk,
        context=call.facts,
    )


def _promise(call: Call, message: Message, by: User) -> None:
    if call.call_back_by:
        CallBack.objects.get_or_create(
            message=message,
            defaults={
                "ticket": message.ticket,
                "number": call.number,
                "due_at": call.call_back_by,
                "by": by,
            },
        )


def finish_call_back(call_back: CallBack, *, by: User) -> CallBack:
    """We called back; repeating it changes nothing."""
    CallBack.objects.filter(pk=call_back.pk, done_at=None).update(
        done_at=timezone.now(), done_by=by
    )
    call_back.refresh_from_db()
    return call_back
