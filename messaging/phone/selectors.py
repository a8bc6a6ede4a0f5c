"""Reads for the phone log."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from accounts.models import User
from customers.addresses import InvalidAddress, normalise_address
from customers.models import Address, Customer
from customers.selectors import customers_visible_to
from messaging.phone.models import CallBack
from tickets.models import Message, Ticket
from tickets.selectors import channels_visible_to, messages_visible_to, tickets_visible_to

MOST_SUGGESTED = 5


def lines_visible_to(user: User) -> list[int]:
    """The phone channels on which this agent may log a call."""
    return list(
        channels_visible_to(user).filter(kind="phone").order_by("id").values_list("id", flat=True)
    )


def call_backs_visible_to(user: User) -> QuerySet[CallBack]:
    return CallBack.objects.filter(ticket__in=tickets_visible_to(user))


def open_call_backs(user: User, limit: int = 200) -> list[CallBack]:
    """What this agent's tickets still promise, soonest first."""
    rows = call_backs_visible_to(user).filter(done_at=None).order_by("due_at", "id")
    return list(rows.select_related("ticket__requester", "by")[:limit])


def call_backs_of(user: User, ticket: Ticket, limit: int = 20) -> list[CallBack]:
    """What was promised in this ticket: open ones by due time, then what was done."""
    rows = call_backs_visible_to(user).filter(ticket=ticket)
    rows = rows.order_by(F("done_at").desc(nulls_first=True), "due_at", "id")
    return list(rows.select_related("ticket__requester", "by", "done_by")[:limit])


def recent_calls(user: User, limit: int = 50) -> list[Message]:
    """The last calls written down, latest first."""
    return list(_calls(user)[:limit])


def calls_in(user: User, ticket: Ticket, limit: int = 5) -> list[Message]:
    """The calls of one ticket, latest first."""
    return list(_calls(user).filter(ticket=ticket)[:limit])


def _calls(user: User) -> QuerySet[Message]:
    rows = messages_visible_to(user).filter(channel__kind="phone", kind=Message.Kind.CUSTOMER)
    return rows.select_related("ticket", "customer").order_by("-created_at", "-id")


@dataclass(frozen=True)
class Caller:
    """A customer with this number, and their tickets that a call may belong to, latest first."""

    customer: Customer
    tickets: list[Ticket]


def caller_with(number: str, user: User) -> Caller | None:
    """Who calls, as far as this agent may see them; None for an unknown or unreadable number."""
    try:
        value = normalise_address(Address.Kind.PHONE, number)
    except InvalidAddress:
        return None
    customer = (
        customers_visible_to(user)
        .filter(addresses__kind=Address.Kind.PHONE, addresses__value=value)
        .first()
    )
    if customer is None:
        return None
    return Caller(customer, joinable_tickets(user, customer))


def joinable_tickets(user: User, customer: Customer) -> list[Ticket]:
    rows = (
        tickets_visible_to(user)
        .filter(requester=customer, merged_into=None, is_spam=False)
        .exclude(status=Ticket.Status.CLOSED)
    )
    return list(rows.order_by("-updated_at", "-id")[:MOST_SUGGESTED])
